import SurveyStats
import Testing

@Suite struct GroupsTests {
  private func groups(_ values: [String?]) throws -> [String] {
    let papers = values.enumerated().map { index, value in
      Paper(slug: "p\(index)", covariates: value.map { ["v": $0] } ?? [:])
    }
    let matrix = BinaryMatrix(text: values.map { _ in "1" }, papers: papers)
    return try matrix.groups(of: "v").map(\.name)
  }

  @Test func `a paper is in the group of each of its values`() throws {
    let papers = [
      Paper(slug: "a", tags: ["y", "x", "y"]), Paper(slug: "b"), Paper(slug: "c", tags: ["x"]),
    ]
    let found = try BinaryMatrix(text: ["1", "1", "1"], papers: papers).groups(of: "tags")
    #expect(found.map(\.name) == ["x", "y"])
    #expect(found.map(\.papers) == [[0, 2], [0]])
  }

  @Test func `numbers are in the order of their values and before text`() throws {
    #expect(try groups(["10", "9", nil, "-1.5", "100"]) == ["-1.5", "9", "10", "100"])
    // As text, 10 < 1a < 2; as numbers, 2 < 10: an order must be found all the same.
    #expect(try groups(["1a", "2", "10"]) == ["2", "10", "1a"])
    #expect(try groups(["b", "nan", "inf", "3", "a"]) == ["3", "a", "b", "inf", "nan"])
    #expect(try groups(["1.0", "1", "1e0"]) == ["1", "1.0", "1e0"])
  }

  @Test func `a column without any value is unknown`() {
    #expect(throws: VariableError.noValues("v")) { try groups([nil, ""]) }
  }

  @Test func `one group a paper is its first value, and the others are counted`() throws {
    let papers = [
      Paper(slug: "a", tags: ["y", "x"]), Paper(slug: "b"), Paper(slug: "c", tags: ["x", "x"]),
    ]
    let found = try BinaryMatrix(text: ["1", "1", "1"], papers: papers).disjointGroups(of: "tags")
    #expect(found.labels == ["y", nil, "x"] && found.severalCount == 1)
  }

  @Test func `a cluster is a set of values, a paper without one, or scans of one paper`() throws {
    let papers = [
      Paper(slug: "a", tags: ["y", "x"]), Paper(slug: "b"), Paper(slug: "c", tags: ["x", "y"]),
      Paper(slug: "d", tags: ["x"]), Paper(slug: "e"),
    ]
    let matrix = BinaryMatrix(text: papers.map { _ in "1" }, papers: papers)
    let labels = try #require(try matrix.clusters(of: "tags"))
    #expect(labels[0] == labels[2] && Set(labels).count == 4)
    #expect(try matrix.clusters(of: nil) == nil)
    let twice = BinaryMatrix(text: ["1", "0"], papers: [papers[0], papers[0]])
    #expect(try twice.clusters(of: nil) == ["a", "a"])
    #expect(throws: VariableError.noValues("venue")) { try matrix.clusters(of: "venue") }
  }

  @Test func `rows of a paper are in one cluster, whatever clusters they name`() throws {
    let papers = [
      Paper(slug: "a", version: 2, cluster: "x"), Paper(slug: "a", version: 3, cluster: "y"),
      Paper(slug: "b", cluster: "y"), Paper(slug: "c", version: 1), Paper(slug: "c", version: 2),
      Paper(slug: "d", cluster: "z"),
    ]
    let matrix = BinaryMatrix(text: papers.map { _ in "1" }, papers: papers)
    let labels = try #require(try matrix.clusters(of: "cluster"))
    #expect(labels[0] == labels[1] && labels[1] == labels[2])
    #expect(labels[3] == labels[4] && Set(labels).count == 3)
  }

  @Test func `several variables make a group of each combination`() throws {
    let papers = [
      Paper(slug: "a", year: 2024, tags: ["y", "x"]), Paper(slug: "b", year: 2025),
      Paper(slug: "c", year: 2025, tags: ["x"]),
    ]
    let matrix = BinaryMatrix(text: ["1", "1", "1"], papers: papers)
    let found = try matrix.groups(of: "tags,year")
    #expect(found.map(\.name) == ["x × 2024", "x × 2025", "y × 2024"])
    #expect(found.map(\.papers) == [[0], [2], [0]])
    #expect(try matrix.groups(of: "min(year, 2024),tags").map(\.name) == ["2024 × x", "2024 × y"])
    #expect(throws: VariableError.self) { try matrix.groups(of: "tags,") }
    #expect(throws: VariableError.self) { try matrix.groups(of: "tags,nothing") }
    let disjoint = try matrix.disjointGroups(of: "year,tags")
    #expect(disjoint.labels == ["2024 × y", nil, "2025 × x"] && disjoint.severalCount == 1)
  }
}
