/// The items and sources of some scans, each kept once and numbered by first appearance.
///
/// An item is told from others by its category, its name, and the objects around its category. The
/// latter are not part of its identity (papers may nest the same checklist differently) unless some
/// scan answers the same category and name in two places: then both are items of their own, with the
/// whole path as category.
struct ItemTable: Sendable {
  /// The items, without the objects around their categories.
  private(set) var ids: [ItemID] = []
  /// The items with the objects around their categories.
  private(set) var paths: [ItemID] = []
  /// The items that some scan answers in two places.
  private(set) var ambiguous: Set<ItemID> = []
  /// Where each item was found.
  private(set) var origins: [ItemOrigin] = []
  /// The sources of answers.
  private(set) var sources: [String] = []

  // Scans name their items in the same order, so the item that followed last time is tried first.
  private var spellings: [(place: Int, name: Range<Int>)] = []
  /// The bytes of the names in `spellings`, one after another.
  private var letters: [UInt8] = []
  private var followers: [Int] = []
  private var latest = -1
  private var indices: [ItemID: Int] = [:]
  /// Where items were found; the place that followed last time is tried first, too.
  private var places: [Place] = []
  private var placeIndices: [Place: Int] = [:]
  private var placeFollowers = [0]
  private var latestPlace = -1
  /// The item that was first in each place last time.
  private var firstItems: [Int] = []
  /// The place of each item's identity among all identities, and what was last answered there.
  private var identities: [Int] = []
  private var identityIndices: [ItemID: Int] = [:]
  private var latestAnswers: [(scan: Int, item: Int, inChecklist: Bool)] = []
  private var scan = 0
  private var sourceIndices: [String: Int] = [:]
  private var latestSource: (spelling: [UInt8], index: Int?) = ([], nil)

  /// Items of the present scan that are not the first of their identity.
  private var answeredPaths: Set<Int> = []

  /// A category with the objects around it, as the scan spells them.
  private struct Place: Hashable {
    let outer: [UInt8]
    let category: [UInt8]
  }

  /// Starts the next scan, in which no item has been answered.
  mutating func beginScan() {
    scan += 1
    if !answeredPaths.isEmpty { answeredPaths = [] }
    latest = -1
    latestPlace = -1
  }

  /// The number of a category with the objects around it.
  mutating func place(outer: [UInt8], category: JSONText?) -> Int {
    let guess = placeFollowers[latestPlace + 1]
    if guess < places.count, isPlace(guess, outer, category) {
      latestPlace = guess
      return guess
    }
    if latestPlace >= 0, isPlace(latestPlace, outer, category) { return latestPlace }
    let place = Place(outer: outer, category: category?.bytes ?? [])
    let index = placeIndices[place] ?? places.count
    if index == places.count {
      placeIndices[place] = index
      places.append(place)
      placeFollowers.append(index + 1)
      firstItems.append(ids.count)
    }
    placeFollowers[latestPlace + 1] = index
    latestPlace = index
    return index
  }

  private func isPlace(_ index: Int, _ outer: [UInt8], _ category: JSONText?) -> Bool {
    guard outer == places[index].outer else { return false }
    guard let category else { return places[index].category.isEmpty }
    return category == places[index].category
  }

  /// The number of an item.
  ///
  /// A dot in a name becomes `_`, because `category.name` is split at its last dot.
  mutating func index(at place: Int, name: JSONText) -> Int {
    let isFirst = latest < 0 || spellings[latest].place != place
    let guess = isFirst ? firstItems[place] : followers[latest]
    if guess < spellings.count, spellings[guess].place == place,
      name.equals(letters, in: spellings[guess].name)
    {
      latest = guess
      return guess
    }
    let text = name.string
    let id = ItemID(
      category: String(decoding: places[place].category, as: UTF8.self),
      name: text.utf8.contains(UInt8(ascii: "."))
        ? String(text.map { $0 == "." ? "_" : $0 }) : text)
    let outer = places[place].outer
    let path =
      outer.isEmpty
      ? id
      : ItemID(
        category: String(decoding: outer, as: UTF8.self) + "." + id.category, name: id.name)
    let index = indices[path] ?? insert(id, path: path, place: place, name: name)
    if isFirst { firstItems[place] = index } else { followers[latest] = index }
    latest = index
    return index
  }

  private mutating func insert(
    _ id: ItemID, path: ItemID, place: Int, name: JSONText
  ) -> Int {
    let index = ids.count
    ids.append(id)
    paths.append(path)
    origins.append(ItemOrigin())
    let start = letters.count
    letters += name.bytes
    spellings.append((place, start..<letters.count))
    followers.append(index + 1)
    let identity = identityIndices[id] ?? latestAnswers.count
    if identity == latestAnswers.count {
      identityIndices[id] = identity
      latestAnswers.append((0, 0, false))
    }
    identities.append(identity)
    indices[path] = index
    return index
  }

  /// Notes where an item was found; false when the present scan has answered it already.
  ///
  /// It has when it answered the same category and name at the same place, or once in the common
  /// checklist and once in that of the paper's type.
  mutating func claim(_ item: Int, typeModule: String?) -> Bool {
    let earlier = latestAnswers[identities[item]]
    let inChecklist = typeModule == nil
    if earlier.scan == scan {
      guard earlier.item != item, earlier.inChecklist == inChecklist,
        answeredPaths.insert(item).inserted
      else { return false }
      ambiguous.insert(ids[item])
    } else {
      latestAnswers[identities[item]] = (scan, item, inChecklist)
    }
    origins[item].add(typeModule: typeModule)
    return true
  }

  /// The items of a corpus in which some are ambiguous.
  func identities(_ ambiguous: Set<ItemID>) -> [ItemID] {
    ambiguous.isEmpty ? ids : zip(ids, paths).map { ambiguous.contains($0) ? $1 : $0 }
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
  init() {}

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
