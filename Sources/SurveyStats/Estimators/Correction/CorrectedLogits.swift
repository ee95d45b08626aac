/// Logistic coefficients that a better rater would have found in all papers, having answered some of them.
///
/// ``PredictionPoweredRegression`` says what is estimated; λ is tuned for each coefficient. The rater's own
/// coefficients and those of the better rater's papers alone stand beside, as ``Logits`` finds them.
/// Predictors are metadata: a predictor made of answers has the rater's errors itself, which are not
/// corrected, and is refused. A condition, such as a score of 60 and more, needs papers that the better
/// rater has answered wholly, and is over the items that it was asked.
public struct CorrectedLogits: Analysis {
  /// Whose answers correct, and how.
  public var correction: PoweredCorrection
  /// The outcomes.
  public var outcomes: [Logits.Outcome]
  /// The predictors, a formula.
  public var formula: String

  /// The rows, and what a reader must know of the coding.
  public struct Result: Sendable {
    /// One row an outcome and coefficient.
    public let rows: [CorrectedEffect]
    /// Reference levels, centres, papers left out.
    public let notes: [String]
  }

  /// Asks for the coefficients that a better rater would have found.
  public init(
    better: String, _ outcomes: [Logits.Outcome], on formula: String,
    method: PoweredMethod = .ppiPlusPlus, level: Double = 0.95, probability: String? = nil
  ) {
    correction = PoweredCorrection(
      better: better, method: method, level: level, probability: probability)
    self.outcomes = outcomes
    self.formula = formula
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    correction.handling(of: feature)
  }

  /// Works out all rows; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    guard let found = try correction.readings(of: sample)
    else { return Prepared(draws: []) { _ in Result(rows: [], notes: []) } }
    let design = try found.design(formula)
    var rows: [CorrectedEffect] = []
    for outcome in outcomes {
      let words = try found.words(of: outcome)
      let papers = design.papers.indices.filter { words.isAsked[design.papers[$0]] }
        .map { (paper: design.papers[$0], x: design.values.row($0)) }
      let naive = try await plain(outcome, of: found.ownStudy, run)
      let gold = try await plain(outcome, of: found.goldStudy, run)
      for (place, term) in design.columnNames.enumerated() {
        var row = found.effect(
          .logistic, papers, (words.prediction, words.outcome), correction, place: place)
        row.outcome = outcome.name
        row.term = term
        row.naive = naive[term] ?? Estimate(nil)
        row.gold = gold[term] ?? Estimate(nil)
        row.estimate.notes += found.notes
        rows.append(row)
      }
    }
    let result = Result(rows: rows, notes: design.notes)
    return Prepared(draws: []) { _ in result }
  }

  /// The coefficients of one rater alone by name; none where nothing can be fitted.
  private func plain(
    _ outcome: Logits.Outcome, of study: Study, _ run: Run
  ) async throws -> [String: Estimate] {
    let question = Logits([outcome], on: formula, level: correction.level)
    var found: [String: Estimate] = [:]
    do {
      for row in try await run(question, of: study).estimates {
        guard let term = row.term else { continue }
        found[term] = row.coefficient
        found[term]?.level = correction.level
      }
    } catch is Logits.Failure { return [:] }
    return found
  }
}

/// A predictor that is made of answers.
public struct AnswersAsPredictors: Error, Equatable, CustomStringConvertible {
  /// The formula.
  public let formula: String

  /// One sentence with the remedy.
  public var description: String {
    "'\(formula)' has predictors made of answers, whose errors would not be corrected; take metadata "
      + "such as year and type"
  }
}

extension CorrectedReadings {
  /// Refuses predictors that are others, or none, without the items that answers could make them of.
  func refuseAnswers(
    in formula: String, _ areSame: (_ metadata: BinaryMatrix) throws -> Bool
  ) throws(AnswersAsPredictors) {
    guard (try? areSame(own.selecting(items: [Int]()))) == true else {
      throw AnswersAsPredictors(formula: formula)
    }
  }

  /// The predictors of all papers.
  func design(_ formula: String) throws -> DesignMatrix {
    let parsed: ModelFormula
    let design: DesignMatrix
    do throws(ModelFormulaError) {
      parsed = try ModelFormula(formula)
      design = try DesignMatrix(parsed, from: own)
    } catch { throw Logits.Failure.formula(error) }
    try refuseAnswers(in: formula) { try DesignMatrix(parsed, from: $0).values == design.values }
    return design
  }

  /// What both raters say of an outcome, and whether a paper was asked for it.
  func words(
    of outcome: Logits.Outcome
  ) throws -> (prediction: [Double?], outcome: [SecondReading], isAsked: [Bool]) {
    func number(_ value: Bool?) -> Double? { value.map { $0 ? 1 : 0 } }
    if case .item(let id) = outcome {
      let own = try outcome.values(in: self.own)
      let item = self.own.items.firstIndex { $0.id == id } ?? 0
      let second = self.own.papers.indices.map { paper -> SecondReading in
        guard readings.better.asked[paper, item] else { return .unread }
        guard readings.better.applies[paper, item] else { return .undefined }
        return .value(readings.better.yes[paper, item] ? 1 : 0)
      }
      return (
        own.values.map(number), second, self.own.papers.indices.map { self.own.asked[$0, item] }
      )
    }
    let items = reansweredItems
    let matrices = selecting(items: items)
    let (own, better) = (
      try outcome.values(in: matrices.own), try outcome.values(in: matrices.better)
    )
    let whole = Set(wholePapers(items: items))
    var second = [SecondReading](repeating: .unread, count: self.own.papers.count)
    for (place, paper) in readings.reanswered.enumerated() where whole.contains(paper) {
      second[paper] = number(better.values[place]).map(SecondReading.value) ?? .undefined
    }
    return (own.values.map(number), second, self.own.papers.map { _ in true })
  }
}
