/// Which papers of a corpus cite which, and what else they cite.
///
/// A cited work is a paper of the corpus when it has its arXiv identifier, else its DOI, else its title
/// (`PaperKey`: case, spaces and punctuation do not count; short and generic titles identify nothing). An identifier
/// that several papers have, or one that names another paper than the title does, is ambiguous: the former matches
/// none, the latter the paper of the identifier, and both are counted. A paper cites a work once, however often its
/// list has it, and itself never.
///
/// Works outside the corpus are one where they share an identifier or a title. Cost: near linear in the citations.
public struct CitationGraph: Sendable {
  /// A paper that cites another.
  public struct Edge: Sendable, Equatable {
    /// The citing paper.
    public let from: Int
    /// The cited paper.
    public let to: Int
    /// What they were matched by: arxiv_id, doi or title.
    public let matchedBy: String
  }

  /// A work that is not in the corpus.
  public struct Work: Sendable, Equatable {
    /// Its title, as the first paper has it.
    public let title: String
    /// Its year, where a paper states it.
    public let year: Int?
    /// Its arXiv identifier, where a paper states it.
    public let arXivID: String?
    /// Its DOI, where a paper states it.
    public let doi: String?
    /// The papers that cite it.
    public let papers: [Int]
  }

  /// The papers.
  public let papers: [Paper]
  /// Whether a paper has a list of cited works.
  public let hasList: [Bool]
  /// Citations within the corpus, in the order of the papers.
  public let edges: [Edge]
  /// The works outside, the most cited first.
  public let works: [Work]
  /// The entries of all lists.
  public let entryCount: Int
  /// The entries that were matched by arxiv_id, doi and title.
  public let matchedCounts: [(key: String, count: Int)]
  /// The entries whose identifier several papers have, or names another paper than the title.
  public let ambiguousCount: Int
  /// The entries in which a paper cites itself.
  public let selfCount: Int
  /// The entries that repeat another of the same paper.
  public let repeatedCount: Int
  /// The entries without anything that identifies a work.
  public let namelessCount: Int

  private static let kinds: [(kind: PaperKey.Kind, name: String)] = [
    (.arXiv, "arxiv_id"), (.doi, "doi"), (.title, "title"),
  ]

  /// Matches the lists of cited works of papers, one a paper.
  public init(_ papers: [Paper], cited: [[CitedPaper]]) {
    precondition(papers.count == cited.count)
    self.papers = papers
    hasList = papers.indices.map {
      !cited[$0].isEmpty || papers[$0].covariates["cited_papers"] != nil
    }
    var owners: [PaperKey: Int] = [:]
    var shared: Set<PaperKey> = []
    for (index, paper) in papers.enumerated() {
      for (kind, _) in Self.kinds {
        guard let key = PaperKey(kind, of: paper) else { continue }
        if owners[key] != nil { shared.insert(key) }
        owners[key] = index
      }
    }
    var edges: [Edge] = []
    var counts = [Int](repeating: 0, count: Self.kinds.count)
    var (ambiguous, own, repeated, nameless) = (0, 0, 0, 0)
    var outside: [(paper: Int, work: CitedPaper, keys: [PaperKey])] = []
    for paper in papers.indices {
      var seen: Set<Int> = []
      for work in cited[paper] {
        let described = Paper(
          slug: "", title: work.title, arxivID: work.arxivID, doi: work.doi)
        let keys = Self.kinds.map { PaperKey($0.kind, of: described) }
        guard keys.contains(where: { $0 != nil }) else {
          nameless += 1
          continue
        }
        let found = keys.map { key -> Int? in
          guard let key, !shared.contains(key) else { return nil }
          return owners[key]
        }
        let isShared = keys.contains { $0.map(shared.contains) ?? false }
        if isShared || Set(found.compactMap { $0 }).count > 1 { ambiguous += 1 }
        guard let place = found.firstIndex(where: { $0 != nil }), let target = found[place] else {
          if !isShared { outside.append((paper, work, keys.compactMap { $0 })) }
          continue
        }
        counts[place] += 1
        if target == paper {
          own += 1
        } else if seen.insert(target).inserted {
          edges.append(Edge(from: paper, to: target, matchedBy: Self.kinds[place].name))
        } else {
          repeated += 1
        }
      }
    }
    self.edges = edges
    entryCount = cited.reduce(0) { $0 + $1.count }
    matchedCounts = zip(Self.kinds, counts).map { ($0.name, $1) }
    ambiguousCount = ambiguous
    selfCount = own
    repeatedCount = repeated
    namelessCount = nameless
    works = Self.works(outside)
  }

  private static func works(
    _ entries: [(paper: Int, work: CitedPaper, keys: [PaperKey])]
  ) -> [Work] {
    var numbers: [PaperKey: Int] = [:]
    for entry in entries {
      for key in entry.keys where numbers[key] == nil { numbers[key] = numbers.count }
    }
    var sets = DisjointSets(count: numbers.count)
    for entry in entries {
      let own = entry.keys.compactMap { numbers[$0] }
      for other in own.dropFirst() { sets.join(own[0], other) }
    }
    var members: [Int: [Int]] = [:]
    for (index, entry) in entries.enumerated() {
      if let number = entry.keys.first.flatMap({ numbers[$0] }) {
        members[sets.root(number), default: []].append(index)
      }
    }
    let works = members.values.map { rows -> (first: Int, work: Work) in
      func first<Value>(_ value: (CitedPaper) -> Value?) -> Value? {
        for row in rows { if let found = value(entries[row].work) { return found } }
        return nil
      }
      return (
        rows[0],
        Work(
          title: first { $0.title.isEmpty ? nil : $0.title } ?? "", year: first(\.year),
          arXivID: first(\.arxivID), doi: first(\.doi),
          papers: Set(rows.map { entries[$0].paper }).sorted())
      )
    }
    return works.sorted {
      ($1.work.papers.count, $0.first) < ($0.work.papers.count, $1.first)
    }.map(\.work)
  }

  /// How often each paper is cited within the corpus.
  public var timesCited: [Int] {
    var counts = [Int](repeating: 0, count: papers.count)
    for edge in edges { counts[edge.to] += 1 }
    return counts
  }

  /// How many papers of the corpus each paper cites.
  public var citesCounts: [Int] {
    var counts = [Int](repeating: 0, count: papers.count)
    for edge in edges { counts[edge.from] += 1 }
    return counts
  }

  /// How many papers could cite each paper; `nil` without a year.
  ///
  /// Those with a list, other than itself, of its year or later; papers without a year could cite all.
  public var exposures: [Int?] {
    var later: [Int: Int] = [:]
    var undated = 0
    for (paper, hasList) in zip(papers, hasList) where hasList {
      if let year = paper.year { later[year, default: 0] += 1 } else { undated += 1 }
    }
    let years = later.keys.sorted()
    return papers.indices.map { index in
      guard let year = papers[index].year else { return nil }
      let count = years.reduce(0) { $0 + ($1 >= year ? later[$1] ?? 0 : 0) } + undated
      return count - (hasList[index] ? 1 : 0)
    }
  }
}

extension CitationGraph {
  /// The graph as GraphML: papers with `title`, `year` and `score`, and citations with `matched_by`.
  ///
  /// - Parameter scores: The score of each paper.
  public func graphML(scores: [Double?]) -> String {
    func escaped(_ text: String) -> String {
      var result = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += " "
        default: result.unicodeScalars.append(scalar)
        }
      }
      return result
    }
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      #"<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"#,
      #"<key id="title" for="node" attr.name="title" attr.type="string"/>"#,
      #"<key id="year" for="node" attr.name="year" attr.type="int"/>"#,
      #"<key id="score" for="node" attr.name="score" attr.type="double"/>"#,
      #"<key id="matched_by" for="edge" attr.name="matched_by" attr.type="string"/>"#,
      #"<graph edgedefault="directed">"#,
    ]
    for (index, paper) in papers.enumerated() {
      var line = "<node id=\"\(escaped(paper.slug))\">"
      if let title = paper.title { line += "<data key=\"title\">\(escaped(title))</data>" }
      if let year = paper.year { line += "<data key=\"year\">\(year)</data>" }
      if let score = scores[index] { line += "<data key=\"score\">\(score)</data>" }
      lines.append(line + "</node>")
    }
    for edge in edges {
      lines.append(
        "<edge source=\"\(escaped(papers[edge.from].slug))\" target=\"\(escaped(papers[edge.to].slug))\">"
          + "<data key=\"matched_by\">\(edge.matchedBy)</data></edge>")
    }
    return (lines + ["</graph>", "</graphml>", ""]).joined(separator: "\n")
  }
}
