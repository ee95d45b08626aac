import CKernels
import RealModule
import Testing

@testable import SurveyStats

/// Limits of all coefficients found together against those searched for one by one.
@Suite struct ProfilePointsTests {
  @Test(
    arguments: ["score", "year + score", "year:center + type + score", "type * flag"], [60, 400])
  func `limits and ratios are those of the search`(formula: String, papers: Int) throws {
    let source = LogisticLanesTests.source(papers: papers, seed: 3)
    let design = try DesignMatrix(ModelFormula(formula), from: source)
    var random = RandomStream(seed: 9)
    let offset = (0..<papers).map { _ in random.normal() / 3 }
    let outcomes = LogisticLanesTests.outcomes(source, papers: papers, seed: 3)
    let fits = try LogisticRegression().fits(design, outcomes: outcomes, offset: offset)
    var count = 0
    for case .success(let fit) in fits {
      let points = ProfilePoints(fit, distance: 1.7)
      for index in fit.coefficients.indices {
        let (found, expected) = (points.limits(index), fit.profileLimits(index, distance: 1.7))
        let error = fit.standardErrors[index]
        for (one, other) in [(found.low, expected.low), (found.high, expected.high)] {
          guard let one = one.value, let other = other.value else {
            #expect(one == other)
            continue
          }
          #expect(abs(one - other) < 1e-8 * error)
        }
        let ratio = try #require(fit.likelihoodRatio(index))
        #expect(abs(try #require(points.likelihoodRatio(index)) - ratio) < 1e-8 * max(1, ratio))
        count += 1
      }
    }
    #expect(count > 10)
  }

  /// The likelihood with its derivatives, term by term.
  static func look(
    _ x: DenseMatrix, successes: [Double], trials: [Double], offset: [Double],
    beta: ArraySlice<Double>
  ) -> (value: Double, score: [Double], information: [Double]) {
    let beta = Array(beta)
    var (value, score) = (0.0, [Double](repeating: 0, count: x.columns))
    var information = [Double](repeating: 0, count: x.columns * x.columns)
    for row in 0..<x.rows {
      var eta = offset[row]
      for column in 0..<x.columns { eta += x[row, column] * beta[column] }
      let p = 1 / (1 + Double.exp(-eta))
      value += successes[row] * Double.log(p) + (trials[row] - successes[row]) * Double.log(1 - p)
      for column in 0..<x.columns {
        score[column] += (successes[row] - trials[row] * p) * x[row, column]
        for other in 0..<x.columns {
          information[column * x.columns + other] +=
            trials[row] * p * (1 - p) * x[row, column] * x[row, other]
        }
      }
    }
    return (value, score, information)
  }

  @Test(
    arguments: KernelPath.available,
    [
      (1, 1, 1), (7, 2, 3), (8, 3, 1), (9, 5, 4), (127, 4, 2), (128, 6, 9), (129, 9, 5),
      (300, 13, 7),
    ])
  func `every path gives the likelihood of the definition`(
    path: KernelPath, shape: (rows: Int, columns: Int, points: Int)
  ) {
    let (rows, columns, points) = shape
    var random = RandomStream(seed: 12, stream: UInt64(rows))
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in random.normal() } }
    let x = DenseMatrix(rows: rows, columns: columns, elements: numbers(rows * columns))
    let trials = (0..<rows).map { _ in Double(random.index(below: 5)) }
    let successes = trials.map { Double(random.index(below: Int($0) + 1)) }
    let (offset, betas) = (numbers(rows), numbers(points * columns))
    for information in [false, true] {
      var values = [Double](repeating: 9, count: points)
      var scores = [Double](repeating: 9, count: points * columns)
      var matrices = [Double](repeating: 9, count: points * columns * columns)
      withUnsafeTemporaryAllocation(
        byteCount: 8 * ck_logistic_points_work(columns, points), alignment: 64
      ) { work in
        ck_logistic_points(
          path.rawValue, x.elements, rows, columns, successes, trials, offset, betas, points,
          information ? 1 : 0, &values, &scores, &matrices,
          work.bindMemory(to: Double.self).baseAddress)
      }
      for point in 0..<points {
        let expected = Self.look(
          x, successes: successes, trials: trials, offset: offset,
          beta: betas[point * columns..<(point + 1) * columns])
        #expect(abs(values[point] - expected.value) < 1e-11 * max(1, abs(expected.value)))
        for (index, score) in expected.score.enumerated() {
          #expect(abs(scores[point * columns + index] - score) < 1e-10)
        }
        for (index, element) in expected.information.enumerated() {
          let found = matrices[point * columns * columns + index]
          #expect(information ? abs(found - element) < 1e-10 * max(1, abs(element)) : found == 9)
        }
      }
    }
  }
}
