import RealModule

/// One coefficient of one outcome, with its interval: a row of the result.
public struct LogisticEstimate: Sendable, Equatable {
  /// The name of the outcome.
  public var outcome: String
  /// The name of the column, `nil` when the whole outcome has no estimate.
  public var term: String?
  /// The coefficient, a log odds ratio, with its standard error and limits.
  public var coefficient = Estimate(nil)
  /// Estimate over standard error, or the signed root of the likelihood-ratio statistic.
  public var statistic: Double?
  /// The p-value of the coefficient being zero, two-sided.
  public var pValue: Double?
  /// The number of papers.
  public var paperCount: Int?
  /// The number of papers whose outcome is yes.
  public var eventCount: Int?
  /// How it was estimated: `ML` or `Firth`, the interval, the standard errors.
  public var method: MethodName?
  /// Why something is missing, or what a reader must know.
  public var note: String?
  /// The reference level of the column's categories.
  public var reference: String?
  /// The coding of the column: reference levels, centres, scales.
  public var coding: String?
  /// How the coefficient begins in prose; `nil` where it says nothing by itself.
  public var effect: String?

  /// The value of ``coefficient``.
  public var estimate: Double? { coefficient.value }
  /// The standard error of ``coefficient``.
  public var standardError: Double? { coefficient.standardError }
  /// Satterthwaite's degrees of freedom behind limits and test, or those of the clusters; `nil` where
  /// these are normal, or from a profile or replicates.
  public var degreesOfFreedom: Double? {
    coefficient.degreesOfFreedom.flatMap { $0.isFinite ? $0 : nil }
  }

  /// Adds what the design knows of the column.
  mutating func describe(_ design: DesignMatrix) {
    guard let known = term.flatMap({ design.columnCodings[$0] }) else { return }
    reference = known.reference
    coding = known.coding
    effect = known.effect
  }

  /// Adds a remark.
  mutating func remark(_ text: String) { note = note.map { "\($0); \(text)" } ?? text }

  /// Sets error, interval and test by replicates, with what is doubtful about them.
  mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double
  ) {
    coefficient.standardError = sample.standardError(of: quantity)
    coefficient.degreesOfFreedom = nil
    var estimate = coefficient
    estimate.setLimits(
      sample, quantity, by: method, method: MethodName(rawValue: "bootstrap"), level: level)
    if let text = estimate.notes.text { remark(text) }
    coefficient = estimate
    coefficient.notes = []
    guard estimate.hasLimits else { return }
    if let error = standardError, error > 0 { statistic = sample.original[quantity] / error }
    pValue = method.pValue(
      estimate: sample.original[quantity], replicates: sample.values(of: quantity))
  }
}

/// How intervals and p-values of logistic coefficients are made.
public struct LogisticInference: Sendable {
  /// The kind of interval.
  public enum Interval: Sendable {
    /// Profile likelihood with model-based standard errors, Wald with robust ones. Where the profile
    /// has no limit, Wald with a note. A separated coefficient always has the profile: the scores
    /// of its papers are nearly zero, and so would be robust errors.
    case automatic
    /// Estimate ± quantile × standard error, normal or t.
    case wald
    /// Profile likelihood, with p-values of the likelihood-ratio test.
    case profile
    /// Tests and limits by random signs of the clusters' scores, for few clusters; a seed for the signs.
    case wild(replicates: Int, seed: UInt64)
    /// From replicates of a ``LogisticStatistic`` of the fits; standard errors are theirs as well.
    case bootstrap(BootstrapSample, BootstrapInterval)
  }

  /// The kind of interval.
  public var interval: Interval
  /// The covariance that standard errors are taken from.
  public var covarianceType: CovarianceType
  /// The cluster of every paper of the corpus.
  public var clusters: [String?]?
  /// The confidence level.
  public var level: Double
  /// Whether Firth's intercept is the corrected one (``LogisticFit/predictiveIntercept``, FLIC), with
  /// Wald limits.
  var correctsIntercept = false

  /// Creates a way of inference.
  public init(
    interval: Interval = .automatic, covarianceType: CovarianceType = .model,
    clusters: [String?]? = nil, level: Double = 0.95
  ) {
    self.interval = interval
    self.covarianceType = covarianceType
    self.clusters = clusters
    self.level = level
  }

  /// The rows of several outcomes: every fitted column, every column left out with the reason, and
  /// one row with the reason for an outcome without estimate.
  ///
  /// The quantities of a bootstrap sample are those of the successful fits in order.
  public func estimates(
    _ fits: [(outcome: String, result: Result<LogisticFit, LogisticRegressionError>)]
  ) -> [LogisticEstimate] {
    var quantity = 0
    return fits.flatMap { entry -> [LogisticEstimate] in
      switch entry.result {
      case .failure(let error):
        return [
          LogisticEstimate(
            outcome: entry.outcome, paperCount: error.counts?.papers,
            eventCount: error.counts?.events, note: error.description)
        ]
      case .success(let fit):
        defer { quantity += fit.coefficients.count }
        return estimates(fit, firstQuantity: quantity)
      }
    }
  }

  /// The rows of one fit.
  public func estimates(_ fit: LogisticFit) -> [LogisticEstimate] {
    estimates(fit, firstQuantity: 0)
  }

  private func estimates(_ fit: LogisticFit, firstQuantity: Int) -> [LogisticEstimate] {
    let robust = fit.covariance(covarianceType, clusters: clusters)
    var remarks = fit.notes.filter { note in
      !fit.dropped.contains { $0.description == note }
    }
    if robust == nil { remarks.append(Note.oneCluster.description) }
    if let count = robust?.clusterCount, count < 50, covarianceType != .cr2 {
      remarks.append("few clusters (\(count))")
    }
    let note = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    let profile = OnDemand<Kept<ProfilePoints>>()
    var wild: WildClusterTest?
    if case .wild(let replicates, let seed) = interval, let clusters {
      wild = WildClusterTest(fit, clusters: clusters, replicates: replicates, seed: seed)
    }
    let rows = fit.columnNames.indices.map { index -> LogisticEstimate in
      var row = LogisticEstimate(
        outcome: fit.outcome, term: fit.columnNames[index],
        coefficient: Estimate(fit.coefficients[index]), paperCount: fit.paperCount,
        eventCount: fit.eventCount, note: note)
      row.describe(fit.design)
      complete(
        &row, fit: fit, index: index, robust: robust, quantity: firstQuantity + index, profile)
      if let wild, robust != nil { setWild(&row, wild, index: index) }
      if correctsIntercept, index == 0, fit.method == .firth { correctIntercept(&row, fit: fit) }
      return row
    }
    let dropped = fit.dropped.map { column in
      LogisticEstimate(
        outcome: fit.outcome, term: column.name, paperCount: fit.paperCount,
        eventCount: fit.eventCount, note: column.description)
    }
    return rows + dropped
  }

  /// Sets the corrected intercept, with Wald limits by the information at the corrected probabilities.
  private func correctIntercept(_ row: inout LogisticEstimate, fit: LogisticFit) {
    row.coefficient = Estimate(fit.predictiveIntercept)
    row.coefficient.standardError = fit.correctedInterceptError
    (row.statistic, row.pValue) = (nil, nil)
    row.method = "FLIC, Wald"
    setWald(&row, estimate: fit.predictiveIntercept, degreesOfFreedom: .infinity)
  }

  private func complete(
    _ row: inout LogisticEstimate, fit: LogisticFit, index: Int, robust: RobustCovariance?,
    quantity: Int, _ profile: OnDemand<Kept<ProfilePoints>>
  ) {
    let estimate = fit.coefficients[index]
    if robust == nil, !interval.isResampled {
      row.method = MethodName(rawValue: fit.method.rawValue)
      return
    }
    row.coefficient.standardError = robust?.standardErrors[index]
    if let error = row.standardError, !interval.isResampled, !fit.isSeparated(index),
      error > 1e3 * fit.standardErrors[index]
    {
      // One paper or cluster has all of the leverage: nothing says how far off it is.
      row.coefficient.standardError = nil
      row.method = MethodName(rawValue: fit.method.rawValue)
      row.remark(Note.paperDeterminesSlope.description)
      return
    }
    let clusters = robust?.clusterCount.map { ", \($0) clusters" } ?? ""
    let errors = covarianceType == .model ? "" : ", \(covarianceType.rawValue)\(clusters)"
    switch interval {
    case .bootstrap(let sample, let method):
      row.method = "\(fit.method.rawValue), bootstrap"
      row.replaceInterval(sample, quantity: quantity, method: method, level: level)
    case .profile,
      .automatic where covarianceType == .model:
      setProfile(&row, fit: fit, index: index, profile)
    case .wald where fit.isSeparated(index) && covarianceType != .model,
      .automatic where fit.isSeparated(index):
      row.coefficient.standardError = fit.standardErrors[index]
      setProfile(&row, fit: fit, index: index, profile)
      row.remark("separated, no \(covarianceType.rawValue) standard error")
    case .wild: row.method = "\(fit.method.rawValue), wild bootstrap\(errors)"
    case .wald, .automatic:
      row.method = "\(fit.method.rawValue), Wald\(errors)"
      setWald(&row, estimate: estimate, degreesOfFreedom: robust?.degreesOfFreedom[index])
    }
  }

  /// Sets interval and test by the wild bootstrap of the clusters' scores.
  private func setWild(_ row: inout LogisticEstimate, _ wild: WildClusterTest, index: Int) {
    row.statistic = nil
    (row.coefficient.lower, row.coefficient.upper, row.pValue) = (nil, nil, nil)
    guard let estimate = row.estimate, let error = row.standardError else { return }
    guard let pValue = wild.pValue(index) else {
      row.remark("the model without the term has no maximum, no test")
      return
    }
    row.pValue = pValue
    let limits = wild.limits(index, estimate: estimate, standardError: error, level: level)
    (row.coefficient.lower, row.coefficient.upper) = (limits.lower, limits.upper)
    row.coefficient.level = level
    if wild.smallestPValue >= 1 - level {
      row.remark(Note.tooFewClustersForLevel.description)
    } else if limits.lower == nil || limits.upper == nil {
      row.remark("the test never rejects on one side, no limit there")
    }
  }

  /// Sets interval and test by the profile; by Wald where there is none.
  private func setProfile(
    _ row: inout LogisticEstimate, fit: LogisticFit, index: Int,
    _ profile: OnDemand<Kept<ProfilePoints>>
  ) {
    let profile = profile.value {
      Kept(ProfilePoints(fit, distance: Normal().upperQuantile((1 - level) / 2)))
    }.value
    let limits = profile.limits(index)
    guard let ratio = profile.likelihoodRatio(index), let low = limits.low.value,
      let high = limits.high.value
    else {
      row.method = "\(fit.method.rawValue), Wald"
      row.remark(
        limits.low == .infinite || limits.high == .infinite
          ? "the profile has no limit, Wald" : "the profile did not converge, Wald")
      setWald(&row, estimate: fit.coefficients[index], degreesOfFreedom: .infinity)
      return
    }
    row.method = "\(fit.method.rawValue), profile"
    (row.coefficient.lower, row.coefficient.upper) = (low, high)
    row.coefficient.level = level
    row.statistic = fit.coefficients[index] < 0 ? -ratio.squareRoot() : ratio.squareRoot()
    row.pValue = ChiSquared(degreesOfFreedom: 1).survival(ratio)
  }

  private func setWald(
    _ row: inout LogisticEstimate, estimate: Double, degreesOfFreedom: Double?
  ) {
    guard let error = row.standardError, error > 0, let degreesOfFreedom else { return }
    let distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
    let statistic = estimate / error
    let distance = distribution.upperQuantile((1 - level) / 2) * error
    row.statistic = statistic
    row.pValue = 2 * distribution.survival(abs(statistic))
    row.coefficient = Estimate(
      estimate, standardError: error, lower: estimate - distance, upper: estimate + distance,
      level: level, degreesOfFreedom: degreesOfFreedom)
  }
}

extension LogisticInference.Interval {
  /// Whether limits and tests come from replicates.
  var isResampled: Bool {
    if case .bootstrap = self { return true }
    return false
  }
}
