/// Whether some coefficients of a logistic model have no finite maximum-likelihood estimate.
///
/// The outcome is separated when a direction b of the coefficients exists along which no paper's
/// fitted probability of its own outcome falls and some paper's rises: s·x'b ≥ 0 for all papers
/// (s = 1 for yes, −1 for no), with one greater. The likelihood then has no maximum. It is
/// *complete* when the directions leave no paper on a boundary, *quasi-complete* otherwise.
///
/// The direction is found by Konis's linear program, maximise Σ s·x'b with s·x'b ≥ 0 and |b| ≤ 1
/// (Konis 2007, DPhil thesis, University of Oxford, section 4.3), repeated on the papers that stay
/// on the boundary. A coefficient is finite exactly if those papers alone determine it (Geyer 2009,
/// Electronic Journal of Statistics 3:259). Covariate patterns with both outcomes can never be
/// separated; when they already determine all coefficients no program is solved.
/// Cost: O(patterns × columns) a pivot, about twice as many pivots as columns; where something is
/// separated, a program a column more.
public struct Separation: Sendable, Equatable {
  /// A coefficient without a finite estimate.
  public struct Term: Sendable, Equatable {
    /// The position among the fitted columns.
    public let column: Int
    /// Where the estimate runs: `.plus`, `.minus`, or `nil` when the papers leave it open.
    public let sign: FloatingPointSign?
  }

  /// The coefficients without a finite estimate.
  public let terms: [Term]
  /// Whether the separation is complete.
  public let isComplete: Bool
  /// The coefficients whose columns separate the outcome: each by itself with an intercept, else those
  /// without any of which nothing is separated, else ``terms``.
  ///
  /// Where one column separates the outcome completely, the estimates of all others are infinite or
  /// open as well, but they are not the reason.
  public let causes: [Term]

  init(terms: [Term], isComplete: Bool, causes: [Term]? = nil) {
    self.terms = terms
    self.isComplete = isComplete
    self.causes = causes ?? terms
  }

  /// Looks for separation; `nil` when all estimates are finite.
  static func find(in likelihood: BinomialLikelihood) -> Separation? {
    let width = likelihood.count
    var fixedSpan = RowSpan(width: width)
    var pureRows: [Int] = []
    for row in 0..<likelihood.x.rows where likelihood.trials[row] > 0 {
      let yes = likelihood.successes[row]
      if yes > 0 && yes < likelihood.trials[row] {
        fixedSpan.insert(likelihood.x.row(row))
        if fixedSpan.rank == width { return nil }
      } else {
        pureRows.append(row)
      }
    }
    guard fixedSpan.rank < width, !pureRows.isEmpty else { return nil }
    var pure: [Double] = []
    pure.reserveCapacity(pureRows.count * width)
    for row in pureRows {
      let sign = likelihood.successes[row] > 0 ? 1.0 : -1
      for column in 0..<width { pure.append(sign * likelihood.x[row, column]) }
    }

    var directions: [[Double]] = []
    var remaining = SeparationProgram.Rows(width: width, elements: pure)
    while !remaining.isEmpty {
      let projected = remaining.removing(fixedSpan)
      let direction = SeparationProgram(projected).solution
      let products = projected.indices.map { projected.product($0, direction) }
      let separated = products.indices.filter { products[$0] > SeparationProgram.tolerance }
      let isFeasible = products.allSatisfy { $0 > -SeparationProgram.tolerance }
      guard isFeasible, !separated.isEmpty else { break }
      directions.append(direction)
      remaining = remaining.removing(separated)
    }
    guard !directions.isEmpty else { return nil }

    var finiteSpan = fixedSpan
    for row in remaining.indices where finiteSpan.rank < width {
      finiteSpan.insert(Array(remaining.row(row)))
    }
    var terms: [Term] = []
    for column in 0..<width {
      let unit = likelihood.contrast(of: column)
      let size = unit.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let rest = finiteSpan.remainder(of: unit).reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard rest > 1e-7 * size else { continue }
      let pulls = directions.lazy.map { zip($0, unit).reduce(0) { $0 + $1.0 * $1.1 } }
      let pull = pulls.first { abs($0) > 1e-7 * size }
      terms.append(Term(column: column, sign: pull.map { $0 < 0 ? .minus : .plus }))
    }
    return Separation(
      terms: terms, isComplete: remaining.isEmpty && fixedSpan.rank == 0,
      causes: causes(of: terms, in: likelihood))
  }

  /// Looks for the columns that separate by themselves, or without which nothing is separated.
  private static func causes(of terms: [Term], in likelihood: BinomialLikelihood) -> [Term]? {
    let width = likelihood.count
    let columns = terms.map(\.column).filter { $0 > 0 }
    guard columns.count > 1, likelihood.basis == nil else {
      let others = terms.filter { $0.column > 0 }
      return others.isEmpty ? nil : others
    }
    func isSeparated(by columns: [Int]) -> Bool {
      let part = BinomialLikelihood(
        columns: likelihood.x.selecting(rows: Array(0..<likelihood.x.rows), columns: columns),
        successes: likelihood.successes, trials: likelihood.trials, offset: likelihood.offset,
        isPenalized: false)
      return find(in: part) != nil
    }
    func named(_ columns: [Int]) -> [Term] { terms.filter { columns.contains($0.column) } }
    let alone = columns.filter { isSeparated(by: [0, $0]) }
    if !alone.isEmpty { return named(alone) }
    let needed = columns.filter { column in
      !isSeparated(by: (0..<width).filter { $0 != column })
    }
    return named(needed.isEmpty ? columns : needed)
  }
}

extension LogisticFit {
  /// Whether maximum likelihood has no finite estimate of a coefficient.
  func isSeparated(_ coefficient: Int) -> Bool {
    separation?.terms.contains { $0.column == coefficient } ?? false
  }
}

/// The span of some rows, as an orthonormal basis.
struct RowSpan: Sendable {
  /// The directions, one after the other.
  private var basis: [Double] = []
  private let width: Int

  /// The dimension.
  var rank: Int { basis.count / max(width, 1) }

  init(width: Int) { self.width = width }

  /// Adds a row to the span.
  mutating func insert(_ row: [Double]) {
    let rest = remainder(of: row)
    let length = Self.length(rest)
    if length > 1e-9 * Self.length(row) { basis += rest.map { $0 / length } }
  }

  /// What is left of a row without its projection on the span.
  func remainder(of row: [Double]) -> [Double] {
    precondition(row.count == width)
    var rest = row
    unsafe rest.withUnsafeMutableBufferPointer { rest in
      unsafe basis.withUnsafeBufferPointer { basis in
        for _ in 0..<2 {
          for first in stride(from: 0, to: basis.count, by: width) {
            var product = 0.0
            for index in 0..<width { unsafe product += rest[index] * basis[first + index] }
            for index in 0..<width { unsafe rest[index] -= product * basis[first + index] }
          }
        }
      }
    }
    return rest
  }

  private static func length(_ row: [Double]) -> Double {
    var squares = 0.0
    for value in row { squares += value * value }
    return squares.squareRoot()
  }
}
