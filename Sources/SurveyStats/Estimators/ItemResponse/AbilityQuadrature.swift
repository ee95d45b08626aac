import RealModule

/// Where the likelihood of each pattern of answers is integrated over ability.
///
/// The integral of a likelihood times the normal density is a sum over equidistant nodes (the
/// trapezoidal rule), which for such functions converges faster than any power of the step
/// (Trefethen and Weideman 2014). A pattern gets the step that its own posterior needs, and the nodes
/// at which its posterior is above `exp(-depth)` of its largest value; patterns of one step share the
/// nodes, so that the curves of the items are computed once. A step is taken when each of the three sums
/// over every third node differs from the full one by less than 1e-4 of it: the error of the full one is
/// then of the order of the third power of that or less. (Sums over every second node can agree by
/// chance, where the error changes its sign between the two.)
///
/// Reference: Trefethen and Weideman (2014), SIAM Review 56:385.
struct AbilityQuadrature: Sendable, Equatable {
  /// Equidistant nodes: whole multiples of the step.
  struct Grid: Sendable, Equatable {
    /// The distance of two nodes.
    let step: Double
    /// The multiples.
    let range: Range<Int>

    /// The abilities at the nodes.
    var nodes: [Double] { range.map { Double($0) * step } }
    /// The logarithms of the weights of the nodes: step times the normal density.
    var logWeights: [Double] {
      let constant = Double.log(step) - Double.log(2 * .pi) / 2
      return nodes.map { constant - $0 * $0 / 2 }
    }
  }

  /// Patterns that are integrated together.
  struct Group: Sendable, Equatable {
    /// The grid.
    let grid: Int
    /// The positions of the nodes among those of the grid.
    let nodes: Range<Int>
    /// The patterns.
    let patterns: [Int]
  }

  /// The grids.
  let grids: [Grid]
  /// The groups; every pattern is in one.
  let groups: [Group]
}

extension ItemResponseLikelihood {
  /// How far below its largest value the logarithm of a posterior is followed; the tails beyond hold
  /// less than 1e-12.
  static let usualDepth = 30.0

  /// Nodes for all patterns under some parameters.
  ///
  /// Cost: two evaluations of the likelihood.
  func quadrature(_ parameters: [Double], depth: Double = usualDepth) -> AbilityQuadrature {
    var windows: [Int: [Window]] = [:]
    var pending = Dictionary(
      grouping: brackets(parameters, depth: depth), by: { Self.level(ofStep: $0.spread / 2.1) })
    while let level = pending.keys.min(), let brackets = pending.removeValue(forKey: level) {
      let step = Self.step(ofLevel: level)
      let sorted = brackets.sorted { ($0.lower, $0.pattern) < ($1.lower, $1.pattern) }
      for chunk in sorted.chunked(by: Self.chunkSize(sorted.count)) {
        let lower = chunk.map(\.lower).min() ?? 0
        let upper = chunk.map(\.upper).max() ?? 0
        let range = Int((lower / step).rounded(.down))..<Int((upper / step).rounded(.up)) + 1
        let grid = AbilityQuadrature.Grid(step: step, range: range)
        let logs = logPosteriors(
          patterns.answers(of: chunk.map(\.pattern)), curves(parameters, at: grid.nodes),
          logWeights: grid.logWeights)
        for (row, bracket) in chunk.enumerated() {
          if let window = Self.window(logs, row: row, first: range.lowerBound, depth: depth)
            ?? (level > 80 ? range : nil)
          {
            windows[level, default: []].append(Window(pattern: bracket.pattern, nodes: window))
          } else {
            pending[level + 1, default: []].append(bracket)
          }
        }
      }
    }
    var grids: [AbilityQuadrature.Grid] = []
    var groups: [AbilityQuadrature.Group] = []
    for level in windows.keys.sorted() {
      let sorted = (windows[level] ?? []).sorted {
        ($0.nodes.lowerBound, $0.pattern) < ($1.nodes.lowerBound, $1.pattern)
      }
      let lower = sorted.map(\.nodes.lowerBound).min() ?? 0
      let upper = sorted.map(\.nodes.upperBound).max() ?? 1
      for chunk in sorted.chunked(by: Self.chunkSize(sorted.count)) {
        let first = chunk.map(\.nodes.lowerBound).min() ?? lower
        let end = chunk.map(\.nodes.upperBound).max() ?? upper
        groups.append(
          AbilityQuadrature.Group(
            grid: grids.count, nodes: first - lower..<end - lower, patterns: chunk.map(\.pattern)))
      }
      grids.append(
        AbilityQuadrature.Grid(step: Self.step(ofLevel: level), range: lower..<upper))
    }
    return AbilityQuadrature(grids: grids, groups: groups)
  }

  /// A pattern with the limits within which its posterior is not negligible, and the standard
  /// deviation of the normal curve that touches it at the top.
  private struct Bracket {
    let pattern: Int
    let lower: Double
    let upper: Double
    let spread: Double
  }

  /// A pattern with its nodes.
  private struct Window {
    let pattern: Int
    let nodes: Range<Int>
  }

  private static func step(ofLevel level: Int) -> Double { Double.exp2(-Double(level) / 4) }

  private static func level(ofStep step: Double) -> Int {
    max(0, Int((-4 * Double.log2(step)).rounded(.up)))
  }

  private static func chunkSize(_ count: Int) -> Int { min(max(count / 16, 32), 256) }

  /// The nodes at which a posterior is not negligible; `nil` if the step is too large for it.
  private static func window(
    _ logs: DenseMatrix, row: Int, first: Int, depth: Double
  ) -> Range<Int>? {
    var largest = -Double.infinity
    for node in 0..<logs.columns { largest = max(largest, logs[row, node]) }
    var thirds = [0.0, 0.0, 0.0]
    var (lower, upper) = (logs.columns, 0)
    for node in 0..<logs.columns where logs[row, node] >= largest - depth {
      let weight = Double.exp(logs[row, node] - largest)
      thirds[((first + node) % 3 + 3) % 3] += weight
      lower = min(lower, node)
      upper = node
    }
    let all = thirds.reduce(0, +)
    return thirds.allSatisfy { abs(3 * $0 - all) <= 1e-4 * all }
      ? first + lower..<first + upper + 1 : nil
  }

  /// Where the posterior of each pattern is not negligible, from nodes a quarter apart.
  private func brackets(_ parameters: [Double], depth: Double) -> [Bracket] {
    let step = 0.25
    var result: [Bracket] = []
    var open = Array(0..<patterns.count)
    var reach = 32
    while !open.isEmpty {
      let grid = AbilityQuadrature.Grid(step: step, range: -reach..<reach + 1)
      let (nodes, logWeights) = (grid.nodes, grid.logWeights)
      let curves = curves(parameters, at: nodes)
      var beyond: [Int] = []
      for chunk in open.chunked(by: 256) {
        let answers = patterns.answers(of: chunk)
        let logs = logPosteriors(answers, curves, logWeights: logWeights)
        for (row, pattern) in chunk.enumerated() {
          var top = 0
          for node in nodes.indices where logs[row, node] > logs[row, top] { top = node }
          let last = nodes.count - 1
          let limit = logs[row, top] - depth
          if reach < 100_000,
            logs[row, 0] > limit || logs[row, last] > limit || top == 0
              || top == last
          {
            beyond.append(pattern)
            continue
          }
          var (lower, upper) = (top, top)
          while lower > 0, logs[row, lower] >= limit { lower -= 1 }
          while upper < last, logs[row, upper] >= limit { upper += 1 }
          let bend = 2 * logs[row, top] - logs[row, max(top - 1, 0)] - logs[row, min(top + 1, last)]
          var spread = step / max(bend, 1e-300).squareRoot()
          if spread < 2 * step {
            spread = self.spread(answers, row: row, near: nodes[top], within: step, parameters)
          }
          result.append(
            Bracket(
              pattern: pattern, lower: nodes[lower], upper: nodes[upper], spread: min(spread, 1)))
        }
      }
      open = beyond
      reach *= 4
    }
    return result
  }

  /// The standard deviation of the normal curve that touches a posterior at its top, which lies
  /// within a distance of an ability.
  private func spread(
    _ answers: AnswerPatterns.Answers, row: Int, near start: Double, within reach: Double,
    _ parameters: [Double]
  ) -> Double {
    let (slopes, intercepts) = items(parameters)
    var (lower, upper) = (start - reach, start + reach)
    var ability = start
    var information = 1.0
    for _ in 0..<60 {
      var gradient = -ability
      information = 1
      for item in slopes.indices {
        if let applies = answers.applies, applies[row, item] == 0 { continue }
        let logit = slopes[item] * ability + intercepts[item]
        let small = Double.exp(-abs(logit))
        let probability = (logit >= 0 ? 1 : small) / (1 + small)
        gradient += slopes[item] * (answers.yes[row, item] - probability)
        information += slopes[item] * slopes[item] * small / ((1 + small) * (1 + small))
      }
      if gradient > 0 { lower = ability } else { upper = ability }
      let newton = ability + gradient / information
      let next = newton > lower && newton < upper ? newton : (lower + upper) / 2
      let move = abs(next - ability)
      ability = next
      if move * information.squareRoot() < 0.02 { break }
    }
    return 1 / information.squareRoot()
  }
}

extension Array {
  /// The elements in runs of at most so many.
  func chunked(by size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}

extension AnswerPatterns {
  /// The answers of some patterns.
  func answers(of patterns: ArraySlice<Int>) -> Answers { answers(of: Array(patterns)) }
}
