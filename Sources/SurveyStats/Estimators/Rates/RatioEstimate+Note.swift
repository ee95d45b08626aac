extension RatioEstimate {
  /// The note of few effective clusters or papers, where their number does not say it.
  var effectiveNumberNote: Rate.Note? {
    guard value != nil, units.areUnequal, effectiveUnitCount < EffectiveNumber.fewest,
      effectiveUnitCount < Double(unitCount) - 0.05
    else { return nil }
    return units.areClusters
      ? .fewEffectiveClusters(effectiveUnitCount) : .fewEffectivePapers(effectiveUnitCount)
  }
}
