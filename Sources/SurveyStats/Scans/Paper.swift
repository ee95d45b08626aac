/// What is known about a paper besides its answers.
///
/// Optional values are `nil` when the scan does not state them; nothing is guessed.
public struct Paper: Sendable, Equatable {
  /// What is known, at most once: nothing while the paper is a row of a table.
  private var own: [Fields] = []
  /// The rows of a large file, whose texts nobody may ever ask for.
  private var table: PaperTable?
  private var tableRow: Int32 = 0

  /// Everything that is known of a paper.
  private struct Fields: Equatable {
    var slug: String
    var title: String?
    var year: Int?
    var venue: String?
    var type: String?
    var tags: [String]
    var version: Int?
    var rater: String?
    var group: String?
    var cluster: String?
    var weight: Double?
    var arxivID: String?
    var doi: String?
    var pmid: String?
    var openAlexID: String?
    var covariates: PaperCovariates
  }

  /// The unique name of the paper within its corpus, from its folder.
  public var slug: String {
    get { own.isEmpty ? table?.slug(Int(tableRow)) ?? "" : own[0].slug }
    set { write { $0.slug = newValue } }
  }
  /// The title as written.
  public var title: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .title) : own[0].title }
    set { write { $0.title = newValue } }
  }
  /// The year of publication.
  public var year: Int? {
    get {
      own.isEmpty ? table?.integer(Int(tableRow), .year) : own[0].year
    }
    set { write { $0.year = newValue } }
  }
  /// The venue with its spelling variants merged (`arXiv.org` and `arXiv preprint` are `arXiv`).
  public var venue: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .venue) : own[0].venue }
    set { write { $0.venue = newValue } }
  }
  /// The paper type of a type-routed instrument (`empirical`, `survey`, …).
  public var type: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .type) : own[0].type }
    set { write { $0.type = newValue } }
  }
  /// Methodology tags, in the order of the scan.
  public var tags: [String] {
    get { own.isEmpty ? table?.text(Int(tableRow), .tags).map(TagList.split) ?? [] : own[0].tags }
    set { write { $0.tags = newValue } }
  }
  /// The version of the instrument that asked the questions.
  public var version: Int? {
    get {
      own.isEmpty
        ? table?.integer(Int(tableRow), .version) : own[0].version
    }
    set { write { $0.version = newValue } }
  }
  /// Who answered: the sources of the answers, joined by `+` when there are several.
  public var rater: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .rater) : own[0].rater }
    set { write { $0.rater = newValue } }
  }
  /// A free grouping of papers.
  public var group: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .group) : own[0].group }
    set { write { $0.group = newValue } }
  }
  /// The sampling cluster of the paper (authors, laboratory, venue, …).
  public var cluster: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .cluster) : own[0].cluster }
    set { write { $0.cluster = newValue } }
  }
  /// The sampling weight of the paper; `nil` counts as 1.
  public var weight: Double? {
    get { own.isEmpty ? table?.text(Int(tableRow), .weight).flatMap { Double($0) } : own[0].weight }
    set { write { $0.weight = newValue } }
  }
  /// The arXiv identifier.
  public var arxivID: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .arxivID) : own[0].arxivID }
    set { write { $0.arxivID = newValue } }
  }
  /// The digital object identifier; placeholders are `nil`.
  public var doi: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .doi) : own[0].doi }
    set { write { $0.doi = newValue } }
  }
  /// The identifier in PubMed.
  public var pmid: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .pmid) : own[0].pmid }
    set { write { $0.pmid = newValue } }
  }
  /// The identifier in OpenAlex.
  var openAlexID: String? {
    get { own.isEmpty ? table?.text(Int(tableRow), .openAlexID) : own[0].openAlexID }
    set { write { $0.openAlexID = newValue } }
  }
  /// Further columns by name: covariate files, extra metadata columns, counts from the scan.
  public var covariates: PaperCovariates {
    get { own.isEmpty ? table?.covariates(Int(tableRow)) ?? [:] : own[0].covariates }
    _modify {
      write { _ in }
      yield &own[0].covariates
    }
  }

  /// One of ``covariates``, without making the others.
  func covariate(named name: String) -> String? {
    own.isEmpty ? table?.covariate(Int(tableRow), name) : own[0].covariates[name]
  }

  /// The names of ``covariates``, in order, without making their texts.
  package var covariateNames: [String] {
    own.isEmpty ? table?.covariateNames(Int(tableRow)) ?? [] : own[0].covariates.keys
  }

  /// Creates a paper; everything but the slug is optional.
  public init(
    slug: String, title: String? = nil, year: Int? = nil, venue: String? = nil,
    type: String? = nil, tags: [String] = [], version: Int? = nil, rater: String? = nil,
    group: String? = nil, cluster: String? = nil, weight: Double? = nil, arxivID: String? = nil,
    doi: String? = nil, pmid: String? = nil, openAlexID: String? = nil,
    covariates: PaperCovariates = [:]
  ) {
    own = [
      Fields(
        slug: slug, title: title, year: year, venue: venue, type: type, tags: tags,
        version: version, rater: rater, group: group, cluster: cluster, weight: weight,
        arxivID: arxivID, doi: doi, pmid: pmid, openAlexID: openAlexID, covariates: covariates)
    ]
  }

  /// The paper of a row of a table.
  init(_ table: PaperTable, row: Int) {
    self.table = table
    tableRow = Int32(row)
  }

  /// Changes what is known, which then is the paper's own.
  private mutating func write(_ change: (inout Fields) -> Void) {
    if own.isEmpty {
      own = [fields]
      table = nil
    }
    change(&own[0])
  }

  /// The table and row that the paper still is.
  var source: (table: PaperTable, row: Int)? {
    own.isEmpty ? table.map { ($0, Int(tableRow)) } : nil
  }

  /// The row in a table; -1 for a paper that is not of it.
  func row(in table: PaperTable) -> Int {
    own.isEmpty && self.table === table ? Int(tableRow) : -1
  }

  /// Whether everything that is known of two papers is the same.
  public static func == (left: Paper, right: Paper) -> Bool {
    if let a = left.source, let b = right.source, a.table === b.table, a.row == b.row {
      return true
    }
    return left.fields == right.fields
  }

  private var fields: Fields {
    own.first
      ?? Fields(
        slug: slug, title: title, year: year, venue: venue, type: type, tags: tags,
        version: version, rater: rater, group: group, cluster: cluster, weight: weight,
        arxivID: arxivID, doi: doi, pmid: pmid, openAlexID: openAlexID, covariates: covariates)
  }
}

extension [Paper] {
  /// The names of the covariates that some paper has.
  package var covariateNames: Set<String> {
    var names: Set<String> = []
    var latest: [String] = []
    var exhausted: PaperTable?
    for paper in self {
      let table = paper.source?.table
      if let table, table === exhausted { continue }
      let found = paper.covariateNames
      if found != latest {
        names.formUnion(found)
        latest = found
      }
      if let table, names.isSuperset(of: table.covariateNames) { exhausted = table }
    }
    return names
  }
}
