import Testing

@testable import SurveyStats

@Suite struct GivenCorrelationsTests {
  private let square = [
    ["x", "1", "0.5", "0.4"], ["y", "0.5", "1", "0.3"], ["z", "0.4", "0.3", "1"],
  ]

  private func given(_ header: [String], _ rows: [[String]], papers: Int = 200) throws
    -> GivenCorrelations
  {
    try GivenCorrelations(header: header, rows: rows, paperCount: papers)
  }

  private func faults(_ header: [String], _ rows: [[String]], papers: Int = 200) -> [String] {
    do {
      _ = try given(header, rows, papers: papers)
      return []
    } catch { return (error as? GivenCorrelations.Faults)?.faults ?? ["\(error)"] }
  }

  @Test func `squares, triangles and pairs say the same`() throws {
    let all = try given(["", "x", "y", "z"], square)
    let lower = try given(
      ["", "x", "y", "z"], [["x", "", "", ""], ["y", "0.5", "", "NA"], ["z", "0.4", "0.3", "1"]])
    let pairs = try given(
      ["a", "b", "n", "estimate"],
      [["x", "y", "10", "0.5"], ["x", "z", "10", "0.4"], ["y", "z", "10", "0.3"]])
    #expect(all == lower && all == pairs)
    #expect(all.matrix.values[2, 0] == 0.4 && all.matrix.smallestPairCount == 200)
  }

  @Test func `all that is wrong is said at once`() {
    var rows = square
    rows[1][3] = "0.2"
    rows[2][1] = "1.4"
    rows[0][1] = "0.9"
    let found = faults(["", "x", "y", "z"], rows)
    #expect(found.count == 4)
    #expect(found.contains("x correlates with itself by 0.9"))
    #expect(found.contains("z and x correlate by 1.4, beyond 1"))
    rows = square
    rows[0][1] = "one"
    #expect(faults(["", "x", "y", "z"], rows) == ["row x, column x: \"one\" is no number"])
    #expect(faults(["", "x", "z", "y"], square).count == 2)
    #expect(faults(["", "x", "y"], square)[0].contains("2 columns"))
    #expect(faults(["", "x", "y", "z"], square, papers: 2) == ["three papers or more are needed"])
    #expect(faults(["a", "b", "estimate"], [["x", "y", "0.5"], ["x", "y", "0.6"]]).count == 1)
    #expect(
      faults(["a", "b", "estimate"], [["x", "y", "0.5"], ["x", "z", "0.6"]])
        == ["z and y have no correlation"])
    #expect(faults(["", "a", "b"], [["a", "1", "0.5"], ["b", "0.5", "1"]]).isEmpty)
  }

  @Test func `components and factors are those of the data's own correlations`() async throws {
    let matrix = BinaryMatrix(
      papers: (0..<120).map { Paper(slug: "p\($0)") },
      items: (0..<6).map { Item(id: ItemID("a.i\($0)")) }
    ) { paper, item in
      (paper * (item % 2 == 0 ? 7 : 11) + item * 5) % 13 < 4 + item ? .yes : .no
    }
    let own = try await Run()(CorrelationMatrices(CorrelatedVariables()), of: Study(matrix)).matrix
    let given = try GivenCorrelations(
      header: [""] + own.names,
      rows: own.names.indices.map { row in
        [own.names[row]] + own.names.indices.map { "\(own.values[row, $0])" }
      }, paperCount: 120)
    let none = Study(BinaryMatrix(papers: [], items: []) { _, _ in .absent })
    var factors = Factors(CorrelatedVariables(.given(given)))
    factors.count = .exactly(2)
    factors.interval = .percentile
    let found = try await Run()(factors, of: none)
    var known = Factors(CorrelatedVariables())
    known.count = .exactly(2)
    let expected = try await Run()(known, of: Study(matrix))
    for index in expected.solution.unrotated.elements.indices {
      #expect(
        isClose(
          found.solution.unrotated.elements[index], expected.solution.unrotated.elements[index],
          within: 1e-9))
    }
    #expect(found.intervals == nil && found.withoutIntervals == "no-papers-to-resample")
    var components = Components(CorrelatedVariables(.given(given)))
    components.referenceSets = 50
    let principal = try await Run()(components, of: none)
    #expect(principal.parallel.reference == .normal)
    #expect(principal.principal.eigenvalues.count == 6)
  }
}
