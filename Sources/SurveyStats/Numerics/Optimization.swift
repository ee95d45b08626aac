/// A function's value at a point, with its derivatives there.
public struct Evaluation: Sendable {
  /// The value.
  public var value: Double
  /// The first derivatives.
  public var gradient: [Double]
  /// The second derivatives, where they are known.
  public var hessian: DenseMatrix?

  /// Creates an evaluation.
  public init(value: Double, gradient: [Double], hessian: DenseMatrix? = nil) {
    self.value = value
    self.gradient = gradient
    self.hessian = hessian
  }
}

/// Where a minimisation ended.
public struct Minimum: Sendable, Equatable {
  /// The point.
  public var point: [Double]
  /// The function's value there.
  public var value: Double
  /// The largest component of the gradient that does not point out of the bounds.
  public var gradientNorm: Double
  /// The number of steps taken.
  public var iterations: Int
  /// Whether the gradient came below the tolerance.
  public var converged: Bool
}

/// Minimises a smooth function of some variables between bounds.
///
/// A projected Newton method (Bertsekas 1982): variables that rest on a bound and want to leave it
/// outwards are held, the others take a Newton step that is bent back into the bounds and halved
/// until the function falls enough (Armijo). Second derivatives come from the function, or, where
/// it gives none, from BFGS updates. An indefinite matrix of second derivatives is made positive
/// by the absolute values of its eigenvalues. A step costs one evaluation or a few, and one
/// factorisation of order p³.
public struct BoundedMinimizer: Sendable {
  /// The lower bounds; empty means none.
  public var lower: [Double]
  /// The upper bounds; empty means none.
  public var upper: [Double]
  /// The size below which every component of the projected gradient must come.
  var gradientTolerance: Double
  /// The number of steps after which the search gives up.
  var maximumIterations: Int

  /// Creates a minimiser; without bounds the variables are free.
  public init(
    lower: [Double] = [], upper: [Double] = [], gradientTolerance: Double = 1e-8,
    maximumIterations: Int = 500
  ) {
    self.lower = lower
    self.upper = upper
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
  }

  /// Descends from a starting point to a minimum nearby.
  public func minimum<Failure: Error>(
    from start: [Double], of function: ([Double]) throws(Failure) -> Evaluation
  ) throws(Failure) -> Minimum {
    var point = clamped(start)
    var current = try function(point)
    var curvature = Curvature(at: current)
    var iterations = 0
    while true {
      let norm = projectedNorm(current.gradient, at: point)
      guard norm > gradientTolerance, iterations < maximumIterations else {
        return Minimum(
          point: point, value: current.value, gradientNorm: norm, iterations: iterations,
          converged: norm <= gradientTolerance)
      }
      let free = point.indices.filter { !isHeld($0, current.gradient, at: point) }
      let newton = curvature.direction(current.gradient, free: free)
      var step = try lineSearch(from: point, current, along: newton, norm: norm, function)
      if step == nil {
        curvature = Curvature(steepest: current)
        let steepest = curvature.direction(current.gradient, free: free)
        step = try lineSearch(from: point, current, along: steepest, norm: norm, function)
      }
      guard let step else {
        return Minimum(
          point: point, value: current.value, gradientNorm: norm, iterations: iterations,
          converged: false)
      }
      curvature.update(from: point, current, to: step.point, step.evaluation)
      (point, current) = step
      iterations += 1
    }
  }

  private func clamped(_ point: [Double]) -> [Double] {
    point.indices.map { index in
      var value = point[index]
      if !lower.isEmpty { value = max(value, lower[index]) }
      if !upper.isEmpty { value = min(value, upper[index]) }
      return value
    }
  }

  private func isHeld(_ index: Int, _ gradient: [Double], at point: [Double]) -> Bool {
    (!lower.isEmpty && point[index] <= lower[index] && gradient[index] > 0)
      || (!upper.isEmpty && point[index] >= upper[index] && gradient[index] < 0)
  }

  private func projectedNorm(_ gradient: [Double], at point: [Double]) -> Double {
    gradient.indices.reduce(0) {
      isHeld($1, gradient, at: point) ? $0 : max($0, abs(gradient[$1]))
    }
  }

  /// Halves a step until the function falls enough, or, where rounding hides its fall, until the
  /// gradient shrinks.
  private func lineSearch<Failure: Error>(
    from point: [Double], _ current: Evaluation, along direction: [Double], norm: Double,
    _ function: ([Double]) throws(Failure) -> Evaluation
  ) throws(Failure) -> (point: [Double], evaluation: Evaluation)? {
    let rounding = 1e-13 * max(1, abs(current.value))
    var length = 1.0
    for _ in 0..<40 {
      let candidate = clamped(point.indices.map { point[$0] + length * direction[$0] })
      let slope = point.indices.reduce(0) {
        $0 + current.gradient[$1] * (candidate[$1] - point[$1])
      }
      if slope < 0 {
        let trial = try function(candidate)
        let accepts =
          -slope > rounding
          ? trial.value <= current.value + 1e-4 * slope
          : abs(trial.value - current.value) <= rounding
            && projectedNorm(trial.gradient, at: candidate) < 0.9 * norm
        if accepts { return (candidate, trial) }
      }
      length /= 2
    }
    return nil
  }
}

/// The second derivatives that a minimisation goes by.
private struct Curvature {
  private var matrix: DenseMatrix
  private let isExact: Bool
  private var isInitial = true

  /// Takes the function's own second derivatives, or starts from the identity.
  init(at evaluation: Evaluation) {
    isExact = evaluation.hessian != nil
    matrix = evaluation.hessian ?? Self.scaledIdentity(evaluation.gradient)
  }

  /// Forgets all second derivatives for one step down the gradient.
  init(steepest evaluation: Evaluation) {
    isExact = evaluation.hessian != nil
    matrix = Self.scaledIdentity(evaluation.gradient)
  }

  /// An identity so scaled that the first step is not longer than one.
  private static func scaledIdentity(_ gradient: [Double]) -> DenseMatrix {
    let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return DenseMatrix(diagonal: [Double](repeating: max(1, length), count: gradient.count))
  }

  /// The Newton direction over the free variables; zero for the others.
  func direction(_ gradient: [Double], free: [Int]) -> [Double] {
    var direction = [Double](repeating: 0, count: gradient.count)
    let right = DenseMatrix(rows: free.count, columns: 1, elements: free.map { -gradient[$0] })
    let block = matrix.selecting(rows: free, columns: free)
    let solution: [Double]
    if let exact = try? block.solvingPositiveDefinite(right) {
      solution = exact.elements
    } else if let eigen = try? block.symmetricEigen() {
      let floor = max(abs(eigen.values.first ?? 1), abs(eigen.values.last ?? 1), 1e-8) * 1e-8
      var parts = eigen.vectors.multiplied(by: right.elements, transposingSelf: true)
      for k in parts.indices { parts[k] /= max(abs(eigen.values[k]), floor) }
      solution = eigen.vectors.multiplied(by: parts)
    } else {
      solution = right.elements
    }
    for (position, index) in free.enumerated() { direction[index] = solution[position] }
    return direction
  }

  /// Takes the new second derivatives, or learns from the change of the gradient (BFGS).
  mutating func update(
    from point: [Double], _ old: Evaluation, to next: [Double], _ new: Evaluation
  ) {
    if let hessian = new.hessian {
      matrix = hessian
      return
    }
    guard !isExact else { return }
    let count = point.count
    let move = point.indices.map { next[$0] - point[$0] }
    let change = point.indices.map { new.gradient[$0] - old.gradient[$0] }
    let product = zip(move, change).reduce(0) { $0 + $1.0 * $1.1 }
    let changeSquare = change.reduce(0) { $0 + $1 * $1 }
    let moveSquare = move.reduce(0) { $0 + $1 * $1 }
    guard product > 1e-10 * (changeSquare * moveSquare).squareRoot() else { return }
    if isInitial {
      matrix = DenseMatrix(
        diagonal: [Double](repeating: changeSquare / product, count: count))
      isInitial = false
    }
    let bent = matrix.multiplied(by: move)
    let bentProduct = zip(move, bent).reduce(0) { $0 + $1.0 * $1.1 }
    for j in 0..<count {
      for i in 0..<count {
        matrix[i, j] += change[i] * change[j] / product - bent[i] * bent[j] / bentProduct
      }
    }
  }
}
