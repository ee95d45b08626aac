import Foundation
import SurveyStats

/// Papers with one trait behind their answers, claims, flags, points and citations.
struct QuestionPapers {
  /// The papers with their answers.
  let matrix: BinaryMatrix
  /// The flags of each.
  let flags: [[String]]
  /// The works that each cites.
  let cited: [[CitedPaper]]

  private static let categories = ["a", "b", "c", "d"]
  private static let itemsOfCategory = 6

  /// Draws papers.
  init(count: Int, stream: inout RandomStream, drawsCitations: Bool) {
    let items = Self.categories.flatMap { category in
      (0..<Self.itemsOfCategory).map {
        Item(id: ItemID(category: category, name: "\(category)\($0)"))
      }
    }
    let traits = (0..<count).map { _ in stream.normal() }
    var cells: [[Cell]] = []
    var papers: [Paper] = []
    var flags: [[String]] = []
    for (paper, trait) in traits.enumerated() {
      cells.append(
        items.indices.map { item in
          guard stream.uniform() < (item % 3 == 0 ? 0.6 : 0.95) else { return .notApplicable }
          let difficulty = -1.5 + 3 * Double(item % Self.itemsOfCategory) / 5
          return stream.uniform() < logistic(0.9 * trait - difficulty) ? .yes : .no
        })
      let claims = 1 + stream.binomial(trials: 8, probability: 0.5)
      let strong = stream.binomial(trials: claims, probability: logistic(0.4 * trait - 0.5))
      let side = stream.uniform()
      papers.append(
        Paper(
          slug: "p\(paper)", year: 2024, arxivID: Self.identifier(paper),
          covariates: [
            "claims": "\(claims)", "claims_strong": "\(strong)",
            "red_flags": "\(stream.binomial(trials: 6, probability: logistic(-0.5 * trait - 1)))",
            "hn_points": "\(Int(exp(2 + 0.3 * trait + 1.2 * stream.normal())))",
            "side": side < logistic(0.5 * trait) * 0.6
              ? "positive" : side < 0.8 ? "nuanced" : "none",
            "part": paper == 0 ? "out" : "in",
          ]))
      flags.append(stream.uniform() < logistic(-0.6 * trait - 1) ? ["no error bars"] : [])
    }
    matrix = BinaryMatrix(papers: papers, items: items) { cells[$0][$1] }
    self.flags = flags
    guard drawsCitations else {
      cited = [[CitedPaper]](repeating: [], count: count)
      return
    }
    // A paper with ten points more is cited exp(0.3) times as often.
    let scores = PaperScores(matrix).overall.values
    let weights = scores.map { exp(0.03 * (($0 ?? 50) - 50)) }
    let sums = weights.reduce(into: [0.0]) { $0.append(($0.last ?? 0) + $1) }
    cited = (0..<count).map { _ in
      (0..<2 + stream.index(below: 3)).map { _ in
        let place = stream.uniform() * (sums.last ?? 1)
        let paper = min(count - 1, (sums.firstIndex { $0 > place } ?? 1) - 1)
        return CitedPaper(title: "work \(paper) of the corpus", arxivID: Self.identifier(paper))
      }
    }
  }

  private static func identifier(_ paper: Int) -> String {
    let digits = String(paper % 100_000)
    return "\(2001 + paper / 100_000)." + String(repeating: "0", count: 5 - digits.count) + digits
  }
}

/// Papers of two classes, 40 of 100 in the first, within which answers are independent.
struct ClassPapers {
  let matrix: BinaryMatrix
  /// The shares of the classes, of the highest rates first.
  static let shares = [0.4, 0.6]
  private static let itemCount = 20

  /// The rate of an item in a class.
  static func rate(_ item: Int, isFirst: Bool, distance: Double) -> Double {
    let center = -0.8 + 1.6 * Double(item) / Double(itemCount - 1)
    return logistic(center + (isFirst ? distance : -distance) / 2)
  }

  init(count: Int, distance: Double, stream: inout RandomStream) {
    let items = (0..<Self.itemCount).map { Item(id: ItemID(category: "a", name: "a\($0)")) }
    var cells: [[Cell]] = []
    for _ in 0..<count {
      let isFirst = stream.uniform() < Self.shares[0]
      cells.append(
        items.indices.map { item in
          guard stream.uniform() < 0.85 else { return .notApplicable }
          let rate = Self.rate(item, isFirst: isFirst, distance: distance)
          return stream.uniform() < rate ? .yes : .no
        })
    }
    let papers = (0..<count).map { Paper(slug: "p\($0)") }
    matrix = BinaryMatrix(papers: papers, items: items) { cells[$0][$1] }
  }
}

func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
