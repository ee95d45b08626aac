import SurveyStats

/// How small or unclear studies may come to differ from the others: a part of a model.
public enum SmallStudyBias: Sendable, Hashable {
  /// They do not.
  case none
  /// Studies are published with a chance that falls from one range of p-values to the next.
  ///
  /// `cuts` are the p-values between the ranges, ascending; two-sided or in the direction expected. The
  /// chance is 1 in the first range; the chances of the others are as likely a priori as any others that
  /// fall (a cumulative Dirichlet distribution with parameters of one).
  case selection(cuts: [Double], isTwoSided: Bool)
  /// Effects grow with the standard error of their study (precision–effect test).
  case pet
  /// Effects grow with the variance of their study (precision–effect estimate with standard error).
  case peese

  /// The models of "robust Bayesian meta-analysis" with their shares of the prior probability of bias: six
  /// selection models have one half together, PET and PEESE a quarter each.
  ///
  /// Reference: Bartoš, Maier, Wagenmakers et al. (2023), *Research Synthesis Methods* 14:99, table 1
  /// ("RoBMA-PSMA").
  public static let robust: [(bias: SmallStudyBias, share: Double)] = [
    (.selection(cuts: [0.05], isTwoSided: true), 1.0 / 12),
    (.selection(cuts: [0.05, 0.10], isTwoSided: true), 1.0 / 12),
    (.selection(cuts: [0.05], isTwoSided: false), 1.0 / 12),
    (.selection(cuts: [0.025, 0.05], isTwoSided: false), 1.0 / 12),
    (.selection(cuts: [0.05, 0.5], isTwoSided: false), 1.0 / 12),
    (.selection(cuts: [0.025, 0.05, 0.5], isTwoSided: false), 1.0 / 12),
    (.pet, 1.0 / 4), (.peese, 1.0 / 4),
  ]

  /// The name in tables: `none`, `one-sided 0.025 0.05`, `two-sided 0.05`, `PET`, `PEESE`.
  public var name: String {
    switch self {
    case .none: "none"
    case .pet: "PET"
    case .peese: "PEESE"
    case .selection(let cuts, let isTwoSided):
      (isTwoSided ? "two-sided " : "one-sided ")
        + cuts.map { NumberFormat.shortest($0) }.joined(separator: " ")
    }
  }
}
