extension Corpus {
  /// The items that the scans answer, with the modules that can be told from the scans.
  ///
  /// A category that some scan names among its active modules is a module of its own; one that was
  /// found only in the type checklist of a single paper type is in the module of that type; every
  /// other is in the base module. Items are in the order in which the papers, sorted by slug and
  /// version, answer them first, category by category, so that no scan that was left out decides it.
  fileprivate func discoveredColumns() -> [(item: Item, index: Int)] {
    var isAnswered = [Bool](repeating: false, count: items.count)
    var answered: [Int] = []
    var activeModules: Set<String> = []
    for row in scans.map(\.paper).sortedRows {
      for answer in scans[row].answers where !isAnswered[answer.item] {
        isAnswered[answer.item] = true
        answered.append(answer.item)
      }
      activeModules.formUnion(scans[row].activeModules)
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
  /// apart by the version of their papers.
  public init(_ corpus: Corpus, instrument: Instrument? = nil) {
    let discovered = corpus.discoveredColumns()
    let found = discovered.map(\.item)
    let columns = instrument?.arranging(found) ?? found
    let columnOfID = Dictionary(
      columns.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var columnOfItem = [Int?](repeating: nil, count: corpus.items.count)
    for (item, index) in discovered { columnOfItem[index] = columnOfID[item.id] }
    var yes = BitColumns(rowCount: corpus.scans.count, columnCount: columns.count)
    var applies = yes
    var asked = yes
    for (row, scan) in corpus.scans.enumerated() {
      for answer in scan.answers {
        guard let column = columnOfItem[answer.item], answer.cell != .absent else { continue }
        asked[row, column] = true
        if answer.cell == .notApplicable { continue }
        applies[row, column] = true
        if answer.cell == .yes { yes[row, column] = true }
      }
    }
    self.init(
      papers: corpus.scans.map(\.paper), items: columns, yes: yes, applies: applies, asked: asked)
  }
}
