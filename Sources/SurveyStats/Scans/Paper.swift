/// What is known about a paper besides its answers.
///
/// Optional values are `nil` when the scan does not state them; nothing is guessed.
public struct Paper: Sendable, Equatable {
  /// The unique name of the paper within its corpus, from its folder.
  public var slug: String
  /// The title as written.
  public var title: String?
  /// The year of publication.
  public var year: Int?
  /// The venue with its spelling variants merged (`arXiv.org` and `arXiv preprint` are `arXiv`).
  public var venue: String?
  /// The paper type of a type-routed instrument (`empirical`, `survey`, …).
  public var type: String?
  /// Methodology tags, in the order of the scan.
  public var tags: [String]
  /// The version of the instrument that asked the questions.
  public var version: Int?
  /// Who answered: the sources of the answers, joined by `+` when there are several.
  public var rater: String?
  /// A free grouping of papers.
  public var group: String?
  /// The sampling cluster of the paper (authors, laboratory, venue, …).
  public var cluster: String?
  /// The sampling weight of the paper; `nil` counts as 1.
  public var weight: Double?
  /// The arXiv identifier.
  public var arxivID: String?
  /// The digital object identifier; placeholders are `nil`.
  public var doi: String?
  /// The identifier in PubMed.
  public var pmid: String?
  /// The identifier in OpenAlex.
  public var openAlexID: String?
  /// Further columns by name: covariate files, extra metadata columns, counts from the scan.
  public var covariates: PaperCovariates

  /// Creates a paper; everything but the slug is optional.
  public init(
    slug: String, title: String? = nil, year: Int? = nil, venue: String? = nil,
    type: String? = nil, tags: [String] = [], version: Int? = nil, rater: String? = nil,
    group: String? = nil, cluster: String? = nil, weight: Double? = nil, arxivID: String? = nil,
    doi: String? = nil, pmid: String? = nil, openAlexID: String? = nil,
    covariates: PaperCovariates = [:]
  ) {
    self.slug = slug
    self.title = title
    self.year = year
    self.venue = venue
    self.type = type
    self.tags = tags
    self.version = version
    self.rater = rater
    self.group = group
    self.cluster = cluster
    self.weight = weight
    self.arxivID = arxivID
    self.doi = doi
    self.pmid = pmid
    self.openAlexID = openAlexID
    self.covariates = covariates
  }
}
