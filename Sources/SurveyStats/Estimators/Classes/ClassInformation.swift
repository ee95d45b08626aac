import RealModule

/// What the answers of papers say of the shares and rates of latent classes, neither papers' classes nor
/// the other parameters being known.
///
/// The observed information is that of papers of known class less what is missing, the variance of their
/// score given the answers (Louis 1982, *JRSS B* 44:226), for logits of shares and of rates. Rates at 0 and 1
/// take no part. Cost: n (K p)² for n different papers.
struct ClassInformation {
  /// How many papers of known class would tell as much of the share of each class.
  let shareCounts: [Double]
  /// How many papers of the class would tell as much of each of its rates; `nil` at 0 and 1.
  let rateCounts: [[Double?]]

  private static let blockSize = 2_048

  /// Works out the information; `nil` where it has no inverse, as of more parameters than papers.
  ///
  /// - Parameters:
  ///   - shares: The shares of the classes.
  ///   - rates: The rates, class after class.
  ///   - memberships: The probability of each class for each row of answers.
  ///   - rows: The answers.
  init?(
    shares: [Double], rates: [[Double]], memberships: [[Double]], rows: AnswerRows
  ) {
    let (classes, width, n) = (shares.count, rows.items.count, rows.rowCount)
    guard classes > 1, shares.allSatisfy({ $0 > 0 }) else { return nil }
    // The parameters: classes − 1 logits of shares, then of each class the rates within (0, 1).
    let free = rates.map { rates in
      rates.indices.filter { rates[$0] > 1e-6 && rates[$0] < 1 - 1e-6 }
    }
    var starts = [classes - 1]
    for items in free { starts.append((starts.last ?? 0) + items.count) }
    let size = starts[classes]
    var information = DenseMatrix(rows: size, columns: size)
    var applicability = [Int?](repeating: nil, count: width)
    for (place, item) in rows.partial.enumerated() { applicability[item] = width + place }
    for first in stride(from: 0, to: n, by: Self.blockSize) {
      let block = first..<min(first + Self.blockSize, n)
      // √(weight) times the expected score of a paper, and of each class √(weight · membership) times that within it.
      var expected = DenseMatrix(rows: block.count, columns: size)
      for index in 0..<classes {
        let items = free[index]
        var within = DenseMatrix(rows: block.count, columns: items.count)
        for (place, item) in items.enumerated() {
          let rate = rates[index][item]
          let column = starts[index] + place
          for row in block {
            let applies = applicability[item].map { rows.values[$0 * n + row] } ?? 1
            guard applies > 0 else { continue }
            let residual = rows.values[item * n + row] - rate
            let (membership, weight) = (memberships[index][row], rows.counts[row])
            expected[row - block.lowerBound, column] = weight.squareRoot() * membership * residual
            within[row - block.lowerBound, place] = (weight * membership).squareRoot() * residual
            information[column, column] += weight * membership * rate * (1 - rate)
            if index < classes - 1 {
              information[index, column] -= weight * membership * residual
              information[column, index] -= weight * membership * residual
            }
          }
        }
        if index < classes - 1 {
          for row in block {
            expected[row - block.lowerBound, index] =
              rows.counts[row].squareRoot() * memberships[index][row]
          }
        }
        guard !items.isEmpty else { continue }
        let missing = within.multiplied(by: within, transposingSelf: true)
        for i in items.indices {
          for j in items.indices {
            information[starts[index] + i, starts[index] + j] -= missing[i, j]
          }
        }
      }
      let known = expected.multiplied(by: expected, transposingSelf: true)
      for element in known.elements.indices {
        information.elements[element] += known.elements[element]
      }
    }
    let whole = rows.paperCount
    for i in 0..<classes - 1 {
      for j in 0..<classes - 1 { information[i, j] -= whole * shares[i] * shares[j] }
    }
    guard let inverse = try? information.positiveDefiniteInverse() else { return nil }
    shareCounts = (0..<classes).map { index in
      let share = shares[index]
      let slopes = (0..<classes - 1).map { share * (($0 == index ? 1 : 0) - shares[$0]) }
      var variance = 0.0
      for i in slopes.indices {
        for j in slopes.indices { variance += slopes[i] * slopes[j] * inverse[i, j] }
      }
      return variance > 0 ? min(whole, share * (1 - share) / variance) : whole
    }
    rateCounts = (0..<classes).map { index in
      var counts = [Double?](repeating: nil, count: width)
      for (place, item) in free[index].enumerated() {
        let column = starts[index] + place
        let rate = rates[index][item]
        let variance = inverse[column, column] * rate * (1 - rate)
        counts[item] = variance > 0 ? 1 / variance : nil
      }
      return counts
    }
  }
}
