/// The reliabilities of a sum of items over all ways to split the items in two halves.
///
/// For a split in halves A and B the coefficient is `4 cov(A, B) / V` (Guttman 1945; Rulon 1939),
/// with V the variance of the sum. Its mean over all splits of an even number of items is alpha, its
/// maximum Guttman's lambda 4 and its minimum Revelle's beta. With an odd number one half has an
/// item more. All splits are tried if there are at most `maximumSplits`, else as many random ones
/// are drawn from the seed; the maximum and minimum of a sample are improved by swapping pairs of
/// items between the halves until no swap helps, so that they are local optima.
public struct SplitHalf: Sendable, Equatable {
  /// The coefficients of the splits tried, in ascending order.
  public let values: [Double]
  /// Whether all splits were tried.
  public let isExhaustive: Bool
  /// The largest coefficient, lambda 4.
  public let maximum: Double
  /// The smallest coefficient, beta.
  public let minimum: Double

  /// The mean of the coefficients tried.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The smallest coefficient with at least the given share of the tried ones up to it.
  public func quantile(_ share: Double) -> Double {
    let rank = (share * Double(values.count)).rounded(.up)
    return values[min(max(Int(rank), 1), values.count) - 1]
  }

  /// Splits the items of a covariance matrix.
  ///
  /// - Precondition: there are at least two items and their covariances sum to a positive variance.
  public init(_ covariance: DenseMatrix, maximumSplits: Int = 10_000, seed: UInt64 = 1) {
    precondition(covariance.rows >= 2, "a split needs two items")
    let splitting = Splitting(covariance)
    if let all = splitting.all(limit: maximumSplits) {
      values = all.sorted()
      isExhaustive = true
      maximum = values[values.count - 1]
      minimum = values[0]
      return
    }
    isExhaustive = false
    var sampled: [Double] = []
    var best: (value: Double, half: [Bool])?
    var worst: (value: Double, half: [Bool])?
    for split in 0..<max(maximumSplits, 1) {
      var random = RandomStream(seed: seed, stream: UInt64(split))
      let half = splitting.randomHalf(&random)
      let value = splitting.coefficient(half)
      sampled.append(value)
      if value > best?.value ?? -.infinity { best = (value, half) }
      if value < worst?.value ?? .infinity { worst = (value, half) }
    }
    values = sampled.sorted()
    maximum = splitting.improved(best?.half ?? [], sign: 1)
    minimum = splitting.improved(worst?.half ?? [], sign: -1)
  }
}

/// The coefficients of splits of one covariance matrix.
private struct Splitting {
  let covariance: DenseMatrix
  let rowSums: [Double]
  let total: Double
  let size: Int

  init(_ covariance: DenseMatrix) {
    self.covariance = covariance
    rowSums = (0..<covariance.columns).map { covariance.column($0).reduce(0, +) }
    total = rowSums.reduce(0, +)
    size = covariance.rows / 2
  }

  /// The coefficients of all splits, or `nil` if there are more than `limit`.
  func all(limit: Int) -> [Double]? {
    let count = covariance.rows
    let isEven = count % 2 == 0
    var splits = 1.0
    for index in 0..<size { splits *= Double(count - index) / Double(index + 1) }
    if isEven { splits /= 2 }
    guard splits <= Double(limit) + 0.5 else { return nil }
    var values: [Double] = []
    var chosen: [Int] = []
    func choose(from next: Int, across: Double, within: Double) {
      if chosen.count == size {
        values.append(4 * (across - within) / total)
        return
      }
      guard next < count else { return }
      for item in next..<count where count - item >= size - chosen.count {
        if isEven && chosen.isEmpty && item > 0 { break }
        var inner = within + covariance[item, item]
        for other in chosen { inner += 2 * covariance[other, item] }
        chosen.append(item)
        choose(from: item + 1, across: across + rowSums[item], within: inner)
        chosen.removeLast()
      }
    }
    choose(from: 0, across: 0, within: 0)
    return values
  }

  func randomHalf(_ random: inout RandomStream) -> [Bool] {
    var items = Array(0..<covariance.rows)
    var half = [Bool](repeating: false, count: items.count)
    random.draw(size, toFrontOf: &items)
    for item in items[..<size] { half[item] = true }
    return half
  }

  func coefficient(_ half: [Bool]) -> Double {
    var covarianceOfHalves = 0.0
    for b in half.indices where !half[b] {
      for a in half.indices where half[a] { covarianceOfHalves += covariance[a, b] }
    }
    return 4 * covarianceOfHalves / total
  }

  /// The coefficient after swapping items, best swap first, as long as that moves it by `sign`.
  func improved(_ start: [Bool], sign: Double) -> Double {
    var half = start
    var current = coefficient(half)
    while true {
      var toFirst = [Double](repeating: 0, count: half.count)
      for item in half.indices {
        for other in half.indices where half[other] { toFirst[item] += covariance[item, other] }
      }
      var best: (gain: Double, a: Int, b: Int)?
      for a in half.indices where half[a] {
        for b in half.indices where !half[b] {
          let leaving = (toFirst[a] - covariance[a, a]) - (rowSums[a] - toFirst[a])
          let joining = (rowSums[b] - toFirst[b] - covariance[b, b]) - toFirst[b]
          let gain = sign * (leaving + joining + 2 * covariance[a, b])
          if gain > best?.gain ?? 1e-12 * abs(total) { best = (gain, a, b) }
        }
      }
      guard let best else { return current }
      half.swapAt(best.a, best.b)
      current = coefficient(half)
    }
  }
}
