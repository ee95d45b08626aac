/// What goes with the answers to all items: one logistic model of all applicable cells.
///
/// Every item has a level of its own, unless the formula names `item`. Answers of a paper, or of a cluster of papers, go
/// together: ``EstimatingEquations`` averages over them, ``RandomInterceptRegression`` gives each an intercept.
/// Items whose answers do not vary are left out, since their levels are infinite and say nothing of the rest.
public struct CellLogits: Analysis {
  /// How answers of a paper go together.
  public enum Model: Sendable, Hashable {
    /// Estimating equations with a working correlation.
    case estimatingEquations(EstimatingEquations.Correlation)
    /// Normal intercepts, integrated with so many nodes.
    case randomIntercepts(nodes: Int)
  }

  /// The kind of interval.
  public enum Interval: Sendable, Hashable {
    /// Wald.
    case wald
    /// Profile likelihood of the terms of the formula, the levels of the items having Wald limits (random
    /// intercepts without weights).
    case profile
    /// From replicates (estimating equations).
    case resampled(ResampledInterval)
  }

  /// The items; `nil` for all.
  public var items: [ItemID]?
  /// The name of the outcome.
  public var name: String
  /// The predictors, a formula.
  public var formula: String
  /// How answers of a paper go together.
  public var model: Model
  /// The interval.
  public var interval: Interval
  /// The confidence level.
  public var level: Double

  /// The fitted model.
  public enum Fit: Sendable {
    /// Of estimating equations.
    case estimatingEquations(EstimatingEquations.Solution)
    /// Of random intercepts.
    case randomIntercepts(RandomInterceptRegression.Fit)
  }

  /// The model with its rows.
  public struct Result: Sendable {
    /// The fitted model.
    public let fit: Fit
    /// The rows of the coefficients.
    public internal(set) var estimates: [LogisticEstimate]
    /// The columns of the formula.
    public let design: DesignMatrix
    /// The items left out, as their answers do not vary.
    public let constantItems: [ItemID]
    /// The predictors that are made of the answers that they are to explain.
    public let ownScores: [String]
  }

  /// What cannot be asked.
  public enum Failure: Error, Equatable {
    /// The formula, or a variable of it.
    case formula(ModelFormulaError)
    /// A predictor is among the items explained.
    case ownItem(String)
    /// No item has both answers.
    case noVariedItem
    /// All papers have the weight 0.
    case zeroWeights
    /// The model does not have the interval.
    case interval(String)
    /// There is no estimate.
    case fit(LogisticRegressionError)
  }

  /// Asks for one model of the answers to all items.
  public init(
    on formula: String, items: [ItemID]? = nil, name: String = "all items",
    model: Model = .estimatingEquations(.exchangeable), interval: Interval = .wald,
    level: Double = 0.95
  ) {
    self.items = items
    self.name = name
    self.formula = formula
    self.model = model
    self.interval = interval
    self.level = level
  }

  /// Weights, clusters and rows of one paper count; strata where replicates are drawn.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .repeatedPapers: .honoured
    case .strata:
      if case .resampled = interval { .honoured } else { .ignored(feature) }
    }
  }

  /// Fits the model, and says what is to be drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let chosen =
      items.map { items in
        matrix.items.indices.filter { items.contains(matrix.items[$0].id) }
      } ?? Array(matrix.items.indices)
    let ownScores = try ownScores(of: matrix, items: chosen)
    let weights = sample.design.weights
    if sample.weighsNothing { throw Failure.zeroWeights }
    let (cells, design, constant) = try variedCells(of: matrix, items: chosen)
    var outcome = cells.outcome
    outcome.name = name
    let units = sample.design.unitOfPaper
    let clusters = cells.papers.map { Optional("\(units[$0])") }
    let cellWeights = weights.map { weights in cells.papers.map { weights[$0] } }
    func result(_ fit: Fit, _ rows: [LogisticEstimate]) -> Result {
      var rows = rows
      if let remark = sample.notes.text {
        for index in rows.indices { rows[index].remark(remark) }
      }
      return Result(
        fit: fit, estimates: rows, design: design,
        constantItems: constant.map { matrix.items[$0].id }, ownScores: ownScores)
    }
    switch model {
    case .estimatingEquations(let correlation):
      let solution: EstimatingEquations.Solution
      do throws(LogisticRegressionError) {
        solution = try EstimatingEquations(correlation: correlation).fit(
          design, outcome: outcome, clusters: clusters, weights: cellWeights)
      } catch { throw Failure.fit(error) }
      let found = result(.estimatingEquations(solution), solution.estimates(level: level))
      switch interval {
      case .wald: return Prepared(draws: []) { _ in found }
      case .profile: throw Failure.interval("profile")
      case .resampled(let kind):
        guard let method = kind.ofReplicatesAlone else { throw Failure.interval(kind.rawValue) }
        let draw = Draw(
          terms: solution.columnNames,
          EstimatingStatistic(
            solution, unitOfRow: cells.papers.map { units[$0] },
            unitCount: sample.design.unitCount), sample.design)
        let level = level
        return Prepared(draws: [draw]) { samples in
          var found = found
          for index in solution.columnNames.indices {
            found.estimates[index].method =
              "GEE \(solution.correlation.rawValue), bootstrap of \(solution.clusterCount) clusters"
            found.estimates[index].replaceInterval(
              samples[0], quantity: index, method: method, level: level)
          }
          return found
        }
      }
    case .randomIntercepts(let nodes):
      let profiled: ((String) -> Bool)?
      switch interval {
      case .wald: profiled = nil
      case .profile:
        guard weights == nil else { throw Failure.interval("profile") }
        profiled = { !$0.hasPrefix("\(CellRows.itemName)[") && $0 != DesignMatrix.intercept }
      case .resampled(let kind): throw Failure.interval(kind.rawValue)
      }
      let fit: RandomInterceptRegression.Fit
      do throws(LogisticRegressionError) {
        fit = try RandomInterceptRegression(nodes: nodes).fit(
          design, outcome: outcome, clusters: clusters, weights: cellWeights, profiling: profiled,
          level: level)
      } catch { throw Failure.fit(error) }
      let found = result(.randomIntercepts(fit), fit.estimates(level: level))
      return Prepared(draws: []) { _ in found }
    }
  }

  /// The formula with a level for each item.
  private var formulaOfCells: ModelFormula {
    get throws(Failure) {
      do throws(ModelFormulaError) {
        let parsed = try ModelFormula(formula)
        let (names, item) = (parsed.variables.map(\.name), CellRows.itemName)
        if names.contains(item) { return parsed }
        return try ModelFormula(names.isEmpty ? item : "\(formula) + \(item)")
      } catch { throw .formula(error) }
    }
  }

  /// The predictors made of the explained answers; an item among them is refused.
  private func ownScores(
    of matrix: BinaryMatrix, items: [Int]
  ) throws(Failure) -> [String] {
    let chosen = Set(items)
    var scores: [String] = []
    for name in try formulaOfCells.variables.map(\.name) {
      let members = matrix.items(behind: name)
      guard members.contains(where: chosen.contains) else { continue }
      guard members.count > 1 else { throw .ownItem(name) }
      scores.append(name)
    }
    return scores
  }

  /// The cells of the items whose answers vary, and the columns left out.
  private func variedCells(
    of matrix: BinaryMatrix, items: [Int]
  ) throws(Failure) -> (cells: CellRows, design: DesignMatrix, constant: [Int]) {
    let formula = try formulaOfCells
    func design(_ cells: CellRows) throws(Failure) -> DesignMatrix {
      do throws(ModelFormulaError) { return try DesignMatrix(formula, from: cells) } catch {
        throw .formula(error)
      }
    }
    let all = CellRows(matrix, items: items)
    let first = try design(all)
    var (yes, no) = (Set<Int>(), Set<Int>())
    for row in first.papers {
      if matrix.yes[all.papers[row], all.items[row]] {
        yes.insert(all.items[row])
      } else {
        no.insert(all.items[row])
      }
    }
    let varied = items.filter { yes.contains($0) && no.contains($0) }
    if varied.count == items.count { return (all, first, []) }
    guard !varied.isEmpty else { throw .noVariedItem }
    let cells = CellRows(matrix, items: varied)
    return (cells, try design(cells), items.filter { !varied.contains($0) })
  }
}
