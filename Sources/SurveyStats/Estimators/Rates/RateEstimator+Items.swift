/// What concerns all items at once: simultaneous bands and ranks.
extension RateEstimator {
  /// Replaces the limits of all items by simultaneous ones.
  func setBands(_ rates: inout [Rate], ratios: [RatioEstimate], sample: BootstrapSample) {
    let items = rates.indices.filter {
      rates[$0].target.level == .item && rates[$0].estimate != nil
    }
    let frequent = items.filter { index in
      min(rates[index].yesCount, rates[index].applicableCount - rates[index].yesCount) >= 5
    }
    let share = (1 - level) / Double(max(items.count, 1))
    let band = SimultaneousBand(
      sample, quantities: frequent, firstStandardError: rates.count, errorShare: share)
    for index in items {
      if let limits = band.limits(of: index) {
        rates[index].lower = limits.lower
        rates[index].upper = limits.upper
        rates[index].interval = "max-t"
      } else if let estimate = rates[index].estimate {
        let limits = analyticLimits(
          of: rates[index], estimate: estimate, ratio: ratios[index], .clopperPearson,
          level: ConfidenceLevel.shared(level, among: items.count))
        rates[index].lower = limits?.lower
        rates[index].upper = limits?.upper
        rates[index].interval = "\(ProportionInterval.clopperPearson.name)-bonferroni"
        rates[index].notes.append(frequent.contains(index) ? .bandUndefined : .bandNeedsFive)
      }
    }
  }

  /// Ranks the items that have a rate.
  func setRanks(_ rates: inout [Rate], sample: BootstrapSample) {
    let items = rates.indices.filter {
      rates[$0].target.level == .item && rates[$0].estimate != nil
    }
    let ranks = BootstrapRanks(sample, quantities: items, level: level)
    for (index, rank) in zip(items, ranks.ranks) { rates[index].rank = rank }
  }
}
