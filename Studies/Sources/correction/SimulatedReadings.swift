import RealModule
import SurveyStats

/// How a rater errs about what is yes, no, and does not apply.
struct RaterErrors: Sendable, Hashable {
  var name: String
  /// Of what is yes and found to apply, the share found to be yes.
  var sensitivity: Double
  /// Of what is no and found to apply, the share found to be no.
  var specificity: Double
  /// Of what applies, the share found not to.
  var missed: Double
  /// Of what does not apply, the share found to; half of it found to be yes.
  var invented: Double

  static let all = [
    RaterErrors(name: ".98", sensitivity: 0.98, specificity: 0.98, missed: 0.01, invented: 0.01),
    RaterErrors(name: ".95", sensitivity: 0.95, specificity: 0.95, missed: 0.02, invented: 0.05),
    RaterErrors(name: ".9", sensitivity: 0.9, specificity: 0.9, missed: 0.05, invented: 0.1),
    RaterErrors(name: ".8", sensitivity: 0.8, specificity: 0.8, missed: 0.05, invented: 0.15),
    RaterErrors(name: ".7", sensitivity: 0.7, specificity: 0.7, missed: 0.1, invented: 0.15),
    RaterErrors(name: ".7/.99", sensitivity: 0.7, specificity: 0.99, missed: 0.05, invented: 0.1),
    RaterErrors(name: ".99/.7", sensitivity: 0.99, specificity: 0.7, missed: 0.05, invented: 0.1),
  ]

  /// What the rater says of a cell; in a hard paper it errs three times as often.
  func reading(_ truth: Cell, isHard: Bool, _ random: inout RandomStream) -> Cell {
    let factor = isHard ? 3.0 : 1
    let u = random.uniform()
    if truth == .notApplicable {
      let share = min(invented * factor, 0.6)
      return u < share / 2 ? .yes : u < share ? .no : .notApplicable
    }
    if u < min(missed * factor, 0.6) { return .notApplicable }
    let error = min((1 - (truth == .yes ? sensitivity : specificity)) * factor, 0.6)
    return random.uniform() < error ? (truth == .yes ? .no : .yes) : truth
  }
}

/// An item with its true rate and its rater.
struct SimulatedItem: Sendable, Hashable {
  var rate: Double
  var errors: RaterErrors
}

/// Papers with two readings, the better one of some.
struct SimulatedReadings: Sendable {
  var items: [SimulatedItem]
  /// The share of cells that do not apply.
  var notApplicable: Double
  /// Whether answers and errors of a paper hang together: a fifth of papers is hard, and an ability with
  /// a standard deviation of one logit moves all rates.
  var isCorrelated: Bool
  /// Whether papers of which the rater finds much are re-answered three times as often.
  var choosesPapers = false

  /// The rate of an item in a paper of some ability.
  private func rate(_ item: SimulatedItem, ability: Double) -> Double {
    guard isCorrelated else { return item.rate }
    let logit = Self.log(item.rate / (1 - item.rate)) + ability
    return 1 / (1 + Self.exp(-logit))
  }

  private static func log(_ x: Double) -> Double { Double.log(x) }
  private static func exp(_ x: Double) -> Double { Double.exp(x) }

  /// Draws papers, of which `reread` have a better reading.
  func matrix(papers: Int, reread: Int, _ random: inout RandomStream) -> BinaryMatrix {
    var own: [[Cell]] = []
    var better: [[Cell]] = []
    for _ in 0..<papers {
      let isHard = isCorrelated && random.uniform() < 0.2
      let ability = isCorrelated ? random.normal() : 0
      var truths: [Cell] = []
      for item in items {
        let applies = random.uniform() >= notApplicable
        let isYes = random.uniform() < rate(item, ability: ability)
        truths.append(!applies ? .notApplicable : isYes ? .yes : .no)
      }
      better.append(truths)
      own.append(
        items.indices.map { items[$0].errors.reading(truths[$0], isHard: isHard, &random) })
    }
    let chances = probabilities(own, reread: reread)
    var chosen: [Int] = []
    if choosesPapers {
      chosen = (0..<papers).filter { random.uniform() < chances[$0] }
    } else {
      var order = Array(0..<papers)
      for place in 0..<reread { order.swapAt(place, place + random.index(below: papers - place)) }
      chosen = Array(order[..<reread])
    }
    let rows = (0..<papers).map { paper in
      var covariates: PaperCovariates = [:]
      covariates["chance"] = "\(chances[paper])"
      return Paper(slug: "p\(paper)", rater: "rater", covariates: covariates)
    }
    let again = chosen.map { place in
      var paper = rows[place]
      paper.rater = "better"
      return paper
    }
    return BinaryMatrix(
      papers: rows + again,
      items: items.indices.map { Item(id: ItemID(category: "c\($0 / 5)", name: "i\($0)")) }
    ) { row, item in
      row < papers ? own[row][item] : better[chosen[row - papers]][item]
    }
  }

  private func probabilities(_ own: [[Cell]], reread: Int) -> [Double] {
    guard choosesPapers else { return own.map { _ in Double(reread) / Double(own.count) } }
    let sizes = own.map { cells in cells.count { $0 == .yes } * 3 > cells.count ? 3.0 : 1 }
    let factor = Double(reread) / sizes.reduce(0, +)
    return sizes.map { min(1, $0 * factor) }
  }

  /// The true rates of items, categories and everything, from very many papers where they have no formula.
  func truth() -> [String: Double] {
    var truths: [String: Double] = [:]
    var random = RandomStream(seed: 99)
    let abilities = isCorrelated ? (0..<200_000).map { _ in random.normal() } : [0]
    let rates = items.map { item in
      abilities.reduce(0) { $0 + rate(item, ability: $1) } / Double(abilities.count)
    }
    func mean(_ places: [Int]) -> Double {
      places.reduce(0) { $0 + rates[$1] } / Double(places.count)
    }
    for place in items.indices { truths["i\(place)"] = rates[place] }
    for category in 0..<(items.count + 4) / 5 {
      truths["c\(category)"] = mean(items.indices.filter { $0 / 5 == category })
    }
    truths["overall"] = mean(Array(items.indices))
    guard isCorrelated else { return truths }
    // Mean scores, as shares, have no formula: what applies to a paper is counted in it.
    var sums: [String: (sum: Double, count: Double)] = [:]
    for _ in 0..<200_000 {
      let ability = random.normal()
      var counts: [String: (yes: Double, applies: Double)] = [:]
      for (place, item) in items.enumerated() where random.uniform() >= notApplicable {
        let yes: Double = random.uniform() < rate(item, ability: ability) ? 1 : 0
        for name in ["c\(place / 5)", "score"] {
          counts[name, default: (0, 0)].yes += yes
          counts[name, default: (0, 0)].applies += 1
        }
      }
      for (name, count) in counts {
        sums[name, default: (0, 0)].sum += count.yes / count.applies
        sums[name, default: (0, 0)].count += 1
      }
    }
    for (name, sum) in sums { truths["score " + name] = sum.sum / sum.count }
    return truths
  }
}
