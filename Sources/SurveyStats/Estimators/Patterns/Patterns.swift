/// How many papers show patterns, overall or in groups.
///
/// ``PatternEstimator`` says what is estimated. The variables of a pattern are those of the whole
/// corpus, also in a group.
public struct Patterns: Analysis {
  /// The patterns, all of whose variables the study must have.
  public var patterns: [NamedPatterns.Pattern]
  /// The variables or expressions whose values make the groups; with two, every pair of values.
  public var by: [String]
  /// The kind of interval.
  public var interval: RateInterval
  /// The confidence level.
  public var level: Double

  /// One answer a group, with a row a pattern.
  public typealias Result = [GroupResult<[PatternPrevalence]>]

  /// Asks for the prevalence of patterns.
  public init(
    _ patterns: [NamedPatterns.Pattern], by: [String] = [], interval: RateInterval = .automatic,
    level: Double = 0.95
  ) {
    self.patterns = patterns
    self.by = by
    self.interval = interval
    self.level = level
  }

  /// The variables of the groups as they are written in a table; `nil` without groups.
  public var groupName: String? { by.isEmpty ? nil : by.joined(separator: " × ") }

  /// Weights, clusters, strata and rows of one paper count.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .strata, .repeatedPapers: .honoured
    }
  }

  /// Estimates, and says what is to be drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let answers = try PatternEstimator(patterns, of: sample.matrix.variables)
    var parts: [(name: String?, papers: [Int], rates: RateEstimator, hasDraw: Bool)] = []
    var draws: [Draw] = []
    for (name, papers) in try groups(of: sample.matrix) {
      let design =
        name == nil
        ? sample.design
        : try run.sample(self, of: sample.study.selecting(papers: papers)).design
      let rates = RateEstimator(interval: interval, level: level, bootstrap: run.bootstrap(design))
      let statistic = rates.statistic(
        answers.matrix(of: papers), targets: answers.targets, drawsReplicates: run.wantsReplicates)
      if let statistic {
        var draw = Draw(
          name ?? "", terms: answers.targets.map(\.columnName), statistic, design)
        if let groupName, let name { draw.group = (groupName, name) }
        draws.append(draw)
      }
      parts.append((name, papers, rates, statistic != nil))
    }
    return Prepared(draws: draws) { [parts] samples in
      var next = samples.makeIterator()
      return parts.map { part in
        let sample = part.hasDraw ? next.next() : nil
        return GroupResult(
          group: part.name, result: answers.estimate(part.papers, part.rates, sample: sample))
      }
    }
  }

  /// The papers of every group, or of every pair of groups that share papers.
  private func groups(of matrix: BinaryMatrix) throws -> [(name: String?, papers: [Int])] {
    guard let first = by.first else { return [(nil, Array(matrix.papers.indices))] }
    var groups = try matrix.groups(of: first)
    for column in by.dropFirst() {
      let others = try matrix.groups(of: column)
      groups = groups.flatMap { one in
        others.compactMap { other in
          let papers = Set(other.papers)
          let both = one.papers.filter(papers.contains)
          return both.isEmpty ? nil : ("\(one.name) × \(other.name)", both)
        }
      }
    }
    return groups.map { ($0.name, $0.papers) }
  }
}
