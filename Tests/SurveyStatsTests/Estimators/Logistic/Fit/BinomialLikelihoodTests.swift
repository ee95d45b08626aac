import RealModule
import Testing

@testable import SurveyStats

@Suite struct BinomialLikelihoodTests {
  /// A model on random patterns, some of them without trials.
  static func model(patterns: Int, columns: Int, isPenalized: Bool) -> BinomialLikelihood {
    var random = RandomStream(seed: 5, stream: UInt64(patterns), substream: UInt64(columns))
    var x = DenseMatrix(rows: patterns, columns: columns, repeating: 1)
    for column in 1..<max(columns, 1) {
      for row in 0..<patterns {
        x[row, column] =
          column % 2 == 0 ? random.normal() * 3 + 2020 : Double(random.index(below: 2))
      }
    }
    let trials = (0..<patterns).map { $0 % 5 == 4 ? 0 : Double(2 + random.index(below: 40)) }
    let successes = trials.map { $0 > 0 ? Double(1 + random.index(below: Int($0) - 1)) : 0 }
    let offset = (0..<patterns).map { _ in random.normal() / 2 }
    return BinomialLikelihood(
      columns: x, successes: successes, trials: trials, offset: offset, isPenalized: isPenalized)
  }

  @Test(
    arguments: KernelPath.available,
    [(1, 1), (2, 1), (7, 2), (8, 3), (9, 4), (63, 11), (64, 11), (65, 12), (460, 25)])
  func `the optimum has a zero score and the inverse of the information`(
    path: KernelPath, shape: (patterns: Int, columns: Int)
  ) throws {
    for isPenalized in [false, true] {
      let model = Self.model(
        patterns: shape.patterns, columns: shape.columns, isPenalized: isPenalized)
      let optimum = try model.maximized(from: model.start, path: path)
      let probabilities = model.probabilities(optimum.beta)
      let weights = zip(model.trials, probabilities).map { $0 * $1 * (1 - $1) }
      var information = DenseMatrix(rows: model.count, columns: model.count)
      for first in 0..<model.count {
        for second in 0..<model.count {
          for row in 0..<shape.patterns {
            information[first, second] +=
              weights[row] * model.x[row, first] * model.x[row, second]
          }
        }
      }
      let forms = model.quadraticForms(optimum.inverseInformation)
      for column in 0..<model.count {
        var score = 0.0
        for row in 0..<shape.patterns {
          var residual = model.successes[row] - model.trials[row] * probabilities[row]
          if isPenalized { residual += weights[row] * forms[row] * (0.5 - probabilities[row]) }
          score += residual * model.x[row, column]
        }
        #expect(abs(score) < 1e-8 * model.trials.reduce(1, +))
      }
      let product = information.multiplied(by: optimum.inverseInformation)
      for index in product.elements.indices {
        let isDiagonal = index % (model.count + 1) == 0
        #expect(abs(product.elements[index] - (isDiagonal ? 1 : 0)) < 1e-9)
      }
      var criterion = model.logLikelihood(optimum.beta)
      if isPenalized {
        criterion += (try information.logDeterminant() + model.logDeterminantShift) / 2
      }
      #expect(abs(criterion - optimum.criterion) < 1e-11 * abs(criterion))
      let plain = try model.maximized(from: model.start, path: .portable)
      #expect(plain.beta == optimum.beta && plain.criterion == optimum.criterion)
      #expect(plain.inverseInformation == optimum.inverseInformation)
      #expect(plain.iterations == optimum.iterations)
    }
  }

  @Test func `fixed coefficients stay and the others are optimal`() throws {
    for isPenalized in [false, true] {
      let model = Self.model(patterns: 50, columns: 4, isPenalized: isPenalized)
      let free = try model.maximized(from: model.start)
      var start = free.beta
      start[2] += 0.3
      let held = try model.maximized(from: start, fixing: [2])
      #expect(held.beta[2] == start[2])
      #expect(held.criterion < free.criterion)
      let again = try model.maximized(from: held.beta, fixing: [2])
      #expect(zip(again.beta, held.beta).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(try model.maximized(from: start, fixing: [0, 1, 2, 3]).beta == start)
    }
  }

  @Test(arguments: KernelPath.available) func `a singular information is not an estimate`(
    path: KernelPath
  ) {
    let model = BinomialLikelihood(
      columns: DenseMatrix(rows: 3, columns: 2, repeating: 1), successes: [1, 2, 1],
      trials: [3, 3, 3], offset: [0, 0, 0], isPenalized: false)
    #expect(throws: LogisticRegressionError.self) {
      try model.maximized(from: model.start, path: path)
    }
  }

  @Test(arguments: KernelPath.available) func `far predictors keep their likelihood`(
    path: KernelPath
  ) throws {
    for offset in [-2_000.0, -700, -40, -1e-9, 0, 3, 36, 800] {
      let model = BinomialLikelihood(
        columns: DenseMatrix(rows: 1, columns: 1, repeating: 1), successes: [2], trials: [5],
        offset: [offset], isPenalized: false)
      guard let held = try? model.maximized(from: [0], fixing: [0], path: path) else {
        #expect(abs(offset) >= 700, "the information may vanish only far out")
        continue
      }
      let expected = -2 * softplus(-offset) - 3 * softplus(offset)
      #expect(abs(held.criterion - expected) <= 4e-16 * abs(expected) + 1e-15)
    }
  }
}
