extension Double {
  /// Zero where the number is nothing but rounding error beside a scale, else the number.
  ///
  /// A difference of equal quantities comes out as 6.7e-16 as easily as 0; printed, it looks like a
  /// finding. The scale is the size of what was subtracted, or the standard error of the difference:
  /// anything below 10⁻¹³ of it says nothing.
  func clearedOfNoise(beside scale: Double = 1) -> Double {
    abs(self) <= 1e-13 * abs(scale) ? 0 : self
  }
}

extension Double {
  /// Zero in place of what rounding makes of it.
  var withoutRounding: Double { abs(self) < 1e-12 ? 0 : self }
}
