/// Which variables are correlated, by which coefficient, and on which papers.
public struct CorrelatedVariables: Sendable, Hashable {
  /// What is correlated, and how.
  public enum Coefficient: Sendable, Hashable {
    /// The answers to the items.
    case items(ItemCoefficient)
    /// The papers' scores in the categories.
    case categories(ScoreCoefficient)
    /// Nothing: the correlations are given.
    case given(GivenCorrelations)
  }

  /// What is correlated, and how.
  public var coefficient: Coefficient
  /// The fewest papers for which a pair gets a coefficient.
  var minimumCount: Int
  /// What tetrachoric correlations do with an empty cell.
  var zeroCells: TetrachoricCorrelation.ZeroCellPolicy
  /// Whether a pair uses the papers that have both variables, or those that have all.
  public var papers: PairwiseCovariance.Papers

  /// Chooses phi of the items, each pair on the papers that have both, unless told otherwise.
  public init(
    _ coefficient: Coefficient = .items(.phi), minimumCount: Int = 10,
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy = .halfKeepingMargins,
    papers: PairwiseCovariance.Papers = .pairwise
  ) {
    self.coefficient = coefficient
    self.minimumCount = minimumCount
    self.zeroCells = zeroCells
    self.papers = papers
  }

  /// The name of the coefficient.
  public var name: String {
    switch coefficient {
    case .items(let coefficient): coefficient.rawValue
    case .categories(let coefficient): coefficient.rawValue
    case .given: "given"
    }
  }

  /// The correlations, where they are given and there are no papers.
  var given: GivenCorrelations? {
    if case .given(let given) = coefficient { given } else { nil }
  }

  /// Whether the coefficients of all pairs make a matrix like one of correlations.
  public var isCorrelation: Bool {
    switch coefficient {
    case .items(let coefficient): coefficient.isCorrelation
    case .categories, .given: true
    }
  }

  /// Whether one less the coefficient is a distance, so that variables can be clustered.
  public var isSimilarity: Bool {
    if case .items(.jaccard) = coefficient { true } else { isCorrelation }
  }

  /// Whether the coefficient is a correlation of normal variables behind the answers.
  var isTetrachoric: Bool { coefficient == .items(.tetrachoric) }

  /// The answers or scores of the papers of a sample that take part.
  ///
  /// - Throws: ``NoWeight`` when all papers weigh nothing.
  public func values(of sample: Sample) throws -> CorrelatedValues {
    if let weights = sample.design.weights, !weights.contains(where: { $0 > 0 }) {
      throw NoWeight()
    }
    let matrix = sample.matrix
    let scores: ScoreColumns? =
      if case .categories = coefficient { ScoreColumns(categoriesOf: PaperScores(matrix)) } else {
        nil
      }
    guard papers == .listwise else {
      return CorrelatedValues(
        variables: self, matrix: matrix, design: sample.design, scores: scores)
    }
    let rows = scores?.completePapers ?? matrix.completePapers
    guard rows.count < matrix.papers.count else {
      return CorrelatedValues(
        variables: self, matrix: matrix, design: sample.design, scores: scores)
    }
    let part = sample.study.selecting(papers: rows)
    return CorrelatedValues(
      variables: self, matrix: part.matrix, design: try part.plan.design(of: part.matrix),
      scores: scores?.selecting(papers: rows))
  }
}

/// All papers have a weight of zero.
public struct NoWeight: Error, Equatable, CustomStringConvertible {
  /// One sentence with the remedy.
  public var description: String {
    "all weights are zero; give papers a positive weight, or leave the weights out (`usesWeights: false`)"
  }
}

/// The values of the variables in the papers that take part, with the design of these.
public struct CorrelatedValues: Sendable {
  /// The choice of the variables.
  public let variables: CorrelatedVariables
  /// The answers.
  public let matrix: BinaryMatrix
  /// How the papers were sampled.
  public let design: SamplingDesign
  /// The scores; `nil` for items.
  public let scores: ScoreColumns?

  /// The values as columns of numbers.
  public var columns: ScoreColumns { scores ?? ScoreColumns(matrix) }

  /// The associations of all pairs with analytic intervals.
  func associations(level: Double) -> PairwiseAssociations {
    switch variables.coefficient {
    case .given:
      PairwiseAssociations(
        items: matrix, coefficient: .phi, minimumCount: variables.minimumCount, level: level,
        zeroCells: variables.zeroCells, design: design)
    case .items(let coefficient):
      PairwiseAssociations(
        items: matrix, coefficient: coefficient, minimumCount: variables.minimumCount,
        level: level, zeroCells: variables.zeroCells, design: design)
    case .categories(let coefficient):
      PairwiseAssociations(
        scores: columns, coefficient: coefficient, minimumCount: variables.minimumCount,
        level: level, design: design)
    }
  }

  /// The coefficients of all pairs of the named variables, or of all, as a function of unit weights.
  public func statistic(names: [String]? = nil) -> any Statistic {
    switch variables.coefficient {
    case .given: ItemCorrelationStatistic(matrix, coefficient: .phi, design: design)
    case .items(let coefficient):
      ItemCorrelationStatistic(
        names.map { matrix.selecting(items: $0) } ?? matrix, coefficient: coefficient,
        design: design, zeroCells: variables.zeroCells)
    case .categories(let coefficient):
      ScoreCorrelationStatistic(
        names.map { columns.selecting(names: $0) } ?? columns, coefficient: coefficient,
        design: design)
    }
  }
}

/// The correlation matrix of all variables that can take part, repaired where it has to be.
public struct CorrelationMatrices: Analysis {
  /// The variables.
  public var variables: CorrelatedVariables
  /// How a matrix is repaired that has a negative eigenvalue.
  public var repair: CorrelationRepair.Method
  /// Whether one with eigenvalues of zero is repaired as well.
  var needsInverse: Bool
  /// The level of the intervals of the pairs.
  public var level: Double
  /// Whether correlations are shrunk towards zero though the matrix is sound (Schäfer & Strimmer).
  public var shrinks = false

  /// The matrix, with the values that it is from.
  public struct Result: Sendable {
    /// The values.
    public let values: CorrelatedValues
    /// The matrix.
    public let matrix: CorrelationMatrix
    /// What was left out or done to it, a sentence each.
    public let remarks: [String]
  }

  /// Asks for the matrix.
  public init(
    _ variables: CorrelatedVariables, repair: CorrelationRepair.Method = .nearest,
    needsInverse: Bool = false, level: Double = 0.95
  ) {
    self.variables = variables
    self.repair = repair
    self.needsInverse = needsInverse
    self.level = level
  }

  /// All features of a sample are honoured.
  public func handling(of feature: SamplingFeature) -> Handling { .honoured }

  /// Estimates, and says which replicates are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let result = try result(sample)
    return Prepared(draws: []) { _ in result }
  }

  /// The matrix of a sample; it draws nothing.
  func result(_ sample: Sample) throws -> Result {
    let values = try variables.values(of: sample)
    let associations = values.associations(level: level)
    let plain = try variables.given?.matrix ?? associations.correlationMatrix()
    let matrix =
      shrinks
      ? try plain.repaired(by: .shrinkage)
      : try plain.repairedIfNeeded(by: repair, needsInverse: needsInverse)
    var remarks = matrix.remarks
    if variables.isTetrachoric, let support = associations.tableSupport(among: matrix.names) {
      remarks.append(support.summary)
    }
    return Result(values: values, matrix: matrix, remarks: remarks)
  }
}

extension CorrelationMatrix {
  /// Which variables take no part, and what was done to the matrix, a sentence each.
  public var remarks: [String] {
    var lines = leftOut.summaries
    if let repair, repair.before.isPositiveDefinite, let intensity = repair.intensity {
      lines.append(
        "correlations were shrunk towards zero by \(NumberFormat.readable(intensity)) of their size "
          + "(Schäfer and Strimmer); largest change \(NumberFormat.readable(repair.largestChange))")
    } else if let repair {
      lines.append(
        "the matrix was repaired by \(repair.method.rawValue): smallest eigenvalue "
          + "\(NumberFormat.readable(repair.before.smallestEigenvalue)) before, largest change "
          + "\(NumberFormat.readable(repair.largestChange)), Frobenius norm of all changes "
          + NumberFormat.readable(repair.frobeniusChange))
    } else if let eigenvalues = try? definiteness(), !eigenvalues.isPositiveDefinite {
      lines.append("\(count) variables, at most \(largestCount) papers: the matrix is singular")
    }
    return lines
  }
}
