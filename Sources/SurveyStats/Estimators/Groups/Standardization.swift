/// Rates of groups as they would be if all groups had the same mix of strata (types, years, …).
///
/// The standardised rate of a group is Σ w_k p_k over strata k with the shares w of the standard,
/// by default of all papers together; its standard error √(Σ w_k² p_k(1 − p_k)/n_k). Strata that a
/// group lacks make its rate undefined, unless they are left out for all groups
/// (`commonStrataOnly`), which changes the standard and is said. The same rates follow from
/// inverse-probability weights (``weights(groups:strata:)``), which serve any other estimator.
///
/// Reference: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, chapter
/// 19; Hernán & Robins (2006), Journal of Epidemiology and Community Health 60:578.
public struct Standardization: Sendable, Equatable {
  /// A standardised rate.
  public struct Rate: Sendable, Equatable {
    /// The group.
    public let group: String
    /// The number of papers.
    public let paperCount: Int
    /// The rate as observed.
    public let crude: Double?
    /// The standardised rate; `nil` when the group lacks a stratum of the standard.
    public let estimate: Double?
    /// Its standard error.
    public let standardError: Double?
    /// The strata of the standard that the group lacks.
    public let missingStrata: [String]
  }

  /// The groups, in ascending order.
  public let groups: [String]
  /// The strata of the standard with their shares, in ascending order.
  public let standard: [(stratum: String, share: Double)]
  /// The strata left out because a group lacks them.
  public let leftOutStrata: [String]
  private let cells: [String: [String: Cell]]

  private struct Cell: Sendable, Equatable {
    var count = 0
    var yes = 0
  }

  /// Whether two standardisations are equal.
  public static func == (left: Self, right: Self) -> Bool {
    left.groups == right.groups && left.leftOutStrata == right.leftOutStrata
      && left.cells == right.cells
      && left.standard.elementsEqual(right.standard) { $0 == $1 }
  }

  /// Counts papers by group and stratum; papers that lack the answer, the group or the stratum are
  /// left out.
  public init(
    answers: [Bool?], groups groupLabels: [String?], strata: [String?],
    commonStrataOnly: Bool = false
  ) {
    var cells: [String: [String: Cell]] = [:]
    for (index, answer) in answers.enumerated() {
      guard let answer, let group = groupLabels[index], let stratum = strata[index] else {
        continue
      }
      cells[group, default: [:]][stratum, default: Cell()].count += 1
      if answer { cells[group]?[stratum]?.yes += 1 }
    }
    let names = cells.keys.sorted()
    let all = Set(cells.values.flatMap(\.keys)).sorted()
    let common = all.filter { stratum in names.allSatisfy { cells[$0]?[stratum] != nil } }
    let kept = commonStrataOnly ? common : all
    let counts = kept.map { stratum in
      names.reduce(0) { $0 + (cells[$1]?[stratum]?.count ?? 0) }
    }
    let total = Double(max(counts.reduce(0, +), 1))
    groups = names
    standard = zip(kept, counts).map { (stratum: $0, share: Double($1) / total) }
    leftOutStrata = all.filter { !kept.contains($0) }
    self.cells = cells
  }

  /// The rates of all groups.
  public var rates: [Rate] {
    groups.map { group in
      let own = cells[group] ?? [:]
      let count = own.values.reduce(0) { $0 + $1.count }
      let yes = own.values.reduce(0) { $0 + $1.yes }
      let missing = standard.filter { own[$0.stratum] == nil }.map(\.stratum)
      var estimate = 0.0
      var variance = 0.0
      for (stratum, share) in standard {
        guard let cell = own[stratum] else { continue }
        let rate = Double(cell.yes) / Double(cell.count)
        estimate += share * rate
        variance += share * share * rate * (1 - rate) / Double(cell.count)
      }
      let isDefined = missing.isEmpty && !standard.isEmpty
      return Rate(
        group: group, paperCount: count,
        crude: count > 0 ? Double(yes) / Double(count) : nil,
        estimate: isDefined ? estimate : nil,
        standardError: isDefined ? variance.squareRoot() : nil, missingStrata: missing)
    }
  }

  /// The weights that give each paper's group the mix of the standard.
  ///
  /// A weight is the stratum's share in the standard over its share in the paper's group. Papers
  /// outside the standard weigh nothing.
  public func weights(groups labels: [String?], strata: [String?]) -> [Double] {
    let shares = Dictionary(uniqueKeysWithValues: standard.map { ($0.stratum, $0.share) })
    let totals = cells.mapValues { own in
      standard.reduce(0) { $0 + (own[$1.stratum]?.count ?? 0) }
    }
    return labels.indices.map { index in
      guard let group = labels[index], let stratum = strata[index],
        let share = shares[stratum], let count = cells[group]?[stratum]?.count,
        let total = totals[group]
      else { return 0 }
      return share * Double(total) / Double(count)
    }
  }
}
