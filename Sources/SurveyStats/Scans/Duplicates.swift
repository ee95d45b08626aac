/// What to do with a paper that stands in the corpus under several slugs.
public enum DuplicatePolicy: String, Sendable, CaseIterable {
  /// Keep the slug that comes first.
  case first
  /// Keep the slug with the highest instrument version, then the latest year, then the first.
  case newest
  /// Keep all slugs.
  case keep
}

/// Papers that stand in a corpus under several slugs.
///
/// Two slugs are one paper when they share an arXiv identifier, a DOI, or a title with at least
/// twelve letters and digits, compared in lower case without anything else; and so are slugs that
/// are linked through others. Several scans of one slug are no duplicates.
public struct Duplicates: Sendable, Equatable {
  /// The slugs of one paper.
  public struct Group: Sendable, Equatable {
    /// The slugs, in the order of the corpus.
    public let slugs: [String]
    /// The slug that is kept under the policy; the first when all are.
    public let kept: String
  }

  /// The groups of more than one slug, in the order of their first slugs.
  public let groups: [Group]
  /// The indices of the papers that are kept, in order.
  public let kept: [Int]
  /// A note for each slug that is not the kept one of its group.
  public let problems: [ScanProblem]

  /// Finds duplicates.
  ///
  /// - Parameters:
  ///   - papers: the papers, one a scan.
  ///   - policy: which slug of a group is kept.
  ///   - file: the file of a row, for the notes.
  public init(
    of papers: [Paper], policy: DuplicatePolicy = .newest, file: (_ row: Int) -> String
  ) {
    let slugs = SlugNumbers(papers)
    let groups = Duplicates.linked(papers, slugs).map { members in
      members.map { rows in Candidate(rows.map { papers[$0] }, row: rows[0]) }
    }
    var dropped: Set<Int> = []
    var problems: [ScanProblem] = []
    self.groups = groups.map { group in
      let kept = Duplicates.chosen(group, policy)
      for candidate in group where candidate.slug != kept.slug {
        if policy != .keep { dropped.insert(slugs.ofRow[candidate.row]) }
        problems.append(
          candidate.problem(
            in: file(candidate.row), kept: kept, group: group, policy: policy))
      }
      return Group(slugs: group.map(\.slug), kept: kept.slug)
    }
    self.problems = problems
    kept =
      dropped.isEmpty
      ? Array(papers.indices) : papers.indices.filter { !dropped.contains(slugs.ofRow[$0]) }
  }

  private static func chosen(_ group: [Candidate], _ policy: DuplicatePolicy) -> Candidate {
    var best = group[0]
    guard policy == .newest else { return best }
    for candidate in group where candidate.rank > best.rank { best = candidate }
    return best
  }

  /// The rows of each slug of each group of slugs that are linked by any key.
  private static func linked(_ papers: [Paper], _ slugs: SlugNumbers) -> [[[Int]]] {
    var parents = Array(0..<slugs.count)
    func root(_ slug: Int) -> Int {
      var slug = slug
      while parents[slug] != slug {
        parents[slug] = parents[parents[slug]]
        slug = parents[slug]
      }
      return slug
    }
    var isLinked = false
    var owners: [UInt64: Int] = [:]
    owners.reserveCapacity(3 * papers.count)
    for (row, paper) in papers.enumerated() {
      for kind in PaperKey.Kind.allCases {
        guard var fingerprint = PaperKey.fingerprint(kind, of: paper) else { continue }
        // Different keys of one fingerprint move to the next free one.
        while let owner = owners[fingerprint], !PaperKey.agree(kind, papers[owner], paper) {
          fingerprint &+= 1
        }
        guard let owner = owners[fingerprint] else {
          owners[fingerprint] = row
          continue
        }
        // The smaller number becomes the root, so that groups are in the order of the corpus.
        let (a, b) = (root(slugs.ofRow[owner]), root(slugs.ofRow[row]))
        parents[max(a, b)] = min(a, b)
        isLinked = isLinked || a != b
      }
    }
    guard isLinked else { return [] }
    var sizes = [Int](repeating: 0, count: slugs.count)
    for slug in parents.indices { sizes[root(slug)] += 1 }
    var rows: [Int: [Int]] = [:]
    for (row, slug) in slugs.ofRow.enumerated() where sizes[root(slug)] > 1 {
      rows[slug, default: []].append(row)
    }
    var groups: [Int: [[Int]]] = [:]
    for slug in rows.keys.sorted() { groups[root(slug), default: []].append(rows[slug] ?? []) }
    return groups.keys.sorted().map { groups[$0] ?? [] }
  }
}

/// One slug with everything that can identify its paper.
private struct Candidate {
  let slug: String
  /// The first row of the corpus with this slug.
  let row: Int
  /// The keys, each once, in the order in which they are named to the user.
  let keys: [PaperKey]
  let rank: (version: Int, year: Int)

  /// Gathers the scans of one slug.
  init(_ papers: [Paper], row: Int) {
    slug = papers[0].slug
    self.row = row
    var keys: [PaperKey] = []
    var rank = (version: 0, year: Int.min)
    for paper in papers {
      let other = (version: paper.version ?? 0, year: paper.year ?? .min)
      if other > rank { rank = other }
      for kind in PaperKey.Kind.allCases {
        if let key = PaperKey(kind, of: paper), !keys.contains(key) { keys.append(key) }
      }
    }
    self.keys = keys
    self.rank = rank
  }

  func problem(
    in file: String, kept: Candidate, group: [Candidate], policy: DuplicatePolicy
  ) -> ScanProblem {
    let others = [kept] + group.filter { $0.slug != slug && $0.slug != kept.slug }
    var reason = "the same paper as \(kept.slug)"
    search: for other in others {
      for key in keys where other.keys.contains(key) {
        reason = "the same \(key.description) as \(other.slug)"
        break search
      }
    }
    let remedy =
      policy == .keep
      ? "both count; remove one, or choose with --duplicates newest or first"
      : "\(kept.slug) is kept and \(slug) left out; remove one, or count both with --duplicates keep"
    return ScanProblem(
      file: file, kind: .duplicatePaper, message: reason, remedy: remedy, severity: .note)
  }
}

extension Corpus {
  /// The corpus without the duplicates that the policy drops, with a note for each.
  ///
  /// Choose among the versions of each paper first, so that versions that are not used do not
  /// decide.
  public func resolvingDuplicates(_ policy: DuplicatePolicy = .newest) -> Corpus {
    let duplicates = Duplicates(of: scans.map(\.paper), policy: policy) { scans[$0].file }
    var result = self
    result.scans = duplicates.kept.map { scans[$0] }
    result.problems += duplicates.problems
    return result
  }
}
