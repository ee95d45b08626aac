/// Probabilities of a population whose clusters differ by normal intercepts.
///
/// At a linear predictor η the probability is E π(η + σZ), with π the logistic function and Z
/// standard normal; the means are sums over the nodes of a quadrature rule. Derivatives are with
/// respect to η and σ.
struct InterceptMixing: Sendable {
  let rule: GaussHermite
  let standardDeviation: Double

  /// The probability with its derivatives.
  struct Value {
    /// The probability.
    var mean = 0.0
    /// Its first derivative in η.
    var slope = 0.0
    /// Its second derivative in η.
    var curvature = 0.0
    /// Its derivative in σ.
    var spread = 0.0
    /// The derivative of the slope in σ.
    var slopeSpread = 0.0

    /// Without differences between clusters.
    init(_ predictor: Double) {
      mean = logistic(predictor)
      slope = mean * (1 - mean)
      curvature = slope * (1 - 2 * mean)
    }

    init(_ predictor: Double, _ mixing: InterceptMixing) {
      for (node, weight) in zip(mixing.rule.nodes, mixing.rule.weights) {
        let one = Value(predictor + mixing.standardDeviation * node)
        mean += weight * one.mean
        slope += weight * one.slope
        curvature += weight * one.curvature
        spread += weight * node * one.slope
        slopeSpread += weight * node * one.curvature
      }
    }
  }
}

extension LogisticFit {
  /// The probability at a linear predictor, the mean over clusters if they differ.
  func probability(at predictor: Double) -> InterceptMixing.Value {
    mixing.map { InterceptMixing.Value(predictor, $0) } ?? InterceptMixing.Value(predictor)
  }
}
