/// The difference of two rates.
///
/// * Of the same papers, `d = p₂ − p₁` with percentile limits of the differences of the replicates,
///   which come from the same draws of papers and so keep the dependence of the two rates.
/// * Of different papers, limits from those of the two rates ("MOVER"): `d − √((p₂ − l₂)² + (u₁ −
///   p₁)²)` and `d + √((u₂ − p₂)² + (p₁ − l₁)²)`.
///
/// References: Davison & Hinkley (1997), section 5.3.1; Newcombe (1998), *Statistics in Medicine*
/// 17:873; Zou & Donner (2008), *Statistics in Medicine* 27:1693, equation 2.
public struct RateDifference: Sendable, Equatable {
  /// The difference; `nil` when one of the rates is undefined.
  public let estimate: Double?
  /// The lower limit.
  public private(set) var lower: Double?
  /// The upper limit.
  public private(set) var upper: Double?
  /// Why there is no interval.
  public private(set) var note: String?

  /// The difference of two columns of a sample: the second less the first.
  public init(_ sample: BootstrapSample, first: Int, second: Int, level: Double) {
    let difference = sample.original[second] - sample.original[first]
    estimate = difference.isNaN ? nil : difference
    guard let estimate else {
      note = "undefined-rate"
      return
    }
    let replicates = zip(sample.values(of: second), sample.values(of: first)).map { $0 - $1 }
    do throws(IntervalFailure) {
      let limits = try BootstrapInterval.percentile.limits(
        estimate: estimate, replicates: replicates, level: level)
      lower = limits.lower
      upper = limits.upper
    } catch {
      note = error.description
    }
  }

  /// The difference of two rates of different papers: the second less the first.
  public init(ofIndependent first: Rate, _ second: Rate) {
    guard let p1 = first.estimate, let p2 = second.estimate else {
      estimate = nil
      note = (first.estimate == nil ? first : second).notes.first?.description
      return
    }
    estimate = p2 - p1
    guard let l1 = first.lower, let u1 = first.upper, let l2 = second.lower, let u2 = second.upper
    else {
      note = "no interval of a rate"
      return
    }
    lower = p2 - p1 - ((p2 - l2) * (p2 - l2) + (u1 - p1) * (u1 - p1)).squareRoot()
    upper = p2 - p1 + ((u2 - p2) * (u2 - p2) + (p1 - l1) * (p1 - l1)).squareRoot()
  }

  /// Whether the interval leaves out zero.
  public var isClear: Bool {
    guard let lower, let upper else { return false }
    return lower > 0 || upper < 0
  }
}
