import Testing

@testable import SurveyStats

@Suite struct JointPermutationsTests {
  /// Residuals of answers written as text, one character a paper.
  private func residuals(_ answers: String) -> JointPermutations.Residuals {
    let values = answers.map { $0 == "1" ? 1.0 : 0 }
    let rate = values.reduce(0, +) / Double(values.count)
    return JointPermutations.Residuals(
      values: values.map { $0 - rate }, squares: values.map { _ in rate * (1 - rate) })
  }

  /// In the uneven set some arrangements divide an item's papers by their answers.
  ///
  /// There multtest's t has no
  /// denominator and is left out; it is the largest that there can be, so that these count here, as they do
  /// in a plain enumeration (Python, 30 lines), whose values stand below.
  @Test(
    arguments: [
      ("even", nil),
      (
        "uneven",
        [
          0.012587412587412588, 0.25594405594405595, 0.9902097902097902, 1, 1, 0.9902097902097902,
          1,
          1,
        ]
      ),
    ] as [(String, [Double]?)])
  func `over all arrangements values are those of multtest`(
    name: String, enumerated: [Double]?
  ) throws {
    let rows = RegressionGolden.rows("reviewer", "joint_permutations").filter { $0["set"] == name }
    let first = try #require(rows[0]["first"].flatMap { Int($0) })
    let tests = rows.compactMap { $0["answers"].map(residuals) }
    let papers = tests[0].values.count
    let found = try #require(
      JointPermutations(
        tests, isFirst: (0..<papers).map { $0 < first }, stream: RandomStream(seed: 1)))
    #expect(found.isExact)
    let expected = enumerated ?? rows.compactMap { $0["adjusted"].flatMap { Double($0) } }
    #expect(expected.count == found.pValues.count)
    for (value, reference) in zip(found.pValues, expected) { #expect(isClose(value, reference)) }
    // Drawn at random they are near.
    let many = tests.map { test in
      JointPermutations.Residuals(
        values: test.values + [0], squares: test.squares + [0])
    }
    let padded = try #require(
      JointPermutations(
        many, isFirst: (0..<papers).map { $0 < first } + [false], replicates: 4_000,
        stream: RandomStream(seed: 2)))
    #expect(padded.pValues.allSatisfy { $0 > 0 && $0 <= 1 })
  }

  @Test func `copies of a test count once, and one without spread never`() throws {
    let one = residuals("1111100000100000000000000")
    let isFirst = (0..<25).map { $0 < 9 }
    func values(_ tests: [JointPermutations.Residuals]) throws -> [Double] {
      try #require(
        JointPermutations(tests, isFirst: isFirst, replicates: 999, stream: RandomStream(seed: 3))
      ).pValues
    }
    let alone = try values([one])[0]
    let none = residuals("1111111111111111111111111")
    let found = try values([one, one, none, one])
    #expect(found == [alone, alone, 1, alone])
    #expect(alone < 0.05 && alone > 0)
  }

  @Test func `an empty group has none`() {
    #expect(
      JointPermutations([residuals("10")], isFirst: [true, true], stream: RandomStream(seed: 1))
        == nil)
  }

  /// 80 papers of two types; the first three of eight items differ between them.
  private func matrix(weights: Bool = false, missing: Bool = false) -> BinaryMatrix {
    var stream = RandomStream(seed: 5)
    let cells = (0..<80).map { paper in
      (0..<8).map { item -> Cell in
        if missing, paper < 40, item == 7 { return .absent }
        if stream.uniform() < 0.1 { return .notApplicable }
        return stream.uniform() < (item < 3 && paper < 40 ? 0.75 : 0.3) ? .yes : .no
      }
    }
    return BinaryMatrix(
      papers: (0..<80).map {
        Paper(
          slug: "p\($0)", type: $0 < 40 ? "a" : "b",
          weight: weights ? 1 + Double($0 % 3) : nil)
      },
      items: (0..<8).map { Item(id: ItemID(category: "x", name: "i\($0)")) }
    ) { cells[$0][$1] }
  }

  @Test func `adjusted values of a comparison are between p and Holm's, about`() async throws {
    let study = Study(matrix())
    let question = Groups(by: "type", levels: [.item, .overall], adjustsJointly: true)
    let rows = try await Run()(question, of: study).rows
    let holm = PValueAdjustment.holm(rows.map(\.pValue))
    for (row, value) in zip(rows, holm) {
      let (p, joint, holm) = (row.pValue ?? 2, row.adjustedPValue ?? 2, value ?? 2)
      #expect(joint >= p && joint <= 1)
      #expect(joint < holm * 1.3 + 0.02)
      #expect(row.notes.allSatisfy { $0.code != "holm-for-westfall-young" })
    }
    let jobs = try await Run(jobs: 4)(question, of: study).rows
    #expect(jobs.map(\.adjustedPValue) == rows.map(\.adjustedPValue))
    let table = Table(differences: rows, level: 0.95, adjustment: .bh)
    guard case .real(let column)? = table.columns.first(where: { $0.name == "p_adjusted" })?.values
    else {
      Issue.record("no column")
      return
    }
    #expect(column == rows.map(\.adjustedPValue))
  }

  @Test(arguments: ["weights", "clusters", "items-asked"])
  func `papers that are not exchangeable have Holm's values, and a note`(reason: String)
    async throws
  {
    let study = Study(
      matrix(weights: reason == "weights", missing: reason == "items-asked"),
      plan: reason == "clusters" ? SamplingPlan(cluster: "i0") : SamplingPlan())
    let rows = try await Run()(
      Groups(by: "type", levels: [.item], adjustsJointly: true), of: study
    ).rows
    #expect(rows.map(\.adjustedPValue) == PValueAdjustment.holm(rows.map(\.pValue)))
    #expect(
      rows.allSatisfy { $0.note?.contains("holm-for-westfall-young: \(reason)") == true })
  }
}
