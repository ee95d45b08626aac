extension LogisticFit {
  /// The profile-likelihood interval of a coefficient.
  ///
  /// It holds the values b for which twice the fall of the maximised criterion, with the
  /// coefficient held at b, is at most the quantile of χ² with one degree of freedom. With Firth's
  /// penalty the criterion is the penalised likelihood of the whole model (Heinze & Schemper 2002,
  /// Statistics in Medicine 21:2409, section 3.2). Each limit is the root of the signed square root
  /// of the fall, which is nearly linear, to 10⁻¹⁰. A limit is `nil` when the criterion never falls
  /// far enough within a thousand standard errors, or could not be followed. Cost: about six
  /// warm-started fits a limit.
  public func profileInterval(_ coefficient: Int, level: Double = 0.95) -> Estimate {
    let limits = profileLimits(coefficient, level: level)
    return Estimate(
      coefficients[coefficient], lower: limits.low.value, upper: limits.high.value, level: level)
  }

  /// The limits of the profile-likelihood interval, or why there is none.
  func profileLimits(_ coefficient: Int, level: Double) -> (low: ProfileLimit, high: ProfileLimit) {
    profileLimits(coefficient, distance: Normal().upperQuantile((1 - level) / 2))
  }

  /// The values for which the root of twice the fall is at most a distance.
  func profileLimits(
    _ coefficient: Int, distance: Double
  ) -> (low: ProfileLimit, high: ProfileLimit) {
    let profile = ProfileCriterion(self, coefficient: coefficient)
    return (
      profile.limit(distance: distance, direction: -1),
      profile.limit(distance: distance, direction: 1)
    )
  }

  /// The likelihood-ratio statistic of the hypothesis that a coefficient is zero, χ² with one
  /// degree of freedom; `nil` when the constrained model has no maximum.
  public func likelihoodRatio(_ coefficient: Int) -> Double? {
    let profile = ProfileCriterion(self, coefficient: coefficient)
    var start = profile.optimum
    return profile.fall(at: 0, start: &start).map { max(0, 2 * $0) }
  }

  /// The likelihood-ratio statistic of the hypothesis that some coefficients are all zero; `nil`
  /// when the constrained model has no maximum.
  func likelihoodRatio(zero columns: [Int]) -> Double? {
    let rotation = likelihood.rotation(onto: columns.map(likelihood.contrast))
    var start = rotation.multiplied(by: optimum.beta)
    for index in columns.indices { start[index] = 0 }
    let constrained = try? likelihood.transformed(by: rotation.transposed)
      .maximized(from: start, fixing: Set(columns.indices))
    return constrained.map { max(0, 2 * (optimum.criterion - $0.criterion)) }
  }
}

/// A limit of a profile-likelihood interval.
enum ProfileLimit: Equatable {
  /// The limit.
  case found(Double)
  /// The criterion never falls far enough.
  case infinite
  /// The criterion could not be maximised on the way.
  case notConverged

  /// The limit, if there is one.
  var value: Double? {
    if case .found(let value) = self { return value }
    return nil
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

  /// A coefficient that is no coordinate, such as the intercept of centred columns, becomes one by
  /// a reflection, which keeps the columns as well conditioned as they were.
  init(_ fit: LogisticFit, coefficient: Int) {
    maximum = fit.criterion
    standardError = fit.standardErrors[coefficient]
    if coefficient > 0, fit.likelihood.basis == nil {
      coordinate = coefficient
      likelihood = fit.likelihood
      optimum = fit.optimum.beta
      factor = fit.likelihood.scales[coefficient]
    } else {
      let contrast = fit.likelihood.contrast(of: coefficient)
      let rotation = fit.likelihood.rotation(onto: [contrast])
      coordinate = 0
      likelihood = fit.likelihood.transformed(by: rotation.transposed)
      optimum = rotation.multiplied(by: fit.optimum.beta)
      factor = 1 / rotation.multiplied(by: contrast)[0]
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

  func limit(distance: Double, direction: Double) -> ProfileLimit {
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
      if let root, abs(root - distance) < 1e-11 { return .found(value) }
      if let root, root < distance {
        inside = candidate
        insideRoot = root
      } else {
        outside = candidate
        outsideRoot = root
        if root == nil { start = optimum }
      }
      if outside - inside < 1e-13 * outside {
        return outsideRoot == nil ? .notConverged : .found(value)
      }
      if outside == .infinity {
        guard candidate < 1_000 else { return .infinite }
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
    return .notConverged
  }
}

extension BinomialLikelihood {
  /// An orthogonal matrix that turns the span of some contrasts onto the first coordinates, by
  /// Householder reflections.
  fileprivate func rotation(onto contrasts: [[Double]]) -> DenseMatrix {
    var rotation = DenseMatrix(diagonal: [Double](repeating: 1, count: count))
    for (index, contrast) in contrasts.enumerated() {
      var normal = rotation.multiplied(by: contrast)
      for row in 0..<index { normal[row] = 0 }
      let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
      normal[index] += normal[index] < 0 ? -length : length
      let square = normal.reduce(0) { $0 + $1 * $1 }
      guard square > 0 else { continue }
      let projection = rotation.multiplied(by: normal, transposingSelf: true)
      for row in 0..<count {
        for column in 0..<count {
          rotation[row, column] -= 2 * normal[row] * projection[column] / square
        }
      }
    }
    return rotation
  }
}
