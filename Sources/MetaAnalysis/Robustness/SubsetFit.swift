public import SurveyStats

/// The fit of some of the studies: without one of them, or the first ones in an order.
public struct SubsetFit: Sendable, Equatable {
  /// The study that is left out, or that came last.
  public var study: String
  /// The number of studies in the fit.
  public var count: Int
  /// The fit; `nil` where there is none.
  public var fit: MetaFit?
  /// Why there is no fit.
  public var notes: [Note]
}

extension RandomEffects {
  /// Pools the studies without each of them in turn.
  ///
  /// One study leaves none: its row says so. Cost: one fit a study.
  public func leavingOneOut(_ studies: StudyEffects) -> [SubsetFit] {
    let pool = UsableStudies(studies)
    return pool.labels.indices.map { left in
      subset(pool, pool.labels.indices.filter { $0 != left }, study: pool.labels[left])
    }
  }

  /// Pools the first study, the first two, and so on, in an order of the usable studies.
  public func accumulating(_ studies: StudyEffects, order: CumulativeOrder) -> [SubsetFit] {
    let pool = UsableStudies(studies)
    let sorted = order.sorted(pool)
    return sorted.indices.map { last in
      subset(pool, Array(sorted[...last]), study: pool.labels[sorted[last]])
    }
  }

  private func subset(_ pool: UsableStudies, _ members: [Int], study: String) -> SubsetFit {
    do throws(MetaError) {
      return SubsetFit(
        study: study, count: members.count,
        fit: try fit(
          members.map { pool.effects[$0] }, variances: members.map { pool.variances[$0] }),
        notes: [])
    } catch {
      return SubsetFit(study: study, count: members.count, fit: nil, notes: [.noOtherStudy])
    }
  }
}

/// In which order studies join a cumulative meta-analysis.
public enum CumulativeOrder: String, Sendable, CaseIterable {
  /// As they stand in the data.
  case input
  /// The most precise first.
  case precision
  /// The greatest effect first.
  case effect

  func sorted(_ pool: UsableStudies) -> [Int] {
    let all = Array(pool.labels.indices)
    let key: [Double]
    switch self {
    case .input: return all
    case .precision: key = pool.variances
    case .effect: key = pool.effects.map { -$0 }
    }
    return all.sorted { key[$0] != key[$1] ? key[$0] < key[$1] : $0 < $1 }
  }
}

/// The studies that can be pooled: known effects with positive variances.
struct UsableStudies: Sendable {
  let labels: [String]
  let effects: [Double]
  let variances: [Double]
  /// What is known of each; sizes are taken from it.
  let counts: [StudyCounts?]

  init(_ studies: StudyEffects) {
    let usable = studies.usable
    labels = usable.map { studies.labels[$0] }
    effects = usable.compactMap { studies.effects[$0].value }
    variances = usable.compactMap { studies.effects[$0].variance }
    counts = usable.map { studies.counts[$0] }
  }

  /// The numbers of papers; `nil` where one is unknown or zero.
  var sizes: [Double]? {
    let known = counts.compactMap { $0?.size }
    return known.count == counts.count && known.allSatisfy { $0 > 0 } ? known : nil
  }
}

extension Note {
  /// No study is left.
  public static let noOtherStudy = Note(
    "no-other-study", effect: .noValue, words: "no study is left to pool")
  /// There are too few studies for the method.
  public static func tooFewStudies(_ least: Int) -> Note {
    Note(
      "too-few-studies", detail: "\(least)", effect: .noValue,
      words: "takes at least \(least) studies")
  }
}
