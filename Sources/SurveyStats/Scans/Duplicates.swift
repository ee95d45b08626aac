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
  ///   - files: the file of each paper, for the notes.
  ///   - policy: which slug of a group is kept.
  public init(of papers: [Paper], files: [String], policy: DuplicatePolicy = .newest) {
    var candidates: [Candidate] = []
    var indices: [String: Int] = [:]
    candidates.reserveCapacity(papers.count)
    indices.reserveCapacity(papers.count)
    for (row, paper) in papers.enumerated() {
      let index = indices[paper.slug] ?? candidates.count
      if index == candidates.count {
        indices[paper.slug] = index
        candidates.append(Candidate(slug: paper.slug, row: row))
      }
      candidates[index].add(paper)
    }
    var dropped: Set<String> = []
    var groups: [Group] = []
    var problems: [ScanProblem] = []
    for members in Duplicates.linked(candidates) {
      let group = members.map { candidates[$0] }
      let kept = Duplicates.chosen(group, policy)
      groups.append(Group(slugs: group.map(\.slug), kept: kept.slug))
      for candidate in group where candidate.slug != kept.slug {
        if policy != .keep { dropped.insert(candidate.slug) }
        problems.append(
          candidate.problem(
            in: candidate.row < files.count ? files[candidate.row] : candidate.slug,
            kept: kept, group: group, policy: policy))
      }
    }
    self.groups = groups
    self.problems = problems
    kept =
      dropped.isEmpty
      ? Array(papers.indices) : papers.indices.filter { !dropped.contains(papers[$0].slug) }
  }

  private static func chosen(_ group: [Candidate], _ policy: DuplicatePolicy) -> Candidate {
    var best = group[0]
    guard policy == .newest else { return best }
    for candidate in group where candidate.rank > best.rank { best = candidate }
    return best
  }

  /// The groups of candidates that are linked by any key.
  private static func linked(_ candidates: [Candidate]) -> [[Int]] {
    var parents = Array(candidates.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parents[index] != index {
        parents[index] = parents[parents[index]]
        index = parents[index]
      }
      return index
    }
    var owners: [Candidate.Key: Int] = [:]
    owners.reserveCapacity(2 * candidates.count)
    for (index, candidate) in candidates.enumerated() {
      for key in candidate.keys {
        guard let owner = owners[key] else {
          owners[key] = index
          continue
        }
        // The smaller index becomes the root, so that groups are in the order of the corpus.
        let (a, b) = (root(owner), root(index))
        parents[max(a, b)] = min(a, b)
      }
    }
    // Most candidates are alone, so only those that are linked to another root get a list.
    var groups: [Int: [Int]] = [:]
    for index in candidates.indices {
      let root = root(index)
      if root != index { groups[root, default: [root]].append(index) }
    }
    return groups.values.sorted { $0[0] < $1[0] }
  }
}

/// One slug with everything that can identify its paper.
private struct Candidate {
  enum Key: Hashable {
    case arXiv(String)
    case doi(String)
    case title(String)

    var description: String {
      switch self {
      case .arXiv(let identifier): "arXiv identifier \(identifier)"
      case .doi(let identifier): "DOI \(identifier)"
      case .title: "title"
      }
    }
  }

  let slug: String
  /// The first row of the corpus with this slug.
  let row: Int
  /// The keys, each once, in the order in which they are named to the user.
  private(set) var keys: [Key] = []
  private(set) var rank = (version: 0, year: Int.min)

  init(slug: String, row: Int) {
    self.slug = slug
    self.row = row
  }

  mutating func add(_ paper: Paper) {
    let other = (version: paper.version ?? 0, year: paper.year ?? .min)
    if other > rank { rank = other }
    var found: [Key] = []
    if let identifier = paper.arxivID ?? paper.doi.flatMap(DOI.arXivID) {
      found.append(.arXiv(identifier))
    }
    if let doi = paper.doi { found.append(.doi(doi)) }
    if let title = paper.title.flatMap(Candidate.normalized) { found.append(.title(title)) }
    for key in found where !keys.contains(key) { keys.append(key) }
  }

  /// Letters and digits in lower case; `nil` when there are too few to identify a paper.
  private static func normalized(_ title: String) -> String? {
    guard title.utf8.allSatisfy({ $0 < 0x80 }) else {
      let letters = title.lowercased().filter { $0.isLetter || $0.isNumber }
      return letters.count < 12 ? nil : letters
    }
    var letters: [UInt8] = []
    letters.reserveCapacity(title.utf8.count)
    for byte in title.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte | 0x20)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        letters.append(byte)
      default: break
      }
    }
    return letters.count < 12 ? nil : String(decoding: letters, as: UTF8.self)
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
    let duplicates = Duplicates(
      of: scans.map(\.paper), files: scans.map(\.file), policy: policy)
    var result = self
    result.scans = duplicates.kept.map { scans[$0] }
    result.problems += duplicates.problems
    return result
  }
}
