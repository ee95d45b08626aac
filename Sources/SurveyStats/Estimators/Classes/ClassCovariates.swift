import RealModule

/// How latent classes go with variables of papers, allowing for papers being put in wrong classes.
///
/// The third of three steps. Papers are put in the class to which they most probably belong, w; the probabilities of that
/// given the true class, `P(w | x) = Σᵢ P(x | i) 1(wᵢ = w) / Σᵢ P(x | i)`, are known from the fit; the multinomial logistic
/// model of the true class maximises `Σ log Σ_x P(x | z) P(w | x)`. Without it, effects would be drawn to zero. The first
/// class is the reference. Standard errors are those of the sandwich of this likelihood, with normal limits; they take the
/// classification as known.
///
/// Collinear columns, and fewer papers than ten a coefficient, have no estimate, with the reason.
///
/// References: Vermunt (2010), *Political Analysis* 18:450; Bolck, Croon & Hagenaars (2004), *Political Analysis* 12:3.
public struct ClassCovariates: Sendable {
  /// One coefficient.
  public struct Row: Sendable {
    /// The class, from 0 on.
    public let index: Int
    /// The term.
    public let term: String
    /// The logarithm of the odds ratio against the first class.
    public let estimate: Estimate
    /// The p-value of no effect.
    public let pValue: Double?
  }

  /// The coefficients, class after class.
  public let rows: [Row]
  /// The papers.
  public let paperCount: Int

  /// Why there is no model.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// There is one class.
    case oneClass
    /// Too few papers.
    case tooFewPapers(Int, coefficients: Int)
    /// No maximum was found.
    case notFound

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .oneClass: "a single class goes with nothing; take two or more by `classes:`"
      case .tooFewPapers(let papers, let count):
        "\(papers) papers are too few for \(count) coefficients; name fewer variables or classes"
      case .notFound:
        "no fit was found: columns of the formula depend on each other, or separate the classes"
      }
    }
  }

  /// Fits the model.
  public init(
    _ fit: LatentClassFit, _ design: DesignMatrix, level: Double = 0.95
  ) throws(Failure) {
    let count = fit.classCount
    guard count > 1 else { throw .oneClass }
    var errors = DenseMatrix(rows: count, columns: count)
    for (paper, own) in fit.memberships.enumerated() {
      guard let own, let modal = fit.modalClass(paper) else { continue }
      for index in 0..<count { errors[index, modal] += own[index] }
    }
    for index in 0..<count {
      let whole = max(1e-12, (0..<count).reduce(0) { $0 + errors[index, $1] })
      for other in 0..<count { errors[index, other] /= whole }
    }
    let rows = design.papers.indices.filter { fit.memberships[design.papers[$0]] != nil }
    let width = design.columnCount
    let size = width * (count - 1)
    guard rows.count >= 10 * size else { throw .tooFewPapers(rows.count, coefficients: size) }
    // Standardised columns, so that the search is alike in all directions.
    var centers = [Double](repeating: 0, count: width)
    var scales = [Double](repeating: 1, count: width)
    for column in 1..<max(1, width) {
      let values = rows.map { design.values[$0, column] }
      centers[column] = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - centers[column]) * ($1 - centers[column]) }
      scales[column] = (squares / Double(values.count)).squareRoot()
      guard scales[column] > 1e-12 else { throw .notFound }
    }
    let x = rows.map { row in
      (0..<width).map { $0 == 0 ? 1 : (design.values[row, $0] - centers[$0]) / scales[$0] }
    }
    let modal = rows.map { fit.modalClass(design.papers[$0]) ?? 0 }
    /// The log-likelihood of a paper and its score.
    func paper(_ index: Int, _ beta: [Double]) -> (value: Double, score: [Double]) {
      var logits = [Double](repeating: 0, count: count)
      for k in 1..<count {
        for column in 0..<width { logits[k] += beta[(k - 1) * width + column] * x[index][column] }
      }
      let most = logits.max() ?? 0
      let powers = logits.map { Double.exp($0 - most) }
      let total = powers.reduce(0, +)
      let prior = powers.map { $0 / total }
      let joint = (0..<count).map { prior[$0] * errors[$0, modal[index]] }
      let likelihood = max(1e-300, joint.reduce(0, +))
      var score = [Double](repeating: 0, count: size)
      for k in 1..<count {
        let gap = joint[k] / likelihood - prior[k]
        for column in 0..<width { score[(k - 1) * width + column] = gap * x[index][column] }
      }
      return (Double.log(likelihood), score)
    }
    func evaluation(_ beta: [Double]) -> Evaluation {
      var result = Evaluation(value: 0, gradient: [Double](repeating: 0, count: size))
      for index in rows.indices {
        let own = paper(index, beta)
        result.value -= own.value / Double(rows.count)
        for place in 0..<size { result.gradient[place] -= own.score[place] / Double(rows.count) }
      }
      return result
    }
    let found = BoundedMinimizer(
      lower: [Double](repeating: -15, count: size), upper: [Double](repeating: 15, count: size),
      gradientTolerance: 1e-9
    ).minimum(from: [Double](repeating: 0, count: size), of: evaluation)
    guard found.gradientNorm < 1e-6, found.point.allSatisfy({ abs($0) < 14 }) else {
      throw .notFound
    }
    var hessian = DenseMatrix(rows: size, columns: size)
    let step = 1e-5
    for place in 0..<size {
      var (up, down) = (found.point, found.point)
      up[place] += step
      down[place] -= step
      let (high, low) = (evaluation(up).gradient, evaluation(down).gradient)
      for other in 0..<size {
        let second = (high[other] - low[other]) / (2 * step) * Double(rows.count)
        hessian[place, other] += second / 2
        hessian[other, place] += second / 2
      }
    }
    guard let inverse = try? hessian.positiveDefiniteInverse() else { throw .notFound }
    var meat = DenseMatrix(rows: size, columns: size)
    for index in rows.indices {
      let score = paper(index, found.point).score
      for i in 0..<size { for j in 0..<size { meat[i, j] += score[i] * score[j] } }
    }
    let sandwich = inverse.multiplied(by: meat).multiplied(by: inverse)
    let z = Normal().upperQuantile((1 - level) / 2)
    paperCount = rows.count
    self.rows = (1..<count).flatMap { k in
      (0..<width).map { column -> Row in
        // Back to the columns as they are.
        var direction = [Double](repeating: 0, count: size)
        if column == 0 {
          direction[(k - 1) * width] = 1
          for other in 1..<max(1, width) {
            direction[(k - 1) * width + other] = -centers[other] / scales[other]
          }
        } else {
          direction[(k - 1) * width + column] = 1 / scales[column]
        }
        let value = zip(direction, found.point).reduce(0) { $0 + $1.0 * $1.1 }
        let variance = zip(direction, sandwich.multiplied(by: direction)).reduce(0) {
          $0 + $1.0 * $1.1
        }
        let error = max(0, variance).squareRoot()
        return Row(
          index: k, term: design.columnNames[column],
          estimate: Estimate(
            value, standardError: error, lower: value - z * error, upper: value + z * error,
            level: level, count: rows.count),
          pValue: error > 0 ? min(1, 2 * Normal().survival(abs(value / error))) : nil)
      }
    }
  }
}

extension Table {
  /// Classes and variables: `class`, `reference`, `term`, `n`, `estimate` (log odds ratio) with error and limits,
  /// `odds_ratio` with limits, `p_value`, `p_adjusted` (of slopes), `note`.
  public init(classCovariates model: ClassCovariates, level: Double, adjustment: PValueAdjustment) {
    let rows = model.rows
    let first = rows.first?.term
    let adjusted = adjustment(rows.map { $0.term == first ? nil : $0.pValue })
    func odds(_ value: (Estimate) -> Double?) -> Column.Values {
      .real(
        rows.map { $0.term == first ? nil : value($0.estimate).map { Double.exp($0) } }
          .map { $0?.isFinite == true ? $0 : nil })
    }
    self.init(
      name: "class_covariates",
      caption:
        "How classes go with variables, against the first class, allowing for wrong assignments.",
      columns: [
        Column("class", .integer(rows.map { $0.index + 1 })),
        Column("reference", .text(rows.map { _ in "1" }), isDetail: true),
        Column("term", .text(rows.map(\.term))),
        Column("n", .integer(rows.map(\.estimate.count))),
      ] + Column.columns(of: rows.map(\.estimate)) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("odds_ratio", odds(\.value)),
        Column("odds_low", odds(\.lower), style: .lowerLimit(of: "odds_ratio")),
        Column("odds_high", odds(\.upper), style: .upperLimit(of: "odds_ratio")),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjusted), style: .pValue),
        Column.notes(rows.map(\.estimate.notes)),
      ])
  }
}
