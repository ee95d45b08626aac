import RealModule

/// How well an item response model predicts an item among papers with the same number of yes: S-X².
///
/// For every number of yes k from 1 to one less than the items, the share Oₖ of papers that pass the item is
/// compared with the one expected, `Eₖ = ∫ T S*₍ₖ₋₁₎ φ / ∫ Sₖ φ`, T being the item's curve, S and S* the
/// distributions of the number of yes of all items and of the others, and φ the normal density of abilities:
///
///     S-X² = Σ Nₖ (Oₖ − Eₖ)²/(Eₖ(1 − Eₖ)),
///
/// chi-square with as many degrees of freedom as there are numbers of yes, less the item's own parameters.
/// Numbers of yes are joined with their neighbours towards the middle until one yes and one no are expected.
/// Only papers to which all items of the model apply count.
///
/// Reference: Orlando & Thissen (2000), *Applied Psychological Measurement* 24:50. Cost: nodes × items³.
public struct ItemScoreFit: Sendable, Equatable {
  /// The name of the item.
  public let name: String
  /// The papers to which all items apply.
  public let count: Int
  /// S-X²; `nil` with too few papers.
  public let statistic: Double?
  /// The degrees of freedom.
  public let degreesOfFreedom: Int?
  /// The p-value.
  public let pValue: Double?
  /// Why there is no test.
  public let notes: [Note]

  /// The fit of all items of a model among the papers of a matrix.
  public static func all(_ fit: ItemResponseFit, _ matrix: BinaryMatrix) -> [ItemScoreFit] {
    all(
      names: fit.names, curves: fit.items.map { ($0.discrimination, $0.intercept) },
      parameters: fit.kind == .onePL ? 1 : 2, matrix)
  }

  /// The fit of items with known curves, of which so many parameters of their own were estimated.
  static func all(
    names: [String], curves parts: [(discrimination: Double, intercept: Double)], parameters: Int,
    _ matrix: BinaryMatrix
  ) -> [ItemScoreFit] {
    let place = Dictionary(
      matrix.items.enumerated().map { ($1.id.description, $0) },
      uniquingKeysWith: { first, _ in first })
    let columns = names.compactMap { place[$0] }
    guard columns.count == names.count else { return [] }
    let papers = matrix.papers.indices.filter { paper in
      columns.allSatisfy { matrix.applies[paper, $0] }
    }
    let scores = papers.map { paper in columns.count { matrix.yes[paper, $0] } }
    let curves = parts.map { part in
      nodes.map { logistic(part.discrimination * $0 + part.intercept) }
    }
    let whole = distribution(curves)
    return columns.indices.map { item in
      var others = curves
      others.remove(at: item)
      let rest = distribution(others)
      // Of every number of yes: papers, yes among them, and the share expected.
      var cells = (1..<max(1, columns.count)).map { score -> Cell in
        let (above, below) = nodes.indices.reduce(into: (0.0, 0.0)) { sums, node in
          sums.0 += curves[item][node] * rest[score - 1][node] * density[node]
          sums.1 += whole[score][node] * density[node]
        }
        let members = papers.indices.filter { scores[$0] == score }
        return Cell(
          count: Double(members.count),
          yes: Double(members.count { matrix.yes[papers[$0], columns[item]] }),
          expected: Double(members.count) * (below > 0 ? above / below : 0))
      }
      Cell.join(&cells)
      let freedom = cells.count - parameters
      guard freedom > 0 else {
        return ItemScoreFit(
          name: names[item], count: papers.count, statistic: nil, degreesOfFreedom: nil,
          pValue: nil, notes: [.tooFewCompletePapers])
      }
      let statistic = cells.reduce(0) { sum, cell in
        let gap = cell.yes - cell.expected
        return sum + gap * gap / (cell.expected * (1 - cell.expected / cell.count))
      }
      return ItemScoreFit(
        name: names[item], count: papers.count, statistic: statistic,
        degreesOfFreedom: freedom,
        pValue: ChiSquared(degreesOfFreedom: Double(freedom)).survival(statistic), notes: [])
    }
  }

  /// Papers with some numbers of yes.
  private struct Cell {
    var count: Double
    var yes: Double
    var expected: Double

    /// Whether a yes and a no are expected.
    var isEnough: Bool { expected >= 1 && count - expected >= 1 }

    mutating func add(_ other: Cell) {
      count += other.count
      yes += other.yes
      expected += other.expected
    }

    /// Joins cells from both ends towards the middle.
    static func join(_ cells: inout [Cell]) {
      while cells.count > 1, let first = cells.first, !first.isEnough {
        cells[1].add(first)
        cells.removeFirst()
      }
      while cells.count > 1, let last = cells.last, !last.isEnough {
        cells[cells.count - 2].add(last)
        cells.removeLast()
      }
      var index = 1
      while index < cells.count - 1 {
        if cells[index].isEnough {
          index += 1
        } else {
          cells[index + 1].add(cells[index])
          cells.remove(at: index)
        }
      }
      cells.removeAll { !$0.isEnough }
    }
  }

  private static let nodes = (-400...400).map { Double($0) / 50 }
  private static let density = nodes.map { Double.exp(-$0 * $0 / 2) }

  /// The probability of every number of yes, at every node.
  private static func distribution(_ curves: [[Double]]) -> [[Double]] {
    var result = [[Double](repeating: 1, count: nodes.count)]
    for curve in curves {
      result.append([Double](repeating: 0, count: nodes.count))
      for score in stride(from: result.count - 1, through: 0, by: -1) {
        for node in nodes.indices {
          let below = score > 0 ? result[score - 1][node] * curve[node] : 0
          result[score][node] = result[score][node] * (1 - curve[node]) + below
        }
      }
    }
    return result
  }
}

extension Note {
  /// Too few numbers of yes have enough papers with all items.
  public static let tooFewCompletePapers = Note(
    "too-few-scores-of-complete-papers", effect: .noValue,
    words: "too few numbers of yes have enough papers to which all items of the model apply")
}

extension Table {
  /// The fit of items by the number of yes (table `item-fit` of `irt`).
  public init(itemScoreFits rows: [ItemScoreFit], adjustment: PValueAdjustment = .holm) {
    let pValues = rows.map(\.pValue)
    self.init(
      name: "item_fit",
      caption:
        "Fit of the items among papers with the same number of yes (S-X²), of papers with all items.",
      columns: [
        Column("term", .text(rows.map(\.name))),
        Column("n", .integer(rows.map(\.count))),
        Column("statistic", .real(rows.map(\.statistic))),
        Column("df", .integer(rows.map(\.degreesOfFreedom))),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
        Column("note", .text(rows.map(\.notes.text))),
      ])
  }
}
