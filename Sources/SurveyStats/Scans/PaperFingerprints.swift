import CKernels

/// Finds the rows whose papers may be the same, without a string a paper.
///
/// Every identifier and title gets a print, a hash of its normal form; a large file comes with those of
/// nearly all its rows (`ck_paper_prints`). What no other slug shares cannot make a duplicate, so that
/// ``Duplicates`` need only look at the rest, which mostly is nothing. Equal forms have equal prints;
/// others that have so by chance, about n²/2³³ pairs of n papers, only cost a look.
///
/// Cost: some 5 ns a paper and kind of identifier where the prints are known, 10 bytes a paper.
struct PaperFingerprints {
  /// The slugs that share the hash of some identifier or title with another slug.
  let sharing: [Bool]
  /// Whether there are any.
  let isAnyShared: Bool

  init(_ papers: [Paper], _ slugs: SlugNumbers) {
    var sharing = [Bool](repeating: false, count: slugs.count)
    var isAnyShared = false
    for kind in PaperKey.Kind.allCases {
      let prints = PaperKey.fingerprints(kind, of: papers)
      let repeated = Self.repeated(prints)
      guard !repeated.isEmpty else { continue }
      var owners: [UInt32: Int] = [:]
      for row in repeated {
        let slug = slugs.ofRow[row]
        guard let owner = owners[prints[row]] else {
          owners[prints[row]] = slug
          continue
        }
        guard owner != slug else { continue }
        sharing[owner] = true
        sharing[slug] = true
        isAnyShared = true
      }
    }
    self.sharing = sharing
    self.isAnyShared = isAnyShared
  }

  /// The rows, in order, among which are all those whose print another row has.
  private static func repeated(_ prints: [UInt32]) -> [Int] {
    var bits = 12
    while bits < 32, 1 << bits < 16 * prints.count { bits += 1 }
    let mask = UInt32(truncatingIfNeeded: 1 << bits - 1)
    // Places by the lower bits, and of those that two rows fall on, by the upper bits too.
    var seen = [UInt64](repeating: 0, count: 1 << (bits - 6))
    var again = seen
    var isAgain = false
    for print in prints where print != 0 {
      let (word, bit) = (Int(print & mask) >> 6, UInt64(1) << UInt64(print & 63))
      isAgain = isAgain || seen[word] & bit != 0
      again[word] |= seen[word] & bit
      seen[word] |= bit
    }
    guard isAgain else { return [] }
    return prints.indices.filter { row in
      let print = prints[row]
      return print != 0 && again[Int(print & mask) >> 6] >> UInt64(print & 63) & 1 != 0
    }
  }
}

extension PaperKey {
  /// The prints of the keys of papers, or of titles that identify none; 0 without a key.
  static func fingerprints(_ kind: Kind, of papers: [Paper]) -> [UInt32] {
    if let table = papers.wholeTable {
      guard var prints = table.prints(kind) else { return [] }
      for row in prints.indices where prints[row] == mark {
        prints[row] = slowFingerprint(kind, of: papers[row])
      }
      return prints
    }
    return papers.map { fingerprint(kind, of: $0) }
  }

  /// The print of the key of a paper, or of a title that identifies none; 0 without a key.
  static func fingerprint(_ kind: Kind, of paper: Paper) -> UInt32 {
    guard let (table, row) = paper.source else { return slowFingerprint(kind, of: paper) }
    let print = table.print(row, kind)
    return print == mark ? slowFingerprint(kind, of: paper) : print
  }

  /// What stands for a key that must be looked at.
  private static let mark: UInt32 = 1

  private static func slowFingerprint(_ kind: Kind, of paper: Paper) -> UInt32 {
    let text: String? =
      kind == .title ? paper.title.map(TitleKey.normalized) : PaperKey(kind, of: paper)?.text
    guard var text else { return 0 }
    return text.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return unsafe ck_text_print([0], 0) }
      return unsafe ck_text_print(base, bytes.count)
    }
  }
}
