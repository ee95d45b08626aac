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
/// Two slugs are one paper when they share an arXiv identifier, a DOI, a PMID or an OpenAlex
/// identifier; and when they share a title, unless their arXiv identifiers or their DOIs differ. So are
/// slugs that are linked through others. A title counts when it has at least twelve letters and digits
/// and does not consist of words that many papers share (`Introduction`, `Title not available`); its
/// case and punctuation do not matter, signs as in `C++` and `C#` do. Several rows of one slug are no
/// duplicates. A title without identifiers that several different papers have goes to the first.
///
/// Cost: a hash of each identifier and title; a few look-ups a row for those that share one.
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
      let reasons = Reasons(group, kept: kept)
      for (place, candidate) in group.enumerated() where place != kept {
        if policy != .keep { dropped.insert(slugs.ofRow[candidate.row]) }
        problems.append(
          candidate.problem(
            in: file(candidate.row), reason: reasons.of(place), kept: group[kept].slug,
            policy: policy))
      }
      return Group(slugs: group.map(\.slug), kept: group[kept].slug)
    }
    self.problems = problems
    kept =
      dropped.isEmpty
      ? Array(papers.indices) : papers.indices.filter { !dropped.contains(slugs.ofRow[$0]) }
  }

  private static func chosen(_ group: [Candidate], _ policy: DuplicatePolicy) -> Int {
    var best = 0
    guard policy == .newest else { return best }
    for place in group.indices where group[place].rank > group[best].rank { best = place }
    return best
  }

  /// The rows of each slug of each group of slugs that are linked.
  private static func linked(_ papers: [Paper], _ slugs: SlugNumbers) -> [[[Int]]] {
    let prints = PaperFingerprints(papers, slugs)
    guard prints.isAnyShared else { return [] }
    let rows = papers.indices.filter { prints.sharing[slugs.ofRow[$0]] }
    var links = Links(slugCount: slugs.count)
    for row in rows { links.linkIdentifiers(of: papers[row], slugs.ofRow[row]) }
    for row in rows { links.gatherTitle(of: papers[row], slugs.ofRow[row]) }
    links.linkTitles()
    guard links.isLinked else { return [] }
    var sizes = [Int](repeating: 0, count: slugs.count)
    for slug in 0..<slugs.count { sizes[links.sets.root(slug)] += 1 }
    var rowsOfSlug: [Int: [Int]] = [:]
    for (row, slug) in slugs.ofRow.enumerated() where sizes[links.sets.root(slug)] > 1 {
      rowsOfSlug[slug, default: []].append(row)
    }
    var groups: [Int: [[Int]]] = [:]
    for slug in rowsOfSlug.keys.sorted() {
      groups[links.sets.root(slug), default: []].append(rowsOfSlug[slug] ?? [])
    }
    return groups.keys.sorted().map { groups[$0] ?? [] }
  }
}

/// The sets of slugs that are linked so far, with what tells them apart.
private struct Links {
  var sets: DisjointSets
  private(set) var isLinked = false
  /// Whether the set of a root has an arXiv identifier, and a DOI.
  private var hasArXiv: [Bool]
  private var hasDOI: [Bool]
  private var owners: [PaperKey: Int] = [:]
  /// The slugs of each title that occurs, in the order of the corpus.
  private var titles: [String: Int] = [:]
  private var slugsOfTitle: [[Int]] = []

  init(slugCount: Int) {
    sets = DisjointSets(count: slugCount)
    hasArXiv = Array(repeating: false, count: slugCount)
    hasDOI = hasArXiv
  }

  mutating func linkIdentifiers(of paper: Paper, _ slug: Int) {
    for kind in PaperKey.Kind.identifiers {
      guard let key = PaperKey(kind, of: paper) else { continue }
      let root = sets.root(slug)
      if kind == .arXiv { hasArXiv[root] = true }
      if kind == .doi { hasDOI[root] = true }
      if let owner = owners[key] { join(owner, slug) } else { owners[key] = slug }
    }
  }

  mutating func gatherTitle(of paper: Paper, _ slug: Int) {
    guard let key = PaperKey(.title, of: paper) else { return }
    if let title = titles[key.text] {
      if slugsOfTitle[title].last != slug { slugsOfTitle[title].append(slug) }
    } else {
      titles[key.text] = slugsOfTitle.count
      slugsOfTitle.append([slug])
    }
  }

  /// Joins the slugs of each title whose identifiers do not differ.
  mutating func linkTitles() {
    for slugs in slugsOfTitle where slugs.count > 1 {
      // The papers of the title, and the first of them that has no arXiv identifier, no DOI, neither.
      var papers: [Int] = []
      var isKnown: Set<Int> = []
      var (noArXiv, noDOI, neither) = (0, 0, 0)
      for slug in slugs {
        let root = sets.root(slug)
        if isKnown.contains(root) { continue }
        func first(_ place: inout Int, _ isFree: (Int) -> Bool) -> Int? {
          while place < papers.count, !isFree(papers[place]) { place += 1 }
          return place < papers.count ? place : nil
        }
        let found =
          switch (hasArXiv[root], hasDOI[root]) {
          case (false, false): papers.isEmpty ? nil : 0
          case (true, false): first(&noArXiv) { !hasArXiv[$0] }
          case (false, true): first(&noDOI) { !hasDOI[$0] }
          case (true, true): first(&neither) { !hasArXiv[$0] && !hasDOI[$0] }
          }
        if let found {
          join(papers[found], slug)
          papers[found] = sets.root(slug)
          isKnown.insert(papers[found])
        } else {
          papers.append(root)
          isKnown.insert(root)
        }
      }
    }
  }

  private mutating func join(_ first: Int, _ second: Int) {
    let (a, b) = (sets.root(first), sets.root(second))
    guard sets.join(a, b) else { return }
    isLinked = true
    let root = sets.root(a)
    hasArXiv[root] = hasArXiv[a] || hasArXiv[b]
    hasDOI[root] = hasDOI[a] || hasDOI[b]
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
    var known: Set<PaperKey> = []
    var rank = (version: 0, year: Int.min)
    for paper in papers {
      let other = (version: paper.version ?? 0, year: paper.year ?? .min)
      if other > rank { rank = other }
      for kind in PaperKey.Kind.allCases {
        if let key = PaperKey(kind, of: paper), known.insert(key).inserted { keys.append(key) }
      }
    }
    self.keys = keys
    self.rank = rank
  }

  func problem(
    in file: String, reason: String, kept: String, policy: DuplicatePolicy
  ) -> ScanProblem {
    let remedy =
      policy == .keep
      ? "both count; remove one, or choose with `duplicates: newest` or first"
      : "\(kept) is kept and \(slug) left out; remove one, or count both with `duplicates: keep`"
    return ScanProblem(
      file: file, kind: .duplicatePaper, message: reason, remedy: remedy, severity: .note)
  }
}

/// What the slugs of a group have in common.
private struct Reasons {
  private let group: [Candidate]
  private let kept: Int
  private let keptKeys: Set<PaperKey>
  /// The first two slugs of each key.
  private var owners: [PaperKey: (first: Int, second: Int?)] = [:]

  init(_ group: [Candidate], kept: Int) {
    self.group = group
    self.kept = kept
    keptKeys = Set(group[kept].keys)
    for (place, candidate) in group.enumerated() {
      for key in candidate.keys {
        if let owner = owners[key] {
          if owner.second == nil { owners[key] = (owner.first, place) }
        } else {
          owners[key] = (place, nil)
        }
      }
    }
  }

  /// What a slug shares with the kept one, or else with the first that it shares anything with.
  func of(_ place: Int) -> String {
    if let key = group[place].keys.first(where: keptKeys.contains) {
      return "the same \(key) as \(group[kept].slug)"
    }
    var best: (other: Int, key: PaperKey)?
    for key in group[place].keys {
      guard let owner = owners[key] else { continue }
      guard let other = owner.first == place ? owner.second : owner.first else { continue }
      if other < best?.other ?? .max { best = (other, key) }
    }
    guard let best else { return "the same paper as \(group[kept].slug)" }
    return "the same \(best.key) as \(group[best.other].slug)"
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
