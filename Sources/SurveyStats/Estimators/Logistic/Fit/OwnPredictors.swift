/// Predictors that are made of the same answers as the outcome.
///
/// An outcome cannot explain itself: an item as a predictor of its own answers, or the score of a
/// threshold of the score, is refused. A category score or the whole score as a predictor of one of
/// its items is taken without that item. Other overlaps, an item of a pattern or a category of a
/// score, stay and are named.
public struct OwnPredictors: Sendable, Equatable {
  /// The variable that is the outcome itself.
  public private(set) var identity: String?
  /// The items that category scores and the score are taken without.
  public private(set) var leftOut: [Int] = []
  /// What a reader must know.
  public private(set) var notes: [String] = []

  /// Compares an outcome with the variables of a formula.
  public init(_ outcome: BinaryOutcome, formula: ModelFormula, matrix: BinaryMatrix) {
    let own = Set(outcome.items)
    guard !own.isEmpty else { return }
    var seen: [String] = []
    for name in formula.variables.map(\.name) where !seen.contains(name) {
      seen.append(name)
      let members = Set(matrix.items(behind: name))
      guard !members.isDisjoint(with: own) else { continue }
      if members == own {
        identity = name
      } else if own.count == 1, members.isSuperset(of: own) {
        leftOut = outcome.items
        notes.append("\(name): without \(outcome.name)")
      } else {
        notes.append("\(name) is made of answers of the outcome as well")
      }
    }
  }

  /// The columns of a design for the outcome, scores being taken without it.
  public func design(_ design: DesignMatrix, of matrix: BinaryMatrix)
    throws(ModelFormulaError) -> DesignMatrix
  {
    leftOut.isEmpty
      ? design
      : try DesignMatrix(design.formula, from: ScoresWithout(matrix: matrix, leftOut: leftOut))
  }
}

extension BinaryMatrix {
  /// The items that a variable of a formula is made of; none for metadata.
  public func items(behind name: String) -> [Int] {
    let variables = variables
    guard let expression = try? variables.expression(name) else { return [] }
    return (try? variables.items(of: expression, prefersItems: false)) ?? []
  }

  /// The items whose score a variable of a formula is; none for anything else.
  fileprivate func items(ofScore name: String) -> [Int] {
    if case .score(let items)? = try? variables.source(of: name) { return items }
    guard case .call(.score, _)? = try? variables.expression(name) else { return [] }
    return items(behind: name)
  }
}

/// A matrix whose scores are taken without some items.
private struct ScoresWithout: VariableSource {
  let matrix: BinaryMatrix
  let leftOut: [Int]

  var paperCount: Int { matrix.paperCount }

  func values(of name: String, asCategories: Bool) throws(VariableError) -> VariableValues {
    let members = matrix.items(ofScore: name)
    guard members.count > 1 else { return try matrix.values(of: name, asCategories: asCategories) }
    return .numeric(matrix.percentYes(items: members.filter { !leftOut.contains($0) }))
  }
}

extension LogisticRegression {
  /// Fits outcomes of a matrix, none of them explained by itself (see ``OwnPredictors``).
  ///
  /// Outcomes that need no other columns share one design, `design`, whose formula is meant.
  public func fits(
    _ design: DesignMatrix, of matrix: BinaryMatrix, outcomes: [BinaryOutcome],
    weights: [Double]? = nil, offset: [Double]? = nil
  ) throws(LogisticRegressionError) -> [Result<LogisticFit, LogisticRegressionError>] {
    let overlaps = outcomes.map {
      OwnPredictors($0, formula: design.formula, matrix: matrix)
    }
    let plain = outcomes.indices.filter {
      overlaps[$0].identity == nil && overlaps[$0].leftOut.isEmpty
    }
    let shared = try fits(
      design, outcomes: plain.map { outcomes[$0] }, weights: weights, offset: offset)
    var results: [Result<LogisticFit, LogisticRegressionError>] = []
    for (index, outcome) in outcomes.enumerated() {
      let overlap = overlaps[index]
      var result: Result<LogisticFit, LogisticRegressionError>
      if let variable = overlap.identity {
        result = .failure(.ownPredictor(outcome: outcome.name, variable: variable))
      } else if let position = plain.firstIndex(of: index) {
        result = shared[position]
      } else {
        do {
          let own = try overlap.design(design, of: matrix)
          result = try fits(own, outcomes: [outcome], weights: weights, offset: offset)[0]
        } catch let error as LogisticRegressionError {
          result = .failure(error)
        } catch {
          let variable = matrix.items[overlap.leftOut[0]].id.category
          result = .failure(.ownPredictor(outcome: outcome.name, variable: variable))
        }
      }
      results.append(result.map { $0.remarking(overlap.notes) })
    }
    return results
  }
}

extension LogisticFit {
  /// The same fit with further remarks.
  func remarking(_ remarks: [String]) -> LogisticFit {
    guard !remarks.isEmpty else { return self }
    return LogisticFit(
      data: data, columns: columns, likelihood: likelihood, optimum: optimum,
      separation: separation, dropped: dropped, notes: notes + remarks)
  }
}
