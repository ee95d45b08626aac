extension Corpus {
  /// The items that the scans answer, with the modules that can be told from the scans.
  ///
  /// A category that some scan names among its active modules is a module of its own; one that was
  /// found only in the type checklist of a single paper type is in the module of that type; every
  /// other is in the base module. Items are in the order in which the papers, sorted by slug and
  /// version, answer them first, category by category, so that no scan that was left out decides it.
  fileprivate func discoveredColumns(_ papers: [Paper]) -> [(item: Item, index: Int)] {
    var isAnswered = [Bool](repeating: false, count: items.count)
    var answered: [Int] = []
    var activeModules: Set<String> = []
    var latestModules: [String] = []
    for row in papers.sortedRows {
      for answer in scans[row].answers where !isAnswered[answer.item] {
        isAnswered[answer.item] = true
        answered.append(answer.item)
      }
      if scans[row].activeModules != latestModules {
        latestModules = scans[row].activeModules
        activeModules.formUnion(latestModules)
      }
    }
    var categories: [String: ItemOrigin] = [:]
    for index in answered where index < origins.count {
      categories[items[index].category, default: ItemOrigin()].merge(origins[index])
    }
    func module(_ category: String) -> String {
      if activeModules.contains(category) { return category }
      guard let origin = categories[category], !origin.inChecklist, origin.paperTypes.count == 1
      else { return Item.baseModule }
      return origin.paperTypes[0]
    }
    return answered.groupedByCategory { items[$0] }.map { index in
      (Item(id: items[index], module: module(items[index].category)), index)
    }
  }
}

extension BinaryMatrix {
  /// Creates the matrix of a corpus: a row a scan, a column an item that any scan answers.
  ///
  /// The instrument gives labels, modules and the order of the columns; without one they are as
  /// discovered. A scan's item that was not asked is absent. Several scans of one paper are told
  /// apart by the version and rater of their papers.
  public init(_ corpus: Corpus, instrument: Instrument? = nil) {
    let papers = corpus.scans.map(\.paper)
    let discovered = corpus.discoveredColumns(papers)
    let found = discovered.map(\.item)
    let columns = instrument?.arranging(found) ?? found
    let columnOfID = Dictionary(
      columns.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var columnOfItem = [Int?](repeating: nil, count: corpus.items.count)
    for (item, index) in discovered { columnOfItem[index] = columnOfID[item.id] }
    let planes = corpus.planes(columnOfItem, columnCount: columns.count)
    self.init(
      papers: papers, items: columns, yes: planes.yes, applies: planes.applies,
      asked: planes.asked)
  }
}

extension Corpus {
  /// The cells of the scans; items without a column are left out.
  fileprivate func planes(
    _ columnOfItem: [Int?], columnCount: Int
  ) -> (yes: BitColumns, applies: BitColumns, asked: BitColumns) {
    let empty = BitColumns(rowCount: scans.count, columnCount: columnCount)
    // The first word of each item's column, or -1.
    let starts = columnOfItem.map { $0.map { $0 * empty.wordsPerColumn } ?? -1 }
    var yes = empty.words
    var applies = empty.words
    var asked = empty.words
    unsafe asked.withUnsafeMutableBufferPointer { asked in
      unsafe applies.withUnsafeMutableBufferPointer { applies in
        unsafe yes.withUnsafeMutableBufferPointer { yes in
          for row in scans.indices {
            let bit: UInt64 = 1 << UInt64(row & 63)
            for answer in scans[row].answers {
              let start = starts[answer.item]
              if answer.cell == .absent || start < 0 { continue }
              let word = start + row >> 6
              unsafe asked[word] |= bit
              unsafe applies[word] |= answer.cell == .notApplicable ? 0 : bit
              unsafe yes[word] |= answer.cell == .yes ? bit : 0
            }
          }
        }
      }
    }
    func columns(_ words: [UInt64]) -> BitColumns {
      BitColumns(rowCount: scans.count, columnCount: columnCount, words: words)
    }
    return (columns(yes), columns(applies), columns(asked))
  }
}
