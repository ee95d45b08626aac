import SurveyStats
import Testing

@Suite struct DimensionTestTests {
  let membership: [Int?] = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
  let names = ["Rigor", "Transparency", "Claims"]

  /// Loadings of twelve items on three factors with small cross-loadings, turned at random.
  func loadings(clear: Bool) throws -> DenseMatrix {
    var random = RandomStream(seed: 8)
    var pattern = DenseMatrix(rows: 12, columns: 3)
    for item in 0..<12 {
      for factor in 0..<3 {
        let own = clear && item / 4 == factor ? 0.6 : 0
        pattern[item, factor] = own + (clear ? 0.05 : 0.4) * random.normal()
      }
    }
    var normals = DenseMatrix(rows: 3, columns: 3)
    for index in normals.elements.indices { normals.elements[index] = random.normal() }
    let parts = try normals.singularValues()
    return pattern.multiplied(by: parts.u.multiplied(by: parts.vTransposed))
  }

  @Test func `dimensions that are there are found`() throws {
    let loadings = try loadings(clear: true)
    let free = try Rotation(.oblimin).rotate(loadings).pattern
    let result = try DimensionTest(replicates: 199).estimate(
      loadings: loadings, free: free, dimensions: names, membership: membership)
    #expect(result.findings.map(\.name) == names + ["mean"])
    for finding in result.findings {
      #expect(finding.congruence > 0.95)
      #expect(finding.congruence > finding.chance)
      #expect(finding.pValue < 0.05)
      #expect(finding.freeCongruence > 0.95)
    }
    #expect(result.table().rowCount == 4)
  }

  @Test func `dimensions that are not there are not found`() throws {
    let loadings = try loadings(clear: false)
    let free = try Rotation(.oblimin).rotate(loadings).pattern
    let result = try DimensionTest(replicates: 199).estimate(
      loadings: loadings, free: free, dimensions: names, membership: membership)
    #expect(try #require(result.findings.last).pValue > 0.05)
  }

  @Test func `items without a dimension take no part`() throws {
    let loadings = try loadings(clear: true)
    var some = membership
    some[0] = nil
    let result = try DimensionTest(replicates: 19).estimate(
      loadings: loadings, free: loadings, dimensions: names, membership: some)
    #expect(result.items == Array(1..<12))
    #expect(result.findings[0].items == 3)
  }

  @Test func `wrong numbers of dimensions are named`() throws {
    let loadings = try loadings(clear: true)
    #expect(throws: FactorError.dimensionCount(factors: 3, dimensions: 2)) {
      try DimensionTest().estimate(
        loadings: loadings, free: loadings, dimensions: ["a", "b"], membership: membership)
    }
    #expect(throws: FactorError.emptyDimension("Claims")) {
      try DimensionTest().estimate(
        loadings: loadings, free: loadings, dimensions: names,
        membership: membership.map { $0 == 2 ? nil : $0 })
    }
  }
}
