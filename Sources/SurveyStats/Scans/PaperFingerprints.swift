import CKernels

/// Finds the rows whose papers may be the same, without a string a paper.
///
/// Every identifier and title gets a hash of its normal form. What no other slug shares cannot make a
/// duplicate, so that ``Duplicates`` need only look at the rest, which mostly is nothing. Equal forms
/// have equal hashes; others that have so by chance only cost a look.
///
/// Cost: some 50 ns a paper and kind of identifier, 10 bytes a paper.
struct PaperFingerprints {
  /// The slugs that share the hash of some identifier or title with another slug.
  let sharing: [Bool]
  /// Whether there are any.
  let isAnyShared: Bool

  init(_ papers: [Paper], _ slugs: SlugNumbers) {
    var sharing = [Bool](repeating: false, count: slugs.count)
    var isAnyShared = false
    var bits = 12
    while bits < 40, 1 << bits < 16 * papers.count { bits += 1 }
    let mask = UInt64(1) << UInt64(bits) - 1
    var hashes = [UInt64](repeating: 0, count: papers.count)
    for kind in PaperKey.Kind.allCases {
      var seen = [UInt64](repeating: 0, count: 1 << (bits - 6))
      var again: [UInt64] = []
      for (row, paper) in papers.enumerated() {
        let hash = PaperKey.fingerprint(kind, of: paper) ?? 0
        hashes[row] = hash
        guard hash != 0 else { continue }
        let (word, bit) = (Int(hash & mask) >> 6, UInt64(1) << (hash & 63))
        if seen[word] & bit != 0 { again.append(hash) } else { seen[word] |= bit }
      }
      guard !again.isEmpty else { continue }
      // Of the hashes that fell on a place twice, those that are really equal, of several slugs.
      for word in seen.indices { seen[word] = 0 }
      for hash in again { seen[Int(hash & mask) >> 6] |= UInt64(1) << (hash & 63) }
      let repeated = Set(again)
      var owners: [UInt64: Int] = [:]
      for (row, hash) in hashes.enumerated()
      where hash != 0 && seen[Int(hash & mask) >> 6] >> (hash & 63) & 1 != 0
        && repeated.contains(hash)
      {
        let slug = slugs.ofRow[row]
        guard let owner = owners[hash] else {
          owners[hash] = slug
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
}

extension PaperKey {
  /// A hash of the key of a paper, or of a title that identifies none; never 0, and `nil` without a key.
  static func fingerprint(_ kind: Kind, of paper: Paper) -> UInt64? {
    guard let (table, row) = paper.source else { return slowFingerprint(kind, of: paper) }
    func plain(
      _ column: MetadataColumn, _ isPlain: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> (isKnown: Bool, hash: UInt64?) {
      guard table.has(column) else { return (false, nil) }
      let found: UInt64?? = unsafe table.withBytes(row, column) {
        unsafe isPlain($0) ? Self.hash($0) : nil
      }
      return (found != nil, found ?? nil)
    }
    switch kind {
    case .arXiv:
      let identifier = unsafe plain(.arxivID, ArXivIdentifier.isPresentForm)
      if let hash = identifier.hash { return hash }
      if !identifier.isKnown {
        let doi = unsafe plain(.doi, DOI.isTidyElsewhere)
        if !doi.isKnown || doi.hash != nil { return nil }
      }
    case .doi:
      let doi = unsafe plain(.doi, DOI.isTidyElsewhere)
      if !doi.isKnown || doi.hash != nil { return doi.hash }
    case .pubMed: if !table.has(.pmid) { return nil }
    case .openAlex: if !table.has(.openAlexID) { return nil }
    case .title:
      guard table.has(.title) else { return nil }
      let title: UInt64?? = unsafe table.withBytes(row, .title) { bytes in
        unsafe TitleKey.withNormalized(bytes) { unsafe Self.hash($0) }
      }
      guard let title else { return nil }
      if let title { return title }
    }
    return slowFingerprint(kind, of: paper)
  }

  private static func slowFingerprint(_ kind: Kind, of paper: Paper) -> UInt64? {
    let text: String? =
      kind == .title ? paper.title.map(TitleKey.normalized) : PaperKey(kind, of: paper)?.text
    return text.map { text in
      var text = text
      return text.withUTF8 { unsafe hash($0) }
    }
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard let base = bytes.baseAddress else { return 1 }
    return unsafe max(1, ck_text_hash(base, bytes.count, 0))
  }
}
