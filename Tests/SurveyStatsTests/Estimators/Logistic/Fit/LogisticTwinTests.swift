import CKernels
import RealModule
import Testing

@testable import SurveyStats

/// The loop of the logistic fit as a textbook has it, beside the one that is used.
///
/// Iteratively reweighted least squares: z = Xβ + (y − π)/π(1 − π), β ← (X'WX)⁻¹ X'Wz with
/// W = diag π(1 − π) (McCullagh & Nelder 1989, section 4.4.2; GLM.jl `_fit!`). Firth's penalty adds
/// h(½ − π) to y − π, h being the leverages (Heinze & Schemper 2002, equation 2).
@Suite struct LogisticTwinTests {
  struct Twin {
    var coefficients: [Double]
    var covariance: DenseMatrix
    var logLikelihood: Double
  }

  /// Solves A x = b by elimination with pivots.
  static func solution(_ matrix: DenseMatrix, _ right: [Double]) -> [Double] {
    let n = right.count
    var a = (0..<n).map { i in (0..<n).map { matrix[i, $0] } + [right[i]] }
    for column in 0..<n {
      let pivot =
        (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
      a.swapAt(column, pivot)
      for row in (0..<n) where row != column {
        let factor = a[row][column] / a[column][column]
        for k in column...n { a[row][k] -= factor * a[column][k] }
      }
    }
    return (0..<n).map { a[$0][n] / a[$0][$0] }
  }

  static func inverse(_ matrix: DenseMatrix) -> DenseMatrix {
    let n = matrix.rows
    var result = DenseMatrix(rows: n, columns: n)
    for column in 0..<n {
      let unit = (0..<n).map { $0 == column ? 1.0 : 0 }
      for (row, value) in solution(matrix, unit).enumerated() { result[row, column] = value }
    }
    return result
  }

  static func twin(_ x: DenseMatrix, _ y: [Bool], isPenalized: Bool = false) -> Twin {
    let (n, k) = (x.rows, x.columns)
    var beta = [Double](repeating: 0, count: k)
    var information = DenseMatrix(rows: k, columns: k)
    for _ in 0..<200 {
      let eta = (0..<n).map { i in (0..<k).reduce(0) { $0 + x[i, $1] * beta[$1] } }
      let pi = eta.map { 1 / (1 + Double.exp(-$0)) }
      information = DenseMatrix(rows: k, columns: k)
      for i in 0..<n {
        for a in 0..<k {
          for b in 0..<k { information[a, b] += pi[i] * (1 - pi[i]) * x[i, a] * x[i, b] }
        }
      }
      var residual = (0..<n).map { (y[$0] ? 1 : 0) - pi[$0] }
      if isPenalized {
        let covariance = inverse(information)
        for i in 0..<n {
          var leverage = 0.0
          for a in 0..<k { for b in 0..<k { leverage += x[i, a] * covariance[a, b] * x[i, b] } }
          residual[i] += pi[i] * (1 - pi[i]) * leverage * (0.5 - pi[i])
        }
      }
      let score = (0..<k).map { a in (0..<n).reduce(0) { $0 + x[$1, a] * residual[$1] } }
      let step = solution(information, score)
      for a in 0..<k { beta[a] += step[a] }
      if step.allSatisfy({ abs($0) < 1e-13 }) { break }
    }
    let logLikelihood = (0..<n).reduce(0.0) { sum, i in
      let eta = (0..<k).reduce(0) { $0 + x[i, $1] * beta[$1] }
      return sum - Double.log(onePlus: Double.exp(y[i] ? -eta : eta))
    }
    return Twin(
      coefficients: beta, covariance: inverse(information), logLikelihood: logLikelihood)
  }

  let birthwt = RegressionGolden.data("logistic", "birthwt")

  @Test(arguments: [false, true]) func `the fit is that of the textbook`(isPenalized: Bool) throws {
    let design = try DesignMatrix(ModelFormula("age + lwt + smoke"), from: birthwt)
    let fit = try LogisticRegression(estimation: isPenalized ? .firth : .maximumLikelihood).fit(
      design, outcome: birthwt.outcome("low"))
    let outcome = birthwt.outcome("low")
    let twin = Self.twin(
      design.values, design.papers.map { outcome.values[$0] == true }, isPenalized: isPenalized)
    for index in twin.coefficients.indices {
      #expect(abs(fit.coefficients[index] - twin.coefficients[index]) < 1e-9)
      #expect(abs(fit.covariance[index, index] / twin.covariance[index, index] - 1) < 1e-7)
    }
    #expect(abs(fit.logLikelihood - twin.logLikelihood) < 1e-10)
  }

  @Test(arguments: [false, true])
  func `fits of many outcomes together are those of the textbook`(isPenalized: Bool) throws {
    let source = LogisticLanesTests.source(papers: 120, seed: 4)
    let design = try DesignMatrix(ModelFormula("year:center + type"), from: source)
    let outcomes = LogisticLanesTests.outcomes(source, papers: 120, seed: 4)
    let fits = try LogisticRegression(estimation: isPenalized ? .firth : .maximumLikelihood).fits(
      design, outcomes: outcomes)
    var compared = 0
    for (outcome, fit) in zip(outcomes, fits) {
      guard let fit = try? fit.get(), fit.separation == nil, fit.dropped.isEmpty else { continue }
      let rows = design.papers.indices.filter { outcome.values[design.papers[$0]] != nil }
      let x = design.values.selecting(rows: rows, columns: Array(0..<design.values.columns))
      let twin = Self.twin(
        x, rows.map { outcome.values[design.papers[$0]] == true }, isPenalized: isPenalized)
      for index in twin.coefficients.indices {
        let scale = max(1, abs(twin.coefficients[index]))
        #expect(abs(fit.coefficients[index] - twin.coefficients[index]) < 1e-8 * scale)
        #expect(abs(fit.covariance[index, index] / twin.covariance[index, index] - 1) < 1e-6)
      }
      #expect(abs(fit.logLikelihood - twin.logLikelihood) < 1e-8)
      compared += 1
    }
    #expect(compared >= 8)
  }

  /// What `ck_check_logistic_lanes` says of one outcome: whether each column keeps a hundredth of its
  /// variance beside those after it, the smallest cell, and the columns in whose ones all answer alike.
  private static func check(
    _ x: [[Double]], isBinary: [Bool], successes: [Double], trials: [Double]
  ) -> (isRegular: Bool, smallest: Double, noYes: UInt64, noNo: UInt64) {
    let last = isBinary.count - 1
    func product(_ a: Int, _ b: Int) -> Double {
      x.indices.reduce(0) { $0 + trials[$1] * x[$1][a] * x[$1][b] }
    }
    var result = (
      isRegular: trials.contains { $0 > 0 }, smallest: Double.infinity, noYes: UInt64(0),
      noNo: UInt64(0)
    )
    for column in 0..<last {
      let after = Array(column + 1...last)
      var information = DenseMatrix(rows: after.count, columns: after.count)
      for (i, a) in after.enumerated() {
        for (j, b) in after.enumerated() { information[i, j] = product(a, b) }
      }
      let own = after.map { product(column, $0) }
      let square = product(column, column)
      let variance = square - own[own.count - 1] * own[own.count - 1] / product(last, last)
      let slopes = LogisticTwinTests.solution(information, own)
      let left = square - zip(slopes, own).reduce(0) { $0 + $1.0 * $1.1 }
      if !(variance > 1e-9 * square && left > 0.0101 * variance) { result.isRegular = false }
      guard isBinary[column] else { continue }
      func cell(_ value: Double, _ counts: [Double]) -> Double {
        x.indices.filter { x[$0][column] == value }.reduce(0) { $0 + counts[$1] }
      }
      let failures = zip(trials, successes).map { $0 - $1 }
      let (yes, no) = (cell(1, successes), cell(1, failures))
      result.smallest = min(
        result.smallest, yes, no, cell(0, successes), cell(0, failures))
      if yes == 0 { result.noYes |= 1 << UInt64(column) }
      if no == 0 { result.noNo |= 1 << UInt64(column) }
    }
    return result
  }

  @Test(arguments: KernelPath.available)
  func `the tables of eight outcomes are those of each`(path: KernelPath) throws {
    let source = LogisticLanesTests.source(papers: 60, seed: 6)
    let design = try DesignMatrix(ModelFormula("year:center + type + flag"), from: source)
    let prepared = try PreparedDesign(design, weights: nil, offset: nil)
    let rows = try #require(prepared.sparseRows)
    let columns = rows.columnCount
    // The kernel numbers columns from the last to the first.
    let x = rows.patterns.map { pattern in
      (0..<columns).map { position -> Double in
        let column = columns - 1 - position
        let value = prepared.patterns.values[pattern, column]
        return (value - rows.centers[column]) / rows.scales[column]
      }
    }
    let isBinary = rows.isBinary.map { $0 != 0 }
    let flags = try #require((0..<columns).first { isBinary[$0] })
    var random = RandomStream(seed: 7)
    var (successes, trials) = ([[Double]](), [[Double]]())
    for lane in 0..<8 {
      let own = x.map { row -> Double in
        // A lane without papers that have the flag, one without papers, others with gaps.
        if lane == 5 && row[flags] == 1 || lane == 6 { return 0 }
        return Double(random.index(below: 4))
      }
      trials.append(own)
      successes.append(
        zip(x, own).map { row, trials in
          // Of two lanes nobody with the flag says yes, or no.
          if lane == 2, row[flags] == 1 { return 0 }
          return lane == 3 && row[flags] == 1
            ? trials : Double(random.index(below: Int(trials) + 1))
        })
    }
    var (noYes, noNo) = ([UInt64](repeating: 9, count: 8), [UInt64](repeating: 9, count: 8))
    var smallest = [Double](repeating: 9, count: 8)
    var regular: UInt32 = 0
    LogisticLanes(rows).withMemory { memory in
      for (row, lane) in x.indices.flatMap({ row in (0..<8).map { (row, $0) } }) {
        memory.successes[8 * row + lane] = successes[lane][row]
        memory.trials[8 * row + lane] = trials[lane][row]
      }
      regular = rows.withKernelRows { kernelRows in
        ck_check_logistic_lanes(
          path.rawValue, kernelRows, rows.isBinary, memory.successes, memory.trials,
          memory.criteria, &noYes, &noNo, memory.work)
      }
      for lane in 0..<8 { smallest[lane] = memory.criteria[lane] }
    }
    for lane in 0..<8 {
      let expected = Self.check(
        x, isBinary: isBinary, successes: successes[lane], trials: trials[lane])
      #expect((regular >> UInt32(lane) & 1 == 1) == expected.isRegular, "lane \(lane)")
      #expect(smallest[lane] == expected.smallest, "lane \(lane)")
      #expect(noYes[lane] == expected.noYes && noNo[lane] == expected.noNo, "lane \(lane)")
    }
    #expect(regular & 0b0110_0000 == 0 && regular & 1 == 1 && noYes[2] != 0 && noNo[3] != 0)
  }

  @Test func `a fitted model says the same by the common names`() throws {
    let design = try DesignMatrix(ModelFormula("age + smoke"), from: birthwt)
    let fit = try LogisticRegression(estimation: .maximumLikelihood).fit(
      design, outcome: birthwt.outcome("low"))
    let statistics = LogisticFitStatistics(fit)
    #expect(fit.akaikeCriterion == statistics.aic)
    #expect(fit.schwarzCriterion == statistics.bic)
    #expect(fit.estimates().map(\.standardError) == fit.standardErrors.map { $0 })
    let tidy = Table(tidy: fit)
    #expect(tidy.columns.map(\.name).prefix(3) == ["term", "estimate", "std_error"])
    #expect(tidy.rowCount == 3)
    #expect(Table(glance: fit).rowCount == 1)
    for column in tidy.columns + Table(glance: fit).columns {
      #expect(Glossary.all.contains { $0.name == column.name }, "\(column.name)")
    }
  }
}
