import RealModule
import SurveyStats
import Testing

@Suite struct OptimizationTests {
  /// Rosenbrock's valley, with or without its second derivatives.
  static func valley(_ point: [Double], exact: Bool) -> Evaluation {
    let (x, y) = (point[0], point[1])
    let bend = y - x * x
    return Evaluation(
      value: 100 * bend * bend + (1 - x) * (1 - x),
      gradient: [-400 * x * bend - 2 * (1 - x), 200 * bend],
      hessian: exact
        ? DenseMatrix([[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200]]) : nil)
  }

  @Test(arguments: [true, false])
  func `Rosenbrock's valley is followed to its end`(exact: Bool) {
    let end = BoundedMinimizer().minimum(from: [-1.2, 1]) { Self.valley($0, exact: exact) }
    #expect(end.converged)
    #expect(largestDifference(end.point, [1, 1]) < 1e-8)
    #expect(end.iterations < (exact ? 40 : 100))
  }

  @Test(arguments: [true, false])
  func `a variable stays on the bound that it would leave`(exact: Bool) {
    let search = BoundedMinimizer(lower: [-2, -2], upper: [0.5, 2])
    let end = search.minimum(from: [-1.2, 1]) { Self.valley($0, exact: exact) }
    #expect(end.converged)
    #expect(largestDifference(end.point, [0.5, 0.25]) < 1e-8)
  }

  @Test func `a saddle is left although the second derivatives are indefinite`() {
    let end = BoundedMinimizer().minimum(from: [0.1, 1]) { point in
      let (x, y) = (point[0], point[1])
      return Evaluation(
        value: x * x * x * x / 4 - x * x / 2 + y * y,
        gradient: [x * x * x - x, 2 * y],
        hessian: DenseMatrix([[3 * x * x - 1, 0], [0, 2]]))
    }
    #expect(end.converged)
    #expect(largestDifference(end.point, [1, 0]) < 1e-8)
  }

  @Test func `a search that may not step says that it did not converge`() {
    let end = BoundedMinimizer(maximumIterations: 1).minimum(from: [-1.2, 1]) {
      Self.valley($0, exact: true)
    }
    #expect(!end.converged)
    #expect(end.iterations == 1)
  }

  @Test func `Brent finds roots, and says when there is none to find`() throws {
    let root = try #require(Brent.root(in: 0...1) { Double.cos($0) - $0 })
    #expect(abs(root - 0.739_085_133_215_160_6) < 1e-14)
    #expect(Brent.root(in: -1...1) { $0 * $0 + 1 } == nil)
    #expect(Brent.root(in: 0...1) { $0 } == 0)
  }

  @Test func `Brent finds a minimum`() {
    let end = Brent.minimum(in: 0...4) { ($0 - 1.5) * ($0 - 1.5) + 2 }
    #expect(abs(end.point - 1.5) < 1e-7)
    #expect(abs(end.value - 2) < 1e-14)
  }
}
