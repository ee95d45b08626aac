import RealModule
import SurveyStats

extension EffectMeasure {
  /// The effect of a study and its large-sample variance, after something was added to each count.
  ///
  /// The formulas are those of metafor's `escalc`. Reference: Viechtbauer (2010), *Journal of Statistical
  /// Software* 36(3), section 3; Hedges (1981), *Journal of Educational Statistics* 6:107, equation 6e.
  func effect(of counts: StudyCounts, adding amount: Double) -> StudyEffect {
    if let fault = counts.fault {
      return StudyEffect(value: nil, variance: nil, notes: [fault])
    }
    let isCounts =
      switch counts.material {
      case .events, .twoByTwo, .personTime, .personTimes: true
      default: false
      }
    var notes: [Note] = amount > 0 && isCounts ? [.corrected(amount)] : []
    if case .twoByTwo(let a, let first, let c, let second) = counts,
      a + c == 0 || a + c == first + second
    {
      notes.append(.doubleZero)
    }
    let (value, variance) = moments(of: counts, adding: amount)
    guard abs(value) < 1e100 else {
      return StudyEffect(
        value: nil, variance: nil, notes: [.undefinedEffect] + notes)
    }
    // Weights and their squares must be numbers too.
    guard variance < 1e100, variance > 1e-100 else {
      return StudyEffect(value: value, variance: nil, notes: [.noVariance] + notes)
    }
    return StudyEffect(value: value, variance: variance, notes: notes)
  }

  private func moments(of counts: StudyCounts, adding amount: Double) -> (Double, Double) {
    switch counts {
    case .events(let events, let total):
      proportion(events + amount, total - events + amount)
    case .twoByTwo(let a, let first, let c, let second):
      contrast(a + amount, first - a + amount, c + amount, second - c + amount)
    case .mean(let group): (group.mean, group.deviation * group.deviation / group.size)
    case .means(let first, let second): difference(first, second)
    case .correlation(let r, let papers):
      self == .fisherZ
        ? (Double.atanh(r), papers > 3 ? 1 / (papers - 3) : .nan)
        : (r, papers > 1 ? (1 - r * r) * (1 - r * r) / (papers - 1) : .nan)
    case .personTime(let events, let time):
      self == .incidenceRate
        ? ((events + amount) / time, (events + amount) / (time * time))
        : (Double.log((events + amount) / time), 1 / (events + amount))
    case .personTimes(let x, let first, let y, let second):
      (
        Double.log((x + amount) / first) - Double.log((y + amount) / second),
        1 / (x + amount) + 1 / (y + amount)
      )
    case .effect(let value, let variance): (value, variance)
    }
  }

  private func proportion(_ events: Double, _ others: Double) -> (Double, Double) {
    let total = events + others
    let rate = events / total
    switch self {
    case .logit: return (Double.log(events / others), 1 / events + 1 / others)
    case .logProportion: return (Double.log(rate), 1 / events - 1 / total)
    case .arcsine: return (Double.asin(rate.squareRoot()), 1 / (4 * total))
    case .freemanTukey:
      let angles =
        Double.asin((events / (total + 1)).squareRoot())
        + Double.asin(((events + 1) / (total + 1)).squareRoot())
      return (angles / 2, 1 / (4 * total + 2))
    default: return (rate, rate * (1 - rate) / total)
    }
  }

  private func contrast(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> (Double, Double) {
    let (first, second) = (a + b, c + d)
    let (p, q) = (a / first, c / second)
    switch self {
    case .oddsRatio: return (Double.log(a / b) - Double.log(c / d), 1 / a + 1 / b + 1 / c + 1 / d)
    case .riskRatio:
      return (Double.log(p) - Double.log(q), 1 / a - 1 / first + 1 / c - 1 / second)
    case .arcsineDifference:
      return (
        Double.asin(p.squareRoot()) - Double.asin(q.squareRoot()),
        1 / (4 * first) + 1 / (4 * second)
      )
    case .peto:
      let total = first + second
      let variance =
        (a + c) * (b + d) * (first / total) * (second / total) / (total - 1)
      return ((a - (a + c) * first / total) / variance, 1 / variance)
    default: return (p - q, p * (1 - p) / first + q * (1 - q) / second)
    }
  }

  private func difference(
    _ first: StudyCounts.Group, _ second: StudyCounts.Group
  ) -> (Double, Double) {
    let variance =
      first.deviation * first.deviation / first.size
      + second.deviation * second.deviation / second.size
    switch self {
    case .standardizedMeanDifference:
      let freedom = first.size + second.size - 2
      guard freedom > 1 else { return (.nan, .nan) }
      let pooled =
        (((first.size - 1) * first.deviation * first.deviation
        + (second.size - 1) * second.deviation * second.deviation) / freedom).squareRoot()
      // Hedges' exact correction for the bias of d.
      let factor = Double.exp(
        Double.logGamma(freedom / 2) - Double.logGamma((freedom - 1) / 2)
          - Double.log(freedom / 2) / 2)
      let value = factor * (first.mean - second.mean) / pooled
      return (
        value,
        1 / first.size + 1 / second.size + value * value / (2 * (first.size + second.size))
      )
    case .ratioOfMeans:
      return (
        Double.log(first.mean / second.mean),
        first.deviation * first.deviation / (first.size * first.mean * first.mean)
          + second.deviation * second.deviation / (second.size * second.mean * second.mean)
      )
    default: return (first.mean - second.mean, variance)
    }
  }
}

extension StudyCounts {
  /// Why no effect can be made of the study; `nil` if one can.
  var fault: Note? {
    func fault(_ events: Double, of total: Double) -> Note? {
      guard total.isFinite, total <= 1e12, events >= 0, total >= 0, events <= total else {
        return .impossibleStudy
      }
      return total == 0 ? .emptyStudy : nil
    }
    func fault(_ events: Double, over time: Double) -> Note? {
      guard events <= 1e12, time.isFinite, events >= 0, time >= 0 else { return .impossibleStudy }
      return time == 0 ? .emptyStudy : nil
    }
    func fault(_ group: Group) -> Note? {
      guard group.mean.isFinite, group.deviation.isFinite, group.size.isFinite,
        group.deviation >= 0, group.size >= 0
      else { return .impossibleStudy }
      return group.size == 0 ? .emptyStudy : nil
    }
    switch self {
    case .events(let events, let total): return fault(events, of: total)
    case .twoByTwo(let a, let first, let c, let second):
      return fault(a, of: first) ?? fault(c, of: second)
    case .mean(let group): return fault(group)
    case .means(let first, let second): return fault(first) ?? fault(second)
    case .correlation(let r, let papers):
      guard abs(r) <= 1, papers.isFinite, papers >= 0 else { return .impossibleStudy }
      return papers == 0 ? .emptyStudy : nil
    case .personTime(let events, let time): return fault(events, over: time)
    case .personTimes(let x, let first, let y, let second):
      return fault(x, over: first) ?? fault(y, over: second)
    case .effect(let value, let variance):
      return value.isFinite && variance.isFinite && variance >= 0 ? nil : .impossibleStudy
    }
  }
}
