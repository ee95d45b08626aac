/// Rogan and Gladen's rate, `(p + Sp − 1) / (Se + Sp − 1)`, with Lang and Reiczigel's limits.
///
/// p is the rate by the rater among the cells to which it says that the item applies; sensitivity Se and
/// specificity Sp are those of the re-answered papers, or known from elsewhere as counts. It knows two
/// states: errors about what applies are not corrected (`applicability-not-corrected`), and cells
/// count as independent. A rater whose Se + Sp ≤ 1 says nothing about the rate.
///
/// Reference: Rogan & Gladen (1978), *American Journal of Epidemiology* 107:71; Lang & Reiczigel (2014),
/// *Preventive Veterinary Medicine* 113:13, whose limits add z² / 2 to the counts of p, 1 to those of Se
/// and of Sp, and shift the centre by `2 z² (r Se (1 − Se) / n_Se − (1 − r) Sp (1 − Sp) / n_Sp)`.
struct RoganGladen: RateCorrection {
  /// Sensitivity and specificity from elsewhere; `nil` for those of the re-answered papers.
  var known: KnownErrors?

  var name: MethodName { MethodName(rawValue: CorrectionMethod.roganGladen.rawValue) }

  func estimate(_ sample: CorrectionSample, level: Double) -> Estimate {
    let table = sample.table
    let errors =
      known
      ?? KnownErrors(
        sensitivity: (table[.yes, .yes], table[.yes, .yes] + table[.no, .yes]),
        specificity: (table[.no, .no], table[.no, .no] + table[.yes, .no]))
    var estimate = Self.estimate(
      yes: sample.rater[0], trials: sample.rater[0] + sample.rater[1], errors, level: level)
    if estimate.value != nil {
      estimate.method = name
      if known != nil
        || table[.yes, .notApplicable] + table[.no, .notApplicable]
          + table[.notApplicable, .yes] + table[.notApplicable, .no] > 0
      {
        estimate.notes.append(.applicabilityNotCorrected)
      }
      if !sample.isPlain { estimate.notes.append(.cellsAsIndependent) }
    }
    estimate.count = sample.papers.count
    return estimate
  }

  /// The rate and its limits from counts.
  static func estimate(
    yes: Double, trials: Double, _ errors: KnownErrors, level: Double
  ) -> Estimate {
    let (se, sp) = (errors.sensitivity, errors.specificity)
    guard trials > 0, se.of > 0, sp.of > 0 else { return Estimate(nil, notes: [.errorsUnknown]) }
    let youden = se.count / se.of + sp.count / sp.of - 1
    guard youden > 0 else { return Estimate(nil, notes: [.noBetterThanChance]) }
    let z = Normal().upperQuantile(ConfidenceLevel.tail(level))
    let value = min(max((yes / trials + sp.count / sp.of - 1) / youden, 0), 1)
    let (n, nSe, nSp) = (trials + z * z, se.of + 2, sp.of + 2)
    let (p, s, t) = ((yes + z * z / 2) / n, (se.count + 1) / nSe, (sp.count + 1) / nSp)
    let adjusted = s + t - 1
    guard adjusted > 0 else { return Estimate(nil, notes: [.noBetterThanChance]) }
    let rate = (p + t - 1) / adjusted
    let error =
      (p * (1 - p) / n + rate * rate * s * (1 - s) / nSe + (1 - rate) * (1 - rate) * t * (1 - t)
        / nSp)
      .squareRoot() / adjusted
    let shift = 2 * z * z * (rate * s * (1 - s) / nSe - (1 - rate) * t * (1 - t) / nSp)
    return Estimate(
      value, standardError: error, lower: min(max(rate + shift - z * error, 0), value),
      upper: max(min(rate + shift + z * error, 1), value), level: level)
  }
}

/// How often a rater was right, known from elsewhere.
public struct KnownErrors: Sendable, Hashable {
  /// Of so many that are yes, so many were said to be.
  public var sensitivity: Share
  /// Of so many that are no, so many were said to be.
  public var specificity: Share

  /// So many of so many.
  public struct Share: Sendable, Hashable {
    /// How many.
    public var count: Double
    /// Of how many.
    public var of: Double

    /// So many of so many.
    public init(_ count: Double, of whole: Double) {
      self.count = count
      of = whole
    }
  }

  /// Two shares.
  public init(sensitivity: Share, specificity: Share) {
    self.sensitivity = sensitivity
    self.specificity = specificity
  }

  init(sensitivity: (Double, Double), specificity: (Double, Double)) {
    self.init(
      sensitivity: Share(sensitivity.0, of: sensitivity.1),
      specificity: Share(specificity.0, of: specificity.1))
  }
}

extension Note {
  /// No re-answered paper that is yes, or none that is no.
  static let errorsUnknown = Note(
    "errors-unknown", effect: .noValue,
    words: "no re-answered paper is yes, or none is no, so that its errors are unknown")
  /// The rater is right as often as a coin.
  public static let noBetterThanChance = Note(
    "no-better-than-chance", effect: .noValue,
    words: "the rater is right no more often than a coin, and says nothing about the rate")
  /// Errors about what applies stay in the rate.
  static let applicabilityNotCorrected = Note(
    "applicability-not-corrected", effect: .doubt,
    words: "errors about what applies are not corrected")
  /// Cells of one paper, clusters and weights count as if they were independent and equal.
  static let cellsAsIndependent = Note(
    "cells-as-independent", effect: .doubt,
    words: "cells of one paper count as if they were independent")
}
