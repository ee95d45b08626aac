public import SurveyStats

/// What a report is made from: the matrix, where it came from, and how to analyse it.
public struct ReportInput: Sendable {
  /// The papers and answers.
  public var matrix: BinaryMatrix
  /// What the input consists of.
  public var unit = Unit.scan
  /// Scans or rows found.
  public var filesFound: Int
  /// Scans or rows read.
  public var filesRead: Int
  /// Scans that were read but not chosen, because of another scan of the same paper.
  public var otherScans = 0
  /// Papers of which a scan of another version was left out.
  public var otherVersionPapers = 0
  /// Papers of which the answers of another rater were left out.
  public var otherRaterPapers = 0
  /// Papers that were left out because they stand in the input under another name too.
  public var duplicates = 0
  /// Papers before selection.
  public var papersBeforeSelection: Int
  /// Everything wrong with the input.
  public var problems: [ScanProblem]
  /// How a table was made a matrix, in words.
  public var reading: String?
  /// How to analyse.
  public var settings: ReportSettings
  /// How the papers were sampled.
  public var plan: SamplingPlan
  /// The sampling design of any part of the matrix.
  public var design: @Sendable (BinaryMatrix) throws -> SamplingDesign
  /// Pairs of a visible and an invisible item, if there are any.
  public var pairs: ItemPairs?
  /// Named patterns of answers, if there are any.
  public var patterns: NamedPatterns?
  /// Which papers cite which, if the papers have lists of cited works.
  public var citations: CitationGraph?
  /// The answers of a better rater, if there are any.
  public var correction: ReportCorrection?
  /// The earlier report to compare with, if there is one.
  public var earlier: EarlierReport?

  /// What an input consists of.
  public enum Unit: Sendable, Equatable {
    /// Files of scans.
    case scan
    /// Rows of a matrix.
    case row
  }

  /// Describes a corpus in which papers stand in the order of the input and nothing was left out.
  public init(
    matrix: BinaryMatrix, settings: ReportSettings,
    design: @escaping @Sendable (BinaryMatrix) throws -> SamplingDesign
  ) {
    self.matrix = matrix
    filesFound = matrix.papers.count
    filesRead = matrix.papers.count
    papersBeforeSelection = matrix.papers.count
    problems = []
    plan = SamplingPlan(stratum: settings.stratum, cluster: settings.cluster)
    self.settings = settings
    self.design = design
  }
}

/// The choices that make the numbers of a report what they are.
public struct ReportSettings: Sendable, Equatable {
  /// The title of the report.
  public var title: String
  /// The confidence level.
  public var level: Double
  /// The number of bootstrap replicates.
  public var replicates: Int
  /// The seed.
  public var seed: UInt64
  /// The weights of a replicate.
  public var scheme: Bootstrap.Scheme
  /// The number of tasks that work at a time; it changes no number.
  public var jobs: Int
  /// The bands of scores.
  public var tiers: Tiers
  /// The metadata column of the strata, if any.
  public var stratum: String?
  /// The metadata column of the clusters, if any.
  public var cluster: String?
  /// Further columns by which papers are grouped.
  public var groupColumns: [String] = []
  /// Which papers count in pairs of items.
  public var pairBasis = Pairs.Basis.own
  /// What selects papers and items, a phrase each; empty when nothing does.
  public var selection: [String] = []
  /// The words of the command that makes the report.
  public var command: [String]
  /// The version of the program.
  public var version: String

  /// Creates settings; everything but the title has a default.
  public init(
    title: String, level: Double = 0.95, replicates: Int = 9_999, seed: UInt64 = 1,
    scheme: Bootstrap.Scheme = .multinomial, jobs: Int = 1, tiers: Tiers = .standard,
    stratum: String? = nil, cluster: String? = nil, command: [String] = [], version: String = ""
  ) {
    self.title = title
    self.level = level
    self.replicates = replicates
    self.seed = seed
    self.scheme = scheme
    self.jobs = jobs
    self.tiers = tiers
    self.stratum = stratum
    self.cluster = cluster
    self.command = command
    self.version = version
  }
}
