/// How the scores of papers are distributed: for all, for groups of papers, as a corpus grows.
///
/// ``PaperScores`` says what a score is, ``ScoreDistribution`` what is estimated of them, and
/// ``ScoreInterval`` how. Groups, and the parts by which a corpus grows, may have been asked different
/// items; unless the mix is ``ItemMix/Method/crude`` their papers are scored on the items that every group
/// was asked, and the quantity over whatever they were asked stands beside it. What is left is that items
/// apply more often in one group than in another; ``Answer/remarks`` say how much that alone would move
/// the means. The composite of an item response model needs no such care, since its item levels are
/// common to all.
///
/// A score of that name is ``PaperScores``' `score`, a category, or a composite of weights, dimensions or
/// a model.
public struct Scores: Analysis {
  /// After how many papers the distribution is wanted.
  public enum Checkpoints: Sendable, Hashable {
    /// After these numbers of papers, and all.
    case counts([Int])
    /// After every so many papers, and all.
    case every(Int)

    /// The numbers of papers, up to all.
    func resolved(of total: Int) -> [Int] {
      switch self {
      case .counts(let counts): counts.sorted().filter { $0 > 0 && $0 < total } + [total]
      case .every(let step): Array(stride(from: step, to: total, by: step)) + [total]
      }
    }
  }

  /// The scores wanted; `nil` for the overall score and all composites, with a model the composites.
  public var names: [String]?
  /// Weights of the composites of categories and items.
  public var weights: CompositeWeights?
  /// Dimensions of a composite.
  public var dimensions: Dimensions?
  /// The item response model of a composite.
  public var itemResponse: ItemResponseModel.Kind?
  /// Papers with fewer applicable items have no score.
  public var leastApplicable = 1
  /// The kind of interval.
  public var interval: ScoreInterval
  /// The confidence level.
  public var level: Double
  /// The bands whose shares are estimated.
  public var tiers: Tiers
  /// The column of the groups; `nil` for all papers together.
  public var by: String?
  /// After how many papers; `nil` for all only.
  public var checkpoints: Checkpoints?
  /// The rows of the papers in the order in which they count for checkpoints; `nil` for the rows as they
  /// are.
  public var order: [Int]?
  /// How the mix of items is held fixed over groups and checkpoints: common or crude.
  public var mix = ItemMix.Method.common

  /// Asks for the distribution of the overall score.
  public init(
    interval: ScoreInterval = .automatic, level: Double = 0.95, tiers: Tiers = .standard,
    by: String? = nil
  ) {
    self.interval = interval
    self.level = level
    self.tiers = tiers
    self.by = by
  }

  /// What is found.
  public struct Answer: Sendable {
    /// One distribution a score.
    public let distributions: [ScoreDistributionTable]
    /// The fitted model of a composite.
    public let response: ItemResponseFit?
    /// The papers that have too few applicable items for a score.
    public let leftOutCount: Int
    /// What to know of the mix of items, a sentence each.
    public let remarks: [String]
  }

  /// The result.
  public typealias Result = Answer

  /// A score that there is not.
  public struct UnknownScore: Error, Equatable, CustomStringConvertible {
    /// The name asked for.
    public let name: String
    /// The scores that there are.
    public let known: [String]

    /// One sentence with the nearest names.
    public var description: String {
      let nearest = NearestNames(known).nearest(to: name)
      return "there is no score '\(name)'"
        + (nearest.isEmpty
          ? "; there are " + known.joined(separator: ", ") : NearestNames.suggestion(of: nearest))
    }
  }

  /// What cannot be had.
  public enum ScoresError: Error, Equatable, CustomStringConvertible {
    /// The mix of items of scores cannot be held fixed by this model.
    case modelOfMix

    /// One sentence with the remedy.
    public var description: String {
      "scores over groups are held comparable by the items asked in all (common) or not at all (crude); "
        + "the model of item levels is the composite of an item response model (`composite: irt`)"
    }
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .strata, .repeatedPapers: .honoured
    }
  }

  /// The name of the composite of an item response model.
  static let responseName = "composite_irt"

  /// The scores of all papers on all items, with the composites asked for, and the model of one.
  public func paperScores(
    _ matrix: BinaryMatrix, design: SamplingDesign? = nil
  ) throws -> (scores: PaperScores, response: ItemResponseFit?) {
    var scores = PaperScores(matrix, weights: weights, dimensions: dimensions)
    let response = try itemResponse.map { try ItemResponseModel($0).fit(matrix, design: design) }
    if let response {
      scores.append(
        PaperScores.Score(
          name: Self.responseName, values: response.expectedScores.map { $0?.estimate }))
    }
    return (scores, response)
  }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    guard mix != .model else { throw ScoresError.modelOfMix }
    let matrix = sample.matrix
    let (scores, response) = try paperScores(matrix, design: sample.design)
    let names =
      self.names
      ?? (itemResponse == nil ? ["score"] : [])
      + scores.composites.map(\.name).filter { $0.hasPrefix("composite_") }
    for name in names where scores[name] == nil {
      throw UnknownScore(name: name, known: scores.names)
    }
    let parts = try parts(of: matrix)
    let mixed = MixedScores(self, matrix, parts: parts)
    var drawn: [Drawn] = []
    var draws: [Draw] = []
    for name in names {
      let crude = restricted(scores[name]?.values ?? [], scores.applicable)
      let fixed = name == Self.responseName ? nil : mixed?.values(of: name, self)
      for part in parts {
        let study = sample.study.selecting(papers: part.papers)
        let design = try run.sample(self, of: study).design
        func distribution(_ values: [Double?]) -> ScoreDistribution {
          ScoreDistribution(
            scores: part.papers.map { values[$0] }, design: design, tiers: tiers)
        }
        let whole = distribution(fixed ?? crude)
        drawn.append(
          Drawn(
            score: name, part: part, distribution: whole,
            crude: fixed == nil ? nil : distribution(crude).original()))
        var draw = Draw(
          (names.count > 1 ? name + " " : "") + (part.group ?? "")
            + (part.checkpoint.map { " \($0)" } ?? ""), terms: whole.terms, whole, design)
        if let by, let group = part.group { draw.group = (by, group) }
        draw.checkpoint = part.checkpoint
        if names.count > 1 { draw.section = ("score", name) }
        draws.append(draw)
      }
    }
    let short = zip(scores.overall.values, scores.applicable).count {
      $0 != nil && $1 < leastApplicable
    }
    let remarks =
      (names == [Self.responseName] ? [] : mixed?.remarks ?? [])
      + (matrix.creditRemark.map { ["\($0)."] } ?? [])
    return Prepared(draws: draws) { [drawn] samples in
      let distributions = names.map { name in
        var table = ScoreDistributionTable(
          score: name, by: by, level: level, interval: interval, tiers: tiers)
        for (entry, sample) in zip(drawn, samples) where entry.score == name {
          table.add(entry.part, entry.distribution, sample, crude: entry.crude)
        }
        return table
      }
      return Answer(
        distributions: distributions, response: response, leftOutCount: short, remarks: remarks)
    }
  }

  /// A distribution that waits for its replicates.
  private struct Drawn: Sendable {
    let score: String
    let part: ScoreDistributionTable.Part
    let distribution: ScoreDistribution
    let crude: [Double]?
  }

  /// The scores of the papers with enough applicable items.
  func restricted(_ values: [Double?], _ applicable: [Int]) -> [Double?] {
    zip(values, applicable).map { $1 >= leastApplicable ? $0 : nil }
  }

  /// The groups, each up to every checkpoint.
  private func parts(of matrix: BinaryMatrix) throws -> [ScoreDistributionTable.Part] {
    let groups: [(name: String?, papers: [Int])] =
      try by.map { try matrix.groups(of: $0).map { ($0.name, $0.papers) } }
      ?? [(nil, Array(matrix.papers.indices))]
    var place = Array(matrix.papers.indices)
    for (position, row) in (order ?? []).enumerated() { place[row] = position }
    return groups.flatMap { name, papers in
      let ordered = papers.sorted { place[$0] < place[$1] }
      return (checkpoints?.resolved(of: papers.count) ?? [papers.count]).map { count in
        ScoreDistributionTable.Part(
          group: name, checkpoint: checkpoints == nil ? nil : count,
          papers: ordered.prefix(count).sorted())
      }
    }
  }
}

/// The scores of papers on the items that all groups, or all parts of a growing corpus, were asked.
private struct MixedScores {
  let scores: PaperScores
  let remarks: [String]
  private let isSame: Bool

  /// `nil` when there is nothing to hold fixed.
  init?(_ question: Scores, _ matrix: BinaryMatrix, parts: [ScoreDistributionTable.Part]) {
    guard question.mix == .common, parts.count > 1 else { return nil }
    var groups: [[Int]] = []
    var previous: ScoreDistributionTable.Part?
    for part in parts {
      let known = previous?.group == part.group ? Set(previous?.papers ?? []) : []
      groups.append(part.papers.filter { !known.contains($0) })
      previous = part
    }
    groups.removeAll(where: \.isEmpty)
    let items = ItemMix.items(of: matrix, askedIn: groups)
    isSame = items.count == matrix.items.count
    let common = isSame ? matrix : matrix.selecting(items: items)
    scores = PaperScores(common, weights: question.weights, dimensions: question.dimensions)
    var remarks: [String] = []
    let what = question.by == nil ? "parts of the corpus" : "groups"
    if !isSame {
      remarks.append(
        "Papers are scored on the \(items.count) of \(matrix.items.count) items that all \(what) were "
          + "asked; 'crude' is over whatever they were asked.")
    }
    if question.by != nil, let shift = Self.shift(common, groups: parts.map(\.papers)) {
      remarks.append(
        "Items apply more often in some groups than in others; by that alone the means would lie up to "
          + "\((shift * 10).rounded() / 10) points apart (`composite: irt` allows for it).")
    }
    self.remarks = remarks
  }

  /// The scores of that name on the common items; `nil` when they are those on all.
  func values(of name: String, _ question: Scores) -> [Double?]? {
    guard !isSame else { return nil }
    let values = scores[name]?.values ?? [Double?](repeating: nil, count: scores.applicable.count)
    return question.restricted(values, scores.applicable)
  }

  /// How far the mean scores of groups would lie apart if every item were passed alike in all, in points;
  /// `nil` below half a point.
  private static func shift(_ matrix: BinaryMatrix, groups: [[Int]]) -> Double? {
    var sums = [Double](repeating: 0, count: matrix.papers.count)
    var counts = sums
    for item in matrix.items.indices {
      let applicable = matrix.applies.count(column: item)
      guard applicable > 0 else { continue }
      let rate = Double(matrix.yes.count(column: item)) / Double(applicable)
      for paper in matrix.papers.indices where matrix.applies[paper, item] {
        sums[paper] += rate
        counts[paper] += 1
      }
    }
    let means = groups.compactMap { papers -> Double? in
      let scored = papers.filter { counts[$0] > 0 }
      guard !scored.isEmpty else { return nil }
      return 100 * scored.reduce(0) { $0 + sums[$1] / counts[$1] } / Double(scored.count)
    }
    guard let most = means.max(), let least = means.min(), most - least >= 0.5 else { return nil }
    return most - least
  }
}

extension Table {
  /// The distributions of scores, one row a quantity.
  public init(scores answer: Scores.Answer) {
    let tables = answer.distributions.map(\.table)
    var table = tables.count > 1 ? Table(stacking: tables) : tables.first
    if tables.count > 1, let column = table?.columns.firstIndex(where: { $0.name == "score" }) {
      table?.columns[column].isDetail = false
      table?.caption =
        "Distributions of scores in percent of applicable items; shares of tiers are fractions of the "
        + "papers with a score."
    }
    self = table ?? Table(name: "distribution", columns: [])
    if answer.response != nil,
      answer.distributions.contains(where: { $0.score == Scores.responseName })
    {
      notes.append(
        "composite_irt is the expected percent of all items at a paper's rigor; intervals take the "
          + "item parameters as known.")
    }
    notes += answer.remarks
  }
}
