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

extension ItemResponseLikelihood {
  /// The ability of each pattern: mean and standard deviation of its posterior.
  func abilities(_ parameters: [Double]) -> [ItemResponseFit.Ability] {
    posteriorMoments(parameters, of: rule.nodes)
  }

  /// The posterior mean and standard deviation, for each pattern, of a function of ability.
  ///
  /// - Parameter values: The function at the nodes.
  func posteriorMoments(
    _ parameters: [Double], of values: [Double]
  ) -> [ItemResponseFit.Ability] {
    let curves = curves(parameters)
    let squares = values.map { $0 * $0 }
    let itemCounts = patterns.applicableItems
    var first = 0
    return patterns.blocks.flatMap { block in
      let weights = posterior(block, curves).weights
      let means = weights.multiplied(by: values)
      let seconds = weights.multiplied(by: squares)
      defer { first += means.count }
      return means.indices.map { row in
        ItemResponseFit.Ability(
          estimate: means[row],
          standardError: max(seconds[row] - means[row] * means[row], 0).squareRoot(),
          itemCount: itemCounts[first + row])
      }
    }
  }

  /// Mean squares of the residuals of each item from its prediction by each paper's other answers.
  ///
  /// With posterior weights w of a paper that passed, the prediction without that answer is
  /// `1 / sum(w / P)`, and one less `1 / sum(w / (1-P))` for a paper that did not.
  func itemFit(_ parameters: [Double]) -> [(outfit: Double, infit: Double)] {
    let curves = curves(parameters)
    var (ofYes, ofNo) = (curves.logNo, curves.logNo)
    for index in ofNo.elements.indices {
      ofNo.elements[index] = Double.exp(-curves.logNo.elements[index])
      ofYes.elements[index] =
        Double.exp(-curves.logNo.elements[index] - curves.logits.elements[index])
    }
    var standardized = [Double](repeating: 0, count: patterns.itemCount)
    var (squares, spread, count) = (standardized, standardized, standardized)
    for block in patterns.blocks {
      let weights = posterior(block, curves).weights
      let perYes = weights.multiplied(by: ofYes, transposingOther: true)
      let perNo = weights.multiplied(by: ofNo, transposingOther: true)
      for item in standardized.indices {
        for row in block.counts.indices where block.applies[row, item] == 1 {
          let isYes = block.yes[row, item] == 1
          let residual = 1 - 1 / (isYes ? perYes : perNo)[row, item]
          let variance = residual * (1 - residual)
          squares[item] += block.counts[row] * residual * residual
          standardized[item] += block.counts[row] * residual / (1 - residual)
          spread[item] += block.counts[row] * variance
          count[item] += block.counts[row]
        }
      }
    }
    return standardized.indices.map {
      (standardized[$0] / count[$0], squares[$0] / spread[$0])
    }
  }
}

extension ItemResponseFit {
  /// The parameters of the items, one row an item, then the items left out.
  public func itemsTable() -> Table {
    let out = leftOut.map { _ in nil as Double? }
    func column(_ name: String, _ value: (Item) -> Double?) -> Column {
      Column(name, .real(items.map(value) + out))
    }
    return Table(
      name: "items",
      caption:
        "Item parameters of the \(kind == .onePL ? "1PL" : "2PL") over \(paperCount) papers; "
        + "outfit and infit compare answers with their prediction by the paper's other answers; they "
        + "are near 1 for items that fit.",
      columns: [
        Column("term", .text(names + leftOut.map(\.name))),
        Column("n", .integer(items.map(\.count) + leftOut.map { _ in nil })),
        column("discrimination") { $0.discrimination },
        column("discrimination_std_error") { $0.discriminationError },
        column("difficulty") { $0.difficulty },
        column("difficulty_std_error") { $0.difficultyError },
        column("intercept") { $0.intercept },
        column("intercept_std_error") { $0.interceptError },
        column("outfit") { $0.outfit },
        column("infit") { $0.infit },
        Column(
          "note",
          .text(
            items.map(\.note) + leftOut.map(\.reason.rawValue)
          )),
      ],
      notes: boundNotes)
  }

  private var boundNotes: [String] {
    let count = items.count(where: \.isAtBound)
    return count == 0
      ? []
      : [
        "\(count) discriminations are held at their bound: the answers are too few for the 2PL; "
          + "prefer the 1PL."
      ]
  }

  /// The abilities of the papers fitted, one row a paper.
  public func abilitiesTable(papers: [Paper]) -> Table {
    precondition(papers.count == abilities.count, "not the papers fitted")
    return Table(
      name: "abilities",
      caption: "Abilities of papers: mean and standard deviation of the posterior (EAP).",
      columns: [
        Column("paper", .text(papers.map(\.slug))),
        Column("n_applicable", .integer(abilities.map { $0?.itemCount ?? 0 })),
        Column("estimate", .real(abilities.map { $0?.estimate })),
        Column("std_error", .real(abilities.map { $0?.standardError })),
        Column("note", .text(abilities.map { $0 == nil ? "no-answers" : nil })),
      ])
  }

  /// The information and standard error of the test over a range of abilities.
  public func informationTable(abilities: [Double] = (-16...16).map { Double($0) / 4 }) -> Table {
    let information = abilities.map { testInformation(at: $0) }
    return Table(
      name: "test_information",
      caption: "Information of all items at each ability, without that of the prior.",
      columns: [
        Column("ability", .real(abilities)),
        Column("estimate", .real(information)),
        Column("std_error", .real(information.map { $0 > 0 ? 1 / $0.squareRoot() : nil })),
      ])
  }

  /// Log likelihood, information criteria and reliability, one row each.
  public func fitTable() -> Table {
    let rows: [(String, Double?)] = [
      ("log_likelihood", logLikelihood), ("parameters", Double(parameterCount)), ("aic", aic),
      ("bic", bic), ("empirical_reliability", empiricalReliability),
    ]
    return Table(
      name: "fit", caption: "Fit of the \(kind == .onePL ? "1PL" : "2PL") to \(paperCount) papers.",
      columns: [
        Column("term", .text(rows.map(\.0))), Column("estimate", .real(rows.map(\.1))),
        Column("n", .integer(rows.map { _ in paperCount })),
      ])
  }
}
