import SurveyStats

/// What groups of studies show, and whether they differ.
///
/// Each group is pooled by itself, with a variance between studies of its own, or all with a common one,
/// as a regression on the groups; the common one is steadier where groups are small (Borenstein et al.
/// 2009, *Introduction to Meta-Analysis*, chapter 19). The test of equal groups is that of the regression,
/// or Σ wg (θg − θ)² with one over the squared errors as weights, χ² with one less than the groups.
public struct Subgroups: Sendable {
  /// How studies are pooled.
  public var pooling: Pooling
  /// Whether all groups have one variance between studies.
  var hasCommonVariance: Bool

  /// Creates a question.
  public init(_ pooling: Pooling = Pooling(), hasCommonVariance: Bool = false) {
    self.pooling = pooling
    self.hasCommonVariance = hasCommonVariance
  }

  /// The answer.
  public struct Result: Sendable, Equatable {
    /// A row a group, in the order of their names.
    public var groups: [PooledStudies]
    /// All studies together.
    public var all: PooledStudies
    /// The test that groups are equal; `nil` with fewer than two estimates.
    public var test: MetaRegression.Test?
    /// The number of studies without a group.
    public var ungroupedCount: Int
  }

  /// Pools groups of studies; a study without a label is in no group.
  public func estimate(
    _ studies: StudyEffects, labels: [String?]
  ) throws(MetaError) -> Result {
    precondition(labels.count == studies.count, "a label for each study")
    let names = Set(labels.compactMap { $0 }).sorted()
    let members = names.map { name in labels.indices.filter { labels[$0] == name } }
    var rows: [PooledStudies] = []
    for (name, positions) in zip(names, members) {
      rows.append(try pooling.estimate(studies.selecting(positions), term: name))
    }
    let grouped = labels.indices.filter { labels[$0] != nil }
    var result = Result(
      groups: rows, all: try pooling.estimate(studies.selecting(grouped)), test: nil,
      ungroupedCount: labels.count - grouped.count)
    guard hasCommonVariance else {
      result.test = Self.homogeneity(rows)
      return result
    }
    let usable = pooling.positions(of: studies).filter { labels[$0] != nil }
    let present = names.filter { name in usable.contains { labels[$0] == name } }
    guard present.count > 1, present.count < usable.count else {
      result.test = Self.homogeneity(rows)
      for index in rows.indices { result.groups[index].notes.append(.ownVarianceInstead) }
      return result
    }
    var design = DenseMatrix(rows: usable.count, columns: present.count)
    for (row, position) in usable.enumerated() {
      if let column = present.firstIndex(where: { $0 == labels[position] }) {
        design[row, column] = 1
      }
    }
    let own = studies.selecting(usable)
    let fit = try pooling.fit(own, design: design)
    for (column, name) in present.enumerated() {
      guard let index = names.firstIndex(of: name) else { continue }
      pooling.replace(&result.groups[index], by: fit, column: column, of: own)
    }
    // Differences from the first group.
    var contrasts = DenseMatrix(rows: present.count - 1, columns: present.count)
    for row in 0..<present.count - 1 {
      contrasts[row, 0] = -1
      contrasts[row, row + 1] = 1
    }
    result.test = fit.jointTest(contrasts: contrasts, term: Self.betweenGroups)
    return result
  }

  /// The name of the test that groups are equal.
  static let betweenGroups = "(between groups)"

  private static func homogeneity(_ rows: [PooledStudies]) -> MetaRegression.Test? {
    let known = rows.compactMap { row -> (value: Double, weight: Double)? in
      guard let value = row.analysed.value, let error = row.analysed.standardError, error > 0 else {
        return nil
      }
      return (value, 1 / (error * error))
    }
    guard known.count > 1 else { return nil }
    let weight = known.reduce(0) { $0 + $1.weight }
    let mean = known.reduce(0) { $0 + $1.weight * $1.value } / weight
    let q = known.reduce(0) { $0 + $1.weight * ($1.value - mean) * ($1.value - mean) }
    let freedom = Double(known.count - 1)
    return MetaRegression.Test(
      term: betweenGroups, statistic: q, freedom: known.count - 1, residualFreedom: nil,
      pValue: ChiSquared(degreesOfFreedom: freedom).survival(q))
  }
}

extension Pooling {
  /// Puts a coefficient of a fit of all groups in the place of a group's own estimate.
  func replace(
    _ row: inout PooledStudies, by fit: MetaFit, column: Int, of studies: StudyEffects
  ) {
    var own = fit
    own.coefficients = [fit.coefficients[column]]
    own.covariance = DenseMatrix(diagonal: [fit.covariance[column, column]])
    own.degreesOfFreedom = fit.freedom(ofCoefficient: column)
    own.coefficientFreedoms = []
    own.notes = fit.notes
    row.fit = own
    row.analysed = own.estimate(ofCoefficient: 0)
    row.estimate = Estimate(
      row.analysed.value.flatMap { row.measure.natural($0, size: row.harmonicSize) },
      standardError: row.measure.naturalScale == .identity ? row.analysed.standardError : nil,
      lower: row.analysed.lower.flatMap { row.measure.natural($0, size: row.harmonicSize) },
      upper: row.analysed.upper.flatMap { row.measure.natural($0, size: row.harmonicSize) },
      level: level, method: row.analysed.method, degreesOfFreedom: own.degreesOfFreedom,
      count: row.pooledCount)
    row.mean = row.measure.naturalMean(
      own.coefficients[0], tau2: fit.tau2, size: row.harmonicSize)
    row.prediction = own.prediction(at: [1]).flatMap { limits in
      guard let lower = row.measure.natural(limits.lower, size: row.harmonicSize),
        let upper = row.measure.natural(limits.upper, size: row.harmonicSize)
      else { return nil }
      return PooledStudies.Prediction(lower: min(lower, upper), upper: max(lower, upper))
    }
    row.tau2 = Estimate(fit.tau2, standardError: fit.tau2StandardError, level: level)
    row.notes = fit.notes + [.commonVariance]
  }
}

extension Note {
  /// The variance between studies is that of all groups together.
  static let commonVariance = Note("common-tau2", effect: .remark)
  /// Groups are too small for a common variance.
  static let ownVarianceInstead = Note("own-tau2-instead", effect: .doubt)
}
