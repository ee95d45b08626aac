import SurveyStats
import Testing

@Suite struct RotationTests {
  static let names = ["harman74", "ability_cov", "bfi"]

  let golden: FactorGolden

  init() throws { golden = try FactorGolden("factors") }

  func difference(
    _ name: String, _ quantity: String, _ rotated: RotatedLoadings, correlations: String? = nil
  ) throws -> Double {
    let expected = try golden.matrix(name, quantity)
    let (pattern, order, signs) = rotated.pattern.aligned(to: expected)
    var difference = largestDifference(pattern.elements, expected.elements)
    if let correlations {
      let phi = rotated.arranged(order: order, signs: signs).correlations
      let reference = try golden.matrix(name, correlations)
      difference = max(difference, largestDifference(phi.elements, reference.elements))
    }
    return difference
  }

  @Test(arguments: names)
  func `varimax agrees with R's stats, with and without Kaiser normalisation`(
    name: String
  ) throws {
    let loadings = try golden.matrix(name, "ml_loadings")
    let kaiser = try Rotation(.varimax).rotate(loadings)
    let raw = try Rotation(.varimax, isKaiserNormalized: false).rotate(loadings)
    #expect(try difference(name, "varimax", kaiser) < FactorTolerance.orthogonalLoading)
    #expect(try difference(name, "varimax_raw", raw) < FactorTolerance.orthogonalLoading)
  }

  @Test(arguments: names)
  func `quartimax agrees with GPArotation`(name: String) throws {
    let rotated = try Rotation(.quartimax).rotate(try golden.matrix(name, "ml_loadings"))
    #expect(try difference(name, "quartimax", rotated) < FactorTolerance.orthogonalLoading)
  }

  @Test(arguments: names)
  func `promax agrees with R's stats`(name: String) throws {
    let rotated = try Rotation(.promax).rotate(try golden.matrix(name, "ml_loadings"))
    let difference = try difference(name, "promax", rotated, correlations: "promax_phi")
    #expect(difference < FactorTolerance.obliqueLoading)
  }

  @Test(arguments: names, [false, true])
  func `oblimin agrees with GPArotation, with and without Kaiser normalisation`(
    name: String, kaiser: Bool
  ) throws {
    let suffix = kaiser ? "_kaiser" : ""
    let rotated = try Rotation(.oblimin, isKaiserNormalized: kaiser)
      .rotate(try golden.matrix(name, "ml_loadings"))
    let value = try #require(rotated.criterionValue)
    #expect(abs(value - (try golden.values(name, "oblimin_value\(suffix)")[0])) < 1e-9)
    let difference = try difference(
      name, "oblimin\(suffix)", rotated, correlations: "oblimin_phi\(suffix)")
    #expect(difference < FactorTolerance.obliqueLoading)
  }

  @Test(arguments: names)
  func `oblimin with another gamma agrees with GPArotation`(name: String) throws {
    let rotated = try Rotation(.oblimin(gamma: -0.5))
      .rotate(try golden.matrix(name, "ml_loadings"))
    let difference = try difference(
      name, "oblimin_gamma", rotated, correlations: "oblimin_gamma_phi")
    #expect(difference < FactorTolerance.obliqueLoading)
  }

  @Test(arguments: names)
  func `geomin agrees with GPArotation`(name: String) throws {
    let rotated = try Rotation(.geomin).rotate(try golden.matrix(name, "ml_loadings"))
    let value = try #require(rotated.criterionValue)
    #expect(value < (try golden.values(name, "geomin_value")[0]) + 1e-9)
    let difference = try difference(name, "geomin", rotated, correlations: "geomin_phi")
    #expect(difference < FactorTolerance.geominLoading)
  }

  @Test(arguments: names, [false, true])
  func `rotation towards a partial target agrees with GPArotation`(
    name: String, oblique: Bool
  ) throws {
    let target = try golden.matrix(name, "partial_target")
    let rows = (0..<target.rows).map { target.row($0).map { $0.isNaN ? nil : $0 } }
    let rotated = try TargetRotation.partial(
      try golden.matrix(name, "ml_loadings"), to: rows, isOblique: oblique)
    let difference = try difference(
      name, oblique ? "target_oblique" : "target_orthogonal", rotated,
      correlations: oblique ? "target_oblique_phi" : nil)
    #expect(difference < FactorTolerance.obliqueLoading)
  }

  @Test(arguments: names)
  func `rotation towards groups agrees with GPArotation's partial target`(name: String) throws {
    let keys = try golden.matrix(name, "keys")
    let membership: [Int?] = (0..<keys.rows).map { keys.row($0).firstIndex(of: 1) }
    let loadings = try golden.matrix(name, "ml_loadings")
    let rotated = try TargetRotation.groups(loadings, membership)
    #expect(
      try difference(name, "groups", rotated, correlations: "groups_phi")
        < FactorTolerance.obliqueLoading)
    // Factors keep the order of the groups, with positive loadings on them.
    for factor in 0..<keys.columns {
      let own = membership.indices.filter { membership[$0] == factor }
      #expect(own.reduce(0) { $0 + rotated.pattern[$1, factor] } > 0)
    }
    let again = loadings.multiplied(by: rotated.rotation)
    #expect(largestDifference(again.elements, rotated.pattern.elements) < 1e-10)
  }

  @Test(arguments: names)
  func `rotation towards clusters agrees with psych`(name: String) throws {
    let keys = try golden.matrix(name, "keys")
    let loadings = try golden.matrix(name, "ml_loadings")
    let rotated = try TargetRotation.oblique(loadings, to: keys)
    let expected = try golden.values(name, "target_rot")
    #expect(largestDifference(rotated.pattern.elements, expected) < 1e-9)
    let phi = try golden.values(name, "target_rot_phi")
    #expect(largestDifference(rotated.correlations.elements, phi) < 1e-9)
    let congruence = Congruence.coefficients(loadings, keys)
    let reference = try golden.values(name, "congruence")
    #expect(largestDifference(congruence.elements, reference) < 1e-12)
  }

  @Test(arguments: [
    RotationCriterion.none, .varimax, .quartimax, .promax, .oblimin, .geomin,
  ])
  func `every rotation reproduces the same correlations`(criterion: RotationCriterion) throws {
    let loadings = try golden.matrix("harman74", "ml_loadings")
    let rotated = try Rotation(criterion).rotate(loadings)
    #expect(rotated.converged)
    let before = loadings.multiplied(by: loadings, transposingOther: true)
    let after = rotated.pattern.multiplied(by: rotated.correlations)
      .multiplied(by: rotated.pattern, transposingOther: true)
    #expect(largestDifference(before.elements, after.elements) < 1e-10)
    #expect(largestDifference(rotated.correlations.diagonal, [1, 1, 1, 1]) < 1e-12)
    let again = loadings.multiplied(by: rotated.rotation)
    #expect(largestDifference(again.elements, rotated.pattern.elements) < 1e-10)
    #expect(rotated.variances == rotated.variances.sorted(by: >))
    for factor in 0..<4 { #expect(rotated.pattern.column(factor).reduce(0, +) > 0) }
    if criterion != .none {
      let share = try #require(rotated.shareOfBestStarts)
      #expect(share > 0 && share <= 1)
    }
  }

  @Test func `the start and the order of the factors do not matter`() throws {
    let loadings = try golden.matrix("harman74", "ml_loadings")
    var random = RandomStream(seed: 3)
    var normals = DenseMatrix(rows: 4, columns: 4)
    for index in normals.elements.indices { normals.elements[index] = random.normal() }
    let parts = try normals.singularValues()
    let turned = loadings.multiplied(by: parts.u.multiplied(by: parts.vTransposed))
    let first = try Rotation(.oblimin).rotate(loadings)
    let second = try Rotation(.oblimin, seed: 99).rotate(turned)
    #expect(largestDifference(first.pattern.elements, second.pattern.elements) < 1e-6)
  }

  @Test func `an item without loadings survives Kaiser normalisation`() throws {
    var loadings = try golden.matrix("ability_cov", "ml_loadings")
    for factor in 0..<2 { loadings[2, factor] = 0 }
    let rotated = try Rotation(.varimax).rotate(loadings)
    #expect(rotated.pattern.row(2) == [0, 0])
    #expect(rotated.pattern.elements.allSatisfy { $0.isFinite })
  }

  @Test func `a rotation that may not step says so`() throws {
    let loadings = try golden.matrix("bfi", "ml_loadings")
    let rotated = try Rotation(.geomin, randomStarts: 0, maximumIterations: 1).rotate(loadings)
    #expect(!rotated.converged)
  }
}
