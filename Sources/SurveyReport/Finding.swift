import SurveyStats

/// Something that a section found and that a post could lead with.
///
/// All findings are effects on one scale, shares as fractions, with nothing at zero:
///
/// | kind | effect |
/// |---|---|
/// | `change` | the rate now less that of the earlier report |
/// | `pair` | the rate of the visible less that of the invisible item |
/// | `group` | the rate of the group that passes most less that of the group that passes least |
/// | `trend` | the fitted rate or mean score of the last less that of the first year |
/// | `pattern` | the share of papers that show it less one half |
///
/// A finding that was chosen among k of its kind has its limits widened to the level `1 − α/k` (Bonferroni), by the
/// ratio of the quantiles of a normal distribution. How **strong** it is, is the distance of zero from the nearer of
/// these limits: that counts effect and certainty at once. Whatever is not clear is not strong at all.
public struct Finding: Sendable, Equatable {
  /// What kinds of findings there are; of equal strength the earlier goes first.
  public enum Kind: String, Sendable, CaseIterable {
    case change, pair, group, trend, pattern
  }

  /// The kind.
  public var kind: Kind
  /// The section that says more.
  public var section: String
  /// The effect, a fraction.
  public var effect: Double
  /// The lower limit of the effect.
  public var lower: Double?
  /// The upper limit of the effect.
  public var upper: Double?
  /// The number of findings of its kind among which it was chosen.
  public var candidates: Int
  /// The papers on which it rests; of two rates those of the one with fewer.
  public var papers: Int
  /// A phrase for titles.
  public var headline: Sentence
  /// The sentence with the numbers.
  public var sentence: Sentence
  /// The number of the card for social media.
  public var number: Fact
  /// What the number of the card is.
  public var statement: Sentence

  /// A change since an earlier report leads when it is this strong, whatever else was found.
  static let leadingChange = 0.02

  /// The distance of zero from the nearer of the widened limits; 0 when they contain it or there are none.
  public func strength(level: Double) -> Double {
    guard let lower, let upper else { return 0 }
    let normal = Normal()
    let shared = ConfidenceLevel.shared(level, among: candidates)
    let widening =
      normal.upperQuantile((1 - shared) / 2) / normal.upperQuantile((1 - level) / 2)
    let low = effect - (effect - lower) * widening
    let high = effect + (upper - effect) * widening
    return low > 0 ? low : high < 0 ? -high : 0
  }

  /// The clear findings that rest on enough papers, the strongest first.
  ///
  /// A change since an earlier report goes before everything else when it is at least ``leadingChange`` strong: who
  /// compares two reports asks for that.
  public static func ranked(
    _ findings: [Finding], leastPapers: Int, level: Double
  ) -> [Finding] {
    let kinds = Kind.allCases
    return findings.filter { $0.papers >= leastPapers }
      .map { (finding: $0, strength: $0.strength(level: level)) }
      .filter { $0.strength > 0 }.enumerated()
      .sorted { left, right in
        let (a, b) = (left.element, right.element)
        let leads = [a, b].map {
          $0.finding.kind == .change && $0.strength >= Self.leadingChange
        }
        if leads[0] != leads[1] { return leads[0] }
        if a.strength != b.strength { return a.strength > b.strength }
        let places = [a, b].map { kinds.firstIndex(of: $0.finding.kind) ?? 0 }
        return places[0] == places[1] ? left.offset < right.offset : places[0] < places[1]
      }.map(\.element.finding)
  }
}
