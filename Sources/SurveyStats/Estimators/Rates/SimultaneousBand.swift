import RealModule

/// Intervals for several rates that hold all at once, from shared replicates.
///
/// On the logit scale, `logit p_j ± c s_j` with `s_j = se_j / (p_j (1 − p_j))` and c the quantile of
/// `max_j |logit p*_j − logit p_j| / s*_j` over replicates; limits stay within 0 and 1. The rate scale
/// is not used: there, rates near 0 and 1 push c far beyond the Bonferroni value. A replicate in which
/// a rate is 0, 1 or undefined counts as lying beyond any c. If that alone would make c infinite, the
/// rates with the most such replicates leave the band, one after the other.
///
/// References: Davison & Hinkley (1997), *Bootstrap Methods and their Application*, section 4.2.4;
/// Westfall & Young (1993), *Resampling-Based Multiple Testing*, section 2.3. Cost: replicates ×
/// rates, once more for each rate that leaves.
struct SimultaneousBand {
  /// The factor of the standard errors; 0 when no rate is in the band.
  let criticalValue: Double
  /// The quantities in the band.
  let quantities: [Int]

  private let original: [Double]
  private let firstStandardError: Int

  /// Finds the critical value.
  ///
  /// - Parameters:
  ///   - sample: Rates and, from the column `firstStandardError` on, their standard errors.
  ///   - quantities: The columns of the rates that may enter the band.
  ///   - firstStandardError: The column of the standard error of the first rate.
  ///   - errorShare: The probability of error that each rate brings with it.
  init(
    _ sample: BootstrapSample, quantities: [Int], firstStandardError: Int, errorShare: Double
  ) {
    original = sample.original
    self.firstStandardError = firstStandardError
    var distances = quantities.map { quantity in
      (
        quantity: quantity,
        values: Self.distances(
          sample, quantity: quantity, standardError: firstStandardError + quantity)
      )
    }
    var critical = 0.0
    while !distances.isEmpty {
      var largest = [Double](repeating: 0, count: sample.replicateCount)
      for entry in distances {
        for (replicate, distance) in entry.values.enumerated() {
          largest[replicate] = max(largest[replicate], distance)
        }
      }
      largest.sort()
      let probability = 1 - errorShare * Double(distances.count)
      let rank = Int((Double(largest.count + 1) * probability).rounded(.up))
      critical = rank <= largest.count ? largest[max(rank, 1) - 1] : .infinity
      if critical < .infinity { break }
      critical = 0
      let undefined = distances.map { entry in entry.values.count { $0 == .infinity } }
      guard let most = undefined.max(), most > 0,
        let position = undefined.lastIndex(of: most)
      else {
        distances = []
        break
      }
      distances.remove(at: position)
    }
    criticalValue = critical
    self.quantities = distances.map(\.quantity)
  }

  /// The limits of a quantity; `nil` when it is not in the band.
  func limits(of quantity: Int) -> (lower: Double, upper: Double)? {
    guard quantities.contains(quantity) else { return nil }
    let rate = original[quantity]
    let logit = Double.log(rate / (1 - rate))
    let width =
      criticalValue * original[firstStandardError + quantity] / (rate * (1 - rate))
    return (1 / (1 + .exp(width - logit)), 1 / (1 + .exp(-width - logit)))
  }

  /// The studentized distances of the replicates of one rate.
  private static func distances(
    _ sample: BootstrapSample, quantity: Int, standardError: Int
  ) -> [Double] {
    let center = sample.original[quantity]
    let logit = Double.log(center / (1 - center))
    return zip(
      sample.replicates.column(quantity), sample.replicates.column(standardError)
    ).map { rate, error in
      let distance = abs(.log(rate / (1 - rate)) - logit) * rate * (1 - rate) / error
      return error > 0 && distance.isFinite ? distance : .infinity
    }
  }
}
