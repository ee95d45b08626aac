/// How many papers show a pattern.
public struct PatternPrevalence: Sendable, Equatable {
  /// The pattern.
  public let pattern: NamedPatterns.Pattern
  /// The share among the papers that count: to which all parts of a conjunction apply, or where
  /// another condition is defined.
  public let rate: Rate
  /// The share where the condition is defined.
  public let defined: Rate
  /// The share if the parts were independent (``PatternAnswers/expectedShare(of:among:weights:)``).
  public let expected: Double?
}

/// Estimates the prevalence of patterns, with the intervals of rates.
///
/// A pattern is an item that is yes where its condition holds, so everything that
/// ``RateEstimator`` says of items holds for patterns; see ``PatternAnswers`` for the papers that
/// count. Variables are those of the whole corpus, also for a part of the papers: a score or a word of
/// a pattern means the same in every group.
///
/// Cost: a pass over the bits of the items named, then that of the rates of as many items.
public struct PatternEstimator: Sendable {
  /// The answers to the patterns.
  public let answers: PatternAnswers
  private let counted: BinaryMatrix
  private let defined: BinaryMatrix

  /// Answers patterns for the papers of a corpus.
  public init(
    _ patterns: [NamedPatterns.Pattern], of variables: Variables
  ) throws(VariableError) {
    answers = try PatternAnswers(patterns, of: variables)
    counted = answers.counted
    defined = answers.defined
  }

  /// The patterns as items, of some of the papers.
  public func matrix(of papers: [Int]) -> BinaryMatrix {
    papers.count == counted.papers.count && papers == Array(counted.papers.indices)
      ? counted : counted.selecting(papers: papers)
  }

  /// The targets of the rates: a pattern each.
  public var targets: [RateTarget] { RateTarget.all(in: counted, levels: [.item]) }

  /// The prevalence of all patterns among some papers, whose sampling design the estimator's
  /// bootstrap has.
  ///
  /// - Parameters:
  ///   - papers: The papers, as positions in the corpus.
  ///   - estimator: How intervals are made.
  ///   - sample: The replicates, if the intervals need them; `nil` to draw none.
  public func estimate(
    _ papers: [Int], _ estimator: RateEstimator, sample: BootstrapSample? = nil
  ) -> [PatternPrevalence] {
    let rates = estimator.result(matrix(of: papers), targets: targets, sample: sample).rates
    var plain = estimator
    plain.interval = .automatic
    plain.isSimultaneous = false
    plain.ranksItems = false
    let others = plain.result(
      defined.selecting(papers: papers), targets: targets, sample: nil
    ).rates
    var weights: [Double]?
    if let own = estimator.bootstrap.design.weights {
      var all = [Double](repeating: 0, count: counted.papers.count)
      for (paper, weight) in zip(papers, own) { all[paper] = weight }
      weights = all
    }
    return answers.patterns.indices.map { index in
      PatternPrevalence(
        pattern: answers.patterns[index], rate: rates[index], defined: others[index],
        expected: answers.expectedShare(of: index, among: papers, weights: weights))
    }
  }
}

extension Table {
  /// The prevalence of patterns in one or more groups of papers: the columns of rates, and
  /// `defined_estimate`, `n_defined`, `expected`, `label`, `expression` and `reading` beside them.
  public init(
    patterns groups: [(group: String?, rows: [PatternPrevalence])], by: String?, level: Double
  ) {
    self.init(rates: groups.map { ($0.group, $0.rows.map(\.rate)) }, by: by, level: level)
    let rows = groups.flatMap(\.rows)
    name = "patterns"
    caption = """
      Papers that show a pattern, over the papers to which all parts of a conjunction apply, or where \
      another condition is defined; then over all papers for which the condition is true or false.
      """
    for index in columns.indices where ["level", "category"].contains(columns[index].name) {
      columns[index].values = .text(
        rows.map { _ in columns[index].name == "level" ? "pattern" : nil })
      columns[index].isDetail = true
    }
    let beside = [
      Column("n_defined", .integer(rows.map(\.defined.applicableCount))),
      Column("defined_estimate", .real(rows.map(\.defined.estimate)), style: .share),
      Column("expected", .real(rows.map(\.expected)), style: .share),
    ]
    let place = columns.firstIndex { $0.name == "note" } ?? columns.count
    columns.insert(contentsOf: beside, at: place)
    columns += [
      Column("label", .text(rows.map(\.pattern.label)), isDetail: true),
      Column("expression", .text(rows.map(\.pattern.expression)), isDetail: true),
      Column("reading", .text(rows.map(\.pattern.reading)), isDetail: true),
    ]
  }
}
