public import SurveyStats

/// The answer of a ``Pooling``: a row of the table `meta`.
public struct PooledStudies: Sendable, Equatable {
  /// The limits of a further study.
  public struct Prediction: Sendable, Equatable {
    /// The lower limit.
    public var lower: Double
    /// The upper limit.
    public var upper: Double
  }

  /// What was pooled: an item, or a group of studies; `nil` for all studies of a table.
  public var term: String?
  /// What was pooled of each study.
  public var measure: EffectMeasure
  /// The fit on the scale of analysis; `nil` where there is none.
  public var fit: MetaFit?
  /// The number of studies in the data.
  var studyCount: Int
  /// The number of studies that were pooled.
  public var pooledCount: Int
  /// Their papers or person-time together; `nil` where it is not known.
  public var size: Double?
  /// The harmonic mean of their sizes, at which double arcsines are turned back.
  var harmonicSize: Double?
  /// The pooled estimate on the natural scale; of skewed scales the median over studies.
  public var estimate: Estimate
  /// The pooled estimate on the scale of analysis.
  public var analysed: Estimate
  /// The mean over studies on the natural scale.
  public var mean: Double?
  /// Where the effect of a further study is expected, on the natural scale.
  public var prediction: Prediction?
  /// The variance between studies with its limits; without a value where the model has none.
  public var tau2: Estimate
  /// What there is to say of the row.
  public var notes: [Note]

  /// Creates a row that has no estimate.
  init(
    term: String?, measure: EffectMeasure, studyCount: Int, notes: [Note]
  ) {
    self.term = term
    self.measure = measure
    self.studyCount = studyCount
    pooledCount = 0
    estimate = Estimate(nil)
    analysed = Estimate(nil)
    tau2 = Estimate(nil)
    self.notes = notes
  }

  /// Cochran's Q, or of likelihoods the likelihood ratio statistic of studies that differ at will.
  public var q: Double? {
    fit.flatMap { $0.qDegreesOfFreedom > 0 && !$0.isAtEnd ? $0.q : nil }
  }

  /// I²; `nil` where studies have no common notion of variance.
  var iSquared: Double? {
    fit.flatMap { fit in
      switch fit.model {
      case .inverseVariance, .threeLevel: fit.qDegreesOfFreedom > 0 ? fit.iSquared : nil
      case .mantelHaenszel, .peto: fit.q > 0 && fit.qDegreesOfFreedom > 0 ? fit.iSquared : nil
      case .betaBinomial, .multivariate: nil
      default: fit.typicalVariance > 0 && !fit.isAtEnd ? fit.iSquared : nil
      }
    }
  }

  /// H².
  var hSquared: Double? { iSquared == nil ? nil : fit?.hSquared }
}

extension MetaFit {
  /// Whether the estimate is an end of what is possible.
  var isAtEnd: Bool { coefficients.contains { !$0.isFinite } }

  /// Where the effect of a further study at a contrast is expected; `nil` with fewer than three studies.
  ///
  /// The estimate and a quantile of t (normal where the test is) times √(τ² + error²).
  public func prediction(at contrast: [Double]) -> (lower: Double, upper: Double)? {
    guard studyCount > 2, qDegreesOfFreedom > 0, !isAtEnd, method != .commonEffect else {
      return nil
    }
    let own = estimate(of: contrast)
    guard let value = own.value, let error = own.standardError else { return nil }
    let reach = criticalValue * (tau2 + error * error).squareRoot()
    return (value - reach, value + reach)
  }
}
