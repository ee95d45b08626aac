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
    /// a is zero, rounding aside.
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

    /// What the tables say about it.
    var note: String? {
      if isAtBound { return "discrimination-at-bound" }
      if discriminationError == nil { return "singular" }
      if isSteep { return "steep-discrimination" }
      if difficulty == nil { return "no-discrimination" }
      return discrimination < 0 ? "negative-discrimination" : nil
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
  public let leftOut: [CorrelationMatrix.LeftOut]
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
  public var parameterCount: Int { parameters.count }

  private let likelihood: ItemResponseLikelihood
  private let parameters: [Double]

  init(
    names: [String], leftOut: [CorrelationMatrix.LeftOut], likelihood: ItemResponseLikelihood,
    parameters: [Double], logLikelihood: Double, iterations: Int, covariance: DenseMatrix?
  ) {
    self.names = names
    self.leftOut = leftOut
    self.likelihood = likelihood
    self.parameters = parameters
    self.logLikelihood = logLikelihood
    self.iterations = iterations
    self.covariance = covariance
    let byPattern = likelihood.abilities(parameters)
    abilities = likelihood.patterns.patternOfPaper.map { $0.map { byPattern[$0] } }
    let (slopes, intercepts) = likelihood.items(parameters)
    let fit = likelihood.itemFit(parameters)
    let slopeCount = likelihood.slopeCount
    let applicable = likelihood.patterns.applicablePapers
    items = names.indices.map { item in
      let slope = slopeCount == 1 ? 0 : item
      let intercept = slopeCount + item
      let (a, d) = (slopes[item], intercepts[item])
      let isZero = abs(a) < 1e-6
      let isAtBound = abs(a) >= ItemResponseModel.largestDiscrimination * (1 - 1e-9)
      // At the bound the likelihood is not at its maximum, and its curvature says nothing.
      let covariance = isAtBound ? nil : covariance
      let difficultyVariance = covariance.map { covariance in
        (covariance[intercept, intercept] - 2 * d / a * covariance[slope, intercept]
          + d * d / (a * a) * covariance[slope, slope]) / (a * a)
      }
      return Item(
        name: names[item], count: applicable[item], discrimination: a,
        discriminationError: covariance.map { $0[slope, slope].squareRoot() }, intercept: d,
        interceptError: covariance.map { $0[intercept, intercept].squareRoot() },
        difficulty: isZero ? nil : -d / a,
        difficultyError: isZero ? nil : difficultyVariance.map { max($0, 0).squareRoot() },
        outfit: fit[item].outfit, infit: fit[item].infit)
    }
  }

  /// Akaike's information criterion.
  public var aic: Double { -2 * logLikelihood + 2 * Double(parameterCount) }

  /// The Bayesian information criterion.
  public var bic: Double {
    -2 * logLikelihood + Double(parameterCount) * Double.log(Double(paperCount))
  }

  /// The information of the items at an ability, `sum a² P (1-P)`.
  public func testInformation(at ability: Double) -> Double {
    names.indices.reduce(0) { $0 + itemInformation($1, at: ability) }
  }

  /// The information of one item at an ability, `a² P (1-P)`.
  public func itemInformation(_ item: Int, at ability: Double) -> Double {
    let logit = items[item].discrimination * ability + items[item].intercept
    let small = Double.exp(-abs(logit))
    let spread = small / ((1 + small) * (1 + small))
    return items[item].discrimination * items[item].discrimination * spread
  }

  /// The empirical reliability of the abilities, `var(EAP) / (var(EAP) + mean(SE²))`.
  ///
  /// `nil` for fewer than two papers with an answer.
  public var empiricalReliability: Double? {
    let defined = abilities.compactMap { $0 }
    guard defined.count > 1 else { return nil }
    let count = Double(defined.count)
    let mean = defined.reduce(0) { $0 + $1.estimate } / count
    let variance =
      defined.reduce(0) { $0 + ($1.estimate - mean) * ($1.estimate - mean) } / (count - 1)
    let error = defined.reduce(0) { $0 + $1.standardError * $1.standardError } / count
    return variance / (variance + error)
  }

  /// The percent of all items of the model that each paper fitted would be expected to pass if all
  /// applied to it, `100 mean_j P_j(θ)`: the mean of its posterior, with its standard deviation.
  ///
  /// Unlike the percent passed of the applicable items it does not depend on whether a paper was
  /// asked easy or hard items. `nil` for a paper without any answer. The item parameters are taken
  /// as known.
  public var expectedScores: [Ability?] {
    let probabilities = likelihood.curves(parameters).probabilities
    let scores = (0..<probabilities.columns).map { node in
      100 * probabilities.column(node).reduce(0, +) / Double(names.count)
    }
    let byPattern = likelihood.posteriorMoments(parameters, of: scores)
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
    let other = ItemResponseLikelihood(
      patterns: AnswerPatterns(aligned), kind: kind, rule: likelihood.rule)
    let byPattern = other.abilities(parameters)
    return other.patterns.patternOfPaper.map { $0.map { byPattern[$0] } }
  }
}
