/// Papers of which it is known how good they are, from which weights are learned.
///
/// The JSON shape is `{"bands": {"good": [65, 100], "bad": [0, 35]}, "anchors": [{"paper": "slug", "band": "good"},
/// {"paper": "other", "low": 40, "high": 60}], "pairs": [["better", "worse"]], "margin": 5}`. An anchor names a band or
/// has limits of its own; pairs are of anchors or of any papers. Margin, by which the better of a pair should lead, is 5
/// points unless stated.
public struct WeightAnchors: Sendable, Hashable, Decodable {
  /// A paper whose score should lie in a band.
  public struct Anchor: Sendable, Hashable {
    /// The paper.
    public let paper: String
    /// The name of the band.
    public let band: String?
    /// The lowest score.
    public let low: Double
    /// The highest score.
    public let high: Double

    /// Creates an anchor.
    public init(paper: String, band: String? = nil, low: Double, high: Double) {
      self.paper = paper
      self.band = band
      self.low = low
      self.high = high
    }
  }

  /// Two papers of which the first is better.
  public struct Pair: Sendable, Hashable {
    /// The better paper.
    public let better: String
    /// The worse paper.
    public let worse: String

    /// Creates a pair.
    public init(better: String, worse: String) {
      self.better = better
      self.worse = worse
    }
  }

  /// The anchors.
  public let anchors: [Anchor]
  /// The ordered pairs.
  public let pairs: [Pair]
  /// By how many points the better of a pair should lead.
  public let margin: Double

  /// Creates anchors and pairs.
  public init(anchors: [Anchor], pairs: [Pair] = [], margin: Double = 5) {
    self.anchors = anchors
    self.pairs = pairs
    self.margin = margin
  }

  private enum CodingKeys: String, CodingKey { case anchors, bands, pairs, margin }
  private struct RawAnchor: Decodable {
    let paper: String
    let band: String?
    let low: Double?
    let high: Double?
  }

  /// Reads anchors; a band that is not named, and limits that are not in order, are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func fail(_ text: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: text))
    }
    let bands = try container.decodeIfPresent([String: [Double]].self, forKey: .bands) ?? [:]
    let raw = try container.decodeIfPresent([RawAnchor].self, forKey: .anchors) ?? []
    anchors = try raw.map { anchor in
      var limits = [anchor.low ?? 0, anchor.high ?? 100]
      if let band = anchor.band {
        guard let named = bands[band] else {
          throw fail(
            "the anchor '\(anchor.paper)' names the band '\(band)', which is not in 'bands'")
        }
        guard named.count == 2 else {
          throw fail("the band '\(band)' takes two numbers, low and high")
        }
        limits = [anchor.low ?? named[0], anchor.high ?? named[1]]
      } else if anchor.low == nil, anchor.high == nil {
        throw fail("the anchor '\(anchor.paper)' has neither a band nor 'low' or 'high'")
      }
      guard limits.allSatisfy({ (0...100).contains($0) }), limits[0] <= limits[1] else {
        throw fail(
          "the band of '\(anchor.paper)' takes two numbers from 0 to 100 in ascending order")
      }
      return Anchor(
        paper: anchor.paper, band: anchor.band, low: limits[0], high: limits[1])
    }
    pairs = try (container.decodeIfPresent([[String]].self, forKey: .pairs) ?? []).map { pair in
      guard pair.count == 2, pair[0] != pair[1] else {
        throw fail("a pair takes two different papers, the better one first")
      }
      return Pair(better: pair[0], worse: pair[1])
    }
    margin = try container.decodeIfPresent(Double.self, forKey: .margin) ?? 5
    guard margin >= 0, margin <= 100 else { throw fail("'margin' takes points from 0 to 100") }
    guard !anchors.isEmpty || !pairs.isEmpty else {
      throw fail("there must be 'anchors', 'pairs' or both")
    }
    guard Set(anchors.map(\.paper)).count == anchors.count else {
      throw fail("a paper is an anchor twice")
    }
  }

  /// All papers that are named.
  public var papers: [String] {
    Set(anchors.map(\.paper) + pairs.flatMap { [$0.better, $0.worse] }).sorted()
  }
}
