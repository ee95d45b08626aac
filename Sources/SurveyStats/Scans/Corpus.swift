/// All scans that were read, with the problems met on the way.
public struct Corpus: Sendable, Equatable {
  /// The scans, in the order of their folders and files.
  public var scans: [Scan]
  /// The items that any scan has answered, category by category, in order of first appearance.
  public var items: [ItemID]
  /// Where each item was found.
  public var origins: [ItemOrigin]
  /// The sources of answers, in order of first appearance.
  public var sources: [String]
  /// What is wrong with the input.
  public var problems: [ScanProblem]
  /// The paths of the files that were opened, in order.
  public var files: [String]
  /// The number of scans that were found; each line of a `.jsonl` is one.
  public var filesFound: Int
  /// The number of scans that could be read.
  public var filesRead: Int
  /// The size of all scans that were read, in bytes.
  public var bytesRead: Int

  /// Creates a corpus.
  public init(
    scans: [Scan] = [], items: [ItemID] = [], origins: [ItemOrigin] = [], sources: [String] = [],
    problems: [ScanProblem] = [], files: [String] = [], filesFound: Int = 0, filesRead: Int = 0,
    bytesRead: Int = 0
  ) {
    self.scans = scans
    self.items = items
    self.origins = origins
    self.sources = sources
    self.problems = problems
    self.files = files
    self.filesFound = filesFound
    self.filesRead = filesRead
    self.bytesRead = bytesRead
  }
}

/// Some scans with their own numbers of items and sources, as one task has read them.
struct ScanBatch: Sendable {
  var scans: [Scan] = []
  var items = ItemTable()
  var problems: [ScanProblem] = []
  var files: [String] = []
  var filesFound = 0
  var bytesRead = 0
}

extension Corpus {
  /// Joins batches, in their order, under common numbers of items and sources.
  init(_ batches: consuming [ScanBatch]) {
    self.init()
    let ambiguous = batches.reduce(into: Set<ItemID>()) { $0.formUnion($1.items.ambiguous) }
    let (order, ids, origins) = Corpus.commonItems(batches, ambiguous)
    items = ids
    self.origins = origins
    var sourceIndices: [String: Int] = [:]
    scans = Array(
      repeating: Scan(paper: Paper(slug: ""), version: 0, answers: []),
      count: batches.reduce(0) { $0 + $1.scans.count })
    for number in batches.indices {
      let itemIndices = batches[number].items.identities(ambiguous).map { order[$0] ?? 0 }
      let sourceMap = batches[number].items.sources.map { source -> Int? in
        if let known = sourceIndices[source] { return known }
        guard sources.count < Answer.sourceLimit else { return nil }
        sources.append(source)
        sourceIndices[source] = sources.count - 1
        return sources.count - 1
      }
      let isNumberedAlike =
        itemIndices.elementsEqual(itemIndices.indices)
        && sourceMap.elementsEqual(sourceMap.indices, by: ==)
      for index in batches[number].scans.indices {
        // To change places with an empty scan costs less than to be copied.
        swap(&scans[filesRead], &batches[number].scans[index])
        if !isNumberedAlike { scans[filesRead].renumber(items: itemIndices, sources: sourceMap) }
        filesRead += 1
      }
      problems += batches[number].problems
      files += batches[number].files
      filesFound += batches[number].filesFound
      bytesRead += batches[number].bytesRead
    }
  }

  /// The items of all batches, grouped by category in order of first appearance.
  private static func commonItems(
    _ batches: [ScanBatch], _ ambiguous: Set<ItemID>
  ) -> (order: [ItemID: Int], ids: [ItemID], origins: [ItemOrigin]) {
    var origins: [ItemID: ItemOrigin] = [:]
    var categories: [String: Int] = [:]
    var byCategory: [[ItemID]] = []
    for batch in batches {
      for (id, origin) in zip(batch.items.identities(ambiguous), batch.items.origins) {
        if origins[id]?.merge(origin) != nil { continue }
        origins[id] = origin
        if let category = categories[id.category] {
          byCategory[category].append(id)
        } else {
          categories[id.category] = byCategory.count
          byCategory.append([id])
        }
      }
    }
    let ids = byCategory.flatMap { $0 }
    var order: [ItemID: Int] = [:]
    for (index, id) in ids.enumerated() { order[id] = index }
    return (order, ids, ids.map { origins[$0] ?? ItemOrigin() })
  }
}
