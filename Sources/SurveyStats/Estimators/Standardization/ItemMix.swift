/// The pass rates of groups of papers over the same mix of items.
///
/// A category, or everything, mixes items of different difficulty. Where groups were asked different
/// items, or an item applies more often in one of them, their pooled rates differ though every single item
/// is the same: a difference of composition, not of the papers. Held fixed, the rate of group k is
///
///     R_k = Σ_j v_j p_kj / Σ_j v_j,   v_j = Σ_k n_kj,
///
/// p_kj being the rate of item j in group k, n_kj its applicable answers there (weighted).
///
/// * ``Method/common``: j runs over the items that apply in every group. Silent on the others; see
///   ``commonShare``. Restricting to these items is not enough by itself: the weights must be the same
///   too, because applicability differs. Of many groups those with few papers can be kept from deciding:
///   otherwise a group of one paper would take away every item that does not apply to it.
/// * ``Method/model``: j runs over all items, p_kj is `logistic(α_j + β_k)` of a logistic model in which
///   every item has its own level, fitted to all answers as if independent, errors by papers. Right if the
///   difference (in log odds) is the same for the items that a group was not asked.
/// * ``Method/crude``: `Σ_j y_kj / Σ_j n_kj`, whatever was asked.
///
/// Errors come from the contributions of the sampling units, Σ_j v_j (y_uj − p_kj n_uj)/n_kj, with the
/// bias-reduced variance and the degrees of freedom of ``UnitVariance``; the weights v_j are taken as
/// given. The study `coverage awkward` measures bias and false alarms of the three methods.
///
/// A group without answers, or no common item, has no rate; ``note(of:)`` says why. Groups may share
/// papers. Use it wherever overall or category rates are compared: over groups, years, versions.
///
/// References: Kitagawa (1955), *JASA* 50:1168, on the composition part; direct standardisation: Fleiss,
/// Levin & Paik (2003), *Statistical Methods for Rates and Proportions*, section 19.2; estimating
/// equations with working independence: Liang & Zeger (1986), *Biometrika* 73:13.
///
/// Cost: one pass over the applicable cells, once more a group for its errors; the model solves a system
/// of as many equations as there are items and groups, some ten times.
public struct ItemMix: Sendable {
  /// How the mix of items is held fixed.
  public enum Method: String, Sendable, CaseIterable {
    /// By the items that apply in every group, each with the same weight in all.
    case common
    /// By a logistic model in which every item has its own level.
    case model
    /// Not at all.
    case crude
  }

  /// Why there is no rate, or what to know of it.
  public enum Note: Sendable, Equatable, CustomStringConvertible {
    /// No item applies in every group.
    case noCommonItem
    /// A group of few papers to which some of the items do not apply.
    case lacksCommonItems
    /// Nothing applies in the group.
    case noAnswer
    /// The model cannot tell groups apart that no chain of common items connects.
    case unconnectedGroups
    /// All or none of the group's answers are yes, where items vary: its level in the model is infinite.
    case separatedGroup
    /// The model did not converge.
    case notConverged

    /// The words of a `note` column.
    public var description: String {
      switch self {
      case .noCommonItem: "no-common-item"
      case .lacksCommonItems: "lacks-common-items"
      case .noAnswer: "never-applicable"
      case .unconnectedGroups: "groups-without-common-items"
      case .separatedGroup: "separated-group"
      case .notConverged: "not-converged"
      }
    }
  }

  /// The papers that a group needs to decide, among many groups, which items are common.
  public static let fewestPapers = 10

  /// How the mix is held fixed.
  public let method: Method
  /// The columns of the items that were to be compared.
  public let items: [Int]
  /// The columns of the items that the rates are over: those that apply in every group for
  /// ``Method/common``, else all that apply anywhere.
  public let mixedItems: [Int]
  /// The weight of each of ``mixedItems``; they add up to 1.
  ///
  /// Empty when the mix is not held fixed.
  public let weights: [Double]
  /// The share of the applicable answers that belong to ``mixedItems``.
  public let commonShare: Double

  let matrix: BinaryMatrix
  let design: SamplingDesign
  let groups: [[Int]]
  /// The weighted applicable and yes answers of each group to each of ``items``.
  let applicable: [[Double]]
  let yes: [[Double]]
  /// The fitted model; `nil` for other methods, or where it does not exist.
  let model: ItemLevelModel?

  /// Counts the answers of groups.
  ///
  /// - Parameters:
  ///   - matrix: The matrix of all groups.
  ///   - items: The columns to compare, such as those of a category.
  ///   - groups: The rows of the papers of each group.
  ///   - design: The sampling design of the matrix.
  ///   - method: How the mix is held fixed.
  ///   - standard: The group whose answers give the weights of the items; `nil` for all groups together.
  ///   - fewestPapers: Groups of fewer papers decide neither items nor weights of ``Method/common``, where
  ///     two groups have as many.
  public init(
    _ matrix: BinaryMatrix, items: [Int], groups: [[Int]], design: SamplingDesign,
    method: Method = .common, standard: Int? = nil, fewestPapers: Int = 1
  ) {
    self.method = method
    self.items = items
    self.matrix = matrix
    self.design = design
    self.groups = groups
    var applicable: [[Double]] = []
    var yes: [[Double]] = []
    for papers in groups {
      var (all, passed) = (
        [Double](repeating: 0, count: items.count), [Double](repeating: 0, count: items.count)
      )
      let rows = RowMask(papers, of: matrix.papers.count)
      for (position, item) in items.enumerated() {
        guard let weights = design.weights else {
          all[position] = Double(rows.count(matrix.applies, column: item))
          passed[position] = Double(rows.count(matrix.yes, column: item))
          continue
        }
        for paper in papers where matrix.applies[paper, item] {
          all[position] += weights[paper]
          if matrix.yes[paper, item] { passed[position] += weights[paper] }
        }
      }
      applicable.append(all)
      yes.append(passed)
    }
    self.applicable = applicable
    self.yes = yes
    let large = groups.indices.filter { groups[$0].count >= fewestPapers }
    let deciding = (method == .common && large.count > 1 ? large : Array(groups.indices))
      .map { applicable[$0] }
    let totals =
      standard.map { applicable[$0] }
      ?? items.indices.map { item in deciding.reduce(0) { $0 + $1[item] } }
    let positions = items.indices.filter { item in
      method == .common
        ? !deciding.isEmpty && deciding.allSatisfy { $0[item] > 0 } : totals[item] > 0
    }
    self.positions = positions
    mixedItems = positions.map { items[$0] }
    let mixed = positions.reduce(0) { $0 + totals[$1] }
    weights = method == .crude ? [] : positions.map { totals[$0] / mixed }
    let all = totals.reduce(0, +)
    commonShare = all > 0 ? mixed / all : 0
    model =
      method == .model
      ? ItemLevelModel(
        applicable: applicable.map { group in positions.map { group[$0] } },
        yes: yes.map { group in positions.map { group[$0] } }) : nil
  }

  /// The positions of ``mixedItems`` among ``items``.
  let positions: [Int]

  /// Whether all groups have the same mix of applicable answers, so that the crude rates are the ones
  /// over the same items.
  public var isEqual: Bool {
    let sums = applicable.map { $0.reduce(0, +) }
    guard let first = applicable.first, let sum = sums.first else { return true }
    guard sums.allSatisfy({ $0 > 0 }) else { return false }
    return zip(applicable, sums).allSatisfy { group, total in
      zip(group, first).allSatisfy { abs($0 * sum - $1 * total) <= 1e-12 * sum * total }
    }
  }

  /// Whether the rates are the crude ones, as the mixes are the same.
  var isCrude: Bool { method == .common && isEqual }

  /// The rate of a group whatever it was asked; `nil` when nothing applies.
  public func crude(_ group: Int) -> Double? {
    let total = applicable[group].reduce(0, +)
    return total > 0 ? yes[group].reduce(0, +) / total : nil
  }

  /// The rate of a group over the mix; `nil` with a ``note(of:)``.
  public func value(_ group: Int) -> Double? {
    guard note(of: group) == nil else { return nil }
    switch method {
    case .crude: return crude(group)
    case .common:
      return zip(positions, weights).reduce(0) {
        $0 + $1.1 * yes[group][$1.0] / applicable[group][$1.0]
      }
    case .model: return model?.rate(group, weights: weights)
    }
  }

  /// Why a group has no rate; `nil` when it has one.
  public func note(of group: Int) -> Note? {
    if applicable[group].allSatisfy({ $0 == 0 }) { return .noAnswer }
    switch method {
    case .crude: return nil
    case .common:
      if mixedItems.isEmpty { return .noCommonItem }
      return positions.allSatisfy { applicable[group][$0] > 0 } ? nil : .lacksCommonItems
    case .model: return model.flatMap { $0.note(of: group) }
    }
  }

  /// The number of papers of a group with an answer to an item of the mix, whatever number of rows they have.
  public func paperCount(_ group: Int) -> Int {
    let mask = RowMask(groups[group], of: matrix.papers.count)
    let rows = mask.rows(of: matrix.applies, columns: mixedItems)
    if design.unitsArePapers { return rows.count }
    return Set(rows.map { matrix.papers[$0].slug }).count
  }

  /// The items of a matrix that every group was asked: some paper of each.
  ///
  /// What distributions of scores over groups are restricted to.
  public static func items(of matrix: BinaryMatrix, askedIn groups: [[Int]]) -> [Int] {
    matrix.items.indices.filter { item in
      groups.allSatisfy { papers in papers.contains { matrix.asked[$0, item] } }
    }
  }
}
