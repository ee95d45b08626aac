import RealModule

/// The answers of a paper given how many of its items it passes, under Rasch's model.
///
/// With the odds ε of yes to each item the probability of a set of r yes is proportional to the product of
/// their odds, whatever the paper's ability; γ_r, the sum over all such sets, is the elementary symmetric
/// function. All sums are of positive terms (prefixes and suffixes of a Poisson binomial distribution), so
/// that nothing cancels. Cost: items² for the distribution, items³ for covariances.
///
/// Reference: Andersen (1972), *JRSS B* 34:42; Liou (1994), *Applied Psychological Measurement* 18:99.
struct ConditionalScores: Sendable {
  private let yes: [Double]
  private let no: [Double]
  /// The distribution of the number of yes among the items before each, and from each on.
  private let before: [[Double]]
  private let after: [[Double]]
  private let logScale: Double

  /// The items by their log odds of yes.
  init(logOdds: [Double]) {
    yes = logOdds.map { logistic($0) }
    no = logOdds.map { logistic(-$0) }
    logScale = -no.reduce(0) { $0 + Double.log($1) }
    var before = [[1.0]]
    for item in logOdds.indices {
      before.append(Self.adding(yes[item], no[item], to: before[item]))
    }
    var after = [[1.0]]
    for item in logOdds.indices.reversed() {
      after.append(Self.adding(yes[item], no[item], to: after[after.count - 1]))
    }
    self.before = before
    self.after = after.reversed()
  }

  private static func adding(_ yes: Double, _ no: Double, to counts: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: counts.count + 1)
    for (count, probability) in counts.enumerated() {
      result[count] += no * probability
      result[count + 1] += yes * probability
    }
    return result
  }

  /// The logarithm of the symmetric function of an order.
  func logGamma(_ order: Int) -> Double { Double.log(before[yes.count][order]) + logScale }

  /// The probability of yes to each item among papers with so many yes.
  func probabilities(_ order: Int) -> [Double] {
    let total = before[yes.count][order]
    return yes.indices.map { item in
      guard order > 0 else { return 0 }
      let (left, right) = (before[item], after[item + 1])
      var sum = 0.0
      for count in max(0, order - right.count)...min(left.count - 1, order - 1) {
        sum += left[count] * right[order - 1 - count]
      }
      return yes[item] * sum / total
    }
  }
}

extension ConditionalScores {
  /// The covariances of the answers among papers with so many yes.
  static func covariance(logOdds: [Double], order: Int, probabilities: [Double]) -> DenseMatrix {
    let count = logOdds.count
    var result = DenseMatrix(rows: count, columns: count)
    for item in 0..<count {
      var others = logOdds
      others.remove(at: item)
      let rest = ConditionalScores(logOdds: others).probabilities(order - 1)
      for other in 0..<count {
        let joint = other == item ? 1 : rest[other < item ? other : other - 1]
        result[other, item] = probabilities[item] * (joint - probabilities[other])
      }
    }
    return result
  }
}
