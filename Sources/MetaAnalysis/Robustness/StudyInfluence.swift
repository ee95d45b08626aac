import RealModule
public import SurveyStats

/// How much each study moves a fit.
///
/// Every measure compares the fit with that without the study: `rstudent` is the deleted residual over its
/// error, `dffits` the change of the fitted effect, `cook` the change of all coefficients in units of their
/// covariance, `covarianceRatio` the change of its determinant, `dfbetas` that of each coefficient. The
/// definitions are those of metafor; a study is called influential by its rule: |DFFITS| above
/// 3 √(p / (k − p)), Cook's distance beyond the median of χ²(p), hat above 3 p / k, or a |DFBETAS| above 1.
/// Without a study there must be enough others for the design; where there are not, the values are missing.
/// Cost: two fits a study.
///
/// Reference: Viechtbauer & Cheung (2010), *Research Synthesis Methods* 1:112.
public struct StudyInfluence: Sendable, Equatable {
  /// The name of the study.
  public var study: String
  /// The externally standardised residual.
  public var rstudent: Double?
  /// The change of the fitted effect in standard errors.
  public var dffits: Double?
  /// Cook's distance.
  public var cook: Double?
  /// The ratio of the determinants of the covariance matrices without and with the study.
  public var covarianceRatio: Double?
  /// The variance between studies without the study.
  public var tau2: Double?
  /// Cochran's Q without the study.
  public var q: Double?
  /// The leverage.
  public var hat: Double
  /// The weight as a share of one.
  public var weight: Double
  /// The change of each coefficient in standard errors.
  public var dfbetas: [Double?]
  /// Baujat's horizontal axis: the contribution to heterogeneity, a squared Pearson residual.
  public var heterogeneity: Double
  /// Baujat's vertical axis: the squared change of the fitted effect over its variance.
  public var change: Double?
  /// Whether the study is influential by the rule.
  public var isInfluential: Bool
  /// Why something is missing.
  public var notes: [Note]
}

extension RandomEffects {
  /// The influence of each study on a fit; of the studies that can be pooled.
  ///
  /// - Parameters:
  ///   - studies: The studies.
  ///   - design: The moderators, a row for each usable study; `nil` for none.
  public func influence(
    _ studies: StudyEffects, design: DenseMatrix? = nil
  ) throws(MetaError) -> [StudyInfluence] {
    let pool = UsableStudies(studies)
    let count = pool.labels.count
    let whole = try fit(pool.effects, variances: pool.variances, design: design)
    let design = design ?? DenseMatrix(rows: count, columns: 1, repeating: 1)
    let coefficients = design.columns
    let precision = try? whole.covariance.positiveDefiniteInverse()
    let wholeDeterminant = try? whole.covariance.logDeterminant()
    let total = whole.weights.reduce(0, +)
    let plain = RandomEffects(method: method, test: .normal, level: level)
    var rows: [StudyInfluence] = []
    for left in 0..<count {
      let residual = pool.effects[left] - whole.fitted[left]
      var row = StudyInfluence(
        study: pool.labels[left], rstudent: nil, dffits: nil, cook: nil, covarianceRatio: nil,
        tau2: nil, q: nil, hat: whole.leverages[left], weight: whole.weights[left] / total,
        dfbetas: [Double?](repeating: nil, count: coefficients),
        heterogeneity: residual * residual * whole.weights[left], change: nil,
        isInfluential: false, notes: [])
      let others = (0..<count).filter { $0 != left }
      do throws(MetaError) {
        let without = try fit(
          others.map { pool.effects[$0] }, variances: others.map { pool.variances[$0] },
          design: design.selecting(rows: others, columns: Array(0..<coefficients)))
        let reference = try plain.fit(
          pool.effects, variances: pool.variances, design: design, tau2: without.tau2)
        let x = design.row(left)
        let predicted = without.estimate(of: x)
        guard let value = predicted.value, let error = predicted.standardError else { continue }
        let deleted = pool.effects[left] - value
        let spread = without.scale * (pool.variances[left] + without.tau2)
        let change = whole.fitted[left] - value
        row.rstudent = deleted / (spread + error * error).squareRoot()
        if row.hat > 0, spread > 0 { row.dffits = change / (row.hat * spread).squareRoot() }
        row.tau2 = without.tau2
        row.q = without.q
        row.change = error > 0 ? change * change / (error * error) : nil
        let moves = (0..<coefficients).map { whole.coefficients[$0] - without.coefficients[$0] }
        for index in 0..<coefficients {
          let variance = without.scale * reference.covariance[index, index]
          if variance > 0 { row.dfbetas[index] = moves[index] / variance.squareRoot() }
        }
        if let precision {
          row.cook = zip(moves, precision.multiplied(by: moves)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        if let wholeDeterminant, let own = try? without.covariance.logDeterminant() {
          row.covarianceRatio = .exp(own - wholeDeterminant)
        }
      } catch {
        row.notes.append(count == 1 ? .noOtherStudy : .notEstimableWithout)
      }
      row.isInfluential = Self.isInfluential(row, count: count, coefficients: coefficients)
      rows.append(row)
    }
    return rows
  }

  private static func isInfluential(
    _ row: StudyInfluence, count: Int, coefficients: Int
  ) -> Bool {
    let (k, p) = (Double(count), Double(coefficients))
    if let dffits = row.dffits, k > p, abs(dffits) > 3 * (p / (k - p)).squareRoot() { return true }
    if let cook = row.cook, ChiSquared(degreesOfFreedom: p).cumulativeProbability(cook) > 0.5 {
      return true
    }
    if row.hat > 3 * p / k { return true }
    return row.dfbetas.contains { abs($0 ?? 0) > 1 }
  }
}

extension Note {
  /// Without the study the coefficients are not determined.
  static let notEstimableWithout = Note(
    "not-estimable-without", effect: .noValue,
    words: "the other studies do not determine the coefficients")
}
