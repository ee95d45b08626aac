import Foundation
import SurveyStats

/// The tables by which metastat answers questions about some papers.
struct QuestionTables {
  private let papers: QuestionPapers
  private let scores: [Double?]

  init(_ papers: QuestionPapers) {
    self.papers = papers
    scores = PaperScores(papers.matrix).overall.values
  }

  /// All that takes no resampling.
  var readings: [Reading] {
    get async throws {
      let study = Study(papers.matrix)
      let run = Run()
      var readings: [Reading] = []
      let leftOut = try await run(LeaveOut(["part"]), of: study)
      readings += Table(leaveOut: leftOut.filter { $0.group == "out" }, level: 0.95)
        .readings("headline numbers", ["term"])
      let counts = try await run(CountSummary(["claims", "claims_strong", "red_flags"]), of: study)
      let table = Table(counts: counts.map { ($0.group, $0.result) }, by: nil, level: 0.95)
      readings += table.readings("claims", ["term"])
      readings += table.readings(
        "claims", ["term"], of: "share", lower: "share_low", upper: "share_high", suffix: ", share")
      // Of few papers none may be on one side, which is an error.
      if let tension = try? tension {
        readings += Table(tensions: [tension], level: 0.95, adjustment: .holm)
          .readings("tensions", ["term"])
      }
      let flags = Table(
        flags: FlagTexts(papers.flags, scores: scores), level: 0.95, adjustment: .holm)
      readings += flags.readings("flags", ["flag"], suffix: ", scores")
      readings += flags.readings(
        "flags", ["flag"], of: "share", lower: "share_low", upper: "share_high", suffix: ", share")
      let against = try await run(
        ScoresAgainst(["hn_points"], axis: .log, cuts: [5, 15]), of: study)
      readings += Table(against: against, level: 0.95, adjustment: .holm)
        .readings("attention", ["part", "term"]).filter { !$0.quantity.hasPrefix("smooth") }
      return readings + (try await citations)
    }
  }

  private var tension: TensionRow {
    get throws {
      let json = """
        {"name": "side", "positive": "side = 'positive'", "nuanced": "side = 'nuanced'"}
        """
      return try TensionRow(
        JSONDecoder().decode(Tensions.Topic.self, from: Data(json.utf8)),
        of: papers.matrix.variables, scores: scores)
    }
  }

  /// Citations with scores.
  var citations: [Reading] {
    get async throws {
      guard papers.cited.contains(where: { !$0.isEmpty }) else { return [] }
      let graph = CitationGraph(papers.matrix.papers, cited: papers.cited)
      let rows = try await Run(replicates: 9)(
        CitationScores(graph, scores: scores), of: Study(papers.matrix))
      return Table(citationScores: rows, level: 0.95, adjustment: .holm)
        .readings("citations", ["term"])
    }
  }

  /// The numbers of papers as they came, and the band of random orders.
  func bands(seed: UInt64) async throws -> [Reading] {
    let rows = try await Run(seed: seed, replicates: 99)(
      GrowthStability(steps: 4), of: Study(papers.matrix))
    return rows.filter { $0.size < $0.whole }.compactMap { row in
      guard let value = row.value, let low = row.low, let high = row.high else { return nil }
      let kind =
        ["mean score", "median score", "all answers"].contains(row.term)
        ? row.term : row.term.hasPrefix("share") ? "shares of tiers" : "categories"
      return Reading(
        question: "stability bands", quantity: kind, estimate: value, lower: low, upper: high)
    }
  }

  /// The first eigenvalues; without limits for no seed.
  func components(seed: UInt64?) async throws -> [Reading] {
    var components = Components(CorrelatedVariables(.items(.phi)))
    components.referenceSets = 9
    components.interval = seed == nil ? nil : .percentile
    let result = try await Run(seed: seed ?? 1, replicates: 199)(
      components, of: Study(papers.matrix))
    return result.eigenvalueTable.readings("components", ["component"], of: "eigenvalue")
      .filter { ["1", "2"].contains($0.quantity) }
      .map {
        Reading(
          question: $0.question, quantity: "eigenvalue \($0.quantity)", estimate: $0.estimate,
          lower: $0.lower, upper: $0.upper)
      }
  }

  /// The cross-validated R² of 1, 5, 10 and 20 items.
  func shortForm(seed: UInt64) async throws -> [Reading] {
    let steps = try await Run(seed: seed)(ShortForm(size: 20), of: Study(papers.matrix))
    return Table(shortForm: steps, level: 0.95).readings("short forms", ["n_items"])
      .filter { ["1", "5", "10", "20"].contains($0.quantity) }
  }
}

/// The tables of latent classes.
struct ClassTables {
  private let papers: ClassPapers
  private let distance: Double

  init(_ papers: ClassPapers, distance: Double) {
    self.papers = papers
    self.distance = distance
  }

  /// The share of the first class, with the truth.
  var readings: [(Reading, Double)] {
    get async throws {
      let fits = try await Run()(LatentClasses([2], starts: 40), of: Study(papers.matrix))
      guard let fit = fits.first else { return [] }
      let words = distance > 1.5 ? "classes far apart" : "classes near each other"
      let shares = Table(classesOf: fit).readings("classes", ["class"])
        .filter { $0.quantity == "1" }
        .map { ($0.named("share of the first, \(words)"), ClassPapers.shares[0]) }
      let rates = Table(classItems: fit).readings("classes", ["class", "item"])
        .filter { $0.quantity == "1 a.a0" || $0.quantity == "1 a.a10" }
        .map { reading in
          let item = reading.quantity == "1 a.a0" ? 0 : 10
          return (
            reading.named("rates in the first, \(words)"),
            ClassPapers.rate(item, isFirst: true, distance: distance)
          )
        }
      return shares + rates
    }
  }
}

/// The papers in which the change of scores by learned weights is known.
struct WeightPopulation {
  /// The scores of categories and the plain score of many papers.
  private let categories: [PaperScores.Score]
  private let plain: [Double?]

  init(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, stream: 3_000_000)
    let papers = QuestionPapers(count: 50_000, stream: &stream, drawsCitations: false)
    let scores = PaperScores(papers.matrix)
    categories = scores.categories
    plain = scores.overall.values
  }

  /// The change of mean and median by weights learned from six papers of a sample, with the change
  /// that these weights make in many papers.
  func readings(of matrix: BinaryMatrix) throws -> [(Reading, Double)] {
    let scores = PaperScores(matrix)
    let first = scores.categories[0].values
    let ranked = matrix.papers.indices.filter { first[$0] != nil }
      .sorted { (first[$0] ?? 0) > (first[$1] ?? 0) }
    let anchors =
      ranked.prefix(3).map {
        WeightAnchors.Anchor(paper: matrix.papers[$0].slug, low: 70, high: 100)
      }
      + ranked.suffix(3).map {
        WeightAnchors.Anchor(paper: matrix.papers[$0].slug, low: 0, high: 30)
      }
    let fit = try WeightFit(WeightAnchors(anchors: anchors), matrix)
    let used = Set(ranked.prefix(3) + ranked.suffix(3))
    let table = Table(shift: fit, leavingOut: used, level: 0.95)
    var (before, after): ([Double], [Double]) = ([], [])
    for paper in plain.indices {
      var (sum, whole) = (0.0, 0.0)
      for (weight, category) in zip(fit.weights, categories) {
        guard let value = category.values[paper] else { continue }
        sum += weight * value
        whole += weight
      }
      guard whole > 0, let score = plain[paper] else { continue }
      before.append(score)
      after.append(sum / whole)
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let truths = ["mean": mean(after) - mean(before), "median": median(after) - median(before)]
    return table.readings("weights", ["term"]).compactMap { reading in
      truths[reading.quantity].map { (reading, $0) }
    }
  }
}

extension Table {
  /// The rows that have an estimate, named by columns.
  func readings(
    _ question: String, _ names: [String], of estimate: String = "estimate",
    lower: String = "conf_low", upper: String = "conf_high", suffix: String = ""
  ) -> [Reading] {
    func reals(_ name: String) -> [Double?] {
      guard case .real(let values)? = self[name]?.values else {
        return [Double?](repeating: nil, count: rowCount)
      }
      return values
    }
    func words(_ name: String) -> [String] {
      switch self[name]?.values {
      case .text(let values)?: values.map { $0 ?? "" }
      case .integer(let values)?: values.map { $0.map(String.init) ?? "" }
      default: [String](repeating: "", count: rowCount)
      }
    }
    let (values, lows, highs) = (reals(estimate), reals(lower), reals(upper))
    let labels = names.map(words)
    return (0..<rowCount).compactMap { row in
      values[row].map {
        Reading(
          question: question, quantity: labels.map { $0[row] }.joined(separator: " ") + suffix,
          estimate: $0, lower: lows[row], upper: highs[row])
      }
    }
  }
}
