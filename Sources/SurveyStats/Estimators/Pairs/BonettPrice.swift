import RealModule

extension PairedProportions {
  /// Bonett and Price's interval of the paired difference: Wald's, with one paper more that has yes to the
  /// first item only and one that has yes to the second only.
  ///
  ///     d̃ ∓ z √((p̃₁₀ + p̃₀₁ − d̃²)/(n + 2)),  p̃₁₀ = (b + 1)/(n + 2), p̃₀₁ = (c + 1)/(n + 2), d̃ = p̃₁₀ − p̃₀₁
  ///
  /// Its centre is nearer to zero than the difference; limits beyond ∓1 are cut. With no papers that differ it
  /// has a width. Undefined without papers.
  ///
  /// Reference: Bonett & Price (2012), *Journal of Educational and Behavioral Statistics* 37:479, equation 11.
  public func bonettPriceInterval(level: Double = 0.95) -> Estimate {
    guard let difference else { return Estimate(nil) }
    let size = Double(count + 2)
    let (one, other) = (Double(firstOnly + 1) / size, Double(secondOnly + 1) / size)
    let center = one - other
    let error = ((one + other - center * center) / size).squareRoot()
    let distance = Normal().upperQuantile(ConfidenceLevel.tail(level)) * error
    return Estimate(
      difference, lower: max(-1, center - distance), upper: min(1, center + distance),
      level: level)
  }

  /// The interval of a formula.
  func interval(_ formula: Pairs.Formula, level: Double) -> Estimate {
    switch formula {
    case .tango: tangoInterval(level: level)
    case .newcombe: newcombeInterval(level: level)
    case .bonettPrice: bonettPriceInterval(level: level)
    }
  }
}
