public import SurveyStats

/// The estimates that several sections of a report share, made once.
public struct ReportAnalysis: Sendable {
  /// What the report is made from.
  public let input: ReportInput
  /// The answers to questions that sections share with commands, each worked out once.
  public let findings: Findings
  /// The rates of items, categories, modules and everything.
  public let rates: [Rate]
  /// How the papers were sampled.
  public let design: SamplingDesign
  /// The scores of the papers.
  public let scores: PaperScores
  /// The distribution of the scores, one row a quantity; `nil` when no paper has a score.
  public let distribution: Table?

  /// The data, and how they are drawn from, as the commands see them.
  let study: Study
  let run: Run
  /// The sections that were made.
  let sections = MadeSections()

  /// The name of the module of all items that are not in the base layer.
  static let conditionalLayer = RateTarget.conditionalLayer

  /// Estimates everything that is shared.
  ///
  /// - Throws: What the sampling design throws, or `CancellationError`.
  public init(_ input: ReportInput, progress: (@Sendable (Int) -> Void)? = nil) async throws {
    self.input = input
    let matrix = input.matrix
    let settings = input.settings
    findings = Findings(
      Study(matrix, plan: input.plan),
      run: Run(
        seed: settings.seed, replicates: settings.replicates, scheme: settings.scheme,
        jobs: settings.jobs), progress: progress)
    let design = try input.design(matrix)
    self.design = design
    let study = Study(matrix, plan: input.plan)
    let run = Run(
      seed: settings.seed, replicates: settings.replicates, scheme: settings.scheme,
      jobs: settings.jobs)
    self.study = study
    self.run = run
    var question = Rates(levels: Set(RateTarget.Level.allCases), level: settings.level)
    question.joinsConditionalModules = true
    rates = try await run(question, of: study, progress: progress)
    scores = PaperScores(matrix)
    if scores.overall.values.contains(where: { $0 != nil }) {
      let question = Scores(level: settings.level, tiers: settings.tiers)
      distribution = Table(scores: try await run(question, of: study, progress: progress))
    } else {
      distribution = nil
    }
  }

  /// The matrix.
  public var matrix: BinaryMatrix { input.matrix }

  /// The confidence level.
  public var level: Double { input.settings.level }

  /// The positions of the rates of a level.
  func positions(_ level: RateTarget.Level) -> [Int] {
    rates.indices.filter { rates[$0].target.level == level }
  }

  /// The rate of everything; `nil` when nothing applies.
  public var overall: Rate? { rates.last { $0.target.level == .overall && $0.estimate != nil } }

  /// The rates of the items that apply anywhere, from the highest to the lowest; of equal rates the
  /// one of more papers goes first.
  var rankedItems: [Rate] {
    positions(.item).map { rates[$0] }.filter { $0.estimate != nil }.enumerated()
      .sorted { left, right in
        let (a, b) = (left.element, right.element)
        let (x, y) = (a.estimate ?? 0, b.estimate ?? 0)
        if x != y { return x > y }
        if a.applicableCount != b.applicableCount { return a.applicableCount > b.applicableCount }
        return left.offset < right.offset
      }.map(\.element)
  }

  /// The difference of two rates of the same papers, by their positions: the second less the first.
  func difference(from first: Int, to second: Int) -> Estimate {
    let ratios = [first, second].map {
      RatioOfSums(matrix, target: rates[$0].target, design: design)
    }
    return Estimate(
      from: rates[first], to: rates[second], correlation: ratios[0].correlation(with: ratios[1]))
  }

  /// A rate in prose, with its interval and n, under the name of its target.
  ///
  /// - Parameters:
  ///   - rate: The rate; it must have an estimate.
  ///   - term: Another name for the fact.
  public func quoted(_ rate: Rate, as term: String? = nil) -> Sentence {
    Sentence.rate(term ?? rate.target.columnName, rate, level: level)
  }

  /// A table of rates with labels for people; level, category, name and kind of interval are for
  /// programs.
  func table(of rates: [Rate], name: String) -> Table {
    var table = Table(rates: [(nil, rates)], by: nil, level: level)
    table.name = name
    for index in table.columns.indices
    where ["level", "category", "term", "interval"].contains(table.columns[index].name) {
      table.columns[index].isDetail = true
    }
    let estimates = table.columns.filter {
      ["estimate", "conf_low", "conf_high"].contains($0.name)
    }
    table.columns.removeAll { ["estimate", "conf_low", "conf_high"].contains($0.name) }
    let labels = Column("label", .text(rates.map { label(of: $0.target) }))
    table.columns.insert(contentsOf: [labels] + estimates, at: 0)
    if let versions = matrix.versionSentence { table.notes.append(versions) }
    return table
  }

  /// What an item or category is called.
  public func label(of target: RateTarget) -> String {
    guard target.level == .item else { return Self.words(target.term) }
    return label(ofItem: target.items[0])
  }

  /// What the item of a column is called.
  public func label(ofItem column: Int) -> String {
    let item = matrix.items[column]
    return item.label ?? Self.words(item.id.name)
  }

  /// A name in words: underscores become spaces.
  static func words(_ name: String) -> String {
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
      .joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// Items, categories, layers and everything; the conditional modules together are a layer of
  /// their own when there are several.
  static func targets(of matrix: BinaryMatrix) -> [RateTarget] {
    RateTarget.joiningModules(in: matrix, levels: Set(RateTarget.Level.allCases))
  }
}

extension ReportAnalysis {
  /// Whether a paper can have several rows: those of several raters or versions.
  var hasReadings: Bool { matrix.distinctPaperCount < matrix.papers.count }

  /// A number of rows: of papers, or where a paper has several, of readings.
  func readings(_ count: Int, as term: String = "papers") -> Sentence {
    hasReadings
      ? .number(term, count, of: "reading", "readings") : .papers(count, as: term)
  }
}
