/// What several raters have answered about the same items of the same papers.
///
/// A rater is whoever or whatever read a paper: a person, a model, a version of the instrument, another
/// corpus. Raters may have read different papers and been asked different items; what a rater was not
/// asked is absent.
public struct Ratings: Sendable, Equatable {
  /// What makes two rows of a paper two readings of it.
  public enum Arrangement: String, Sendable, Hashable, CaseIterable {
    /// Different raters; of several rows of a rater the highest version counts.
    case rater
    /// Different versions of the instrument; of several rows of a version the first counts.
    case version

    /// The arrangement in which some paper is read twice: of a matrix that by raters goes before that by
    /// versions, of scans, whose raters are what their versions were made with, the other way round.
    public init(of matrix: BinaryMatrix, isScanned: Bool) {
      let order: [Arrangement] = isScanned ? [.version, .rater] : [.rater, .version]
      self = order.first { !Ratings(matrix, by: $0).papersReadTwice.isEmpty } ?? order[0]
    }
  }

  /// The answers of one rater: a row a paper, a column an item.
  public struct Reading: Sendable, Equatable {
    /// Cells whose answer is yes.
    public let yes: BitColumns
    /// Cells whose item applies.
    public let applies: BitColumns
    /// Cells that were asked.
    public let asked: BitColumns

    /// The answers of a matrix for chosen rows; none where there is no row.
    init(_ matrix: BinaryMatrix, rows: [Int?]) {
      yes = matrix.yes.selecting(rows: rows)
      applies = matrix.applies.selecting(rows: rows)
      asked = matrix.asked.selecting(rows: rows)
    }

    /// One answer.
    public subscript(paper: Int, item: Int) -> Cell {
      guard asked[paper, item] else { return .absent }
      guard applies[paper, item] else { return .notApplicable }
      return yes[paper, item] ? .yes : .no
    }
  }

  /// The papers, as their first rows describe them.
  public let papers: [Paper]
  /// The row of the matrix that describes each paper.
  public let rows: [Int]
  /// The items.
  public let items: [Item]
  /// The names of the raters: those that were put in order, then by number, then by text.
  public let raters: [String]
  /// The answers of each rater.
  public let readings: [Reading]
  /// The rows that another row of the same paper and rater stands for.
  public let supersededCount: Int

  /// Arranges the rows of a matrix; papers with a single reading are kept.
  ///
  /// - Parameters:
  ///   - matrix: The rows.
  ///   - arrangement: What makes two rows two readings.
  ///   - order: Raters that stand before the others, in this order.
  public init(
    _ matrix: BinaryMatrix, by arrangement: Arrangement = .rater, order: [String] = []
  ) {
    let slugs = matrix.slugNumbers
    var firstRow = [Int](repeating: -1, count: slugs.count)
    var places: [String: Int] = [:]
    var names: [String] = []
    func name(_ paper: Paper) -> String {
      switch arrangement {
      case .rater: paper.rater ?? Self.unnamed
      case .version: paper.version.map(String.init) ?? Self.unnamed
      }
    }
    for (row, paper) in matrix.papers.enumerated() {
      let rater = name(paper)
      if places.updateValue(0, forKey: rater) == nil { names.append(rater) }
      if firstRow[slugs.ofRow[row]] < 0 { firstRow[slugs.ofRow[row]] = row }
    }
    names.sort { left, right in
      let places = [left, right].map { order.firstIndex(of: $0) ?? order.count }
      return (places[0], Double(left) ?? .infinity, left)
        < (places[1], Double(right) ?? .infinity, right)
    }
    for (place, rater) in names.enumerated() { places[rater] = place }
    var rowOf = names.map { _ in [Int?](repeating: nil, count: slugs.count) }
    var superseded = 0
    for (row, paper) in matrix.papers.enumerated() {
      let (rater, number) = (places[name(paper)] ?? 0, slugs.ofRow[row])
      guard let other = rowOf[rater][number] else {
        rowOf[rater][number] = row
        continue
      }
      superseded += 1
      if arrangement == .rater, paper.version ?? 0 > matrix.papers[other].version ?? 0 {
        rowOf[rater][number] = row
      }
    }
    papers = firstRow.map { matrix.papers[$0] }
    rows = firstRow
    items = matrix.items
    raters = names
    readings = rowOf.map { Reading(matrix, rows: $0) }
    supersededCount = superseded
  }

  private init(
    papers: [Paper], rows: [Int], items: [Item], raters: [String], readings: [Reading],
    supersededCount: Int
  ) {
    self.papers = papers
    self.rows = rows
    self.items = items
    self.raters = raters
    self.readings = readings
    self.supersededCount = supersededCount
  }

  /// What a reading is called of which no rater or version is stated.
  static let unnamed = "not stated"

  /// One answer.
  public subscript(rater: Int, paper: Int, item: Int) -> Cell { readings[rater][paper, item] }

  /// The readings of some raters.
  func selecting(raters places: [Int]) -> Ratings {
    Ratings(
      papers: papers, rows: rows, items: items, raters: places.map { raters[$0] },
      readings: places.map { readings[$0] }, supersededCount: supersededCount)
  }

  /// How many raters have read each paper.
  public var readingCounts: [Int] {
    papers.indices.map { paper in
      readings.count { reading in items.indices.contains { reading.asked[paper, $0] } }
    }
  }

  /// The papers of which at least two raters were asked the same item.
  public var papersReadTwice: [Int] {
    var once = BitColumns(rowCount: papers.count, columnCount: items.count).words
    var twice = [UInt64](repeating: 0, count: once.count)
    for reading in readings {
      for word in once.indices {
        twice[word] |= once[word] & reading.asked.words[word]
        once[word] |= reading.asked.words[word]
      }
    }
    let columns = BitColumns(
      rowCount: papers.count, columnCount: items.count, words: twice)
    let counts = columns.rowCounts(columns: Array(items.indices))
    return counts.indices.filter { counts[$0] > 0 }
  }
}

extension BitColumns {
  /// The columns with their rows taken in the given order; all zeros where there is no row.
  func selecting(rows: [Int?]) -> BitColumns {
    var result = BitColumns(rowCount: rows.count, columnCount: columnCount)
    for column in 0..<columnCount {
      for (position, row) in rows.enumerated() {
        if let row, self[row, column] { result[position, column] = true }
      }
    }
    return result
  }
}
