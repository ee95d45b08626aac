import FoundationEssentials
import Testing

@testable import SurveyStats

@Suite struct WeightFitTests {
  /// Categories a (decides), b (noise), c (never applies to anchors).
  private let matrix = BinaryMatrix(
    papers: (0..<8).map { Paper(slug: "p\($0)") },
    items: ["a", "b", "c"].flatMap { category in
      (0..<4).map { Item(id: ItemID(category: category, name: "i\($0)")) }
    }
  ) { paper, item in
    let noise = [3, 1, 2, 0, 1, 3, 0, 2][paper]
    switch item / 4 {
    case 0: return item % 4 < (paper < 4 ? 4 : 0) ? .yes : .no
    case 1: return item % 4 < noise ? .yes : .no
    default: return paper == 7 ? .yes : .notApplicable
    }
  }

  private func anchors(_ text: String) throws -> WeightAnchors {
    try JSONDecoder().decode(WeightAnchors.self, from: Data(text.utf8))
  }

  private let good = """
    {"bands": {"good": [95, 100], "bad": [0, 5]}, "anchors": [
    {"paper": "p0", "band": "good"}, {"paper": "p1", "band": "good"}, {"paper": "p4", "band": "bad"},
    {"paper": "p5", "band": "bad"}], "pairs": [["p2", "p6"], ["p0", "p5"]]}
    """

  @Test func `what separates anchors gets the weight`() throws {
    let fit = try WeightFit(try anchors(good), matrix)
    #expect(fit.names == ["a", "b", "c"] && fit.converged)
    #expect(fit.weights[0] > 3 * fit.weights[1] && fit.weights[1] >= 0)
    #expect(abs(fit.weights[2] - 1) < 1e-5 && fit.dataShares[2] < 1e-6)
    let before = fit.anchors.count { $0.holds($0.equalScore) == true }
    let after = fit.anchors.count { $0.holds($0.score) == true }
    #expect(before == 0 && after == 4)
    #expect(fit.pairs.allSatisfy { ($0.lead ?? 0) > 5 })
    let table = Table(weights: fit, of: matrix)
    guard case .text(let notes)? = table["note"]?.values else { return #expect(Bool(false)) }
    #expect(notes[2] == "not-identified")
    #expect(
      Table(anchors: fit).notes[0].hasPrefix("\(after) of 4 anchors are in their band, 0 under"))
    #expect(Table(anchorPairs: fit).rowCount == 2)
    // The same weights from outside: the file is that of --weights.
    let weights = try JSONDecoder().decode(CompositeWeights.self, from: Data(fit.json.utf8))
    let scores = PaperScores(matrix, weights: weights)["composite_categories"]?.values ?? []
    for (one, other) in zip(scores, fit.scores) { #expect(abs((one ?? 0) - (other ?? 1)) < 1e-9) }
  }

  @Test func `cells and items are weighed as composites count them`() throws {
    for basis in [WeightFit.Basis.cells, .items] {
      let fit = try WeightFit(try anchors(good), matrix, basis: basis)
      let weights = try JSONDecoder().decode(CompositeWeights.self, from: Data(fit.json.utf8))
      let scores = PaperScores(matrix, weights: weights)["composite_items"]?.values ?? []
      for (one, other) in zip(scores, fit.scores) {
        #expect(abs((one ?? 0) - (other ?? 1)) < 1e-9)
      }
      #expect(fit.names.count == (basis == .items ? 9 : 3) || basis == .items)
    }
  }

  @Test func `a strong pull leaves weights equal, and an anchor left out is scored by the others`()
    throws
  {
    let equal = try WeightFit(try anchors(good), matrix, pull: 1e6)
    #expect(equal.weights.allSatisfy { abs($0 - 1) < 1e-3 })
    let fit = try WeightFit(try anchors(good), matrix)
    let others = try WeightFit(
      try anchors(
        good.replacing("{\"paper\": \"p0\", \"band\": \"good\"}, ", with: "")
          .replacing(", [\"p0\", \"p5\"]", with: "")), matrix)
    #expect(abs((fit.anchors[0].leftOutScore ?? 0) - (others.scores[0] ?? 1)) < 1e-4)
  }

  @Test func `faults of the file are named`() throws {
    #expect(throws: WeightFit.Failure.unknownPaper("p9", nearest: ["p0", "p1", "p2"])) {
      try WeightFit(try anchors("{\"anchors\": [{\"paper\": \"p9\", \"low\": 50}]}"), matrix)
    }
    for text in [
      "{}", "{\"anchors\": [{\"paper\": \"p0\"}]}",
      "{\"anchors\": [{\"paper\": \"p0\", \"band\": \"x\"}]}",
      "{\"anchors\": [{\"paper\": \"p0\", \"low\": 60, \"high\": 50}]}",
      "{\"pairs\": [[\"p0\", \"p0\"]]}",
    ] {
      #expect(throws: DecodingError.self) { try anchors(text) }
    }
  }

  @Test func `the shift is that of pairs of scores`() throws {
    let fit = try WeightFit(try anchors(good), matrix)
    let table = Table(shift: fit, level: 0.95)
    guard case .real(let old)? = table["old"]?.values, case .real(let new)? = table["new"]?.values,
      case .real(let change)? = table["estimate"]?.values
    else { return #expect(Bool(false)) }
    let plain = PaperScores(matrix).overall.values.compactMap { $0 }
    #expect(abs((old[0] ?? 0) - plain.reduce(0, +) / 8) < 1e-12)
    #expect(abs((new[0] ?? 0) - (old[0] ?? 0) - (change[0] ?? 1)) < 1e-12)
    let apart = Table(shift: fit, leavingOut: [0, 1, 4, 5], level: 0.95)
    #expect(apart["n"]?.values == .integer([4, 4, 4, 4, 2]))
    #expect(
      table["term"]?.values
        == .text([
          "mean", "median", "anchors in band", "anchors in band, left out", "pairs in order",
        ]))
    let inside = fit.anchors.count { $0.holds($0.score) == true }
    let outside = fit.anchors.count { $0.holds($0.leftOutScore) == true }
    #expect(new[2] == 25 * Double(inside) && new[3] == 25 * Double(outside))
    guard case .real(let low)? = table["conf_low"]?.values else { return #expect(Bool(false)) }
    #expect(low[2] == nil && low[3] != nil && low[4] == nil)
  }
}
