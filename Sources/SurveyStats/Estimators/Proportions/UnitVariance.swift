/// The variance of an estimate from the contributions of its sampling units, when these differ in size.
///
/// Unit u takes part with a share hᵤ of the estimate (the shares of a stratum add up to that of the
/// stratum) and a contribution rᵤ to its error, such as `(yᵤ − R mᵤ)/Σm` of a ratio. The variance is
/// `V = Σ_h Σ_u (rᵤ − r̄_h)² / (1 − hᵤ/h_h)`, r̄_h being the mean of the stratum: the bias-reduced
/// linearization "CR2" with working independence, in one stratum exactly that, and with equal shares the
/// textbook `g/(g − 1)` of every stratum. The lone unit of a stratum among several is centred at zero.
///
/// Student's t with Bell and McCaffrey's degrees of freedom goes with it,
/// `d = (Σ h_h)² / Σ_h (Σ h² − Σ a² + (Σ a)²)`, `aᵤ = hᵤ · (hᵤ/h_h)/(1 − hᵤ/h_h)`: G − H for units of
/// one size, near 1 where one unit has most of the sample. The number of units sees nothing of that.
///
/// Every estimator that takes clusters can use it: give the contributions of the clusters and their
/// shares. Below ``EffectiveNumber/fewest`` effective units say so with `note`.
///
/// References: Bell & McCaffrey (2002), *Survey Methodology* 28:169; Pustejovsky & Tipton (2018), *JBES*
/// 36:672. Cost: three passes over the units.
public struct UnitVariance: Sendable, Equatable {
  /// The variance; zero when no unit contributes.
  public let variance: Double
  /// Bell and McCaffrey's degrees of freedom; zero with fewer than two units.
  public let degreesOfFreedom: Double
  /// Kish's effective number of units, `(Σ h)² / Σ h²`.
  public let effectiveUnitCount: Double

  /// The standard error.
  public var standardError: Double { variance.squareRoot() }

  /// Finds the variance.
  ///
  /// - Parameters:
  ///   - contributions: What each unit contributes to the error; they add up to zero.
  ///   - shares: The share of each unit; zero for one that takes no part.
  ///   - stratumSizes: The number of units in each stratum; units are numbered stratum by stratum.
  public init(contributions: [Double], shares: [Double], stratumSizes: [Int]) {
    precondition(contributions.count == shares.count)
    effectiveUnitCount = EffectiveNumber.kish(shares)
    guard shares.count(where: { $0 > 0 }) > 1 else {
      (variance, degreesOfFreedom) = (0, 0)
      return
    }
    variance = Self.adjusted(
      contributions: contributions, shares: shares, stratumSizes: stratumSizes
    ).reduce(0) { $0 + $1 * $1 }
    var (expected, spread) = (0.0, 0.0)
    for units in Self.strata(stratumSizes) {
      let total = units.reduce(0) { $0 + shares[$1] }
      guard units.count(where: { shares[$0] > 0 }) > 1 else {
        expected += total
        spread += total * total
        continue
      }
      var (own, leverages, leverageSquares) = (0.0, 0.0, 0.0)
      for unit in units {
        let leverage = shares[unit] / total
        let a = shares[unit] * leverage / max(1 - leverage, .ulpOfOne)
        own += shares[unit] * shares[unit]
        leverages += a
        leverageSquares += a * a
      }
      expected += total
      spread += own - leverageSquares + leverages * leverages
    }
    degreesOfFreedom = spread > 0 ? expected * expected / spread : 0
  }

  /// The contributions less their mean in the stratum, over √(1 − hᵤ/h_h): their squares add up to the
  /// variance.
  static func adjusted(
    contributions: [Double], shares: [Double], stratumSizes: [Int]
  ) -> [Double] {
    var adjusted = contributions
    for units in strata(stratumSizes) {
      let members = units.count { shares[$0] > 0 }
      guard members > 1 else { continue }
      let total = units.reduce(0) { $0 + shares[$1] }
      let center =
        stratumSizes.count > 1
        ? units.reduce(0) { $0 + contributions[$1] } / Double(units.count) : 0
      for unit in units {
        let rest = max(1 - shares[unit] / total, .ulpOfOne)
        adjusted[unit] = (contributions[unit] - center) / rest.squareRoot()
      }
    }
    return adjusted
  }

  /// The units of each stratum.
  private static func strata(_ sizes: [Int]) -> [Range<Int>] {
    var first = 0
    return sizes.map { size in
      first += size
      return first - size..<first
    }
  }

  /// How many times the sample has to be cut for a normal quantile to say what Student's t says:
  /// `(z/t_d)²`.
  static func shrinkage(degreesOfFreedom: Double, level: Double) -> Double {
    let tail = (1 - level) / 2
    guard degreesOfFreedom > 0.05 else { return 0 }
    let ratio =
      Normal().upperQuantile(tail)
      / StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile(tail)
    return ratio * ratio
  }
}
