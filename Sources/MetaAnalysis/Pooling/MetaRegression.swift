import RealModule
public import SurveyStats

/// How effects of studies go with moderators.
///
/// The formula is that of `logit`; its variables are columns of the studies. Studies without a moderator
/// are left out and counted, columns that are constant or depend on others are left out and named. QM tests
/// all coefficients but the intercept at once, F with scaled errors and χ² with normal ones; QE tests what
/// heterogeneity is left. R² is the share of τ² that the moderators explain, of the same studies. The
/// permutation test exchanges the rows of moderators between studies, in all orders where these are no more
/// than asked for, else at random, the data's own among them.
///
/// References: Viechtbauer et al. (2015), *Psychological Methods* 20:360; Raudenbush (2009), in *Handbook
/// of Research Synthesis*; Higgins & Thompson (2004), *Statistics in Medicine* 23:1663.
public struct MetaRegression: Sendable {
  /// How studies are pooled.
  public var pooling: Pooling
  /// The moderators.
  public var formula: ModelFormula
  /// The number of permutations; `nil` for none.
  public var permutations: Int?

  /// Creates a question.
  public init(_ formula: ModelFormula, pooling: Pooling = Pooling(), permutations: Int? = nil) {
    self.formula = formula
    self.pooling = pooling
    self.permutations = permutations
  }

  /// A test of several coefficients.
  public struct Test: Sendable, Equatable {
    /// What is tested: a term of the formula, or all moderators.
    public var term: String
    /// F, or χ² where there are no degrees of freedom below.
    public var statistic: Double
    /// The number of coefficients.
    public var freedom: Int
    /// The degrees of freedom below; `nil` for χ².
    public var residualFreedom: Double?
    /// The p-value.
    public var pValue: Double
    /// The p-value over permutations.
    public var permutationPValue: Double?
  }

  /// The answer.
  public struct Result: Sendable, Equatable {
    /// The fit; its coefficients are those of ``names``.
    public var fit: MetaFit
    /// The names of the coefficients.
    public var names: [String]
    /// The tests: all moderators first, then each term of several coefficients.
    public var tests: [Test]
    /// The p-values of the coefficients over permutations.
    var permutationPValues: [Double]?
    /// The number of permutations, the data's own order among them.
    public var permutationCount: Int?
    /// The share of τ² that the moderators explain; `nil` where there is none to explain.
    public var rSquared: Double?
    /// τ² of the same studies without moderators.
    var tau2WithoutModerators: Double
    /// The columns that were left out.
    public var dropped: [DroppedColumn]
    /// What a reader must know: codings, studies left out.
    public var remarks: [String]
    /// The positions of the studies.
    public var positions: [Int]
    /// The design of those studies.
    public var design: DenseMatrix
  }

  /// Fits the moderators that are columns of a source with a row for each study.
  public func fit(
    _ studies: StudyEffects, moderators: some VariableSource
  ) throws -> Result {
    let design = try DesignMatrix(formula, from: StudyVariables(base: moderators))
    let usable = Set(pooling.positions(of: studies))
    let rows = design.papers.indices.filter { usable.contains(design.papers[$0]) }
    let positions = rows.map { design.papers[$0] }
    guard !positions.isEmpty else { throw MetaError.noStudies }
    let own = studies.selecting(positions)
    let all = design.values.selecting(rows: rows, columns: Array(0..<design.columnCount))
    let rank = RankCheck(all, names: design.columnNames)
    let kept = all.selecting(rows: Array(rows.indices), columns: rank.kept)
    guard kept.columns <= positions.count else {
      throw MetaError.tooFewStudies(studies: positions.count, coefficients: kept.columns)
    }
    var fit = try pooling.fit(own, design: kept)
    let without = try pooling.fit(own)
    fit.positions = fit.positions.map { positions[$0] }
    let names = rank.kept.map { design.columnNames[$0] }
    let terms = rank.kept.map { design.termOfColumn[$0] }
    var tests: [Test] = []
    let moderators = names.indices.filter { terms[$0] != nil }
    if !moderators.isEmpty,
      let test = fit.jointTest(of: moderators, term: Self.allModerators)
    {
      tests.append(test)
    }
    for (index, term) in formula.terms.enumerated() {
      let columns = names.indices.filter { terms[$0] == index }
      if columns.count > 1, let test = fit.jointTest(of: columns, term: term.description) {
        tests.append(test)
      }
    }
    var result = Result(
      fit: fit, names: names, tests: tests, rSquared: nil, tau2WithoutModerators: without.tau2,
      dropped: rank.dropped, remarks: design.notes, positions: positions, design: kept)
    if without.tau2 > 0, fit.outcomes == nil {
      result.rSquared = max(0, 1 - fit.tau2 / without.tau2)
    }
    if let permutations, !moderators.isEmpty {
      try permute(&result, own, count: permutations)
    }
    return result
  }

  /// The name of the test of all moderators.
  static let allModerators = "(moderators)"

  private func permute(
    _ result: inout Result, _ studies: StudyEffects, count: Int
  ) throws(MetaError) {
    let k = result.positions.count
    guard result.fit.model == .inverseVariance else {
      throw .unfittingModel(
        result.fit.model.rawValue, reason: "has no permutation test; take `method: REML`")
    }
    let values = studies.effects.compactMap(\.value)
    let variances = studies.effects.compactMap(\.variance)
    let model = RandomEffects(
      method: pooling.method, test: result.fit.test, level: pooling.level)
    let moderators = result.names.indices.filter { result.names[$0] != DesignMatrix.intercept }
    let whole = try MarginalModel(values, variances: variances, design: result.design)
    func statistics(_ fit: MetaFit) -> PermutedStudies.Statistics {
      PermutedStudies.Statistics(
        whole: fit.jointTest(of: moderators, term: "")?.statistic ?? 0,
        single: zip(fit.coefficients, fit.standardErrors).map { $1 > 0 ? abs($0 / $1) : 0 })
    }
    let identity = Array(0..<k)
    let fitted = statistics(result.fit)
    var fast = PermutedStudies(
      whole, method: pooling.method, test: result.fit.test, moderators: moderators,
      start: result.tau2WithoutModerators)
    // Where its search finds another maximum than the fit, all orders are searched as the fit was.
    if let found = fast?(identity), abs(found.whole - fitted.whole) <= 1e-6 * max(1, fitted.whole) {
    } else {
      fast = nil
    }
    func statistics(_ order: [Int]) throws(MetaError) -> PermutedStudies.Statistics {
      if let found = fast?(order) { return found }
      let drawn = whole.reordered(order)
      let (tau2, _) = try drawn.heterogeneity(pooling.method)
      return statistics(try model.fit(drawn, tau2: tau2, standardError: nil))
    }
    let own = try statistics(identity)
    var factorial = 1.0
    for number in 1...max(k, 1) { factorial *= Double(number) }
    let isExact = factorial <= Double(count)
    let total = isExact ? Int(factorial) : count
    var wholeCount = 0
    var singleCounts = [Int](repeating: 0, count: own.single.count)
    var order = identity
    var stream = RandomStream(seed: pooling.seed)
    for draw in 0..<total {
      if draw > 0 {
        if isExact {
          Self.advance(&order)
        } else {
          for index in stride(from: k - 1, to: 0, by: -1) {
            order.swapAt(index, stream.index(below: index + 1))
          }
        }
      }
      // The studies change places, which is the same as that their moderators do.
      let found = try statistics(order)
      if found.whole >= own.whole * (1 - 1e-9) { wholeCount += 1 }
      for index in singleCounts.indices where found.single[index] >= own.single[index] * (1 - 1e-9)
      {
        singleCounts[index] += 1
      }
    }
    result.permutationCount = total
    result.permutationPValues = singleCounts.map { Double($0) / Double(total) }
    if !result.tests.isEmpty {
      result.tests[0].permutationPValue = Double(wholeCount) / Double(total)
    }
  }

  /// The next order in the alphabet of orders.
  private static func advance(_ order: inout [Int]) {
    guard var pivot = order.indices.dropLast().last(where: { order[$0] < order[$0 + 1] }) else {
      return
    }
    let larger = order.lastIndex { $0 > order[pivot] } ?? pivot
    order.swapAt(pivot, larger)
    pivot += 1
    order[pivot...].reverse()
  }
}

extension MetaFit {
  /// The test that some coefficients are all zero; `nil` where their covariance is singular.
  public func jointTest(of columns: [Int], term: String) -> MetaRegression.Test? {
    var contrasts = DenseMatrix(rows: columns.count, columns: coefficients.count)
    for (row, column) in columns.enumerated() { contrasts[row, column] = 1 }
    return jointTest(contrasts: contrasts, term: term)
  }

  /// The test that contrasts of coefficients, a row each, are all zero.
  func jointTest(contrasts: DenseMatrix, term: String) -> MetaRegression.Test? {
    if let robust { return robust.test(contrasts, of: coefficients, term: term) }
    if let smallSample {
      return smallSample.test(
        contrasts, of: coefficients, isAdjusted: test == .kenwardRoger, term: term)
    }
    let hypothesis = LinearHypothesis(contrasts, of: coefficients)
    guard hypothesis.values.allSatisfy(\.isFinite), let form = hypothesis.form(covariance)
    else { return nil }
    return hypothesis.test(
      term, statistic: degreesOfFreedom == nil ? form : form / Double(contrasts.rows),
      residualFreedom: degreesOfFreedom)
  }
}

/// Columns of studies, whose rows are studies and not papers.
private struct StudyVariables<Base: VariableSource>: VariableSource {
  let base: Base
  var paperCount: Int { base.paperCount }
  var rowName: String { "studies" }

  func values(
    of name: String, asCategories: Bool
  ) throws(VariableError) -> VariableValues {
    try base.values(of: name, asCategories: asCategories)
  }
}

extension MetaRegression.Result: FittedModel {
  /// The names of the coefficients.
  public var terms: [String] { names }
  /// The coefficients.
  public var coefficients: [Double] { fit.coefficients }
  /// Their covariance.
  public var coefficientCovariance: DenseMatrix { fit.covariance }
  /// Those of the test that was asked for; `nil` for normal ones.
  public var coefficientFreedoms: [Double]? {
    if fit.coefficientFreedoms.count == fit.coefficients.count { return fit.coefficientFreedoms }
    return fit.degreesOfFreedom.map { freedom in fit.coefficients.map { _ in freedom } }
  }
  /// The log-likelihood.
  public var maximizedLogLikelihood: Double? { fit.logLikelihood }
  /// The number of studies.
  public var observationCount: Int { fit.studyCount }
  /// The coefficients and τ².
  public var modelParameterCount: Int { fit.coefficients.count + 1 }
}
