/// A measure of how far raters agree.
public enum AgreementCoefficient: String, Sendable, Hashable, CaseIterable {
  /// The share of pairs of raters that agree, in the mean over papers.
  case agreement
  /// Cohen's κ, of more than two raters Conger's.
  case kappa
  /// κ with half an agreement between a state and its neighbour.
  case weightedKappa = "weighted_kappa"
  /// Brennan & Prediger's coefficient, of two categories PABAK.
  case pabak
  /// Scott's π, of two raters.
  case scott
  /// Fleiss's κ.
  case fleiss
  /// Gwet's AC₁.
  case ac1
  /// Gwet's AC₂ with the weights of weighted κ.
  case ac2
  /// Krippendorff's α.
  case alpha
  /// How unequal two categories are, of two raters.
  case prevalenceIndex = "prevalence_index"
  /// How differently two raters use two categories.
  case biasIndex = "bias_index"
  /// The greatest κ that the raters' shares allow, of two raters.
  case greatestKappa = "kappa_max"
  /// κ of the cells of all items put together; of everything only.
  case pooledKappa = "pooled_kappa"

  /// Whether the coefficient is (o − e) / (1 − e).
  var isChanceCorrected: Bool {
    switch self {
    case .prevalenceIndex, .biasIndex, .greatestKappa: false
    default: true
    }
  }

  /// Whether the coefficient is defined for a part and so many raters.
  func applies(to part: AgreementPart, raterCount: Int) -> Bool {
    switch self {
    case .agreement, .kappa, .pabak, .fleiss, .ac1, .alpha, .pooledKappa: true
    case .weightedKappa, .ac2: part == .states
    case .scott, .greatestKappa: raterCount == 2
    case .prevalenceIndex, .biasIndex: raterCount == 2 && part != .states
    }
  }
}

extension AgreementSums {
  /// A coefficient that corrects for chance, or the observed agreement with no chance; `nil` for others.
  @inline(__always)
  func chance(_ coefficient: AgreementCoefficient) -> ChanceAgreement<Number>? {
    switch coefficient {
    case .agreement: ChanceAgreement(observed: observed, expected: Number(0))
    case .kappa, .pooledKappa: kappa
    case .weightedKappa: weightedKappa
    case .pabak: pabak
    case .scott, .fleiss: fleiss
    case .ac1: ac1
    case .ac2: ac2
    case .alpha: alpha
    case .prevalenceIndex, .biasIndex, .greatestKappa: nil
    }
  }

  /// The value of a coefficient; not finite where it is undefined.
  @inline(__always)
  func value(_ coefficient: AgreementCoefficient) -> Number {
    switch coefficient {
    case .agreement: observed
    case .prevalenceIndex: prevalenceIndex
    case .biasIndex: biasIndex
    case .greatestKappa: greatestKappa.corrected
    default: chance(coefficient)?.corrected ?? Number(.nan)
    }
  }
}
