/// The share of a point that a partial answer earns in scores.
///
/// Its cell is a no: an item is passed or it is not, and rates count the papers that pass. Scores and
/// their composites add the share instead, by a rule that somebody stated ("Partially" is worth 0.5).
public struct PartialCredit: Sendable, Equatable {
  /// The row of the paper.
  public let paper: Int
  /// The column of the item.
  public let item: Int
  /// What it earns, more than 0 and less than 1.
  public let share: Double

  /// Creates a credit.
  public init(paper: Int, item: Int, share: Double) {
    self.paper = paper
    self.item = item
    self.share = share
  }
}

extension BinaryMatrix {
  /// The matrix in which some cells of no earn a share of a point.
  ///
  /// - Parameter credits: At most one a cell; the cells must be a no, and the shares lie between 0 and 1.
  public func crediting(_ credits: [PartialCredit]) -> BinaryMatrix {
    precondition(
      credits.allSatisfy { self[$0.paper, $0.item] == .no && $0.share > 0 && $0.share < 1 })
    return BinaryMatrix(
      papers: papers, items: items, yes: yes, applies: applies, asked: asked,
      credits: credits.sorted { ($0.item, $0.paper) < ($1.item, $1.paper) })
  }

  /// The number of partial answers of some items.
  public func partialCount(items columns: [Int]) -> Int {
    guard !credits.isEmpty else { return 0 }
    let columns = Set(columns)
    return credits.count { columns.contains($0.item) }
  }

  /// What the partial answers of each paper earn in some items; `nil` without any partial answer.
  func earned(items columns: [Int], weights: [Double]? = nil) -> [Double]? {
    guard !credits.isEmpty else { return nil }
    let columns = Set(columns)
    var sums = [Double](repeating: 0, count: papers.count)
    for credit in credits where columns.contains(credit.item) {
      sums[credit.paper] += credit.share * (weights?[credit.item] ?? 1)
    }
    return sums
  }

  /// How partial answers count, in a sentence; `nil` without any.
  public var creditRemark: String? {
    guard !credits.isEmpty else { return nil }
    let shares = Set(credits.map(\.share)).sorted().map { NumberFormat.shortest($0) }
    let listed = shares.prefix(4).joined(separator: ", ") + (shares.count > 4 ? ", …" : "")
    let (verb, other, those) =
      credits.count == 1 ? ("earns", "counts", "") : ("earn", "count", "s")
    return
      "\(credits.count) partial answer\(those) \(verb) a share of a point (\(listed)) in scores and "
      + "their composites, and \(other) as no everywhere else"
  }

  func selectingCredits(papers rows: [Int]) -> [PartialCredit] {
    guard !credits.isEmpty else { return [] }
    var places: [Int: [Int]] = [:]
    for (place, row) in rows.enumerated() { places[row, default: []].append(place) }
    return credits.flatMap { credit in
      (places[credit.paper] ?? []).map {
        PartialCredit(paper: $0, item: credit.item, share: credit.share)
      }
    }.sorted { ($0.item, $0.paper) < ($1.item, $1.paper) }
  }

  func selectingCredits(items columns: [Int]) -> [PartialCredit] {
    guard !credits.isEmpty else { return [] }
    var places: [Int: [Int]] = [:]
    for (place, column) in columns.enumerated() { places[column, default: []].append(place) }
    return credits.flatMap { credit in
      (places[credit.item] ?? []).map {
        PartialCredit(paper: credit.paper, item: $0, share: credit.share)
      }
    }.sorted { ($0.item, $0.paper) < ($1.item, $1.paper) }
  }
}
