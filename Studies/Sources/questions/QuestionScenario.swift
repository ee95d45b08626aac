import RealModule
import SurveyStats

/// A kind of corpus with a known truth, and the intervals that questions have there.
enum QuestionScenario: String, CaseIterable, Sendable {
  /// Items that apply to all papers, in two groups.
  case items
  /// Items of which half do not apply to all papers.
  case partial
  /// Points on a skewed axis against a score.
  case attention
  /// Citations within a corpus.
  case citations
  /// Two latent classes.
  case classes
  /// Papers in no particular order.
  case stability

  /// An interval for a quantity: its limits, if there are any.
  struct Found: Sendable {
    let quantity: String
    let estimate: Double?
    let low: Double?
    let high: Double?

    init(_ quantity: String, _ estimate: Estimate) {
      self.quantity = quantity
      self.estimate = estimate.value
      low = estimate.lower
      high = estimate.upper
    }

    init(_ quantity: String, _ estimate: Double?, low: Double?, high: Double?) {
      self.quantity = quantity
      self.estimate = estimate
      self.low = low
      self.high = high
    }
  }

  /// What is true of a quantity, where it is known before; other truths are estimates of a large corpus.
  static func truth(of quantity: String) -> Double? {
    switch quantity {
    case "odds of an item that works alike", "odds of an item that works alike, ten levels": 0
    case "difference of applicability": 0.2
    case "points per tenfold (HC3)": 4
    case "slope of citations (negative binomial)": 0.3
    case "assortativity": 0
    case "share of a class, far apart", "share of a class, near": 0.35
    default: quantity.hasPrefix("band ") ? 0 : nil
    }
  }

  /// The size of the corpus whose estimates stand for the truth.
  var largeCount: Int {
    switch self {
    case .items, .partial, .attention: 400_000
    case .citations: 50_000
    case .classes: 1_000
    case .stability: 200_000
    }
  }

  /// Draws a corpus and answers the questions.
  func found(papers n: Int, from stream: inout RandomStream) async throws -> [Found] {
    switch self {
    case .items: try await items(n, isPartial: false, &stream)
    case .partial: try await items(n, isPartial: true, &stream)
    case .attention: try await attention(n, &stream)
    case .citations: try await citations(n, &stream)
    case .classes:
      try await classes(n, 0.75, 0.3, "far apart", &stream)
        + classes(n, 0.6, 0.3, "near", &stream)
    case .stability: try await stability(n, &stream)
    }
  }

  private static let itemCount = 20

  private static func matrix(
    _ papers: [Paper], items: Int, _ cell: (Int, Int) -> Cell
  ) -> BinaryMatrix {
    let all = (0..<items).map { Item(id: ItemID(category: "c\($0 / 5)", name: "i\($0)")) }
    return BinaryMatrix(papers: papers, items: all, cell: cell)
  }

  /// A Rasch model with a group that is better by 0.4 and an item that is easier for it by 1.
  private func items(
    _ n: Int, isPartial: Bool, _ stream: inout RandomStream
  ) async throws -> [Found] {
    let (papers, cells) = answers(n, isPartial: isPartial, &stream)
    let matrix = Self.matrix(papers, items: Self.itemCount) { cells[$0 * Self.itemCount + $1] }
    let study = Study(matrix)
    let rest = try await Run()(ItemRest(), of: study)
    let functioning = try await Run()(DifferentialFunctioning(["type"]), of: study)
    let suffix = isPartial ? ", ten levels" : ""
    let part = isPartial ? ", partly applicable" : ""
    var found = [
      Found("item and rest\(part)", rest[12].correlation),
      Found("item against the rest\(part)", rest[1].correlation),
      Found("odds of an item that works alike\(suffix)", functioning[5].logOdds),
      Found("odds of an item that does not\(suffix)", functioning[0].logOdds),
    ]
    if isPartial {
      let drift = try await Run()(ApplicabilityDrift(["type"]), of: study)
      found.append(Found("difference of applicability", drift[12].difference))
    }
    return found
  }

  private func answers(
    _ n: Int, isPartial: Bool, _ stream: inout RandomStream
  ) -> (papers: [Paper], cells: [Cell]) {
    var papers: [Paper] = []
    var cells: [Cell] = []
    for paper in 0..<n {
      let isSecond = paper % 2 == 1
      papers.append(Paper(slug: "p\(paper)", year: 2025, type: isSecond ? "b" : "a"))
      let ability = stream.normal() + (isSecond ? 0.4 : 0)
      for item in 0..<Self.itemCount {
        let logit =
          -1.5 + 3 * Double((item * 7) % Self.itemCount) / Double(Self.itemCount - 1)
          + (item == 1 ? -0.5 : 1) * ability + (item == 0 && isSecond ? 1 : 0)
        let isYes = stream.uniform() < 1 / (1 + Double.exp(-logit))
        let applies = stream.uniform() < (isSecond ? 0.6 : 0.8)
        cells.append(isPartial && item >= 10 && !applies ? .notApplicable : isYes ? .yes : .no)
      }
    }
    return (papers, cells)
  }

  /// Points of which a fifth is zero and others are lognormal; four points of the score for a tenfold.
  private func attention(_ n: Int, _ stream: inout RandomStream) async throws -> [Found] {
    var papers: [Paper] = []
    for paper in 0..<n {
      let points = stream.uniform() < 0.2 ? 0 : Double.exp(2 + 1.5 * stream.normal()).rounded()
      let noise = (points > 20 ? 18 : 12) * stream.normal()
      let score = 50 + 4 * Double.log10(1 + points) + noise
      papers.append(
        Paper(slug: "p\(paper)", covariates: ["points": "\(points)", "value": "\(score)"]))
    }
    let matrix = Self.matrix(papers, items: 1) { _, _ in .yes }
    let rows = try await Run()(
      ScoresAgainst(["points"], score: "value", axis: .log), of: Study(matrix))
    let names = [
      "pearson": "Pearson", "spearman": "Spearman", "kendall": "Kendall",
      "per tenfold of 1 + points": "points per tenfold (HC3)",
    ]
    return rows.compactMap { row in names[row.term].map { Found($0, row.estimate) } }
  }

  /// Each paper cites three earlier ones on average, with chances of `exp(0.3 score / 10)`.
  private func citations(_ n: Int, _ stream: inout RandomStream) async throws -> [Found] {
    let scores = (0..<n).map { _ in min(100, max(0, 50 + 16 * stream.normal())) }
    let papers = (0..<n).map {
      Paper(slug: "p\($0)", title: "An invented paper of number \($0)", year: 2025)
    }
    var cited = [[CitedPaper]](repeating: [], count: n)
    for paper in 0..<n {
      let count = min(stream.poisson(mean: 3), n - 1)
      var own: Set<Int> = []
      while own.count < count {
        let other = stream.index(below: n)
        let chance = Double.exp(0.03 * (scores[other] - 100))
        if stream.uniform() < chance, other != paper { own.insert(other) }
      }
      cited[paper] = own.sorted().map {
        CitedPaper(title: papers[$0].title ?? "", authors: [], year: 2025)
      }
    }
    let graph = CitationGraph(papers, cited: cited)
    let matrix = Self.matrix(papers, items: 1) { _, _ in .yes }
    let rows = try await Run(replicates: 9)(
      CitationScores(graph, scores: scores), of: Study(matrix))
    let names = [
      "citations and score, Spearman", "slope of citations (negative binomial)", "assortativity",
    ]
    return zip(names, rows).map { Found($0, $1.estimate) }
  }

  /// Two classes of 20 items, whose rates differ by so much; the better one has a share of 35 %.
  private func classes(
    _ n: Int, _ high: Double, _ low: Double, _ name: String, _ stream: inout RandomStream
  ) async throws -> [Found] {
    let papers = (0..<n).map { Paper(slug: "p\($0)") }
    var cells: [Cell] = []
    for _ in 0..<n {
      let rate = stream.uniform() < 0.35 ? high : low
      for _ in 0..<Self.itemCount { cells.append(stream.uniform() < rate ? .yes : .no) }
    }
    let matrix = Self.matrix(papers, items: Self.itemCount) { cells[$0 * Self.itemCount + $1] }
    let fit = try await Run()(LatentClasses([2], starts: 20), of: Study(matrix))[0]
    let table = Table(classesOf: fit)
    func first(_ column: String) -> Double? {
      guard case .real(let values)? = table[column]?.values else { return nil }
      return values[0]
    }
    return [
      Found(
        "share of a class, \(name)", first("estimate"), low: first("conf_low"),
        high: first("conf_high"))
    ]
  }

  /// The mean score after a quarter and a half of the papers, and without a group.
  private func stability(_ n: Int, _ stream: inout RandomStream) async throws -> [Found] {
    let (papers, cells) = answers(n, isPartial: true, &stream)
    let matrix = Self.matrix(papers, items: Self.itemCount) { cells[$0 * Self.itemCount + $1] }
    var found: [Found] = []
    if n <= 1_000 {
      let rows = try await Run(seed: stream.next(), replicates: 199)(
        GrowthStability(order: Self.shuffled(n, &stream), steps: 4), of: Study(matrix))
      for term in ["mean score", "median score"] {
        for (row, name) in zip(rows.filter { $0.term == term }, ["quarter", "half"]) {
          // The band holds the number of the corpus's own order; there is no estimate but that.
          guard let value = row.value else { continue }
          found.append(
            Found(
              "band of the \(term) at a \(name)", row.middle, low: row.low.map { $0 - value },
              high: row.high.map { $0 - value }))
        }
      }
    }
    let rows = try await Run()(LeaveOut(["type"]), of: Study(matrix))
    for term in ["mean score", "median score", "all answers"] {
      if let row = rows.first(where: { $0.term == term && $0.group == "a" }) {
        found.append(Found("\(term) without a group", row.estimate))
      }
    }
    return found
  }

  private static func shuffled(_ n: Int, _ stream: inout RandomStream) -> [Int] {
    var order = Array(0..<n)
    for place in order.indices.reversed() {
      order.swapAt(place, stream.index(below: place + 1))
    }
    return order
  }
}
