import RealModule

/// The exact test that a rate changes with a numeric covariate, given the number of yes.
///
/// If the rate does not change, every choice of r of the n papers is equally likely to be those of the r
/// yes. The p-value is the probability that Σ xy lies at least as far from its mean as it does
/// (two-sided by distance). The distribution is worked out value by value of the covariate. Undefined
/// when all answers or all covariates are equal, when the covariate has no common step (years have),
/// and beyond 50 million steps of the table of yes × sum.
///
/// Cost: O(r × Σ of steps × papers with the same covariate).
///
/// Reference: Agresti (2013), Categorical Data Analysis, third edition, section 7.3.5.
public struct ExactTrendTest: Sendable, Equatable {
  /// The two-sided p-value.
  public let pValue: Double

  /// The most steps that are worked out.
  private static let mostSteps = 5e7

  /// Tests answers against a covariate.
  public init?(_ covariate: [Double], _ answers: [Bool]) {
    let values = Set(covariate).sorted()
    guard values.count > 1 else { return nil }
    let unit = zip(values.dropFirst(), values).map { $0 - $1 }.min() ?? 1
    let steps = values.map { (($0 - values[0]) / unit) }
    guard steps.allSatisfy({ abs($0 - $0.rounded()) < 1e-6 }) else { return nil }
    var positions: [Double: Int] = [:]
    for (position, value) in values.enumerated() { positions[value] = position }
    var yes = [Int](repeating: 0, count: values.count)
    var all = yes
    for (x, answer) in zip(covariate, answers) {
      guard let position = positions[x] else { continue }
      all[position] += 1
      yes[position] += answer ? 1 : 0
    }
    let count = answers.count
    var drawn = yes.reduce(0, +)
    guard drawn > 0, drawn < count else { return nil }
    if 2 * drawn > count {
      yes = zip(all, yes).map { $0 - $1 }
      drawn = count - drawn
    }
    let places = steps.map { Int($0.rounded()) }
    let width = drawn * (places.last ?? 0) + 1
    guard
      Double(drawn + 1) * Double(width) * Double(min(count, drawn * values.count))
        < Self.mostSteps
    else { return nil }
    // Chances of so many yes at a value with the common rate, up to a factor; summed by yes and sum.
    let rate = Double(drawn) / Double(count)
    var table = [Double](repeating: 0, count: (drawn + 1) * width)
    table[0] = 1
    var most = 0
    for (place, papers) in zip(places, all) {
      let limit = min(papers, drawn)
      var chances = [Double](repeating: 0, count: limit + 1)
      var logarithm = Double(papers) * Double.log(onePlus: -rate)
      for number in 0...limit {
        chances[number] = Double.exp(logarithm)
        logarithm +=
          Double.log(Double(papers - number) / Double(number + 1) * rate / (1 - rate))
      }
      var next = [Double](repeating: 0, count: table.count)
      for before in 0...most {
        for number in 0...min(limit, drawn - before) {
          let shift = number * place
          let (source, target) = (before * width, (before + number) * width + shift)
          for sum in 0..<width - shift where table[source + sum] > 0 {
            next[target + sum] += chances[number] * table[source + sum]
          }
        }
      }
      most = min(drawn, most + limit)
      table = next
    }
    let sums = table[drawn * width..<(drawn + 1) * width]
    let total = sums.reduce(0, +)
    guard total > 0 else { return nil }
    let mean = zip(places, all).reduce(0) { $0 + Double($1.0 * $1.1) } * rate
    let seen = zip(places, yes).reduce(0) { $0 + $1.0 * $1.1 }
    let distance = abs(Double(seen) - mean) - 1e-9
    var tail = 0.0
    for (sum, chance) in sums.enumerated() where abs(Double(sum) - mean) >= distance {
      tail += chance
    }
    pValue = min(1, tail / total)
  }
}
