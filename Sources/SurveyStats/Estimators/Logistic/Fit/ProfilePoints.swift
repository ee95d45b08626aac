import CKernels

/// The profile-likelihood limits of all coefficients of a plain fit, and their likelihood ratios, found
/// together.
///
/// On the contour of the likelihood where twice its fall is the square of `distance`, the limit of a
/// coefficient c'β is where its gradient g is λc. Newton's step with the information H is
/// δ = H⁻¹(g − λc), λ being that for which the quadratic through the point meets the contour; from the
/// Wald limit it takes two or three steps (Venzon & Moolgavkar 1988). For the ratio λ brings c'β to
/// zero. All points look at the patterns in one pass (`ck_logistic_points`), and keep the information
/// of the first as long as steps shrink tenfold. A point has arrived when the next step, which shrinks as the
/// last one did, would be shorter than 10⁻¹⁰ standard errors. One that does not arrive is left to the search of
/// ``LogisticFit/profileInterval(_:level:)``. Cost: about three passes.
///
/// Reference: Venzon & Moolgavkar (1988), Applied Statistics 37:87.
struct ProfilePoints: Sendable {
  private let fit: LogisticFit
  private let likelihood: BinomialLikelihood
  private let distance: Double
  private var points: [Point] = []

  private enum Aim: Sendable {
    case limit(direction: Double)
    case zero
  }

  private struct Point: Sendable {
    let aim: Aim
    let contrast: [Double]
    var beta: [Double]
    var inverse: DenseMatrix
    var size = Double.infinity
    var needsInformation = true
    var isDone = false
    var hasFailed = false
    /// The log-likelihood where the point arrives.
    var logLikelihood = Double.nan
  }

  private static let pointsOfCoefficient = 3
  private static let mostColumns = 64
  private static let mostPasses = 30
  /// The memory of sums that stays in the cache.
  private static let cachedNumbers = 1 << 17

  /// Finds what it can; nothing of penalised fits.
  init(_ fit: LogisticFit, distance: Double) {
    self.fit = fit
    self.distance = distance
    let found = fit.found
    likelihood = found.likelihood
    guard !likelihood.isPenalized, (1...Self.mostColumns).contains(likelihood.count) else { return }
    let (start, inverse) = (found.optimum.beta, found.optimum.inverseInformation)
    for coefficient in 0..<likelihood.count {
      let contrast = likelihood.contrast(of: coefficient)
      let along = inverse.multiplied(by: contrast)
      let length = dot(contrast, along)
      for aim in [Aim.limit(direction: -1), .limit(direction: 1), .zero] {
        let factor =
          switch aim {
          case .limit(let direction): direction * distance / length.squareRoot()
          case .zero: -dot(contrast, start) / length
          }
        points.append(
          Point(
            aim: aim, contrast: contrast, beta: zip(start, along).map { $0 + factor * $1 },
            inverse: inverse))
      }
    }
    for _ in 0..<Self.mostPasses {
      let active = points.indices.filter { !points[$0].isDone && !points[$0].hasFailed }
      guard !active.isEmpty else { return }
      for information in [true, false] {
        move(active.filter { points[$0].needsInformation == information }, information: information)
      }
    }
  }

  /// The limits of a coefficient.
  func limits(_ coefficient: Int) -> (low: ProfileLimit, high: ProfileLimit) {
    let estimate = fit.coefficients[coefficient]
    let found = [0, 1].map { side -> Double? in
      guard let point = point(coefficient, side) else { return nil }
      let value = dot(point.contrast, point.beta)
      return (side == 0 ? value < estimate : value > estimate) ? value : nil
    }
    if let low = found[0], let high = found[1] { return (.found(low), .found(high)) }
    return fit.profileLimits(coefficient, distance: distance)
  }

  /// The likelihood-ratio statistic of a coefficient being zero.
  func likelihoodRatio(_ coefficient: Int) -> Double? {
    guard let point = point(coefficient, 2) else { return fit.likelihoodRatio(coefficient) }
    return max(0, 2 * (fit.criterion - point.logLikelihood))
  }

  private func point(_ coefficient: Int, _ place: Int) -> Point? {
    let index = coefficient * Self.pointsOfCoefficient + place
    return points.indices.contains(index) && points[index].isDone ? points[index] : nil
  }

  /// Moves some points by a step.
  private mutating func move(_ places: [Int], information: Bool, path: KernelPath = .best) {
    let count = likelihood.count
    let batch = max(1, Self.cachedNumbers / (8 * (1 + count + count * (count + 1) / 2)))
    for first in stride(from: 0, to: places.count, by: batch) {
      let own = Array(places[first..<min(first + batch, places.count)])
      var values = [Double](repeating: 0, count: own.count)
      var scores = [Double](repeating: 0, count: own.count * count)
      var matrices = [Double](repeating: 0, count: information ? own.count * count * count : 1)
      unsafe withUnsafeTemporaryAllocation(
        byteCount: 8 * ck_logistic_points_work(count, own.count), alignment: 64
      ) { work in
        unsafe ck_logistic_points(
          path.rawValue, likelihood.x.elements, likelihood.x.rows, count, likelihood.successes,
          likelihood.trials, likelihood.offset, own.flatMap { points[$0].beta }, own.count,
          information ? 1 : 0, &values, &scores, &matrices,
          work.bindMemory(to: Double.self).baseAddress)
      }
      for (index, place) in own.enumerated() {
        if information {
          let square = count * count
          let matrix = DenseMatrix(
            rows: count, columns: count,
            elements: Array(matrices[index * square..<(index + 1) * square]))
          guard let inverse = try? matrix.positiveDefiniteInverse() else {
            points[place].hasFailed = true
            continue
          }
          points[place].inverse = inverse
        }
        step(
          &points[place], value: values[index],
          gradient: Array(scores[index * count..<(index + 1) * count]))
      }
    }
  }

  private func step(_ point: inout Point, value: Double, gradient: [Double]) {
    let free = point.inverse.multiplied(by: gradient)
    let along = point.inverse.multiplied(by: point.contrast)
    let length = dot(point.contrast, along)
    let rise = dot(gradient, free)
    let multiplier: Double
    switch point.aim {
    case .limit(let direction):
      let target = fit.criterion - distance * distance / 2
      let square = (2 * (value - target) + rise) / length
      multiplier = -direction * square.squareRoot()
    case .zero:
      multiplier =
        (dot(point.contrast, point.beta) + dot(point.contrast, free)) / length
    }
    let size =
      rise - 2 * multiplier * dot(gradient, along) + multiplier * multiplier * length
    guard size.isFinite else {
      point.hasFailed = true
      return
    }
    var gain = -size / 2
    for index in point.beta.indices {
      let move = free[index] - multiplier * along[index]
      point.beta[index] += move
      gain += gradient[index] * move
    }
    // Steps cannot be told from the rounding of the likelihood.
    let rounding = 1e-15 * abs(value)
    // The next step would be as much shorter as this one was.
    let shrinking = size < 1e-4 * point.size && point.size.isFinite ? size / point.size : 1
    point.isDone = size * shrinking < max(1e-20, rounding * rounding)
    point.logLikelihood = value + gain
    point.needsInformation = size > 0.01 * point.size
    point.size = size
  }
}
