import RealModule

/// What every fitted model can say, under one set of names.
///
/// A model is fitted by a verb, `fit`, from options and data, without random numbers; what it says then are
/// coefficients with their covariance, and a likelihood where it has one. Everything else follows: standard
/// errors, Wald's intervals and tests (Student's t where a coefficient has degrees of freedom, else the
/// normal distribution), Akaike's and Schwarz's criteria, and two tables, `tidy` with a row a coefficient
/// and `glance` with one row for the fit. A likelihood is `nil` where there is none to speak of: with
/// sampling weights, and for estimating equations.
///
/// Reference: the verbs are those of StatsAPI.jl, the tables those of broom (Robinson, 2014,
/// arXiv:1412.3565).
public protocol FittedModel: Sendable {
  /// The names of the coefficients.
  var terms: [String] { get }
  /// The coefficients.
  var coefficients: [Double] { get }
  /// The covariance of the coefficients, in their order.
  var coefficientCovariance: DenseMatrix { get }
  /// The degrees of freedom of each coefficient's variance; `nil` where they are infinite.
  var coefficientFreedoms: [Double]? { get }
  /// The logarithm of the maximised likelihood; `nil` where the fit has none.
  var maximizedLogLikelihood: Double? { get }
  /// The number of observations: papers, rows or studies.
  var observationCount: Int { get }
  /// The number of parameters, those of variances among them.
  var modelParameterCount: Int { get }
}

extension FittedModel {
  /// No degrees of freedom: normal intervals.
  public var coefficientFreedoms: [Double]? { nil }

  /// The number of coefficients.
  public var modelParameterCount: Int { coefficients.count }

  /// Akaike's criterion, −2 log L + 2k; `nil` without a likelihood.
  public var akaikeCriterion: Double? {
    maximizedLogLikelihood.map { -2 * $0 + 2 * Double(modelParameterCount) }
  }

  /// Schwarz's criterion, −2 log L + k log n; `nil` without a likelihood.
  public var schwarzCriterion: Double? {
    maximizedLogLikelihood.map {
      -2 * $0 + Double(modelParameterCount) * Double.log(Double(observationCount))
    }
  }

  /// The coefficients with Wald's limits.
  public func estimates(level: Double = 0.95) -> [Estimate] {
    let tail = ConfidenceLevel.tail(level)
    return coefficients.indices.map { index in
      let error = max(0, coefficientCovariance[index, index]).squareRoot()
      let freedom = coefficientFreedoms?[index]
      let quantile =
        freedom.map { StudentT(degreesOfFreedom: $0).upperQuantile(tail) }
        ?? Normal().upperQuantile(tail)
      return Estimate(
        coefficients[index], standardError: error, lower: coefficients[index] - quantile * error,
        upper: coefficients[index] + quantile * error, level: level,
        method: MethodName(rawValue: "wald"), degreesOfFreedom: freedom, count: observationCount)
    }
  }
}

extension Table {
  /// A row for each coefficient: `term`, `estimate`, `std_error`, `statistic`, `p_value`, `conf_low`,
  /// `conf_high`, `n`.
  public init(tidy model: some FittedModel, level: Double = 0.95) {
    let estimates = model.estimates(level: level)
    let statistics = estimates.map { estimate -> Double? in
      guard let value = estimate.value, let error = estimate.standardError, error > 0 else {
        return nil
      }
      return value / error
    }
    let pValues = zip(statistics, estimates).map { statistic, estimate -> Double? in
      statistic.map { value in
        2
          * (estimate.degreesOfFreedom.map {
            StudentT(degreesOfFreedom: $0).survival(abs(value))
          } ?? Normal().survival(abs(value)))
      }
    }
    self.init(
      name: "tidy", caption: "Coefficients with Wald's intervals.",
      columns: [
        Column("term", .text(model.terms)), Column("estimate", .real(estimates.map(\.value))),
        Column("std_error", .real(estimates.map(\.standardError))),
        Column("statistic", .real(statistics)), Column("p_value", .real(pValues)),
        Column("conf_low", .real(estimates.map(\.lower)), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(estimates.map(\.upper)), style: .upperLimit(of: "estimate")),
        Column("n", .integer(estimates.map(\.count))),
      ])
  }

  /// One row for a fit: `n`, `parameters`, `log_likelihood`, `aic`, `bic`.
  public init(glance model: some FittedModel) {
    self.init(
      name: "glance", caption: "How well a model fits.",
      columns: [
        Column("n", .integer([model.observationCount])),
        Column("parameters", .integer([model.modelParameterCount])),
        Column("log_likelihood", .real([model.maximizedLogLikelihood])),
        Column("aic", .real([model.akaikeCriterion])),
        Column("bic", .real([model.schwarzCriterion])),
      ])
  }
}
