import RealModule

/// The likelihood of one study as a function of its linear predictor θ, an exponential family whose
/// logarithm is concave in θ.
struct StudyLikelihood: Sendable {
  /// Which distribution the events have.
  enum Family: Sendable {
    /// x of n events, θ the logit of the rate.
    case binomial(events: Double, total: Double)
    /// x events, θ the logarithm of the rate; the time is in the offset.
    case poisson(events: Double)
    /// Events of the first group given both margins, θ the log odds ratio.
    case hypergeometric(Hypergeometric)
  }

  let family: Family
  /// What is added to θ: a logarithm of person-time, or of its ratio.
  let offset: Double
  /// The logarithm of what does not depend on θ.
  let constant: Double

  /// The logarithm of the density at θ, without the constant, with its first two derivatives.
  func value(at predictor: Double) -> (log: Double, slope: Double, curvature: Double) {
    let theta = predictor + offset
    switch family {
    case .binomial(let events, let total):
      let small = Double.exp(-abs(theta))
      let rate = theta >= 0 ? 1 / (1 + small) : small / (1 + small)
      let soft = max(theta, 0) + Double.log(onePlus: small)
      return (
        events * theta - total * soft, events - total * rate,
        -total * small / ((1 + small) * (1 + small))
      )
    case .poisson(let events):
      let mean = Double.exp(min(theta, 700))
      return (events * theta - mean, events - mean, -mean)
    case .hypergeometric(let table): return table.value(at: theta)
    }
  }

  /// The predictor at which the study alone is most likely; infinite at an end of the possible events.
  var peak: Double {
    switch family {
    case .binomial(let events, let total):
      events == 0
        ? -.infinity : events == total ? .infinity : Double.log(events / (total - events)) - offset
    case .poisson(let events): events == 0 ? -.infinity : Double.log(events) - offset
    case .hypergeometric(let table): table.peak - offset
    }
  }

  /// Where a study at an end of its possible events begins to say something; `nil` for another.
  ///
  /// Towards `direction` (1 or −1) the density rises to its greatest value; at the edge its logarithm is
  /// about one below.
  var plateau: (direction: Double, edge: Double)? {
    switch family {
    case .binomial(let events, let total):
      guard total > 0, events == 0 || events == total else { return nil }
      let edge = Double.log(.expMinusOne(1 / total))
      return events == 0 ? (-1, edge - offset) : (1, -edge - offset)
    case .poisson(let events): return events == 0 ? (-1, -offset) : nil
    case .hypergeometric(let table):
      guard let first = table.steps.first, let last = table.steps.last else { return nil }
      if table.observed == 0 { return (-1, Double.log(1.7 / first) - offset) }
      guard table.observed == table.steps.count else { return nil }
      return (1, -Double.log(1.7 * last) - offset)
    }
  }

  /// The greatest logarithm of the density, over all θ.
  var greatest: Double {
    let peak = peak
    guard !peak.isFinite else { return value(at: peak).log + constant }
    switch family {
    case .binomial, .poisson: return constant
    case .hypergeometric(let table):
      // At an infinite odds ratio the only possible count is certain.
      return table.logCertain + constant
    }
  }

  /// Whether the study says nothing of θ.
  var isUninformative: Bool {
    switch family {
    case .binomial(_, let total): total == 0
    case .poisson: false
    case .hypergeometric(let table): table.steps.isEmpty
    }
  }
}

extension StudyLikelihood {
  /// The likelihood of a study under a model; `nil` if the study is of another kind, or impossible.
  init?(_ counts: StudyCounts) {
    guard counts.fault == nil else { return nil }
    func logChoose(_ total: Double, _ events: Double) -> Double {
      Double.logGamma(total + 1) - Double.logGamma(events + 1) - Double.logGamma(total - events + 1)
    }
    switch counts {
    case .events(let events, let total):
      self.init(
        family: .binomial(events: events, total: total), offset: 0,
        constant: logChoose(total, events))
    case .personTime(let events, let time):
      self.init(
        family: .poisson(events: events), offset: Double.log(time),
        constant: -Double.logGamma(events + 1))
    case .personTimes(let first, let time, let second, let otherTime):
      // Given both counts together the first is binomial.
      self.init(
        family: .binomial(events: first, total: first + second),
        offset: Double.log(time / otherTime), constant: logChoose(first + second, first))
    case .twoByTwo(let a, let first, let c, let second):
      guard [a, first, c, second].allSatisfy({ $0 == $0.rounded() }) else { return nil }
      let table = Hypergeometric(events: a, first: first, second: second, together: a + c)
      self.init(family: .hypergeometric(table), offset: 0, constant: 0)
    case .mean, .means, .correlation, .effect: return nil
    }
  }
}

/// Fisher's noncentral hypergeometric distribution of one table with fixed margins.
struct Hypergeometric: Sendable {
  /// The position of the observed count among the possible ones.
  let observed: Int
  /// The least possible count.
  let least: Double
  /// The ratios of successive probabilities at an odds ratio of one, falling.
  let steps: [Double]
  /// The logarithms of the probabilities at an odds ratio of one, but for a constant.
  let logs: [Double]

  init(events: Double, first: Double, second: Double, together: Double) {
    least = max(0, together - second)
    let greatest = min(together, first)
    observed = Int(events - least)
    var steps: [Double] = []
    var logs = [0.0]
    var count = least
    while count < greatest {
      let ratio =
        (first - count) * (together - count)
        / ((count + 1) * (second - together + count + 1))
      steps.append(ratio)
      logs.append(logs[logs.count - 1] + Double.log(ratio))
      count += 1
    }
    self.steps = steps
    self.logs = logs
  }

  /// Logarithm of the probability of the observed count at a log odds ratio, with two derivatives.
  ///
  /// Terms are multiplied up from the most probable count outwards until they no longer count.
  func value(at theta: Double) -> (log: Double, slope: Double, curvature: Double) {
    let odds = Double.exp(min(max(theta, -600), 600))
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle] * odds >= 1 { low = middle + 1 } else { high = middle }
    }
    let mode = low
    var (sum, first, second) = (1.0, 0.0, 0.0)
    var term = 1.0
    var position = mode
    while position < steps.count {
      term *= steps[position] * odds
      position += 1
      let distance = Double(position - mode)
      sum += term
      first += term * distance
      second += term * distance * distance
      if term < 1e-18 { break }
    }
    term = 1
    position = mode
    while position > 0 {
      position -= 1
      term /= steps[position] * odds
      let distance = Double(position - mode)
      sum += term
      first += term * distance
      second += term * distance * distance
      if term < 1e-18 { break }
    }
    let mean = first / sum
    return (
      logs[observed] - logs[mode] + Double(observed - mode) * theta - Double.log(sum),
      Double(observed - mode) - mean, -max(second / sum - mean * mean, 0)
    )
  }

  /// The log odds ratio at which the observed count is expected.
  var peak: Double {
    if observed == 0 { return -.infinity }
    if observed == steps.count { return .infinity }
    var theta = -(Double.log(steps[observed - 1]) + Double.log(steps[observed])) / 2
    var (low, high) = (-600.0, 600.0)
    for _ in 0..<200 {
      let (_, slope, curvature) = value(at: theta)
      if slope > 0 { low = theta } else { high = theta }
      var next = theta - slope / min(curvature, -1e-12)
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - theta) < 1e-13 * max(1, abs(theta)) { return next }
      theta = next
    }
    return theta
  }

  /// The logarithm of a probability of one.
  var logCertain: Double { 0 }
}
