import RealModule
import Testing

@testable import SurveyStats

@Suite struct ScoresAgainstTests {
  private static func matrix(_ points: [Double?], _ passed: [Int]) -> BinaryMatrix {
    BinaryMatrix(
      text: passed.map {
        String(repeating: "1", count: $0) + String(repeating: "0", count: 10 - $0)
      },
      papers: points.enumerated().map { index, value in
        Paper(
          slug: "p\(index)", cluster: "c\(index / 2)",
          covariates: value.map { ["points": "\($0)"] } ?? [:])
      })
  }

  private let points: [Double?] = [0, 0, 0, 1, 2, 3, 5, 8, 20, 50, 100, 400, nil]
  private let passed = [5, 6, 4, 5, 7, 3, 6, 5, 4, 7, 6, 5, 9]

  @Test func `zeros keep their place on a logarithmic axis`() async throws {
    let matrix = Self.matrix(points, passed)
    let rows = try await Run()(ScoresAgainst(["points"]), of: Study(matrix))
    let x = points.compactMap { $0.map { Double.log10(1 + $0) } }
    let y = passed.prefix(12).map { Double($0) * 10 }
    func row(_ part: String, _ term: String? = nil) throws -> ScoreRelationRow {
      try #require(rows.first { $0.part == part && (term == nil || $0.term == term) })
    }
    #expect(try row("correlation", "pearson").estimate.value == ScorePair(x, y).estimate(.pearson))
    let ranks = try row("correlation", "spearman").estimate
    let plain = ScorePair(points.compactMap { $0 }, y).estimate(.spearman)
    #expect(abs((ranks.value ?? .nan) - plain) < 1e-12 && ranks.count == 12)
    let line = try #require(LinearSlope(x, y))
    let slope = try row("slope")
    #expect(slope.estimate.value == line.estimate && slope.pValue == line.pValue)
    #expect(slope.term == "per tenfold of 1 + points")
    let means = rows.filter { $0.part == "mean" }
    #expect(means.map(\.term) == ["< 2", "2 to < 20", ">= 20"])
    #expect(means[0].estimate.value == 50 && means.compactMap(\.estimate.count).reduce(0, +) == 12)
    let smooth = rows.filter { $0.part == "smooth" }
    #expect(smooth.count == 9 && smooth[0].x == 0 && abs((smooth[8].x ?? 0) - 400) < 1e-9)
    #expect(smooth.allSatisfy { ($0.estimate.lower ?? 1e9) < ($0.estimate.value ?? 0) })
    #expect(Table(against: rows, level: 0.95, adjustment: .holm).rowCount == rows.count)
  }

  @Test func `ten papers at zero are a group, fewer are not`() async throws {
    for (zeros, terms) in [(10, ["< 1", "1 to < 3", "3 to < 5", ">= 5"]), (9, ["< 2", ">= 2"])] {
      let points = [Double?](repeating: 0, count: zeros) + [1, 2, 3, 4, 5, 6]
      let passed = points.indices.map { 3 + $0 % 5 }
      let rows = try await Run()(
        ScoresAgainst(["points"]), of: Study(Self.matrix(points, passed)))
      #expect(rows.filter { $0.part == "mean" }.map(\.term) == terms)
    }
  }

  @Test func `cuts make the groups, differences are Welch's`() async throws {
    var question = ScoresAgainst(["points"], cuts: [8])
    question.axis = .linear
    let rows = try await Run()(question, of: Study(Self.matrix(points, passed)))
    let y = passed.prefix(12).map { Double($0) * 10 }
    let test = try #require(WelchTest(Array(y[7...]), Array(y[..<7])))
    let row = try #require(rows.first { $0.part == "difference" })
    #expect(row.term == ">= 8 less < 8" && row.pValue == test.pValue)
    #expect(abs((row.estimate.value ?? 0) - test.difference) < 1e-12)
  }

  @Test func `clusters count, and pairs of equal papers are not two`() async throws {
    let doubled = points.compactMap { $0 }.flatMap { [Optional($0), Optional($0)] }
    let matrix = Self.matrix(doubled, passed.prefix(12).flatMap { [$0, $0] })
    let clustered = try await Run()(
      ScoresAgainst(["points"]), of: Study(matrix, plan: SamplingPlan(cluster: "cluster")))
    let alone = try await Run()(ScoresAgainst(["points"]), of: Study(matrix))
    for (one, other) in zip(clustered, alone) where one.part != "smooth" {
      #expect(abs((one.estimate.value ?? 0) - (other.estimate.value ?? 0)) < 1e-9)
      if let a = one.estimate.standardError, let b = other.estimate.standardError,
        one.part == "slope"
      {
        #expect(a > 1.2 * b)
      }
    }
  }

  @Test func `few papers and negative values have a reason`() async throws {
    let few = try await Run()(
      ScoresAgainst(["points"]), of: Study(Self.matrix([1, 2], [3, 4])))
    #expect(few.first { $0.part == "slope" }?.estimate.notes.map(\.code) == ["fewer-than-3-papers"])
    #expect(few.first { $0.part == "smooth" }?.estimate.notes.map(\.code) == ["too-few-values"])
    var question = ScoresAgainst(["points"])
    question.axis = .log
    await #expect(throws: ScoresAgainst.Failure.negative("points", -3)) {
      try await Run()(question, of: Study(Self.matrix([-3, 2, 5], [3, 4, 5])))
    }
    await #expect(throws: VariableError.self) {
      try await Run()(ScoresAgainst(["pionts"]), of: Study(Self.matrix([1, 2], [3, 4])))
    }
  }
}
