import Testing

@testable import SurveyStats

@Suite struct ItemFaultsTests {
  /// Forty papers of six items: a and b are the same, c is turned round, d never applies, e is always yes, f is asked
  /// in every other paper.
  private let matrix: BinaryMatrix = {
    let rows = (0..<40).map { index -> String in
      let one = index % 4 < 2 ? "1" : "0"
      let other = index % 4 < 2 ? "0" : "1"
      return one + one + other + "-" + "1" + (index % 2 == 0 ? one : ".")
    }
    return BinaryMatrix(
      text: rows,
      papers: (0..<40).map { Paper(slug: "p\($0)", version: $0 % 2 + 2) },
      items: ["a", "b", "c", "d", "e", "f"])
  }()

  @Test func `faults are found with their numbers`() async throws {
    let rows = try await Run()(ItemFaults(fewestItems: 6), of: Study(matrix))
    func items(_ kind: ItemFault.Kind) -> [String?] {
      rows.filter { $0.kind == kind }.map { $0.item?.split(separator: ".").last.map(String.init) }
    }
    #expect(items(.neverApplicable) == ["d"])
    #expect(items(.allYes) == ["e"])
    #expect(items(.negativeItemRest).contains("c"))
    let pair = try #require(
      rows.first { $0.kind == .neverDiffer && $0.item?.hasSuffix("a") == true })
    #expect(pair.other?.hasSuffix("b") == true && pair.estimate.count == 40)
    #expect(pair.estimate.value == 0 && abs((pair.estimate.upper ?? 0) - 0.0881) < 1e-4)
    #expect(rows.contains { $0.kind == .fewItems && $0.estimate.value == 1 })
    #expect(items(.fewPapers) == ["f"])
    #expect(Table(faults: rows, level: 0.95).rowCount == rows.count)
  }

  @Test func `applicability drifts between versions`() async throws {
    let papers = (0..<60).map { Paper(slug: "p\($0)", version: $0 < 30 ? 2 : 3) }
    let drifting = BinaryMatrix(
      text: (0..<60).map { $0 < 30 ? "11" : $0 < 40 ? "11" : "1-" }, papers: papers)
    let rows = try await Run()(ApplicabilityDrift(["version"]), of: Study(drifting))
    #expect(rows.count == 2 && rows[0].pValue == nil && rows[0].difference.value == 0)
    #expect(rows[1].highest == "2" && rows[1].lowest == "3")
    #expect(abs((rows[1].difference.value ?? 0) - 2.0 / 3) < 1e-12)
    #expect((rows[1].pValue ?? 1) < 1e-6)
    let few = try await Run()(
      ApplicabilityDrift(["version"], fewest: 50), of: Study(drifting))
    #expect(few[1].difference.notes.map(\.code) == ["fewer-than-2-groups-of-50"])
  }

  @Test func `the correlation with the rest leaves the item out`() async throws {
    let small = BinaryMatrix(text: ["111", "110", "000", "001", "1-0"])
    let rows = try await Run()(ItemRest(), of: Study(small))
    // Item 1: answers 1 1 0 0 1 with the shares of the others 1, 1/2, 0, 1/2, 0.
    let expected = ScorePair([1, 1, 0, 0, 1], [1, 0.5, 0, 0.5, 0]).estimate(.pearson)
    #expect(rows[0].correlation.value == expected && rows[0].correlation.count == 5)
    #expect(rows[1].correlation.count == 4)
  }

  @Test func `short forms are least squares, and are tried on other papers`() async throws {
    let golden = QuestionGolden()
    let rows = try await Run()(
      ShortForm(size: 6), of: Study(QuestionGolden.matrix("answers")))
    #expect(rows.count == 6)
    let expected = golden.terms("short_form")
    #expect(expected.count == 4)
    for (row, term) in zip(rows, expected) {
      #expect(term == "\(row.size - 1) \(row.item.name)")
      #expect(abs(row.rSquared - golden("short_form", term)) < 1e-9)
      let cross = try #require(row.crossValidated.value)
      #expect(cross < row.rSquared && cross > row.rSquared - 0.05)
      #expect((row.crossValidated.lower ?? 2) < cross && row.foldCount > 0)
    }
    let all = try await Run()(ShortForm(), of: Study(QuestionGolden.matrix("answers")))
    #expect(all.count == 10 && abs(all[9].rSquared - 1) < 1e-9)
    #expect(abs((all[9].crossValidated.value ?? 0) - 1) < 1e-9)
    await #expect(throws: ShortForm.Failure.tooFewPapers(5)) {
      try await Run()(
        ShortForm(), of: Study(BinaryMatrix(text: ["111", "110", "000", "001", "1-0"])))
    }
  }
}
