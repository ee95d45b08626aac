import RealModule

/// The bootstrap limits of one quantity with what is doubtful about them, or why there are none.
public struct IntervalOutcome: Sendable {
  /// The limits of one interval.
  public typealias Limits = (lower: Double, upper: Double)

  /// The limits; `nil` where the replicates allow none.
  public let limits: Limits?
  /// What the `note` column says: the reason why there are no limits, or doubts about them.
  public let note: String?

  /// Calls a method of making limits and keeps its reason if it fails.
  ///
  /// Limits that do not hold the estimate are noted as `estimate-outside-interval`.
  init(
    of estimate: Double, _ make: (Double) throws(IntervalFailure) -> BootstrapLimits
  ) {
    do throws(IntervalFailure) {
      let found = try make(estimate)
      limits = (found.lower, found.upper)
      let isOutside = estimate < found.lower || estimate > found.upper
      let notes = found.notes + (isOutside ? ["estimate-outside-interval"] : [])
      note = notes.isEmpty ? nil : notes.joined(separator: "; ")
    } catch {
      limits = nil
      note = error.note
    }
  }
}

extension IntervalOutcome {
  /// The same with another note in front, such as that of few clusters.
  func noted(_ other: String?) -> IntervalOutcome {
    IntervalOutcome(
      limits: limits, note: other.map { other in note.map { "\(other); \($0)" } ?? other } ?? note)
  }

  private init(limits: Limits?, note: String?) {
    self.limits = limits
    self.note = note
  }
}

extension BootstrapSample {
  /// The interval of one quantity.
  public func interval(
    of quantity: Int, by method: BootstrapInterval, level: Double
  ) -> IntervalOutcome {
    IntervalOutcome(of: original[quantity]) { estimate throws(IntervalFailure) in
      try method.limits(estimate: estimate, replicates: values(of: quantity), level: level)
    }
  }

  /// The estimate and normal quantiles of its bootstrap standard error.
  ///
  /// For quantities whose replicates lie to one side of the estimate, so that their quantiles can
  /// miss it.
  func normalInterval(of quantity: Int, level: Double) -> IntervalOutcome {
    IntervalOutcome(of: original[quantity]) { estimate throws(IntervalFailure) in
      try symmetricLimits(quantity, level: level) { half in (estimate - half, estimate + half) }
    }
  }

  /// The same on the scale `atanh r`, for a correlation, so that the limits stay within −1 and 1.
  func fisherInterval(of quantity: Int, level: Double) -> IntervalOutcome {
    IntervalOutcome(of: original[quantity]) { estimate throws(IntervalFailure) in
      let slope = (1 - estimate) * (1 + estimate)
      guard slope > 0 else { throw .noStandardErrors }
      return try symmetricLimits(quantity, level: level) { half in
        let center = Double.atanh(estimate)
        return (Double.tanh(center - half / slope), Double.tanh(center + half / slope))
      }
    }
  }

  private func symmetricLimits(
    _ quantity: Int, level: Double, _ around: (Double) -> (lower: Double, upper: Double)
  ) throws(IntervalFailure) -> BootstrapLimits {
    guard original[quantity].isFinite else { throw .undefinedEstimate }
    let replicates = try DefinedReplicates(values(of: quantity), near: original[quantity])
    let error = replicates.moments().variance.squareRoot()
    let limits = around(Normal().upperQuantile(ConfidenceLevel.tail(level)) * error)
    return BootstrapLimits(
      lower: limits.lower, upper: limits.upper, replicates: replicates.values.count,
      undefinedReplicates: replicates.undefined, usesExtremeReplicates: false)
  }
}
