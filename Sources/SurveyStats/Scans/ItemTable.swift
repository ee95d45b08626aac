/// The items and sources of some scans, each kept once and numbered by first appearance.
struct ItemTable: Sendable {
  /// The items.
  private(set) var ids: [ItemID] = []
  /// Where each item was found.
  private(set) var origins: [ItemOrigin] = []
  /// The sources of answers.
  private(set) var sources: [String] = []

  // Scans name their items in the same order, so the item that followed last time is tried first.
  private var spellings: [(category: [UInt8], name: [UInt8])] = []
  private var followers = [0]
  private var latest = -1
  private var indices: [ItemID: Int] = [:]
  private var scanOfLatestAnswer: [Int] = []
  private var scan = 0
  private var sourceIndices: [String: Int] = [:]
  private var latestSource: (spelling: [UInt8], index: Int?) = ([], nil)

  /// Starts the next scan, in which no item has been answered.
  mutating func beginScan() {
    scan += 1
    latest = -1
  }

  /// The number of an item.
  ///
  /// A dot in a name becomes `_`, because `category.name` is split at its last dot.
  mutating func index(category: JSONText?, name: JSONText) -> Int {
    let guess = followers[latest + 1]
    if guess < spellings.count, name == spellings[guess].name,
      category.map({ $0 == spellings[guess].category }) ?? spellings[guess].category.isEmpty
    {
      latest = guess
      return guess
    }
    let text = name.string
    let id = ItemID(
      category: category?.string ?? "",
      name: text.utf8.contains(UInt8(ascii: "."))
        ? String(text.map { $0 == "." ? "_" : $0 }) : text)
    let index = indices[id] ?? insert(id, category: category?.bytes ?? [], name: name.bytes)
    followers[latest + 1] = index
    latest = index
    return index
  }

  private mutating func insert(_ id: ItemID, category: [UInt8], name: [UInt8]) -> Int {
    let index = ids.count
    ids.append(id)
    origins.append(ItemOrigin())
    spellings.append((category, name))
    followers.append(index + 1)
    scanOfLatestAnswer.append(0)
    indices[id] = index
    return index
  }

  /// Notes where an item was found; false when the present scan has answered it already.
  mutating func claim(_ item: Int, typeModule: String?) -> Bool {
    guard scanOfLatestAnswer[item] != scan else { return false }
    scanOfLatestAnswer[item] = scan
    origins[item].add(typeModule: typeModule)
    return true
  }

  /// The number of a source; `nil` when the text names none or there are too many.
  mutating func source(_ text: JSONText) -> Int? {
    if text == latestSource.spelling { return latestSource.index }
    let name = text.string.trimmed
    var index = sourceIndices[name]
    if index == nil, !name.isEmpty, sources.count < Answer.sourceLimit {
      index = sources.count
      sourceIndices[name] = index
      sources.append(name)
    }
    latestSource = (text.bytes, index)
    return index
  }
}

/// The parts of scans in which an item was found.
public struct ItemOrigin: Sendable, Equatable {
  /// Whether some scan asks the item in its common checklist.
  public private(set) var inChecklist = false
  /// The paper types whose own checklist asks the item, in order of appearance.
  public private(set) var paperTypes: [String] = []

  /// Creates the origin of an item that was not found yet.
  public init() {}

  mutating func add(typeModule: String?) {
    guard let typeModule else {
      inChecklist = true
      return
    }
    if !paperTypes.contains(typeModule) { paperTypes.append(typeModule) }
  }

  mutating func merge(_ other: ItemOrigin) {
    inChecklist = inChecklist || other.inChecklist
    for type in other.paperTypes where !paperTypes.contains(type) { paperTypes.append(type) }
  }
}
