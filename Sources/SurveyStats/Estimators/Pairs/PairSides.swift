/// The sides of pairs: items, conditions as items after those of the matrix, or scores.
struct PairSides: Sendable {
  /// One side.
  enum Side: Sendable, Equatable {
    /// A column of the matrix.
    case answer(Int)
    /// A score of every paper, between 0 and 1.
    case score(Int)
  }

  /// The items, and the conditions after them.
  let matrix: BinaryMatrix
  private let sides: [Side]
  private let values: [(name: String, values: [Double?])]

  /// Looks sides up by their names, or reads them as expressions.
  init(_ texts: [String], of matrix: BinaryMatrix) throws(Pairs.PairError) {
    do throws(VariableError) {
      try self.init(resolving: texts, of: matrix)
    } catch { throw .item(error) }
  }

  private init(resolving texts: [String], of matrix: BinaryMatrix) throws(VariableError) {
    let variables = matrix.variables
    var sides: [Side] = []
    var conditions: [NamedPatterns.Pattern] = []
    var values: [(name: String, values: [Double?])] = []
    for text in texts {
      if let item = try variables.item(named: text) {
        sides.append(.answer(item))
        continue
      }
      let expression = try variables.expression(text)
      if variables.isScore(expression) {
        let place = values.firstIndex { $0.name == text } ?? values.count
        if place == values.count {
          values.append((text, try variables.numbers(expression).map { $0.map { $0 / 100 } }))
        }
        sides.append(.score(place))
      } else {
        _ = try variables.truths(expression)
        let place = conditions.firstIndex { $0.name == text } ?? conditions.count
        if place == conditions.count {
          conditions.append(NamedPatterns.Pattern(name: text, condition: expression))
        }
        sides.append(.answer(matrix.items.count + place))
      }
    }
    self.sides = sides
    self.values = values
    let extra = try PatternAnswers(conditions, of: variables).counted
    self.matrix =
      conditions.isEmpty
      ? matrix
      : BinaryMatrix(
        papers: matrix.papers,
        items: matrix.items + conditions.map { Item(id: ItemID(category: "", name: $0.name)) },
        yes: matrix.yes.appending(extra.yes), applies: matrix.applies.appending(extra.applies),
        asked: matrix.asked.appending(extra.asked))
  }

  subscript(place: Int) -> Side { sides[place] }

  /// The columns of a pair of answers; `nil` when a side is a score.
  func answers(_ pair: (first: Side, second: Side)) -> (first: Int, second: Int)? {
    guard case .answer(let first) = pair.first, case .answer(let second) = pair.second else {
      return nil
    }
    return (first, second)
  }

  /// The scores of a pair, of which answers are 0 and 1.
  func scores(
    _ pair: (first: Side, second: Side)
  ) -> (first: (name: String, values: [Double?]), second: (name: String, values: [Double?])) {
    (scores(pair.first), scores(pair.second))
  }

  private func scores(_ side: Side) -> (name: String, values: [Double?]) {
    switch side {
    case .score(let place): values[place]
    case .answer(let item):
      (
        matrix.items[item].id.description,
        Truths(matrix, item: item).values.map { $0.map { $0 ? 1 : 0 } }
      )
    }
  }
}

extension Variables {
  /// Whether an expression is a score in percent.
  fileprivate func isScore(_ expression: Expression) -> Bool {
    switch expression {
    case .name(let name, _):
      if case .score? = try? source(of: name) { true } else { false }
    case .call(.score, _): true
    default: false
    }
  }
}
