import RealModule

/// Which few items predict the score on all of them.
///
/// Items are taken one after another, each time the one that lowers the residual sum of squares of the linear
/// regression of the whole score most. An item's column is the answer less the rate of the item, and zero where
/// the item does not apply, so that it says nothing there. What it explains in the papers on which items were
/// chosen flatters; so all is repeated with every tenth of the papers left out in turn (papers in an order drawn
/// from the seed), choice of items included, and the papers left out are predicted:
///
/// * `R²_cv = 1 − Σ (y − ŷ)² / Σ (y − ȳ)²`, ŷ and ȳ from the papers that were not left out; it is below zero where the
///   mean would predict better. Its error is the linearised one of a ratio of sums, times √(1 + 10 · 1/9): papers share
///   the choices by which they are predicted, so that errors are not independent (Nadeau and Bengio's correction);
/// * the mean absolute error in points of the score;
/// * in how many of the ten repetitions the item is among as many first items.
///
/// Fewer than 30 papers with a score have no short form. Cost: O(n p²) for n papers of p items.
///
/// References: Stone (1974), *JRSS B* 36:111; Nadeau & Bengio (2003), *Machine Learning* 52:239; Beale, Kendall & Mann (1967), *Biometrika* 54:357.
public struct ShortForm: Analysis {
  /// The most items.
  public var size: Int
  /// The confidence level.
  public var level: Double

  /// One row a number of items.
  public typealias Result = [ShortFormStep]

  /// Why there is no short form.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// Too few papers have a score.
    case tooFewPapers(Int)
    /// All scores are equal.
    case constantScore

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .tooFewPapers(let count):
        "a short form needs 30 papers with a score, and there \(count == 1 ? "is" : "are") \(count)"
      case .constantScore: "all papers have the same score; there is nothing to predict"
      }
    }
  }

  /// Asks for a short form of at most so many items.
  public init(size: Int = 20, level: Double = 0.95) {
    self.size = size
    self.level = level
  }

  /// Features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  private static let foldCount = 10

  /// Works everything out; nothing is drawn, but the folds are those of the seed.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let scores = PaperScores(matrix).overall.values
    let papers = matrix.papers.indices.filter { scores[$0] != nil }
    guard papers.count >= 30 else { throw Failure.tooFewPapers(papers.count) }
    let y = papers.map { scores[$0] ?? 0 }
    guard y.contains(where: { $0 != y[0] }) else { throw Failure.constantScore }
    let items = matrix.items.indices.filter { item in
      let (yes, applies) = (matrix.yes.count(column: item), matrix.applies.count(column: item))
      return yes > 0 && yes < applies
    }
    // Columns: the items, ones, the score.
    var x = DenseMatrix(rows: papers.count, columns: items.count + 2)
    for (column, item) in items.enumerated() {
      let rate =
        Double(matrix.yes.count(column: item)) / Double(matrix.applies.count(column: item))
      for (row, paper) in papers.enumerated() where matrix.applies[paper, item] {
        x[row, column] = (matrix.yes[paper, item] ? 1 : 0) - rate
      }
    }
    for row in papers.indices {
      x[row, items.count] = 1
      x[row, items.count + 1] = y[row]
    }
    let steps = min(size, items.count)
    let whole = x.multiplied(by: x, transposingSelf: true)
    let path = Forward(whole, itemCount: items.count, steps: steps)
    var order = Array(papers.indices)
    var stream = RandomStream(seed: run.seed)
    stream.shuffle(&order)
    var errors = [[Double]](repeating: [Double](repeating: 0, count: papers.count), count: steps)
    var plain = [Double](repeating: 0, count: papers.count)
    var chosen = [[Set<Int>]](repeating: [], count: steps)
    for fold in 0..<Self.foldCount {
      let out = order.indices.filter { $0 % Self.foldCount == fold }.map { order[$0] }
      let part = x.selecting(rows: out, columns: Array(0..<x.columns))
      var gram = part.multiplied(by: part, transposingSelf: true)
      for index in gram.elements.indices {
        gram.elements[index] = whole.elements[index] - gram.elements[index]
      }
      let found = Forward(gram, itemCount: items.count, steps: steps)
      let count = gram[items.count, items.count]
      let mean = gram[items.count, items.count + 1] / count
      for row in out {
        plain[row] = y[row] - mean
        for step in found.models.indices {
          let model = found.models[step]
          var prediction = model.intercept
          for (place, column) in found.order.prefix(step + 1).enumerated() {
            prediction += model.slopes[place] * x[row, column]
          }
          errors[step][row] = y[row] - prediction
        }
      }
      for step in found.models.indices { chosen[step].append(Set(found.order.prefix(step + 1))) }
    }
    let rows = path.models.indices.map { step -> ShortFormStep in
      ShortFormStep(
        item: matrix.items[items[path.order[step]]].id, size: step + 1,
        rSquared: 1 - path.models[step].residual / path.total,
        errors: errors[step], plain: plain,
        foldCount: chosen[step].count { $0.contains(path.order[step]) }, level: level,
        notes: sample.notes)
    }
    return Prepared(draws: []) { [rows] _ in rows }
  }

  /// Regressions on more and more columns, by sweeps of the matrix of products.
  private struct Forward {
    struct Model {
      let slopes: [Double]
      let intercept: Double
      let residual: Double
    }

    private(set) var order: [Int] = []
    private(set) var models: [Model] = []
    let total: Double

    init(_ products: DenseMatrix, itemCount: Int, steps: Int) {
      var swept = products
      let (ones, outcome) = (itemCount, itemCount + 1)
      let scales = (0..<itemCount).map { products[$0, $0] }
      Self.sweep(&swept, ones)
      total = swept[outcome, outcome]
      guard total > 0 else { return }
      for _ in 0..<steps {
        var best: (column: Int, gain: Double)?
        for column in 0..<itemCount where !order.contains(column) {
          // What others explain wholly has nothing left.
          guard swept[column, column] > 1e-9 * scales[column] else { continue }
          let gain = swept[column, outcome] * swept[column, outcome] / swept[column, column]
          if gain > (best?.gain ?? -1) { best = (column, gain) }
        }
        guard let best else { return }
        order.append(best.column)
        Self.sweep(&swept, best.column)
        models.append(
          Model(
            slopes: order.map { swept[$0, outcome] }, intercept: swept[ones, outcome],
            residual: max(0, swept[outcome, outcome])))
      }
    }

    /// Beaton's sweep on a diagonal element; the signs are those that leave coefficients positive.
    private static func sweep(_ matrix: inout DenseMatrix, _ k: Int) {
      let pivot = matrix[k, k]
      let row = (0..<matrix.columns).map { matrix[k, $0] }
      let column = (0..<matrix.rows).map { matrix[$0, k] }
      for j in 0..<matrix.columns where j != k {
        let factor = row[j] / pivot
        for i in 0..<matrix.rows where i != k { matrix[i, j] -= column[i] * factor }
      }
      for j in 0..<matrix.columns where j != k { matrix[k, j] = row[j] / pivot }
      for i in 0..<matrix.rows where i != k { matrix[i, k] = -column[i] / pivot }
      matrix[k, k] = 1 / pivot
    }
  }
}

/// A short form of so many items.
public struct ShortFormStep: Sendable, Equatable {
  /// The item that is added last.
  public let item: ItemID
  /// The number of items.
  public let size: Int
  /// The share of the score's variance that the items explain in the papers by which they were chosen.
  public let rSquared: Double
  /// The same for papers that played no part in it.
  public let crossValidated: Estimate
  /// The mean absolute error of the prediction of such papers, in points.
  let meanError: Double
  /// In how many of ten repetitions the item was among as many first ones.
  public let foldCount: Int

  init(
    item: ItemID, size: Int, rSquared: Double, errors: [Double], plain: [Double], foldCount: Int,
    level: Double, notes: [Note]
  ) {
    self.item = item
    self.size = size
    self.rSquared = rSquared
    self.foldCount = foldCount
    meanError = errors.reduce(0) { $0 + abs($1) } / Double(errors.count)
    let ratio = RatioOfSums(
      numerators: errors.map { $0 * $0 }, denominators: plain.map { $0 * $0 },
      stratumSizes: [errors.count])
    var estimate = Estimate(
      ratio.estimate.map { 1 - $0 }, standardError: ratio.standardError, count: errors.count,
      notes: notes)
    // Errors of one of K folds, K n₂/n₁ = 10/9, share the choice of items.
    estimate.standardError = estimate.standardError.map { $0 * (1 + 10.0 / 9).squareRoot() }
    if let value = estimate.value, let error = estimate.standardError {
      let distance =
        StudentT(degreesOfFreedom: Double(errors.count - 1))
        .upperQuantile((1 - level) / 2) * error
      estimate.lower = value - distance
      estimate.upper = min(1, value + distance)
      estimate.level = level
    }
    crossValidated = estimate
  }
}

extension Table {
  /// Short forms: `n_items`, `item` (the one added), `n`, `r_squared`, `estimate` (cross-validated R²) with its
  /// error and limits, `mean_error`, `n_folds`, `note`.
  public init(shortForm rows: [ShortFormStep], level: Double) {
    let estimates = rows.map(\.crossValidated)
    self.init(
      name: "short_form",
      caption: """
        How well more and more items predict the score on all; estimate is R² for papers that played no \
        part in the choice.
        """,
      columns: [
        Column("n_items", .integer(rows.map(\.size))),
        Column("item", .text(rows.map(\.item.description))),
        Column("n", .integer(estimates.map(\.count))),
        Column("r_squared", .real(rows.map(\.rSquared)), isDetail: true),
      ] + Column.columns(of: estimates) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("mean_error", .real(rows.map(\.meanError))),
        Column("n_folds", .integer(rows.map(\.foldCount))),
        Column.notes(estimates.map(\.notes)),
      ])
  }
}
