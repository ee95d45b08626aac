/// The answers of a rater about many papers, and those of a better rater about some of them.
///
/// The two readings have the same papers and items, so that a cell of one is the cell of the other. The
/// better rater's cells are absent wherever it did not read.
public struct PairedReadings: Sendable, Equatable {
  /// The rater's papers and answers.
  public let matrix: BinaryMatrix
  /// The better rater's answers about the papers and items of the matrix.
  public let better: Ratings.Reading
  /// What the better rater is called.
  public let betterName: String
  /// The papers of the matrix that the better rater was asked anything about.
  public let reanswered: [Int]
  /// The better rater's papers and items that the matrix does not have; they take no part.
  public let unmatched: Unmatched

  /// What of the better rater's answers is not in the matrix.
  public struct Unmatched: Sendable, Equatable {
    /// The names of the papers.
    public var papers: [String] = []
    /// The items.
    public var items: [ItemID] = []
  }

  /// Puts a better rater's answers beside those of a matrix, paper by paper and item by item.
  ///
  /// Papers are matched by name, or else by an identifier that is in both once. Of several rows of a
  /// paper in `better` the highest version counts, of those of one version the first.
  public init(_ matrix: BinaryMatrix, better: BinaryMatrix, named name: String) {
    let rowOfKey = Self.rows(better)
    var isUsed = [Bool](repeating: false, count: better.papers.count)
    let rows = matrix.papers.map { paper -> Int? in
      let row = Self.keys(paper).lazy.compactMap { rowOfKey[$0] }.first
      if let row { isUsed[row] = true }
      return row
    }
    var columnOf: [ItemID: Int] = [:]
    for (column, item) in better.items.enumerated() { columnOf[item.id] = column }
    // A column of zeros at the end stands for items that the better rater was not asked.
    let columns = matrix.items.map { columnOf[$0.id] ?? better.items.count }
    func plane(_ plane: BitColumns) -> BitColumns {
      plane.appending(BitColumns(rowCount: better.papers.count, columnCount: 1))
        .selecting(columns: columns)
    }
    let arranged = BinaryMatrix(
      papers: better.papers, items: matrix.items, yes: plane(better.yes),
      applies: plane(better.applies), asked: plane(better.asked))
    self.matrix = matrix
    self.better = Ratings.Reading(arranged, rows: rows)
    betterName = name
    let counts = self.better.asked.rowCounts(columns: Array(matrix.items.indices))
    reanswered = counts.indices.filter { counts[$0] > 0 }
    let known = Set(matrix.items.map(\.id))
    let used = Set(better.papers.indices.filter { isUsed[$0] }.map { better.papers[$0].slug })
    unmatched = Unmatched(
      papers: Set(better.papers.map(\.slug)).subtracting(used).sorted(),
      items: better.items.map(\.id).filter { !known.contains($0) })
  }

  /// Takes the rows of one rater of a matrix as the better ones, the others as the rater's; `nil` when
  /// no row is of that rater, or all are.
  public init?(_ matrix: BinaryMatrix, betterRater name: String) {
    let isBetter = matrix.papers.map { $0.rater?.lowercased() == name.lowercased() }
    let (rows, others) = (
      isBetter.indices.filter { isBetter[$0] }, isBetter.indices.filter { !isBetter[$0] }
    )
    guard !rows.isEmpty, !others.isEmpty else { return nil }
    self.init(
      matrix.selecting(papers: others), better: matrix.selecting(papers: rows), named: name)
  }

  /// The rows of the matrix, and after them those of the better rater, as readings of the same papers by
  /// a rater of the given name.
  public func joined(betterName name: String) -> BinaryMatrix {
    let count = matrix.papers.count
    let second = reanswered.map { place in
      var paper = matrix.papers[place]
      paper.rater = name
      return paper
    }
    return BinaryMatrix(papers: matrix.papers + second, items: matrix.items) { row, item in
      row < count ? matrix[row, item] : better[reanswered[row - count], item]
    }
  }

  /// What the two say of an item, over the papers that both were asked about; the rater's word is first.
  public func table(item: Int, weights: [Double]? = nil) -> StateTable {
    StateTable(Ratings.Reading(matrix), better, item: item, weights: weights)
  }

  /// What the rater says of an item over all papers that it was asked about.
  public func totals(item: Int) -> (yes: Int, no: Int, notApplicable: Int) {
    let yes = matrix.yes.count(column: item)
    let applies = matrix.applies.count(column: item)
    return (yes, applies - yes, matrix.asked.count(column: item) - applies)
  }

  /// What can match a paper, the surest first.
  private static func keys(_ paper: Paper) -> [String] {
    ["paper " + paper.slug]
      + PaperKey.Kind.identifiers.compactMap { PaperKey($0, of: paper)?.description }
  }

  /// The row that each key stands for; none for identifiers of several papers.
  private static func rows(_ matrix: BinaryMatrix) -> [String: Int] {
    var rows: [String: Int] = [:]
    var ambiguous: Set<String> = []
    for (row, paper) in matrix.papers.enumerated() {
      for key in keys(paper) {
        guard let other = rows[key] else {
          rows[key] = row
          continue
        }
        let first = matrix.papers[other]
        if first.slug != paper.slug { ambiguous.insert(key) }
        if paper.version ?? 0 > first.version ?? 0 { rows[key] = row }
      }
    }
    return rows.filter { !ambiguous.contains($0.key) }
  }
}

extension Ratings.Reading {
  /// All answers of a matrix.
  init(_ matrix: BinaryMatrix) {
    yes = matrix.yes
    applies = matrix.applies
    asked = matrix.asked
  }
}
