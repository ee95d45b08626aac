import CKernels

/// What a large file says of its papers: its texts in a few blocks, without a string a cell.
///
/// A ``Paper`` that was read so is a row of the table until it is changed. Texts become strings when
/// they are asked for; identities are compared, and identifiers looked up, as bytes.
///
/// Each row is its fields one after another as `ck_matrix_records` writes them: what is unknown takes a
/// byte, a text of up to 253 bytes its length and one.
final class PaperTable: Sendable {
  /// What a field says.
  enum Field: Sendable, Equatable {
    case paper
    case metadata(MetadataColumn)
    case covariate(String)
  }

  /// The rows of a file or of a part of it.
  struct Rows: Sendable {
    var blocks: [[UInt8]] = []
    /// The block of each row, and its place there in the lower half.
    var starts: [UInt64] = []
    /// For each ``PaperKey/Kind`` that some column may state, the prints of the rows: 0 for none, 1 for
    /// what must be looked at, else `ck_text_print` of the key.
    var prints = [[UInt32]](repeating: [], count: PaperKey.Kind.allCases.count)
    /// Whether all texts are ASCII.
    var isASCII = true

    /// Adds the rows that come after these.
    mutating func append(_ later: Rows) {
      if starts.isEmpty {
        self = later
        return
      }
      let offset = UInt64(blocks.count) << 32
      blocks += later.blocks
      starts.append(contentsOf: later.starts.lazy.map { $0 + offset })
      for kind in prints.indices { prints[kind] += later.prints[kind] }
      isASCII = isASCII && later.isASCII
    }
  }

  private let blocks: [[UInt8]]
  /// The block of each row, and its place there in the lower half.
  private let starts: [UInt64]
  /// The prints of each kind of key; empty where there is none.
  private let prints: [[UInt32]]
  /// The place of each kind of metadata in a row; -1 for none.
  private let places: [Int]
  /// The names of covariates in order, and their places in a row.
  let covariateNames: [String]
  private let covariatePlaces: [Int]
  /// Whether all texts are ASCII, so that their order is that of their bytes.
  let isASCII: Bool
  /// Whether every paper's name is known to come after that of the row before.
  let isAscending: Bool
  /// The number of rows.
  var rowCount: Int { starts.count }

  init(_ rows: Rows, fields: [Field]) {
    blocks = rows.blocks
    starts = rows.starts
    prints = rows.prints
    isASCII = rows.isASCII
    var places = [Int](repeating: -1, count: MetadataColumn.allCases.count)
    var covariates: [(name: String, place: Int)] = []
    for (place, field) in fields.enumerated() {
      switch field {
      case .paper: break
      case .metadata(let kind): places[kind.number] = place
      case .covariate(let name): covariates.append((name, place))
      }
    }
    covariates.sort { $0.name < $1.name }
    self.places = places
    covariateNames = covariates.map(\.name)
    covariatePlaces = covariates.map(\.place)
    isAscending =
      rows.isASCII
      && (1..<max(1, rows.starts.count)).allSatisfy { row in
        Self.compareFirst(rows.blocks, rows.starts[row - 1], rows.starts[row]) < 0
      }
  }

  /// The order of the first fields of two rows, which are known, by their bytes.
  private static func compareFirst(_ blocks: [[UInt8]], _ a: UInt64, _ b: UInt64) -> Int32 {
    func field(_ start: UInt64, _ bytes: UnsafeBufferPointer<UInt8>) -> (place: Int, count: Int) {
      let place = Int(start & 0xFFFF_FFFF)
      if unsafe bytes[place] < 255 { return unsafe (place + 1, Int(bytes[place]) - 1) }
      return (place + 5, (0..<4).reduce(0) { unsafe $0 | Int(bytes[place + 1 + $1]) << (8 * $1) })
    }
    return unsafe blocks[Int(a >> 32)].withUnsafeBufferPointer { first in
      unsafe blocks[Int(b >> 32)].withUnsafeBufferPointer { second in
        let (one, other) = unsafe (field(a, first), field(b, second))
        guard let left = first.baseAddress, let right = second.baseAddress else { return 0 }
        return unsafe ck_compare_texts(
          left + one.place, one.count, right + other.place, other.count)
      }
    }
  }

  /// The paper's name.
  func slug(_ row: Int) -> String { text(row, place: 0) ?? "" }

  /// The text of a kind of metadata; `nil` when it is unknown.
  func text(_ row: Int, _ kind: MetadataColumn) -> String? {
    let place = places[kind.number]
    return place < 0 ? nil : text(row, place: place)
  }

  /// A whole number, as the kernel lets it pass: digits, perhaps after a sign or before `.0`.
  func integer(_ row: Int, _ kind: MetadataColumn) -> Int? {
    unsafe withBytes(row, kind) { bytes in
      var digits = unsafe bytes[...]
      if unsafe digits.count > 2, unsafe digits[digits.endIndex - 2] == UInt8(ascii: ".") {
        unsafe digits = unsafe digits.dropLast(2)
      }
      let isNegative = unsafe digits.first == UInt8(ascii: "-")
      let value = unsafe digits.dropFirst(isNegative ? 1 : 0).reduce(0) { $0 * 10 + Int($1 & 0x0F) }
      return isNegative ? -value : value
    }
  }

  /// Whether any paper can have metadata of a kind.
  func has(_ kind: MetadataColumn) -> Bool { places[kind.number] >= 0 }

  /// The prints of a kind of key, one a row; `nil` when no row has such a key.
  func prints(_ kind: PaperKey.Kind) -> [UInt32]? {
    let found = prints[Int(kind.rawValue)]
    return found.isEmpty ? nil : found
  }

  /// The print of one key of a row; 0 when it has none.
  func print(_ row: Int, _ kind: PaperKey.Kind) -> UInt32 {
    let found = prints[Int(kind.rawValue)]
    return found.isEmpty ? 0 : found[row]
  }

  /// The names of the further columns that a paper has.
  func covariateNames(_ row: Int) -> [String] {
    let known = covariatePlaces.map { range(row, place: $0) != nil }
    return known.allSatisfy { $0 }
      ? covariateNames : zip(covariateNames, known).filter(\.1).map(\.0)
  }

  /// The further columns of a paper.
  func covariates(_ row: Int) -> PaperCovariates {
    guard !covariateNames.isEmpty else { return [:] }
    let texts = covariatePlaces.map { text(row, place: $0) }
    let known = texts.indices.filter { texts[$0] != nil }
    return PaperCovariates(
      sortedNames: known.count == covariateNames.count
        ? covariateNames : known.map { covariateNames[$0] },
      values: known.compactMap { texts[$0] })
  }

  /// One further column of a paper.
  func covariate(_ row: Int, _ name: String) -> String? {
    covariateNames.firstIndex(of: name).flatMap { text(row, place: covariatePlaces[$0]) }
  }

  private func text(_ row: Int, place: Int) -> String? {
    guard let (block, range) = range(row, place: place) else { return nil }
    return String(decoding: blocks[block][range], as: UTF8.self)
  }

  /// Where the text of a field is.
  private func range(_ row: Int, place: Int) -> (block: Int, range: Range<Int>)? {
    let start = starts[row]
    let block = Int(start >> 32)
    return unsafe blocks[block].withUnsafeBufferPointer { bytes in
      var here = Int(start & 0xFFFF_FFFF)
      for field in 0...place {
        let mark = unsafe bytes[here]
        here += 1
        var length = Int(mark) - 1
        if mark == 255 {
          length = (0..<4).reduce(0) { unsafe $0 | Int(bytes[here + $1]) << (8 * $1) }
          here += 4
        }
        if field == place { return length < 0 ? nil : (block, here..<here + length) }
        here += max(0, length)
      }
      return nil
    }
  }

  /// The bytes of a kind of metadata, if a paper has it.
  func withBytes<Result>(
    _ row: Int, _ kind: MetadataColumn, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result? {
    let place = places[kind.number]
    guard place >= 0, let (block, range) = range(row, place: place) else { return nil }
    return unsafe blocks[block].withUnsafeBufferPointer { unsafe body(.init(rebasing: $0[range])) }
  }

  /// The order of two papers' names by their bytes: negative, zero or positive.
  func compareSlugs(_ row: Int, with other: PaperTable, _ otherRow: Int) -> Int {
    guard let (block, range) = range(row, place: 0),
      let (otherBlock, otherRange) = other.range(otherRow, place: 0)
    else { return 0 }
    return unsafe blocks[block].withUnsafeBufferPointer { bytes in
      unsafe other.blocks[otherBlock].withUnsafeBufferPointer { others in
        guard let a = bytes.baseAddress, let b = others.baseAddress else { return 0 }
        return unsafe Int(
          ck_compare_texts(
            a + range.lowerBound, range.count, b + otherRange.lowerBound, otherRange.count))
      }
    }
  }
}

extension MetadataColumn {
  /// The place among all kinds.
  var number: Int {
    switch self {
    case .title: 0
    case .year: 1
    case .venue: 2
    case .type: 3
    case .tags: 4
    case .version: 5
    case .rater: 6
    case .group: 7
    case .cluster: 8
    case .weight: 9
    case .arxivID: 10
    case .doi: 11
    case .pmid: 12
    case .openAlexID: 13
    }
  }
}
