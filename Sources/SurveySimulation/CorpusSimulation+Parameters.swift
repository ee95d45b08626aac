import SurveyStats

extension CorpusSimulation {
  /// How long the sentences of simulated scan files are.
  public enum TextLength: Sendable, Equatable {
    /// A few words each: about 10 KB a file.
    case short
    /// As in real files: about 25 KB a file.
    case realistic
  }

  /// What a simulated corpus is like.
  ///
  /// The defaults imitate the published corpus: its checklist, its rates (see
  /// ``SimulatedItem/defaults``), and the years, venues, types and tags of the part of it that was
  /// read. Duplicates, further versions, contradictions and defects are off.
  public struct Parameters: Sendable {
    /// The number of papers.
    public var paperCount: Int
    /// The seed; paper i depends on the seed and i only.
    public var seed: UInt64
    /// Which instrument version asked a paper.
    public var versions: DiscreteDistribution<Int> = [2: 0.6, 3: 0.4]
    /// The names of the latent factors, in the order of the loadings.
    public var factors: [String] = SimulatedItem.defaults.factors
    /// The items.
    public var items: [SimulatedItem] = SimulatedItem.defaults.items
    /// The base categories that versions 4 and 5 ask of every type of paper.
    var coreCategories: Set<String> = [
      "claims_and_evidence", "limitations_and_scope", "conflicts_of_interest",
    ]
    /// The years of the papers.
    public var years: DiscreteDistribution<Int> = [
      2020: 1, 2021: 1, 2022: 8, 2023: 25, 2024: 37, 2025: 116, 2026: 29,
    ]
    /// The venues as written; an empty name stands for a paper without venue.
    public var venues: DiscreteDistribution<String> = [
      "arXiv": 86, "arXiv.org": 31, "arXiv preprint": 15, "": 13,
      "International Conference on Machine Learning": 9, "Neural Information Processing Systems": 8,
      "ACM Transactions on Software Engineering and Methodology": 4,
      "Journal of Systems and Software": 3, "Transactions on Machine Learning Research": 3,
    ]
    /// The paper types; written by versions 4 and 5 only.
    public var types: DiscreteDistribution<String> = [
      "empirical": 26, "survey": 21, "position": 6, "benchmark-creation": 4, "theoretical": 3,
    ]
    /// The methodology tags.
    public var tags: DiscreteDistribution<String> = [
      "benchmark-eval": 47, "meta-analysis": 21, "theoretical": 19, "qualitative": 16,
      "case-study": 12, "observational": 6, "rct": 2,
    ]
    /// The chance of a second draw of a tag.
    var secondTagRate = 0.32
    /// The modules that a tag turns on in versions 2 and 3.
    var modulesByTag: [String: [String]] = [
      "benchmark-eval": ["experimental_rigor", "data_leakage"],
      "meta-analysis": ["survey_methodology"],
    ]
    /// The share of papers with an arXiv identifier, among the first 600,000; later ones have none.
    var arxivRate = 0.82
    /// The share of papers with a DOI.
    var doiRate = 0.4
    /// The chance that a paper has a second scan under another slug, with the same arXiv
    /// identifier, DOI and title.
    public var duplicateRate = 0.0
    /// The chance that a paper has a second scan by another instrument version.
    public var severalVersionsRate = 0.0
    /// The chance that an answer of such a second scan is the opposite of the first.
    public var disagreementRate = 0.05
    /// The chance that an answer which does not apply says yes all the same.
    public var contradictionRate = 0.0
    /// The chance that a file is damaged.
    public var defectRate = 0.0
    /// The kinds of damage, all equally frequent.
    public var defects: [FileDefect] = FileDefect.allCases
    /// The mean number of papers of the corpus that a paper cites, at most 100; works outside come on top.
    public var citationMean = 0.0
    /// How much the logarithm of a paper's chance to be cited rises with ten points of its score.
    public var citationSlope = 0.0
    /// How long the sentences are.
    public var textLength = TextLength.short

    /// Creates the parameters of a corpus like the published one.
    public init(paperCount: Int, seed: UInt64 = 1) {
      self.paperCount = paperCount
      self.seed = seed
    }

    /// Gives every item the same change of its logit per year.
    public mutating func setYearSlope(_ slope: Double) {
      for index in items.indices { items[index].yearSlope = slope }
    }

    /// Throws what makes the parameters impossible.
    func validate() throws(SimulationError) {
      if paperCount < 0 { throw .negative("the number of papers", paperCount) }
      for version in versions.values where !(1...5).contains(version) {
        throw .unknownVersion(version)
      }
      let shares = [
        ("the second tag rate", secondTagRate), ("the arXiv rate", arxivRate),
        ("the DOI rate", doiRate), ("the duplicate rate", duplicateRate),
        ("the several-versions rate", severalVersionsRate),
        ("the disagreement rate", disagreementRate), ("the contradiction rate", contradictionRate),
        ("the defect rate", defectRate),
      ]
      for (name, value) in shares where !(0...1).contains(value) { throw .notAShare(name, value) }
      if defectRate > 0, defects.isEmpty { throw .noDefects }
      guard (0...100).contains(citationMean), (-0.5...0.5).contains(citationSlope) else {
        throw .citations
      }
      var seen: Set<ItemID> = []
      for item in items {
        let id = item.item.id
        guard seen.insert(id).inserted else { throw .repeatedItem(id) }
        guard (0...1).contains(item.passRate) else {
          throw .notAShare("the pass rate of \(id)", item.passRate)
        }
        guard (0...1).contains(item.applicability) else {
          throw .notAShare("the applicability of \(id)", item.applicability)
        }
        guard item.yearSlope.isFinite else { throw .slopeNotFinite(id) }
        guard item.loadings.isEmpty || item.loadings.count == factors.count else {
          throw .loadingCount(id, item.loadings.count, factors: factors.count)
        }
        guard item.loadings.reduce(0, { $0 + $1 * $1 }) <= 1 + 1e-12 else {
          throw .loadingsTooLarge(id)
        }
      }
    }
  }
}
