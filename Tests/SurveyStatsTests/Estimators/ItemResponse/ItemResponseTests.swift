import RealModule
import SurveyStats
import Testing

@Suite struct ItemResponseTests {
  let golden: FactorGolden

  init() throws { golden = try FactorGolden("item_response") }

  static func published(_ name: String) throws -> BinaryMatrix {
    try name == "lsat7" ? lsat7() : CorrelationGolden(name).binaryMatrix
  }

  /// The references maximise the same likelihood by brute force in R, with 161 nodes, `nlminb` and
  /// numerical second derivatives.
  @Test(arguments: ["lsat6", "lsat7", "ability"], ItemResponseModel.Kind.allCases)
  func `estimates and standard errors agree with brute force`(
    name: String, kind: ItemResponseModel.Kind
  ) throws {
    let matrix = try Self.published(name)
    let fit = try ItemResponseModel(kind).fit(matrix)
    let example = "\(name)_\(kind.rawValue)"
    let logLikelihood = try golden.values(example, "log_likelihood")[0]
    #expect(abs(fit.logLikelihood - logLikelihood) < FactorTolerance.logLikelihood)
    #expect(
      largestDifference(fit.items.map(\.discrimination), try golden.values(example, "slopes"))
        < FactorTolerance.itemParameter)
    #expect(
      largestDifference(fit.items.map(\.intercept), try golden.values(example, "intercepts"))
        < FactorTolerance.itemParameter)
    let covariance = try #require(fit.covariance)
    let expected = try golden.matrix(example, "covariance")
    for (found, reference) in zip(covariance.diagonal, expected.diagonal) {
      #expect(
        abs(found.squareRoot() - reference.squareRoot())
          < FactorTolerance.standardError * reference.squareRoot())
    }
    let reliability = try #require(fit.empiricalReliability)
    let eap = try golden.values(example, "eap")
    let errors = try golden.values(example, "eap_se")
    for paper in 0..<20 {
      let ability = try #require(fit.abilities[paper])
      #expect(abs(ability.estimate - eap[paper]) < FactorTolerance.itemParameter)
      #expect(abs(ability.standardError - errors[paper]) < FactorTolerance.itemParameter)
    }
    #expect(
      abs(reliability - (try golden.values(example, "empirical_reliability")[0]))
        < FactorTolerance.itemParameter)
    #expect(fit.abilities(of: matrix) == fit.abilities)
    #expect(
      largestDifference(fit.items.map(\.outfit), try golden.values(example, "outfit"))
        < FactorTolerance.itemParameter)
    #expect(
      largestDifference(fit.items.map(\.infit), try golden.values(example, "infit"))
        < FactorTolerance.itemParameter)
  }

  /// `ltm(LSAT ~ z1)` of R's ltm 1.x as printed by `summary` (Rizopoulos 2006, section 3, and its
  /// manual); it integrates by 21 nodes and stops at a gradient of 0.024, so that its difficulties are
  /// off by up to 0.0023, a 400th of their standard errors; the brute force above sides with us.
  @Test func `the 2PL of LSAT 6 is the published one`() throws {
    let fit = try ItemResponseModel(.twoPL).fit(Self.published("lsat6"))
    #expect(abs(fit.logLikelihood + 2_466.653) < 1e-3)
    #expect(abs(try #require(fit.aic) - 4_953.307) < 2e-3)
    #expect(abs(try #require(fit.bic) - 5_002.384) < 2e-3)
    let difficulties = [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236]
    let difficultyErrors = [0.8669, 0.3073, 0.0997, 0.4341, 0.8700]
    let discriminations = [0.8254, 0.7229, 0.8905, 0.6886, 0.6575]
    let discriminationErrors = [0.2581, 0.1867, 0.2326, 0.1852, 0.2100]
    #expect(
      largestDifference(fit.items.compactMap(\.difficulty), difficulties)
        < FactorTolerance.published)
    #expect(
      largestDifference(fit.items.compactMap(\.difficultyError), difficultyErrors)
        < FactorTolerance.published)
    #expect(
      largestDifference(fit.items.map(\.discrimination), discriminations)
        < FactorTolerance.published)
    #expect(
      largestDifference(fit.items.compactMap(\.discriminationError), discriminationErrors)
        < FactorTolerance.published)
  }

  /// `rasch(LSAT)` of ltm (Rizopoulos 2006, section 3.1), and lme4's `glmer` with 100 nodes.
  @Test func `the 1PL of LSAT 6 is the published one and a mixed logistic model`() throws {
    let fit = try ItemResponseModel(.onePL).fit(Self.published("lsat6"))
    #expect(abs(fit.logLikelihood + 2_466.938) < 1e-3)
    let difficulties = [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802]
    #expect(
      largestDifference(fit.items.compactMap(\.difficulty), difficulties)
        < FactorTolerance.published)
    #expect(abs(fit.items[0].discrimination - 0.7551) < 1e-4)
    #expect(abs(try #require(fit.items[0].discriminationError) - 0.0694) < 1e-4)
    let mixed = try golden.values("lsat6_1pl", "lme4")
    #expect(
      largestDifference([fit.items[0].discrimination] + fit.items.map(\.intercept), mixed) < 2e-4)
    #expect(
      abs(fit.logLikelihood - (try golden.values("lsat6_1pl", "lme4_log_likelihood")[0])) < 1e-4)
  }

  @Test func `information is that of the curves`() throws {
    let fit = try ItemResponseModel(.twoPL).fit(Self.published("lsat7"))
    let step = 1e-4
    for ability in [-2.0, 0, 1.5] {
      var expected = 0.0
      for item in fit.items {
        func probability(_ ability: Double) -> Double {
          1 / (1 + Double.exp(-(item.discrimination * ability + item.intercept)))
        }
        let slope = (probability(ability + step) - probability(ability - step)) / (2 * step)
        expected += slope * slope / (probability(ability) * (1 - probability(ability)))
      }
      #expect(abs(fit.testInformation(at: ability) - expected) < 1e-6)
    }
    #expect(fit.informationTable().rowCount == 33)
  }

  @Test func `more items give surer abilities, and none gives none`() throws {
    let matrix = try Self.published("lsat7")
    let fit = try ItemResponseModel(.twoPL).fit(matrix)
    let partial = BinaryMatrix(papers: matrix.papers, items: matrix.items) { paper, item in
      item < paper % 6 ? matrix[paper, item] : .notApplicable
    }
    let abilities = fit.abilities(of: partial)
    #expect(abilities[0] == nil)
    #expect(try #require(abilities[1]).standardError > (try #require(abilities[5])).standardError)
    #expect(try #require(abilities[1]).standardError < 1)
  }

  @Test func `constant and never applicable items are left out by name`() throws {
    let matrix = try Self.published("lsat7").selecting(papers: Array(0..<200))
    let wide = BinaryMatrix(
      papers: matrix.papers,
      items: matrix.items + ["always", "never", "absent"].map { Item(id: ItemID($0)) }
    ) { paper, item in
      item < 5 ? matrix[paper, item] : [Cell.yes, .no, .absent][item - 5]
    }
    let fit = try ItemResponseModel(.onePL).fit(wide)
    #expect(
      fit.leftOut.map { "\($0.name) \($0.reason)" }
        == ["always constant-item", "never constant-item", "absent never-jointly-applicable"])
    #expect(fit.itemsTable().rowCount == 8)
    #expect(
      abs(fit.logLikelihood - (try ItemResponseModel(.onePL).fit(matrix)).logLikelihood) < 1e-8)
  }

  @Test func `too few items are named`() {
    let matrix = answers("11", "01", "10", "00")
    #expect(throws: ItemResponseModel.ModelError.tooFewItems(needed: 3, left: 2, leftOut: [])) {
      try ItemResponseModel(.twoPL).fit(matrix)
    }
    let few = LeftOutItem(name: "i1", reason: .belowMinimumCount, count: 3)
    #expect(
      throws: ItemResponseModel.ModelError.tooFewItems(needed: 2, left: 1, leftOut: [few])
    ) {
      try ItemResponseModel(.onePL, minimumCount: 4).fit(answers("1-", "01", "10", "01"))
    }
  }

  @Test func `a search that may not step says that it did not converge`() throws {
    let matrix = try Self.published("lsat7")
    #expect(throws: ItemResponseModel.ModelError.notConverged(iterations: 1, emSteps: 0)) {
      try ItemResponseModel(.twoPL, emSteps: 0, maximumIterations: 1).fit(matrix)
    }
  }

  @Test func `items that copy one another are flagged as steep`() throws {
    let matrix = try Self.published("lsat7")
    let doubled = BinaryMatrix(
      papers: matrix.papers, items: matrix.items + [Item(id: ItemID("copy"))]
    ) { paper, item in matrix[paper, min(item, 5) % 5] }
    let fit = try ItemResponseModel(.twoPL).fit(doubled)
    #expect(fit.items.filter(\.isSteep).map(\.name) == ["Q1", "copy"])
  }

  /// 4,000 papers, a third of the cells not applicable at random: standard errors near 0.06.
  @Test func `simulated parameters are recovered in spite of NA`() throws {
    let slopes = [0.6, 1.0, 1.4, 0.8, 1.2, 1.8, 0.7, 1.1, 1.5, 0.9]
    let intercepts = [-1.0, -0.5, 0, 0.5, 1, 1.5, -1.5, 0.8, -0.8, 0.2]
    var random = RandomStream(seed: 21)
    var cells: [[Cell]] = []
    var abilities: [Double] = []
    for _ in 0..<4_000 {
      let ability = random.normal()
      abilities.append(ability)
      cells.append(
        slopes.indices.map { item in
          let odds = Double.exp(slopes[item] * ability + intercepts[item])
          let passes = random.uniform() < odds / (1 + odds)
          return random.uniform() < 1.0 / 3 ? .notApplicable : passes ? .yes : .no
        })
    }
    let matrix = BinaryMatrix(
      papers: cells.indices.map { Paper(slug: "p\($0)") },
      items: slopes.indices.map { Item(id: ItemID("i\($0)")) }
    ) { paper, item in cells[paper][item] }
    let fit = try ItemResponseModel(.twoPL).fit(matrix)
    for (item, found) in fit.items.enumerated() {
      let error = try #require(found.discriminationError)
      #expect(abs(found.discrimination - slopes[item]) < 4 * error)
      #expect(abs(found.intercept - intercepts[item]) < 4 * (try #require(found.interceptError)))
      #expect(abs(found.infit - 1) < 0.05 && abs(found.outfit - 1) < 0.15)
    }
    let covered = zip(fit.abilities, abilities).count { ability, truth in
      ability.map { abs($0.estimate - truth) < 1.96 * $0.standardError } ?? false
    }
    #expect(abs(Double(covered) / 4_000 - 0.95) < 0.02)
  }
}
