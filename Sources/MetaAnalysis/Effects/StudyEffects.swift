public import SurveyStats

/// The effect of one study with its sampling variance.
public struct StudyEffect: Sendable, Equatable {
  /// The effect on the scale of analysis; `nil` where it is undefined.
  public var value: Double?
  /// Its variance; `nil` where it is undefined.
  public var variance: Double?
  /// Why there is no effect, or what was added to counts.
  public var notes: [Note]

  /// Creates an effect.
  public init(value: Double?, variance: Double?, notes: [Note] = []) {
    self.value = value
    self.variance = variance
    self.notes = notes
  }

  /// Whether the effect and its variance are known, so that it can be pooled.
  var isUsable: Bool { value != nil && variance != nil }
}

/// Studies with their labels, counts and effects, in the order of the data.
public struct StudyEffects: Sendable, Equatable {
  /// What is pooled.
  public let measure: EffectMeasure
  /// The names of the studies.
  public let labels: [String]
  /// What is known of each study; `nil` where it is incomplete.
  public let counts: [StudyCounts?]
  /// The correction of counts.
  public let correction: ContinuityCorrection
  /// The effects.
  public let effects: [StudyEffect]
  /// The cluster of each study, where they are in clusters; a study without one is its own.
  public var clusters: [String?]?
  /// The outcome of each study, where a cluster has effects of several.
  public var outcomes: [String]?

  /// Makes the effects of a measure from what is known of studies.
  ///
  /// A study that does not define the effect (size zero, a standard deviation of zero, no events at all
  /// for a ratio) has none, with a note that says why.
  ///
  /// - Throws: ``MetaError/unfittingMeasure(_:needs:nearest:)`` where the counts are of another kind than
  ///   the measure takes.
  public init(
    _ measure: EffectMeasure, labels: [String], counts: [StudyCounts?],
    correction: ContinuityCorrection? = nil
  ) throws(MetaError) {
    precondition(labels.count == counts.count, "a label for each study")
    for case let known? in counts where known.material != measure.material {
      throw .unfittingMeasure(
        measure, needs: measure.material.words,
        nearest: EffectMeasure.allCases.filter { $0.material == known.material }.prefix(3).map {
          $0
        })
    }
    let correction = correction ?? .usual(of: measure)
    self.measure = measure
    self.labels = labels
    self.counts = counts
    self.correction = correction
    let hasZero = counts.contains { $0?.hasZero == true }
    effects = counts.map { counts in
      guard let counts else {
        return StudyEffect(value: nil, variance: nil, notes: [.incompleteStudy])
      }
      let isCorrected =
        switch correction.scope {
        case .none: false
        case .all: true
        case .allIfZero: hasZero
        case .onlyZero: counts.hasZero
        }
      return measure.effect(of: counts, adding: isCorrected ? correction.amount : 0)
    }
  }

  /// The number of studies.
  public var count: Int { labels.count }

  /// The studies whose effects can be pooled, as positions.
  public var usable: [Int] { effects.indices.filter { effects[$0].isUsable } }

  /// Some of the studies, in the given order.
  public func selecting(_ positions: [Int]) -> StudyEffects {
    var selected = StudyEffects(
      measure: measure, labels: positions.map { labels[$0] }, counts: positions.map { counts[$0] },
      correction: correction, effects: positions.map { effects[$0] })
    selected.clusters = clusters.map { all in positions.map { all[$0] } }
    selected.outcomes = outcomes.map { all in positions.map { all[$0] } }
    return selected
  }

  init(
    measure: EffectMeasure, labels: [String], counts: [StudyCounts?],
    correction: ContinuityCorrection, effects: [StudyEffect]
  ) {
    self.measure = measure
    self.labels = labels
    self.counts = counts
    self.correction = correction
    self.effects = effects
  }
}

extension StudyCounts {
  /// The kind of measure that the study serves.
  public var material: EffectMeasure.Material {
    switch self {
    case .events: .events
    case .twoByTwo: .twoByTwo
    case .mean: .mean
    case .means: .means
    case .correlation: .correlation
    case .personTime: .personTime
    case .personTimes: .personTimes
    case .effect: .effect
    }
  }

  /// Whether a count that a logarithm is taken of is zero.
  var hasZero: Bool {
    switch self {
    case .events(let events, let total): events == 0 || events == total
    case .twoByTwo(let a, let first, let c, let second):
      a == 0 || a == first || c == 0 || c == second
    case .personTime(let events, _): events == 0
    case .personTimes(let first, _, let second, _): first == 0 || second == 0
    default: false
    }
  }
}

extension EffectMeasure.Material {
  /// What is needed, in words.
  var words: String {
    switch self {
    case .events: "events and a total"
    case .twoByTwo: "events and totals of two groups"
    case .mean: "a mean, a standard deviation and a size"
    case .means: "means, standard deviations and sizes of two groups"
    case .correlation: "a correlation and a number of papers"
    case .personTime: "events and person-time"
    case .personTimes: "events and person-time of two groups"
    case .effect: "an effect and its error"
    }
  }
}

extension Note {
  /// A number of the study is missing.
  static let incompleteStudy = Note("incomplete", effect: .noValue)
  /// A number of the study is impossible: more events than papers, or a negative one.
  static let impossibleStudy = Note("impossible-counts", effect: .noValue)
  /// A group of the study has no papers.
  static let emptyStudy = Note("size-zero", effect: .noValue)
  /// The study's counts do not define the effect.
  public static let undefinedEffect = Note("effect-undefined", effect: .noValue)
  /// The effect has no variance, so that no weight can be given to it.
  static let noVariance = Note("no-variance", effect: .noValue)
  /// No events, or only events, in both groups: no information on a ratio.
  static let doubleZero = Note("double-zero", effect: .remark)

  /// Something was added to the counts.
  static func corrected(_ amount: Double) -> Note {
    Note("continuity-correction", detail: "\(amount)", effect: .remark)
  }
}
