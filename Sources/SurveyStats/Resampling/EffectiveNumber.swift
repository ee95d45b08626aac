/// How many equal units a sample of unequal ones is worth.
///
/// Kish's number `(Σ m)² / Σ m²` is the number of units where they are equal, and near 1 where one unit
/// has most of the sample. Below ``fewest`` neither a bootstrap nor a robust standard error knows the
/// error well, however many units there are: a resample leaves the dominant unit out or doubles it.
/// So a guard on few clusters or heavy weights asks for this number, not for the number of units.
///
/// Reference: Kish (1965), *Survey Sampling*, section 11.7.
public enum EffectiveNumber {
  /// With fewer effective units a result says so.
  public static let fewest = 20.0

  /// Kish's number of some sizes or weights; 0 when all are 0.
  public static func kish(_ sizes: some Sequence<Double>) -> Double {
    let (sum, squares) = sizes.reduce(into: (0.0, 0.0)) { sums, size in
      sums.0 += size
      sums.1 += size * size
    }
    return squares > 0 ? sum * sum / squares : 0
  }

  /// The note when units are few: `few-effective-clusters: 1.7`, `few-effective-papers: 9.6`.
  ///
  /// - Parameters:
  ///   - effective: Kish's number of units.
  ///   - areClusters: Whether the units are clusters; else they are weighted papers.
  /// - Returns: The note; `nil` when the units are enough.
  public static func note(_ effective: Double, areClusters: Bool) -> Note? {
    guard effective > 0, effective < fewest else { return nil }
    let tenths = (effective * 10).rounded() / 10
    return Note(
      areClusters ? "few-effective-clusters" : "few-effective-papers", detail: "\(tenths)",
      effect: .doubt)
  }
}

extension SamplingDesign {
  /// Kish's effective number of units among the papers that take part, each with its weight.
  public func effectiveUnitCount(_ takesPart: (_ paper: Int) -> Bool = { _ in true }) -> Double {
    EffectiveNumber.kish(unitTotals { takesPart($0) ? 1 : 0 })
  }

  /// The note of few effective clusters or heavy weights among the papers that take part; none for
  /// papers drawn one by one with equal weights, whose number a table states anyway.
  ///
  /// For every table of estimates that honours clusters or weights: `rates`, `scores`, `correlate`,
  /// `compare`, and all bootstraps.
  public func effectiveNumberNotes(
    _ takesPart: (_ paper: Int) -> Bool = { _ in true }
  ) -> [Note] {
    guard !unitsArePapers || weights != nil else { return [] }
    return [
      EffectiveNumber.note(effectiveUnitCount(takesPart), areClusters: !unitsArePapers)
    ].compactMap { $0 }
  }
}
