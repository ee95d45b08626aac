import RealModule

/// An item response model fitted to the answers of papers.
public struct ItemResponseFit: Sendable, Equatable {
  /// The parameters of one item.
  public struct Item: Sendable, Equatable {
    /// The name of the item.
    public let name: String
    /// The number of papers to which it applies.
    public let count: Int
    /// The discrimination a: how much the log odds of a yes rise with ability.
    public let discrimination: Double
    /// Its standard error; `nil` where the information is singular or the search was stopped at the
    /// bound of discriminations.
    public let discriminationError: Double?
    /// The intercept d: the log odds of a yes at ability 0.
    public let intercept: Double
    /// Its standard error.
    public let interceptError: Double?
    /// The difficulty `-d/a`: the ability at which yes and no are equally likely; `nil` where
    /// the item does not tell papers apart: a is zero, rounding aside, or less than 1.96 of its
    /// standard errors from it while the difficulty would lie more than ten standard deviations of
    /// ability from the mean.
    public let difficulty: Double?
    /// Its standard error, by the delta method.
    public let difficultyError: Double?
    /// The mean of `(x - p)²/(p(1-p))` over answers x, predicted with probability p.
    ///
    /// Each answer is predicted from the paper's other answers, so that the mean is one for an item
    /// that fits, whatever the number of items. Above one its answers are noisier than the model
    /// says, below one more regular.
    public let outfit: Double
    /// The ratio of the sums of `(x - p)²` and of `p(1-p)`, which rare surprises move less.
    public let infit: Double
    /// Whether |a| is above 4: the item nearly determines another.
    public var isSteep: Bool { abs(discrimination) > 4 }
    /// Whether the discrimination is held at its bound: the likelihood has no maximum within.
    public var isAtBound: Bool {
      abs(discrimination) >= ItemResponseModel.largestDiscrimination * (1 - 1e-9)
    }

    /// Whether all papers are of one cluster, which leaves no error.
    let isOfOneUnit: Bool
    /// The item whose answers are most alike or opposed, where these two nearly copy one another.
    public let nearDuplicate: String?

    /// What the tables say about it.
    var note: String? {
      var notes: [String] = []
      if isAtBound {
        notes.append("discrimination-at-bound")
      } else if discriminationError == nil {
        notes.append(isOfOneUnit ? "one-cluster" : "singular")
      } else if isSteep {
        notes.append("steep-discrimination")
      }
      if isAtBound || isSteep, let nearDuplicate {
        notes.append("near-duplicate: \(nearDuplicate)")
      }
      if difficulty == nil { notes.append("no-discrimination") }
      if discrimination < 0, difficulty != nil { notes.append("negative-discrimination") }
      return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
  }

  /// The ability of one paper.
  public struct Ability: Sendable, Equatable {
    /// The mean of its posterior (EAP).
    public let estimate: Double
    /// The standard deviation of its posterior.
    public let standardError: Double
    /// The number of items of the model that apply to the paper.
    public let itemCount: Int
  }

  /// The names of the items that took part.
  public let names: [String]
  /// The items that could not take part.
  public let leftOut: [LeftOutItem]
  /// Which parameters items have.
  public var kind: ItemResponseModel.Kind { likelihood.kind }
  /// The parameters and fit of the items.
  public let items: [Item]
  /// The maximum of the log likelihood.
  public let logLikelihood: Double
  /// The number of EM and Newton steps.
  public let iterations: Int
  /// The covariance matrix of the parameters: discriminations, then intercepts; `nil` where the
  /// observed information is singular.
  public let covariance: DenseMatrix?
  /// The abilities of the papers fitted; `nil` for a paper without any answer.
  public let abilities: [Ability?]
  /// The number of papers with an answer.
  public var paperCount: Int { likelihood.patterns.paperCount }
  /// The number of parameters.
  var parameterCount: Int { parameters.count }

  /// Kish's effective number of the sampling units, `(Σ W)² / Σ W²`; `nil` for papers drawn alike.
  let effectiveCount: Double?
  /// Whether papers carry unequal weights, so that the likelihood is a pseudo-likelihood.
  public let isWeighted: Bool

  /// Whether the sampling units are clusters of papers.
  public let areClusters: Bool

  private let paperWeights: [Double]?
  private let likelihood: ItemResponseLikelihood
  private let quadrature: AbilityQuadrature
  private let parameters: [Double]

  init(
    names: [String], leftOut: [LeftOutItem], likelihood: ItemResponseLikelihood,
    quadrature: AbilityQuadrature, parameters: [Double], logLikelihood: Double, iterations: Int,
    inverseInformation: DenseMatrix?, design: SamplingDesign?, closest: [String?]
  ) {
    self.names = names
    self.leftOut = leftOut
    self.likelihood = likelihood
    self.quadrature = quadrature
    self.parameters = parameters
    self.logLikelihood = logLikelihood
    self.iterations = iterations
    isWeighted = design?.weights != nil
    paperWeights = design?.relativeWeights
    if let design {
      let answered = likelihood.patterns.patternOfPaper.map { $0 != nil }
      effectiveCount = design.effectiveUnitCount { answered[$0] }
      let meat = likelihood.unitScores(
        parameters, quadrature, design: design, weights: paperWeights
      ).centeredProducts(stratumSizes: design.stratumSizes)
      covariance = inverseInformation.flatMap { bread in
        meat.map { bread.multiplied(by: $0).multiplied(by: bread) }
      }
    } else {
      effectiveCount = nil
      covariance = inverseInformation
    }
    areClusters = !(design?.unitsArePapers ?? true)
    let covariance = self.covariance
    let isOfOneUnit = (effectiveCount ?? 2) < 1 + 1e-9
    let byPattern = likelihood.abilities(parameters, quadrature)
    abilities = likelihood.patterns.patternOfPaper.map { $0.map { byPattern[$0] } }
    let (slopes, intercepts) = likelihood.items(parameters)
    let fit = likelihood.itemFit(parameters)
    let slopeCount = likelihood.slopeCount
    let applicable = likelihood.patterns.applicablePapers
    items = names.indices.map { item in
      let slope = slopeCount == 1 ? 0 : item
      let intercept = slopeCount + item
      let (a, d) = (slopes[item], intercepts[item])
      let isAtBound = abs(a) >= ItemResponseModel.largestDiscrimination * (1 - 1e-9)
      // At the bound the likelihood is not at its maximum, and its curvature says nothing.
      let covariance = isAtBound ? nil : covariance
      let slopeError = covariance.map { $0[slope, slope].squareRoot() }
      let tells = abs(a) >= 1e-6 && (abs(d / a) <= 10 || abs(a) >= 1.96 * (slopeError ?? 0))
      let difficultyVariance = covariance.map { covariance in
        (covariance[intercept, intercept] - 2 * d / a * covariance[slope, intercept]
          + d * d / (a * a) * covariance[slope, slope]) / (a * a)
      }
      return Item(
        name: names[item], count: applicable[item], discrimination: a,
        discriminationError: slopeError, intercept: d,
        interceptError: covariance.map { $0[intercept, intercept].squareRoot() },
        difficulty: tells ? -d / a : nil,
        difficultyError: tells ? difficultyVariance.map { max($0, 0).squareRoot() } : nil,
        outfit: fit[item].outfit, infit: fit[item].infit,
        isOfOneUnit: isOfOneUnit, nearDuplicate: closest[item])
    }
  }

  /// For each item the one whose answers are most alike or opposed, if phi is .8 or more in size.
  static func closestItems(_ matrix: BinaryMatrix) -> [String?] {
    let counts = PairCounts(matrix)
    return matrix.items.indices.map { item in
      var best: (item: Int, size: Double)?
      for other in matrix.items.indices where other != item {
        let table = TwoByTwoTable(counts[item, other])
        guard !table.hasConstantItem else { continue }
        let size = abs(table.phi)
        if size >= 0.8, size > best?.size ?? 0 { best = (other, size) }
      }
      return best.map { matrix.items[$0.item].id.description }
    }
  }

  /// Akaike's information criterion; `nil` for a pseudo-likelihood.
  public var aic: Double? { isWeighted ? nil : -2 * logLikelihood + 2 * Double(parameterCount) }

  /// The Bayesian information criterion; `nil` for a pseudo-likelihood.
  public var bic: Double? {
    isWeighted
      ? nil : -2 * logLikelihood + Double(parameterCount) * Double.log(Double(paperCount))
  }

  /// What is doubtful about scores that rest on the model, a sentence each.
  public var warnings: [String] {
    var warnings: [String] = []
    let negative = items.filter { $0.discrimination < 0 }
    if !negative.isEmpty {
      warnings.append(
        "A yes lowers the score where the discrimination is negative: "
          + negative.map(\.name).joined(separator: ", ") + ".")
    }
    let held = items.filter(\.isAtBound)
    let copies = held.filter { $0.nearDuplicate != nil }
    if !copies.isEmpty {
      warnings.append(
        "The discrimination is held at its bound of \(Int(ItemResponseModel.largestDiscrimination)) "
          + "for items that nearly copy another, which the score then measures: "
          + copies.map { "\($0.name) (with \($0.nearDuplicate ?? ""))" }.joined(separator: ", ")
          + "; leave out one of each, or use the 1PL.")
    }
    let steps = held.filter { $0.nearDuplicate == nil }
    if !steps.isEmpty {
      warnings.append(
        "The discrimination is held at its bound of \(Int(ItemResponseModel.largestDiscrimination)) "
          + "for items whose answers the others (almost) determine: "
          + steps.map(\.name).joined(separator: ", ") + "; use the 1PL, or more papers.")
    }
    return warnings
  }

  /// The information of the items at an ability, `sum a² P (1-P)`.
  public func testInformation(at ability: Double) -> Double {
    names.indices.reduce(0) { $0 + itemInformation($1, at: ability) }
  }

  /// The information of one item at an ability, `a² P (1-P)`.
  func itemInformation(_ item: Int, at ability: Double) -> Double {
    let logit = items[item].discrimination * ability + items[item].intercept
    let small = Double.exp(-abs(logit))
    let spread = small / ((1 + small) * (1 + small))
    return items[item].discrimination * items[item].discrimination * spread
  }

  /// The empirical reliability of the abilities, `var(EAP) / (var(EAP) + mean(SE²))`, weighted where
  /// papers are.
  ///
  /// `nil` for fewer than two papers with an answer.
  public var empiricalReliability: Double? {
    let defined = abilities.enumerated().compactMap { paper, ability in
      ability.map { (weight: paperWeights?[paper] ?? 1, ability: $0) }
    }
    let count = defined.reduce(0) { $0 + $1.weight }
    guard defined.count(where: { $0.weight > 0 }) > 1, count > 1 else { return nil }
    func mean(_ value: (Ability) -> Double) -> Double {
      defined.reduce(0) { $0 + $1.weight * value($1.ability) } / count
    }
    let center = mean(\.estimate)
    let variance =
      mean { ($0.estimate - center) * ($0.estimate - center) } * count / (count - 1)
    return variance / (variance + mean { $0.standardError * $0.standardError })
  }

  /// The percent of all items of the model that each paper fitted would be expected to pass if all
  /// applied to it, `100 mean_j P_j(θ)`: the mean of its posterior, with its standard deviation.
  ///
  /// Unlike the percent passed of the applicable items it does not depend on whether a paper was
  /// asked easy or hard items. `nil` for a paper without any answer. The item parameters are taken
  /// as known.
  var expectedScores: [Ability?] {
    let byPattern = likelihood.posteriorMoments(parameters, quadrature) { part in
      part.nodes.indices.map { node in
        100 * part.curves.probabilities.column(node).reduce(0, +) / Double(names.count)
      }
    }
    return likelihood.patterns.patternOfPaper.map { $0.map { byPattern[$0] } }
  }

  /// The abilities of other papers under the fitted parameters.
  ///
  /// Items are matched by name; those that the model lacks are passed over. A paper without any
  /// answer to the model's items has no ability.
  public func abilities(of matrix: BinaryMatrix) -> [Ability?] {
    let positions = Dictionary(
      matrix.items.enumerated().map { ($0.element.id.description, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let columns = names.map { positions[$0] }
    let aligned = BinaryMatrix(
      papers: matrix.papers,
      items: names.map { SurveyStats.Item(id: ItemID($0)) }
    ) { paper, item in
      columns[item].map { matrix[paper, $0] } ?? .absent
    }
    let other = ItemResponseLikelihood(patterns: AnswerPatterns(aligned), kind: kind)
    let byPattern = other.abilities(parameters, other.quadrature(parameters))
    return other.patterns.patternOfPaper.map { $0.map { byPattern[$0] } }
  }
}
