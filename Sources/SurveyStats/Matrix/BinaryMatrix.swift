/// A paper × item matrix of checklist answers with four cell states.
///
/// The cells are kept as two planes of packed bits per item: *applies* and *yes*; a third plane
/// says which cells were asked at all. A yes bit is set only where the applies bit is, and an
/// applies bit only where the asked bit is, so that the cell states are exclusive.
public struct BinaryMatrix: Sendable, Equatable {
  /// The papers, one a row.
  public let papers: [Paper]
  /// The items, one a column.
  public let items: [Item]
  /// Cells whose answer is yes, a column an item.
  public let yes: BitColumns
  /// Cells whose item applies, a column an item.
  public let applies: BitColumns
  /// Cells whose item was asked, a column an item.
  public let asked: BitColumns
  /// What partial answers, which are cells of no, earn in scores; by item, then by paper.
  public let credits: [PartialCredit]
  private let keptSlugNumbers: OnDemand<Kept<SlugNumbers>>

  /// Which rows are of one paper, found once for all matrices of these papers.
  package var slugNumbers: SlugNumbers {
    keptSlugNumbers.value { Kept(SlugNumbers(papers)) }.value
  }

  /// Creates a matrix by asking for every cell.
  public init(papers: [Paper], items: [Item], cell: (_ paper: Int, _ item: Int) -> Cell) {
    var yes = BitColumns(rowCount: papers.count, columnCount: items.count)
    var applies = yes
    var asked = yes
    for item in items.indices {
      for paper in papers.indices {
        switch cell(paper, item) {
        case .absent: break
        case .notApplicable: asked[paper, item] = true
        case .no:
          asked[paper, item] = true
          applies[paper, item] = true
        case .yes:
          asked[paper, item] = true
          applies[paper, item] = true
          yes[paper, item] = true
        }
      }
    }
    self.init(papers: papers, items: items, yes: yes, applies: applies, asked: asked)
  }

  /// Creates a matrix from its planes.
  ///
  /// The planes must have one row a paper and one column an item, with yes ⊆ applies ⊆ asked.
  public init(
    papers: [Paper], items: [Item], yes: BitColumns, applies: BitColumns, asked: BitColumns
  ) {
    self.init(
      papers: papers, items: items, yes: yes, applies: applies, asked: asked, credits: [])
  }

  /// Creates a matrix from its planes, with the credits of cells of no.
  package init(
    papers: [Paper], items: [Item], yes: BitColumns, applies: BitColumns, asked: BitColumns,
    credits: [PartialCredit]
  ) {
    self.init(
      papers: papers, items: items, yes: yes, applies: applies, asked: asked, credits: credits,
      slugNumbers: OnDemand())
  }

  private init(
    papers: [Paper], items: [Item], yes: BitColumns, applies: BitColumns, asked: BitColumns,
    credits: [PartialCredit], slugNumbers: OnDemand<Kept<SlugNumbers>>
  ) {
    for plane in [yes, applies, asked] {
      precondition(plane.rowCount == papers.count && plane.columnCount == items.count)
    }
    self.papers = papers
    self.items = items
    self.yes = yes
    self.applies = applies
    self.asked = asked
    self.credits = credits
    keptSlugNumbers = slugNumbers
  }

  /// Whether papers, items and answers are the same.
  public static func == (left: BinaryMatrix, right: BinaryMatrix) -> Bool {
    left.papers == right.papers && left.items == right.items && left.yes == right.yes
      && left.applies == right.applies && left.asked == right.asked
      && left.credits == right.credits
  }

  /// The number of papers, each counted once however many scans of it there are.
  public var distinctPaperCount: Int { slugNumbers.count }

  /// The state of one cell.
  public subscript(paper: Int, item: Int) -> Cell {
    guard asked[paper, item] else { return .absent }
    guard applies[paper, item] else { return .notApplicable }
    return yes[paper, item] ? .yes : .no
  }

  /// The matrix of the given papers, in the given order.
  public func selecting(papers rows: [Int]) -> BinaryMatrix {
    BinaryMatrix(
      papers: rows.map { papers[$0] }, items: items, yes: yes.selecting(rows: rows),
      applies: applies.selecting(rows: rows), asked: asked.selecting(rows: rows),
      credits: selectingCredits(papers: rows))
  }

  /// The matrix of the given items, in the given order.
  public func selecting(items columns: [Int]) -> BinaryMatrix {
    BinaryMatrix(
      papers: papers, items: columns.map { items[$0] }, yes: yes.selecting(columns: columns),
      applies: applies.selecting(columns: columns), asked: asked.selecting(columns: columns),
      credits: selectingCredits(items: columns), slugNumbers: keptSlugNumbers)
  }

  /// The matrix with its papers described anew.
  public func replacing(papers: [Paper]) -> BinaryMatrix {
    BinaryMatrix(
      papers: papers, items: items, yes: yes, applies: applies, asked: asked, credits: credits)
  }

  /// The matrix with its items described anew.
  package func replacing(items: [Item]) -> BinaryMatrix {
    BinaryMatrix(
      papers: papers, items: items, yes: yes, applies: applies, asked: asked, credits: credits,
      slugNumbers: keptSlugNumbers)
  }

  /// The matrix with the labels, modules and column order of an instrument.
  public func arranged(by instrument: Instrument) -> BinaryMatrix {
    let arranged = instrument.arranging(items)
    var columns: [ItemID: Int] = [:]
    for (column, item) in items.enumerated() { columns[item.id] = column }
    let ordered = selecting(items: arranged.compactMap { columns[$0.id] })
    return BinaryMatrix(
      papers: papers, items: arranged, yes: ordered.yes, applies: ordered.applies,
      asked: ordered.asked, credits: ordered.credits, slugNumbers: keptSlugNumbers)
  }
}
