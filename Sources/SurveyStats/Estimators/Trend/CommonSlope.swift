import RealModule

/// The slope of the log odds of yes that the items of a set have in common, each at a level of its own.
///
/// logit P(yes) = α_j + βx for the answers to item j of a paper at x, fitted as if all answers were
/// independent (estimating equations with working independence); so an item that was asked in some
/// years only tells of the change between these, and its level plays no part. Items whose answers are
/// all alike, or that apply at a single value of x, say nothing about β. The error is that of papers, or
/// of clusters: with the centred scores U_g = Σ w(x − x̃_j)(y − π) of a cluster and its share h_g in the
/// information of β, the variance is Σ U_g² / (1 − h_g) over the squared information (CR2 in the
/// direction of β; CR3 with the square of 1 − h_g, CR0 and CR1 without it), and degrees of freedom are
/// 1/Σ h_g² − 1, other clustered errors having the clusters less one.
///
/// The change over a span is Σ ω_j (π_j(last) − π_j(first)), ω_j being the shares of the answers. As a
/// function of β, with α_j at its best for it, it rises from −1 to 1 and is 0 at β = 0: limits of β become
/// limits of the change, and the test is the same.
///
/// Undefined without items that vary, with a single cluster, and where the answers are separated.
/// Cost: O(answers) and a few iterations of O(items × values of x).
///
/// References: Liang & Zeger (1986), Biometrika 73:13; Bell & McCaffrey (2002), Survey Methodology
/// 28:169.
struct CommonSlope {
  /// The log odds ratio per unit of the covariate.
  let estimate: Double
  /// Its standard error; `nil` with a single cluster.
  let standardError: Double?
  /// The degrees of freedom.
  let degreesOfFreedom: Double
  /// The number of items that vary.
  let itemCount: Int
  /// The number of papers with an answer to one of them.
  let paperCount: Int
  /// The number of clusters.
  let clusterCount: Int
  /// Whether a paper or cluster alone determines the slope.
  let isDetermined: Bool
  private let cells: ValueCounts

  /// Why there is no slope.
  enum Failure: Error, Equatable {
    /// No item varies over papers of different values of the covariate.
    case noItem
    /// The answers are separated by the covariate.
    case separated
  }

  /// Fits the slope; arguments as of ``StandardizedLine``.
  init(
    _ items: [StandardizedLine.Answers], covariate: [Double?], weights: [Double]? = nil,
    type: CovarianceType = .cr2, clusters: [String?]? = nil
  ) throws(Failure) {
    let all = ValueCounts(items, covariate: covariate, weights: weights)
    let varied = all.varied
    guard !varied.isEmpty else { throw .noItem }
    var state = State(beta: 0, levels: all.startLevels)
    guard all.maximize(&state, items: varied) else { throw .separated }
    estimate = state.beta
    itemCount = varied.count
    cells = all

    // Scores and information of papers, in the direction of the slope.
    var information = 0.0
    var centers = [Double](repeating: 0, count: items.count)
    for item in varied {
      let moments = all.moments(item, state.levels[item], state.beta)
      centers[item] = moments.weight > 0 ? moments.first / moments.weight : 0
      information += moments.second - centers[item] * moments.first
    }
    var scores = [Double](repeating: 0, count: covariate.count)
    var shares = scores
    var isUsed = [Bool](repeating: false, count: covariate.count)
    for item in varied {
      for (paper, value) in zip(items[item].papers, items[item].values) {
        guard let position = covariate[paper] else { continue }
        let weight = weights?[paper] ?? 1
        guard weight > 0 else { continue }
        let x = position - all.origin
        let probability = logistic(state.levels[item] + state.beta * x)
        let gap = x - centers[item]
        isUsed[paper] = true
        scores[paper] += weight * gap * (value - probability)
        shares[paper] += weight * probability * (1 - probability) * gap * gap / information
      }
    }
    let papers = isUsed.indices.filter { isUsed[$0] }
    paperCount = papers.count
    let members = ClusterMembers(papers.map { clusters?[$0] })
    clusterCount = members.count
    let count = Double(members.count)
    var (variance, squares) = (0.0, 0.0)
    var isDetermined = false
    for rows in members.rows {
      let score = rows.reduce(0) { $0 + scores[papers[$1]] }
      let share = rows.reduce(0) { $0 + shares[papers[$1]] }
      let rest = max(1 - share, 1e-8)
      isDetermined = isDetermined || 1 - share < 1e-6
      squares += share * share
      switch type {
      case .cr0, .hc0, .cr1, .cr1s, .hc1: variance += score * score
      case .cr3, .hc3: variance += score * score / (rest * rest)
      case .cr2, .hc2, .model: variance += score * score / rest
      }
    }
    if [.cr1, .cr1s, .hc1].contains(type) { variance *= count / (count - 1) }
    let isSatterthwaite = [.cr2, .hc2, .model].contains(type)
    var freedom = isSatterthwaite ? max(0.5, 1 / squares - 1) : count - 1
    if let weights {
      let (sum, sumOfSquares) = papers.reduce(into: (0.0, 0.0)) {
        $0.0 += weights[$1]
        $0.1 += weights[$1] * weights[$1]
      }
      freedom = min(freedom, max(1, sum * sum / sumOfSquares - 2))
    }
    degreesOfFreedom = freedom
    // An error far below that of the model is that of answers that lie on the curve.
    let error = variance.squareRoot() / information
    let isKnown = members.count > 1 && !isDetermined && error * information.squareRoot() > 1e-6
    standardError = isKnown && error.isFinite ? error : nil
    self.isDetermined = isDetermined
  }

  /// The change over the span of the covariate when the slope is `beta`.
  func change(at beta: Double) -> Double {
    var sum = 0.0
    let varied = cells.varied
    for item in varied {
      let level = cells.level(of: item, beta: beta)
      let first = level + beta * (cells.values[0])
      let last = level + beta * (cells.values[cells.values.count - 1])
      sum += cells.share(of: item) * (logistic(last) - logistic(first))
    }
    return max(-1, min(1, sum))
  }

  /// The rates at both ends, with the levels of the estimate.
  var rates: (first: Double, last: Double) {
    var rates = (first: 0.0, last: 0.0)
    let varied = Set(cells.varied)
    for item in 0..<cells.itemCount where cells.total(of: item) > 0 {
      let share = cells.share(of: item)
      guard varied.contains(item) else {
        rates.first += share * cells.rate(of: item)
        rates.last += share * cells.rate(of: item)
        continue
      }
      let level = cells.level(of: item, beta: estimate)
      rates.first += share * logistic(level + estimate * cells.values[0])
      rates.last += share * logistic(level + estimate * cells.values[cells.values.count - 1])
    }
    return rates
  }

  /// The t statistic of no slope.
  var statistic: Double? { standardError.map { estimate / $0 } }

  /// The p-value of no slope, two-sided.
  var pValue: Double? {
    statistic.map { 2 * StudentT(degreesOfFreedom: degreesOfFreedom).survival(abs($0)) }
  }

  /// The log odds ratio with its limits.
  func logOdds(level: Double) -> Estimate {
    guard let standardError else { return Estimate(estimate) }
    let distance =
      StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2) * standardError
    return Estimate(
      estimate, standardError: standardError, lower: estimate - distance,
      upper: estimate + distance, level: level, degreesOfFreedom: degreesOfFreedom)
  }

  /// The standard error of the change by the delta method.
  var changeError: Double? {
    standardError.map { error in
      let step = 1e-3 * error
      return (change(at: estimate + step) - change(at: estimate - step)) / (2 * step) * error
    }
  }
}

extension CommonSlope {
  /// What is estimated again in a replicate.
  struct Refit: Sendable {
    private let items: [AnswerCells]
    /// The distinct values of the covariate, and the place of each value of an item among them.
    private let values: [Double]
    private let places: [[Int]]

    init(_ items: [AnswerCells]) {
      self.items = items
      let values = Set(items.flatMap(\.values)).sorted()
      let rank = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
      self.values = values
      places = items.map { $0.values.map { rank[$0] ?? 0 } }
    }

    /// The change over the span and the log odds ratio from the sums of the items' cells; NaN where
    /// undefined.
    func values(_ sums: Span<Double>) -> (change: Double, logOdds: Double) {
      var yes = [Double](repeating: 0, count: items.count * values.count)
      var trials = yes
      for (item, cells) in items.enumerated() {
        for (rank, place) in places[item].enumerated() {
          let own = cells.counts(rank, sums)
          trials[item * values.count + place] = own.count
          yes[item * values.count + place] = own.score
        }
      }
      let cells = ValueCounts(values, itemCount: items.count, yes: yes, trials: trials)
      let varied = cells.varied
      var state = State(beta: 0, levels: cells.startLevels)
      guard !varied.isEmpty, cells.maximize(&state, items: varied) else { return (.nan, .nan) }
      var change = 0.0
      for item in varied {
        let ends = [cells.values[0], cells.values[cells.values.count - 1]].map {
          logistic(state.levels[item] + state.beta * $0)
        }
        change += cells.share(of: item) * (ends[1] - ends[0])
      }
      return (change, state.beta)
    }
  }
}

/// Where the iterations of a ``CommonSlope`` are.
private struct State {
  var beta: Double
  var levels: [Double]
}

/// The answers summed over papers of one item and one value of the covariate.
private struct ValueCounts {
  /// The distinct values of the covariate less ``origin``, ascending.
  let values: [Double]
  /// The mean of the distinct values.
  let origin: Double
  let itemCount: Int
  private var yes: [Double]
  private var trials: [Double]

  init(_ items: [StandardizedLine.Answers], covariate: [Double?], weights: [Double]?) {
    var isAnswered = [Bool](repeating: false, count: covariate.count)
    for answers in items {
      for paper in answers.papers where weights?[paper] ?? 1 > 0 { isAnswered[paper] = true }
    }
    let distinct = Set(covariate.indices.compactMap { isAnswered[$0] ? covariate[$0] : nil })
      .sorted()
    var positions: [Double: Int] = [:]
    for (position, value) in distinct.enumerated() { positions[value] = position }
    let positionOfPaper = covariate.map { $0.flatMap { positions[$0] } }
    var yes = [Double](repeating: 0, count: items.count * distinct.count)
    var trials = yes
    for (item, answers) in items.enumerated() {
      for (paper, value) in zip(answers.papers, answers.values) {
        guard let position = positionOfPaper[paper] else { continue }
        let weight = weights?[paper] ?? 1
        trials[item * distinct.count + position] += weight
        yes[item * distinct.count + position] += weight * value
      }
    }
    self.init(distinct, itemCount: items.count, yes: yes, trials: trials)
  }

  /// Takes the sums over the ascending values of the covariate, item after item.
  init(_ distinct: [Double], itemCount: Int, yes: [Double], trials: [Double]) {
    let mean = distinct.reduce(0, +) / Double(max(1, distinct.count))
    origin = mean
    values = distinct.map { $0 - mean }
    self.itemCount = itemCount
    self.yes = yes
    self.trials = trials
  }

  private func cells(of item: Int) -> Range<Int> {
    item * values.count..<(item + 1) * values.count
  }

  func total(of item: Int) -> Double { trials[cells(of: item)].reduce(0, +) }

  func rate(of item: Int) -> Double { yes[cells(of: item)].reduce(0, +) / total(of: item) }

  /// The share of the answers that are to an item.
  func share(of item: Int) -> Double { total(of: item) / trials.reduce(0, +) }

  /// The items that say something about the slope.
  var varied: [Int] {
    (0..<itemCount).filter { item in
      let rate = rate(of: item)
      return rate > 1e-12 && rate < 1 - 1e-12 && trials[cells(of: item)].count { $0 > 0 } > 1
    }
  }

  /// The log odds of each item's rate.
  var startLevels: [Double] {
    (0..<itemCount).map { item in
      let total = total(of: item)
      let sum = yes[cells(of: item)].reduce(0, +)
      return Double.log((sum + 0.1) / (total - sum + 0.1))
    }
  }

  /// Σ w, Σ wx and Σ wx² of an item, w = mπ(1 − π), with the residuals and their products with x.
  func moments(_ item: Int, _ level: Double, _ beta: Double) -> (
    weight: Double, first: Double, second: Double, residual: Double, pull: Double,
    logLikelihood: Double
  ) {
    var found = (
      weight: 0.0, first: 0.0, second: 0.0, residual: 0.0, pull: 0.0, logLikelihood: 0.0
    )
    for (x, cell) in zip(values, cells(of: item)) where trials[cell] > 0 {
      let predictor = level + beta * x
      let probability = logistic(predictor)
      let weight = trials[cell] * probability * logistic(-predictor)
      let residual = yes[cell] - trials[cell] * probability
      found.weight += weight
      found.first += weight * x
      found.second += weight * x * x
      found.residual += residual
      found.pull += residual * x
      found.logLikelihood -=
        yes[cell] * softplus(-predictor) + (trials[cell] - yes[cell]) * softplus(predictor)
    }
    return found
  }

  /// The level of an item at its best for a slope.
  func level(of item: Int, beta: Double) -> Double {
    let rate = rate(of: item)
    var level = Double.log(rate / (1 - rate))
    var (low, high) = (-Double.infinity, Double.infinity)
    for _ in 0..<100 {
      let found = moments(item, level, beta)
      if found.residual > 0 { low = level } else { high = level }
      var next = level + found.residual / max(found.weight, 1e-300)
      if !(next > low && next < high) {
        next =
          low.isFinite && high.isFinite
          ? (low + high) / 2 : level + (found.residual > 0 ? 2 : -2) * (1 + abs(beta))
      }
      if abs(next - level) < 1e-12 * (1 + abs(level)) { return next }
      level = next
    }
    return level
  }

  /// Maximises the likelihood; `false` where the slope runs away.
  func maximize(_ state: inout State, items: [Int]) -> Bool {
    let spread = max(1e-300, (values.last ?? 0) - (values.first ?? 0))
    var likelihood = -Double.infinity
    var best = state
    for _ in 0..<200 {
      var (pull, information) = (0.0, 0.0)
      var total = 0.0
      var steps: [(item: Int, own: Double, shared: Double)] = []
      for item in items {
        let found = moments(item, state.levels[item], state.beta)
        total += found.logLikelihood
        guard found.weight > 1e-300 else { return false }
        pull += found.pull - found.first * found.residual / found.weight
        information += found.second - found.first * found.first / found.weight
        steps.append((item, found.residual / found.weight, found.first / found.weight))
      }
      if total < likelihood - 1e-12 * abs(likelihood) {
        // Halfway back to the best so far.
        state.beta = (state.beta + best.beta) / 2
        for item in items { state.levels[item] = (state.levels[item] + best.levels[item]) / 2 }
        continue
      }
      likelihood = total
      best = state
      guard information > 0 else { return false }
      let step = pull / information
      state.beta += step
      for (item, own, shared) in steps { state.levels[item] += own - shared * step }
      if abs(state.beta * spread) > 40 { return false }
      if abs(step) * spread < 1e-11, steps.allSatisfy({ abs($0.own) < 1e-9 }) { return true }
    }
    return false
  }
}
