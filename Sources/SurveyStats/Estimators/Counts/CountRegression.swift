import RealModule

/// A quasi-Poisson regression: how a count depends on variables of its paper.
///
/// The mean of a count is `exp(x β)`, its variance φ times the mean. β solves the score equations
/// `Σ w (y − μ) x = 0` by Newton's method with halved steps; φ is Pearson's statistic over n − p.
///
/// * Without clusters and weights the standard errors are `√(φ (XᵀWX)⁻¹)` with Student's t of n − p
///   degrees of freedom, as R's `glm(family = quasipoisson)`.
/// * With either they are those of the sandwich over units (papers or clusters), times `G/(G − 1)`,
///   with G − 1 degrees of freedom. The note `few-clusters` stands below 20 units.
/// * A coefficient of `exp(β)` is a ratio of means for one unit more. Counts below zero, no more papers
///   than coefficients, counts that are all zero and collinear columns have no fit, with the reason;
///   counts that the fit meets exactly, as equal ones, have no error (`no-variance`).
///
/// Cost: O(n p²) an iteration.
///
/// Reference: McCullagh & Nelder (1989), *Generalized Linear Models*, chapters 6 and 9.
public struct CountRegression: Sendable {
  /// The confidence level.
  public var level: Double

  /// Creates a regression.
  public init(level: Double = 0.95) { self.level = level }

  /// A fit.
  public struct Fit: Sendable, Equatable {
    /// The name of the count.
    public let outcome: String
    /// The names of the columns.
    public let columnNames: [String]
    /// The coefficients, logarithms of ratios, with errors and limits.
    public let coefficients: [Estimate]
    /// The p-values of no effect.
    public let pValues: [Double?]
    /// Pearson's statistic over its degrees of freedom; above one, counts vary more than Poisson ones.
    public let dispersion: Double
    /// The papers of the fit.
    public let paperCount: Int
    /// The sum of the counts.
    public let total: Double
    /// How errors were made.
    public let method: MethodName
  }

  /// Why there is no fit.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// A count is negative.
    case negative(String)
    /// There are no more papers than coefficients.
    case tooFewPapers(String, papers: Int, columns: Int)
    /// All counts are zero.
    case allZero(String)
    /// The columns are collinear, or the fit does not end.
    case notFound(String)

    /// One sentence with the reason.
    public var description: String {
      switch self {
      case .negative(let name): "'\(name)' is below zero for a paper, and so is no count"
      case .tooFewPapers(let name, let papers, let columns):
        "'\(name)' is known for \(papers) papers, too few for \(columns) coefficients"
      case .allZero(let name): "'\(name)' is zero for all papers"
      case .notFound(let name):
        "no fit of '\(name)' was found: columns of the formula depend on each other"
      }
    }
  }

  /// Fits a count of the papers of a design matrix; papers without a count are left out.
  public func fit(
    _ outcome: String, counts: [Double?], _ design: DesignMatrix, sampling: SamplingDesign
  ) throws(Failure) -> Fit {
    let rows = design.papers.indices.filter {
      counts[design.papers[$0]] != nil && (sampling.weights?[design.papers[$0]] ?? 1) > 0
    }
    let y = rows.map { counts[design.papers[$0]] ?? 0 }
    let count = design.columnCount
    guard y.allSatisfy({ $0 >= 0 }) else { throw .negative(outcome) }
    guard rows.count > count else {
      throw .tooFewPapers(outcome, papers: rows.count, columns: count)
    }
    guard y.contains(where: { $0 > 0 }) else { throw .allZero(outcome) }
    let columns = (0..<count).map { column in rows.map { design.values[$0, column] } }
    let papers = rows.map { design.papers[$0] }
    let weights = papers.map { sampling.weights?[$0] ?? 1 }
    guard let solution = CountMaximum(columns: columns, counts: y, weights: weights) else {
      throw .notFound(outcome)
    }
    let means = solution.means
    var pearson = 0.0
    for row in y.indices {
      let residual = y[row] - means[row]
      pearson += weights[row] * residual * residual / means[row]
    }
    let weightSum = weights.reduce(0, +)
    let dispersion =
      pearson / weightSum * Double(y.count) / Double(y.count - count)
    let isRobust = sampling.weights != nil || !sampling.unitsArePapers
    var errors: [Double]
    var degrees = Double(y.count - count)
    var notes: [Note] = []
    if isRobust {
      let units = Set(papers.map { sampling.unitOfPaper[$0] }).sorted()
      var scores = [Int: [Double]](minimumCapacity: units.count)
      for (row, paper) in papers.enumerated() {
        let residual = weights[row] * (y[row] - means[row])
        var score = scores[sampling.unitOfPaper[paper]] ?? [Double](repeating: 0, count: count)
        for column in 0..<count { score[column] += residual * columns[column][row] }
        scores[sampling.unitOfPaper[paper]] = score
      }
      let factor = units.count > 1 ? Double(units.count) / Double(units.count - 1) : 0
      errors = [Double](repeating: 0, count: count)
      for column in 0..<count {
        var squares = 0.0
        for unit in units {
          guard let score = scores[unit] else { continue }
          var influence = 0.0
          for other in 0..<count { influence += solution.inverse[column, other] * score[other] }
          squares += influence * influence
        }
        errors[column] = (factor * squares).squareRoot()
      }
      degrees = Double(units.count - 1)
      if units.count < 20 { notes.append(.fewUnits(units.count)) }
    } else {
      errors = (0..<count).map { (dispersion * solution.inverse[$0, $0]).squareRoot() }
    }
    let t = degrees > 0 ? StudentT(degreesOfFreedom: degrees) : nil
    let distance = t?.upperQuantile((1 - level) / 2)
    var pValues: [Double?] = []
    var coefficients: [Estimate] = []
    for (value, error) in zip(solution.coefficients, errors) {
      var estimate = Estimate(value, count: y.count, notes: notes)
      if dispersion < 1e-12 {
        estimate.notes.append(.noVariance)
        pValues.append(nil)
      } else if error > 0, let t, let distance {
        estimate.standardError = error
        estimate.degreesOfFreedom = degrees
        estimate.level = level
        estimate.lower = value - distance * error
        estimate.upper = value + distance * error
        pValues.append(Swift.min(1, 2 * t.survival(abs(value / error))))
      } else {
        estimate.notes.append(.singleUnit)
        pValues.append(nil)
      }
      coefficients.append(estimate)
    }
    return Fit(
      outcome: outcome, columnNames: design.columnNames, coefficients: coefficients,
      pValues: pValues, dispersion: dispersion, paperCount: y.count, total: y.reduce(0, +),
      method: isRobust ? "quasi-Poisson, robust" : "quasi-Poisson")
  }
}

extension Table {
  /// Coefficients of counts: `outcome`, `term`, `estimate` (a logarithm) with error, test and limits,
  /// `rate_ratio` with limits, `dispersion`, `n`, `n_events` (the sum of the counts), `method`, `note`.
  public init(countFits fits: [CountRegression.Fit], level: Double, adjustment: PValueAdjustment) {
    let rows = fits.flatMap { fit in fit.columnNames.indices.map { (fit: fit, column: $0) } }
    let estimates = rows.map { $0.fit.coefficients[$0.column] }
    let pValues = rows.map { $0.fit.pValues[$0.column] }
    let isSlope = rows.map { $0.column > 0 }
    let slopes = zip(pValues, isSlope).map { $1 ? $0 : nil }
    let statistics = estimates.map { estimate -> Double? in
      guard let value = estimate.value, let error = estimate.standardError else { return nil }
      return value / error
    }
    func ratio(_ value: Double?) -> Double? {
      guard let ratio = value.map({ Double.exp($0) }), ratio.isFinite else { return nil }
      return ratio
    }
    self.init(
      name: "effects",
      caption: "Ratios of the mean count of papers, quasi-Poisson.",
      columns: [
        Column("outcome", .text(rows.map(\.fit.outcome))),
        Column("term", .text(rows.map { $0.fit.columnNames[$0.column] })),
        Column("estimate", .real(estimates.map(\.value))),
        Column("std_error", .real(estimates.map(\.standardError)), isDetail: true),
        Column("statistic", .real(statistics), isDetail: true),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(slopes)), style: .pValue),
        Column("conf_low", .real(estimates.map(\.lower)), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(estimates.map(\.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("rate_ratio", .real(estimates.map { ratio($0.value) })),
        Column(
          "ratio_low", .real(estimates.map { ratio($0.lower) }),
          style: .lowerLimit(of: "rate_ratio")),
        Column(
          "ratio_high", .real(estimates.map { ratio($0.upper) }),
          style: .upperLimit(of: "rate_ratio")),
        Column("dispersion", .real(rows.map(\.fit.dispersion)), isDetail: true),
        Column("n", .integer(rows.map(\.fit.paperCount))),
        Column("n_events", .integer(rows.map { Int(exactly: $0.fit.total) })),
        Column("method", .text(rows.map(\.fit.method.rawValue)), isDetail: true),
        Column(
          "note",
          .text(
            estimates.map {
              $0.notes.isEmpty ? nil : $0.notes.map(\.description).joined(separator: "; ")
            })),
      ])
  }
}
