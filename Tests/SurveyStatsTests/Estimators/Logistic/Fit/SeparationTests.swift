import Testing

@testable import SurveyStats

@Suite struct SeparationTests {
  /// A likelihood of a few papers with small whole covariates, from a seed.
  func likelihood(seed: Int) -> BinomialLikelihood? {
    var stream = RandomStream(seed: UInt64(seed))
    let rows = 6 + stream.index(below: 10)
    let columns = 1 + stream.index(below: 4)
    let isBinary = seed % 2 == 0
    var matrix = DenseMatrix(rows: rows, columns: columns + 1, repeating: 1)
    for column in 1...columns {
      for row in 0..<rows {
        matrix[row, column] = Double(stream.index(below: isBinary ? 2 : 7))
      }
    }
    let answers = (0..<rows).map { _ in Double(stream.index(below: 2)) }
    let names = (0...columns).map(String.init)
    let kept = RankCheck(matrix, names: names).kept
    guard answers.contains(1), answers.contains(0) else { return nil }
    return BinomialLikelihood(
      columns: matrix.selecting(rows: Array(0..<rows), columns: kept), successes: answers,
      trials: answers.map { _ in 1 }, offset: answers.map { _ in 0 }, isPenalized: false)
  }

  @Test(arguments: 0..<200)
  func `separation is found exactly when the likelihood has no maximum`(seed: Int) throws {
    guard let likelihood = likelihood(seed: seed) else { return }
    let optimum = try? likelihood.maximized(from: likelihood.start, iterations: 200)
    let hasMaximum = optimum.map { $0.beta.allSatisfy { abs($0) < 12 } } ?? false
    let separation = Separation.find(in: likelihood)
    #expect((separation == nil) == hasMaximum)
    if let separation, let optimum {
      let runaway = likelihood.coefficients(of: optimum.beta).indices.filter {
        abs(optimum.beta[$0]) >= 12
      }
      let named = Set(separation.terms.map(\.column))
      #expect(runaway.allSatisfy { $0 == 0 || named.contains($0) })
    }
  }

  @Test func `collapsed patterns with both answers cannot be separated`() {
    let likelihood = BinomialLikelihood(
      columns: DenseMatrix([[1, 0], [1, 1]]), successes: [1, 3], trials: [5, 4], offset: [0, 0],
      isPenalized: false)
    #expect(Separation.find(in: likelihood) == nil)
  }

  @Test func `only the level without events is infinite`() {
    let likelihood = BinomialLikelihood(
      columns: DenseMatrix([[1, 0, 0], [1, 1, 0], [1, 0, 1]]), successes: [2, 0, 3],
      trials: [5, 4, 6], offset: [0, 0, 0], isPenalized: false)
    #expect(
      Separation.find(in: likelihood)
        == Separation(terms: [.init(column: 1, sign: .minus)], isComplete: false))
  }
}
