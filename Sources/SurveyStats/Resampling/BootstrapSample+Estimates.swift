import RealModule

extension BootstrapSample {
  /// One quantity with its bootstrap limits, or why there are none.
  ///
  /// - Parameters:
  ///   - quantity: The position of the quantity in the sample.
  ///   - method: How the limits are made of the replicates.
  ///   - level: The confidence level.
  ///   - doubts: What is doubtful before anything is drawn, such as few effective clusters.
  public func estimate(
    of quantity: Int, by method: BootstrapInterval, level: Double, doubts: [Note] = []
  ) -> Estimate {
    estimate(of: quantity, level: level, doubts: doubts) { estimate throws(IntervalFailure) in
      try method.limits(estimate: estimate, replicates: values(of: quantity), level: level)
    }
  }

  /// The estimate and normal quantiles of its bootstrap standard error.
  ///
  /// For quantities whose replicates lie to one side of the estimate, so that their quantiles can
  /// miss it.
  func normalEstimate(of quantity: Int, level: Double, doubts: [Note] = []) -> Estimate {
    estimate(of: quantity, level: level, doubts: doubts) { estimate throws(IntervalFailure) in
      try symmetricLimits(quantity, level: level) { half in (estimate - half, estimate + half) }
    }
  }

  /// The same on the scale `atanh r`, for a correlation, so that the limits stay within −1 and 1.
  func fisherEstimate(of quantity: Int, level: Double, doubts: [Note] = []) -> Estimate {
    estimate(of: quantity, level: level, doubts: doubts) { estimate throws(IntervalFailure) in
      let slope = (1 - estimate) * (1 + estimate)
      guard slope > 0 else { throw .noStandardErrors }
      return try symmetricLimits(quantity, level: level) { half in
        let center = Double.atanh(estimate)
        return (Double.tanh(center - half / slope), Double.tanh(center + half / slope))
      }
    }
  }

  private func estimate(
    of quantity: Int, level: Double, doubts: [Note],
    _ limits: (Double) throws(IntervalFailure) -> BootstrapLimits
  ) -> Estimate {
    let original = original[quantity]
    var estimate = Estimate(original.isFinite ? original : nil, notes: doubts)
    do throws(IntervalFailure) {
      let found = try limits(original)
      (estimate.lower, estimate.upper, estimate.level) = (found.lower, found.upper, level)
      estimate.notes += found.doubts
      if original < found.lower || original > found.upper {
        estimate.notes.append(.estimateOutsideInterval)
      }
    } catch { estimate.notes.append(error.typedNote) }
    return estimate
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
