/// A difference whose standard error and interval a bootstrap can replace.
public protocol ResampledDifference {
  /// Replaces interval and standard error by those of a bootstrap; a difference without an estimate
  /// stays as it is.
  mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: MethodName)
}

extension BootstrapSample {
  /// Replaces the standard error and limits of a difference of rates, which lie within −1 and 1, and says
  /// what is doubtful about them or why there are none.
  func replace(
    _ difference: inout Estimate, _ notes: inout [Note], of quantity: Int,
    by method: BootstrapInterval, level: Double
  ) {
    difference.standardError = self.standardError(of: quantity)
    do throws(IntervalFailure) {
      let found = try method.limits(
        estimate: original[quantity], replicates: values(of: quantity), level: level)
      (difference.lower, difference.upper) = (max(-1, found.lower), min(1, found.upper))
      difference.level = level
      notes += found.doubts
      if original[quantity] < found.lower || original[quantity] > found.upper {
        notes.append(.estimateOutsideInterval)
      }
    } catch {
      (difference.lower, difference.upper) = (nil, nil)
      if error == .allReplicatesEqual { difference.standardError = nil }
      notes.append(error.typedNote)
    }
  }
}
