import RealModule

/// Double sampling in three states whose errors are borrowed over items.
///
/// What items share is how the rater errs *given what the better rater says*. Row t of an item's errors has
/// the prior Dirichlet(κ_t μ_t): μ_t is how the rater errs in all items together, κ_t how alike items are.
/// κ_t is not where the Dirichlet-multinomial likelihood of the re-answered papers is greatest, but its
/// lower limit, where twice the logarithm has fallen by 3.84: items that differ more than others must not be
/// pulled along. Rows the other way round, the better answer given the rater's, depend on the rate, and
/// borrowing them fails (docs/raters.md).
///
/// For each item W, from the papers not re-answered with ½ added, and E are drawn 4,000 times and
/// `q = W E⁻¹` is solved; q outside of the simplex is dropped, the rest weighted by
/// `|det E|⁻¹ Π q_t^(n_t − ½) Π W_f^½`. Where fewer than 100 effective draws are left, and for rows of several
/// items, weighted papers and clusters, nothing is borrowed (`DoubleSampling`). The draws depend on
/// the seed and the item alone.
///
/// Reference: the model of errors is that of Dawid & Skene (1979), *JRSS C* 28:20, with one rater and a
/// truth in part of the papers.
struct BorrowedErrors: RateCorrection {
  /// The prior of row t, pseudo-papers by what the rater says.
  let prior: [[Double]]
  let seed: UInt64

  var name: MethodName { MethodName(rawValue: CorrectionMethod.borrowing.rawValue) }

  private static let drawCount = 4_000
  private static let fewestEffective = 100.0

  /// Learns how alike items are from the tables of all.
  init(tables: [StateTable], seed: UInt64) {
    self.seed = seed
    prior = AnswerState.allCases.map { truth in
      let rows = tables.map { table in AnswerState.allCases.map { table[$0, truth] } }
        .filter { $0.reduce(0, +) > 0 }
      let sums = (0..<3).map { state in rows.reduce(0.5) { $0 + $1[state] } }
      let total = sums.reduce(0, +)
      let mean = sums.map { $0 / total }
      let strength = Self.strength(rows, mean: mean)
      return mean.map { $0 * strength }
    }
  }

  /// κ at the lower limit of its likelihood, at least as weak as the prior of `DoubleSampling`.
  private static func strength(_ rows: [[Double]], mean: [Double]) -> Double {
    let weakest = 3 * DoubleSamplingPosterior.cellPrior
    guard rows.count > 1 else { return weakest }
    func likelihood(_ strength: Double) -> Double {
      rows.reduce(0) { sum, row in
        let count = row.reduce(0, +)
        var own = Double.logGamma(strength) - Double.logGamma(strength + count)
        for (state, share) in mean.enumerated() where row[state] > 0 {
          own +=
            Double.logGamma(strength * share + row[state]) - Double.logGamma(strength * share)
        }
        return sum + own
      }
    }
    let grid = (0...80).map { weakest * .exp(Double($0) * 0.1) }
    let values = grid.map(likelihood)
    guard let best = values.indices.max(by: { values[$0] < values[$1] }) else { return weakest }
    let floor = values[best] - 3.84 / 2
    var place = best
    while place > 0, values[place - 1] > floor { place -= 1 }
    guard place > 0 else { return weakest }
    let share = (values[place] - floor) / (values[place] - values[place - 1])
    return grid[place] * .exp(-0.1 * min(max(share, 0), 1))
  }

  func estimate(_ sample: CorrectionSample, level: Double) -> Estimate {
    guard sample.isPlain else {
      var plain = DoubleSampling().estimate(sample, level: level)
      plain.notes.append(.notBorrowed)
      return plain
    }
    let states = AnswerState.allCases
    let rest = states.map { max(0, sample.rater[$0.rawValue] - sample.table.first($0)) + 0.5 }
    let counts = states.map { sample.table.second($0) }
    let rows = states.map { truth in
      states.map { prior[truth.rawValue][$0.rawValue] + sample.table[$0, truth] }
    }
    var random = RandomStream(seed: seed, stream: UInt64(sample.items.first ?? 0), substream: 17)
    var found: [(value: Double, log: Double)] = []
    for _ in 0..<Self.drawCount {
      let shares = random.dirichlet(rest)
      let errors = rows.map { random.dirichlet($0) }
      guard let (q, determinant) = Self.solve(errors, shares), q.allSatisfy({ $0 > 0 }) else {
        continue
      }
      var log = -Double.log(abs(determinant))
      for state in 0..<3 {
        log += (counts[state] - 0.5) * .log(q[state])
        log += 0.5 * .log(max(shares[state], .leastNormalMagnitude))
      }
      found.append((q[0] / (q[0] + q[1]), log))
    }
    let top = found.reduce(-Double.infinity) { max($0, $1.log) }
    let weighted = found.map { (value: $0.value, weight: Double.exp($0.log - top)) }
      .filter { $0.value.isFinite }.sorted { $0.value < $1.value }
    guard EffectiveNumber.kish(weighted.map(\.weight)) >= Self.fewestEffective else {
      var plain = DoubleSampling().estimate(sample, level: level)
      plain.notes.append(.notBorrowed)
      return plain
    }
    let total = weighted.reduce(0) { $0 + $1.weight }
    func quantile(_ probability: Double) -> Double {
      var sum = 0.0
      for draw in weighted {
        sum += draw.weight
        if sum >= probability * total { return draw.value }
      }
      return weighted[weighted.count - 1].value
    }
    let mean = weighted.reduce(0) { $0 + $1.weight * $1.value } / total
    let variance =
      weighted.reduce(0) { $0 + $1.weight * ($1.value - mean) * ($1.value - mean) } / total
    let tail = ConfidenceLevel.tail(level)
    return Estimate(
      quantile(0.5), standardError: variance.squareRoot(), lower: quantile(tail),
      upper: quantile(1 - tail), level: level, method: name, count: sample.papers.count,
      notes: [.borrowed(prior.map { $0.reduce(0, +) })])
  }

  /// The solution of `q E = w`, and the determinant of E; `nil` where it is singular.
  private static func solve(
    _ e: [[Double]], _ w: [Double]
  ) -> (q: [Double], determinant: Double)? {
    func minor(_ r: (Int, Int), _ c: (Int, Int)) -> Double {
      e[r.0][c.0] * e[r.1][c.1] - e[r.0][c.1] * e[r.1][c.0]
    }
    let others = [(1, 2), (0, 2), (0, 1)]
    let signs = [1.0, -1, 1]
    let determinant = (0..<3).reduce(0) {
      $0 + signs[$1] * e[0][$1] * minor((1, 2), others[$1])
    }
    guard abs(determinant) > 1e-12 else { return nil }
    // (E⁻¹)_ft is the cofactor of E_tf over the determinant.
    let q = (0..<3).map { truth in
      (0..<3).reduce(0) { sum, state in
        sum + w[state] * signs[truth] * signs[state] * minor(others[truth], others[state])
      } / determinant
    }
    return (q, determinant)
  }
}

extension RandomStream {
  /// Shares of a Dirichlet distribution.
  fileprivate mutating func dirichlet(_ shapes: [Double]) -> [Double] {
    let parts = shapes.map { gamma(shape: $0) }
    let sum = parts.reduce(0, +)
    return sum > 0 ? parts.map { $0 / sum } : shapes.map { $0 / shapes.reduce(0, +) }
  }
}

extension Note {
  /// How many papers' worth of errors the item borrows from others, by what the better rater says.
  static func borrowed(_ strengths: [Double]) -> Note {
    let names = AnswerState.allCases.map(\.name)
    let parts = zip(names, strengths).map { "\($0) \(NumberFormat.fixed($1, digits: 1))" }
    return Note(
      "borrowed", detail: parts.joined(separator: ", "), effect: .remark,
      words: "errors of other items count as those of so many papers: "
        + parts.joined(separator: ", "))
  }
  /// Nothing was borrowed from other items.
  static let notBorrowed = Note("not-borrowed", effect: .remark)
}
