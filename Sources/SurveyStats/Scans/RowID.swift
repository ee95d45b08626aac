/// What tells the rows of a corpus apart: the paper, the version of its instrument, and who answered.
///
/// Rows of one paper are never independent: they are one unit of every sampling design that is made of
/// a matrix.
public struct RowID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The slug of the paper.
  public var paper: String
  /// The version of the instrument; `nil` when it is not stated.
  public var version: Int?
  /// Who answered; `nil` when it is not stated.
  public var rater: String?

  /// Creates an identity.
  public init(paper: String, version: Int? = nil, rater: String? = nil) {
    self.paper = paper
    self.version = version
    self.rater = rater
  }

  /// The order of papers, then of versions, then of raters; what is not stated comes first.
  public static func < (left: RowID, right: RowID) -> Bool {
    if left.paper != right.paper { return left.paper < right.paper }
    let (a, b) = (left.version ?? .min, right.version ?? .min)
    if a != b { return a < b }
    return isBefore(left.rater, right.rater)
  }

  /// The paper, with the version and rater in words where they are stated.
  public var description: String {
    let parts = [version.map { "version \($0)" }, rater.map { "rater \($0)" }].compactMap { $0 }
    return parts.isEmpty ? paper : "\(paper) (\(parts.joined(separator: ", ")))"
  }

  /// The order of raters, the one that is not stated first.
  fileprivate static func isBefore(_ left: String?, _ right: String?) -> Bool {
    guard let right else { return false }
    return left.map { $0 < right } ?? true
  }
}

extension Paper {
  /// What tells this row apart from the others of its corpus.
  public var row: RowID { RowID(paper: slug, version: version, rater: rater) }

  /// Whether two rows are of one paper, version and rater.
  func isSameRow(as other: Paper) -> Bool {
    hasSameSlug(as: other) && version == other.version && rater == other.rater
  }

  /// Whether two rows are of one paper.
  func hasSameSlug(as other: Paper) -> Bool {
    if let order = byteOrder(other) { return order == 0 }
    return slug == other.slug
  }

  /// The order of two slugs, if their bytes say it: negative, zero or positive.
  fileprivate func byteOrder(_ other: Paper) -> Int? {
    guard let mine = source, let theirs = other.source, mine.table.isASCII, theirs.table.isASCII
    else { return nil }
    return mine.table.compareSlugs(mine.row, with: theirs.table, theirs.row)
  }
}

extension [Paper] {
  /// The table of whose rows these are some, in its order, if it has every paper once in the order of
  /// their names; then so have these.
  var ascendingTable: PaperTable? {
    guard let table = first?.source?.table, table.isAscending else { return nil }
    return unsafe withUnsafeBufferPointer { papers in
      var last = -1
      for paper in papers.indices {
        let row = unsafe papers[paper].row(in: table)
        guard row > last else { return nil }
        last = row
      }
      return table
    }
  }

  /// The table whose rows these are, all of them in their order.
  var wholeTable: PaperTable? {
    guard let table = first?.source?.table, table.rowCount == count else { return nil }
    return unsafe withUnsafeBufferPointer { papers in
      papers.indices.allSatisfy { unsafe papers[$0].row(in: table) == $0 }
    } ? table : nil
  }

  /// Whether no paper can have metadata of a kind.
  package func lack(_ kind: MetadataColumn) -> Bool {
    guard let table = first?.source?.table, !table.has(kind) else { return isEmpty }
    return unsafe withUnsafeBufferPointer { papers in
      papers.indices.allSatisfy { unsafe papers[$0].row(in: table) >= 0 }
    }
  }

  /// Whether the rows are in the order of their identities.
  var areInOrder: Bool {
    ascendingTable != nil || indices.dropFirst().allSatisfy { !isBefore($0, $0 - 1) }
  }

  /// The rows in the order of papers, versions and raters.
  package var sortedRows: [Int] { areInOrder ? [Int](indices) : indices.sorted(by: isBefore) }

  /// The order of ``RowID``, without making one.
  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    if let order = self[left].byteOrder(self[right]) {
      if order != 0 { return order < 0 }
    } else {
      if self[left].slug < self[right].slug { return true }
      guard self[left].slug == self[right].slug else { return false }
    }
    let (a, b) = (self[left].version ?? .min, self[right].version ?? .min)
    return a == b ? RowID.isBefore(self[left].rater, self[right].rater) : a < b
  }
}
