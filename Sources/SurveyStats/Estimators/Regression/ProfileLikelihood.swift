import RealModule

/// The limits of an interval; a limit that does not exist is `nil`.
public struct CoefficientInterval: Sendable, Equatable {
  /// The lower limit.
  public var low: Double?
  /// The upper limit.
  public var high: Double?

  /// Creates an interval.
  public init(low: Double?, high: Double?) {
    self.low = low
    self.high = high
  }
}

extension LogisticFit {
  /// The profile-likelihood interval of a coefficient.
  ///
  /// It holds the values b for which twice the fall of the maximised criterion, with the
  /// coefficient held at b, is at most the quantile of χ² with one degree of freedom. With Firth's
  /// penalty the criterion is the penalised likelihood of the whole model (Heinze & Schemper 2002,
  /// Statistics in Medicine 21:2409, section 3.2). Each limit is the root of the signed square root
  /// of the fall, which is nearly linear, to 10⁻¹⁰. A limit is `nil` when the criterion never falls
  /// far enough within a thousand standard errors, or has no maximum on the way. Cost: about six warm-started fits a limit.
  public func profileInterval(_ coefficient: Int, level: Double = 0.95) -> CoefficientInterval {
    let profile = ProfileCriterion(self, coefficient: coefficient)
    let distance = Normal().upperQuantile((1 - level) / 2)
    return CoefficientInterval(
      low: profile.limit(distance: distance, direction: -1),
      high: profile.limit(distance: distance, direction: 1))
  }

  /// The likelihood-ratio statistic of the hypothesis that a coefficient is zero, χ² with one
  /// degree of freedom; `nil` when the constrained model has no maximum.
  public func likelihoodRatio(_ coefficient: Int) -> Double? {
    let profile = ProfileCriterion(self, coefficient: coefficient)
    var start = profile.optimum
    return profile.fall(at: 0, start: &start).map { max(0, 2 * $0) }
  }

  /// The likelihood-ratio statistic of the hypothesis that some coefficients, not the intercept,
  /// are all zero; `nil` when the constrained model has no maximum.
  func likelihoodRatio(zero columns: [Int]) -> Double? {
    var start = optimum.beta
    for column in columns { start[column] = 0 }
    let constrained = try? likelihood.maximized(from: start, fixing: Set(columns))
    return constrained.map { max(0, 2 * (optimum.criterion - $0.criterion)) }
  }
}

/// The criterion maximised over all coefficients but one.
private struct ProfileCriterion {
  let likelihood: BinomialLikelihood
  /// The coordinates at the maximum.
  let optimum: [Double]
  /// The coordinate that is held.
  private let coordinate: Int
  /// What the coefficient is multiplied with to give that coordinate.
  private let factor: Double
  private let maximum: Double
  private let standardError: Double

  /// The intercept is no coordinate of the centred columns; it becomes one by a reflection, which
  /// keeps the columns as well conditioned as they were however far zero is from the papers.
  init(_ fit: LogisticFit, coefficient: Int) {
    coordinate = coefficient
    maximum = fit.criterion
    standardError = fit.standardErrors[coefficient]
    if coefficient > 0 {
      likelihood = fit.likelihood
      optimum = fit.optimum.beta
      factor = fit.likelihood.scales[coefficient]
    } else {
      let contrast = fit.likelihood.contrast(of: 0)
      let length = contrast.reduce(0) { $0 + $1 * $1 }.squareRoot()
      var normal = contrast.map { $0 / length }
      normal[0] += 1
      let square = normal.reduce(0) { $0 + $1 * $1 }
      var reflection = DenseMatrix(diagonal: [Double](repeating: 1, count: contrast.count))
      for row in normal.indices {
        for column in normal.indices {
          reflection[row, column] -= 2 * normal[row] * normal[column] / square
        }
      }
      likelihood = fit.likelihood.transformed(by: reflection)
      optimum = reflection.multiplied(by: fit.optimum.beta)
      factor = -1 / length
    }
  }

  /// How far the criterion falls with the coefficient held; `nil` where it has no maximum.
  func fall(at value: Double, start: inout [Double]) -> Double? {
    var beta = start
    beta[coordinate] = value * factor
    guard let constrained = try? likelihood.maximized(from: beta, fixing: [coordinate]) else {
      return nil
    }
    start = constrained.beta
    return maximum - constrained.criterion
  }

  func limit(distance: Double, direction: Double) -> Double? {
    let center = optimum[coordinate] / factor
    var start = optimum
    var inside = 0.0
    var insideRoot = 0.0
    var outside = Double.infinity
    var outsideRoot: Double?
    var candidate = distance
    for _ in 0..<200 {
      let value = center + direction * candidate * standardError
      let root = fall(at: value, start: &start).map { (2 * max(0, $0)).squareRoot() }
      if let root, abs(root - distance) < 1e-11 { return value }
      if let root, root < distance {
        inside = candidate
        insideRoot = root
      } else {
        outside = candidate
        outsideRoot = root
        if root == nil { start = optimum }
      }
      if outside - inside < 1e-13 * outside { return outsideRoot == nil ? nil : value }
      if outside == .infinity {
        guard candidate < 1_000 else { return nil }
        let guess = insideRoot > 0 ? candidate * distance / insideRoot * 1.001 : .infinity
        candidate = min(guess, 2 * candidate)
      } else if let outsideRoot {
        let share = (distance - insideRoot) / (outsideRoot - insideRoot)
        let margin = 1e-7
        candidate = inside + min(max(share, margin), 1 - margin) * (outside - inside)
      } else {
        candidate = (inside + outside) / 2
      }
    }
    return nil
  }
}

extension BinomialLikelihood {
  /// The same model in other coordinates: the columns times an orthogonal matrix.
  fileprivate func transformed(by matrix: DenseMatrix) -> BinomialLikelihood {
    BinomialLikelihood(self, x: x.multiplied(by: matrix))
  }

  private init(_ other: BinomialLikelihood, x: DenseMatrix) {
    self.x = x
    successes = other.successes
    trials = other.trials
    offset = other.offset
    isPenalized = other.isPenalized
    centers = other.centers
    scales = other.scales
  }
}
