/// A rater's papers and those that a better rater has answered, of a matrix that has the rows of both.
struct CorrectedReadings: Sendable {
  /// The rater's rows.
  let own: BinaryMatrix
  /// The two readings side by side.
  let readings: PairedReadings
  /// The probability of every paper to be re-answered; `nil` for equal ones, 1 where it was not.
  let probabilities: [Double]?
  /// How the papers were sampled.
  let plan: SamplingPlan
  /// The same of the rater's rows.
  let design: SamplingDesign
  /// What is said of the sample in every row.
  let notes: [Note]

  /// Divides the rows; `nil` where all are the better rater's.
  init?(_ sample: Sample, better: String, probability: String?) throws {
    let matrix = sample.matrix
    let isBetter = matrix.papers.map { $0.rater == better }
    own = matrix.selecting(papers: isBetter.indices.filter { !isBetter[$0] })
    guard !own.papers.isEmpty else { return nil }
    readings = PairedReadings(
      own, better: matrix.selecting(papers: isBetter.indices.filter { isBetter[$0] }),
      named: better)
    probabilities = try probability.map { [readings] in
      try Self.probabilities($0, of: readings)
    }
    plan = sample.study.plan
    design = try plan.design(of: own)
    let severalRaters = own.hasSeveralRaters
    notes = sample.notes.filter { $0 != .sharedByRaters || severalRaters }
  }

  /// The rater's papers as a study.
  var ownStudy: Study { Study(own, plan: plan) }

  /// The better rater's papers as a study, weighted by the inverse probabilities of being answered.
  var goldStudy: Study {
    var goldPlan = plan
    goldPlan.usesWeights = plan.usesWeights || probabilities != nil
    return Study(
      readings.betterMatrix(probabilities: probabilities, usesWeights: plan.usesWeights),
      plan: goldPlan)
  }

  /// A regression on papers with predictors, in two sets.
  ///
  /// - Parameters:
  ///   - papers: The papers that take part, with their predictors.
  ///   - words: What the rater says, `nil` where nothing, and what the better one.
  ///   - ignoresProbabilities: Whether every paper counts as it is.
  func regression(
    _ curve: PredictionPoweredRegression.Curve, _ papers: [(paper: Int, x: [Double])],
    _ words: (prediction: [Double?], outcome: [SecondReading]), ignoresProbabilities: Bool = false
  ) -> PredictionPoweredRegression {
    let weights = design.weights ?? [Double](repeating: 1, count: own.papers.count)
    let probabilities = ignoresProbabilities ? nil : probabilities
    var labeled: [PredictionPoweredRegression.Paper] = []
    var unlabeled = labeled
    for (paper, x) in papers where weights[paper] > 0 {
      var row = PredictionPoweredRegression.Paper(
        x: x, prediction: words.prediction[paper], weight: weights[paper],
        unit: design.unitOfPaper[paper])
      let second = words.outcome[paper]
      if second == .unread || probabilities != nil { unlabeled.append(row) }
      if second == .unread { continue }
      if case .value(let said) = second { row.outcome = said }
      row.weight /= probabilities?[paper] ?? 1
      labeled.append(row)
    }
    return PredictionPoweredRegression(
      curve, labeled: Self.scaled(labeled), unlabeled: Self.scaled(unlabeled),
      overlaps: probabilities != nil)
  }

  private static func scaled(
    _ papers: [PredictionPoweredRegression.Paper]
  ) -> [PredictionPoweredRegression.Paper] {
    let mean = papers.reduce(0) { $0 + $1.weight } / Double(max(papers.count, 1))
    return papers.map { paper in
      var paper = paper
      paper.weight /= mean > 0 ? mean : 1
      return paper
    }
  }

  /// The items that the better rater was asked of some paper.
  var reansweredItems: [Int] {
    own.items.indices.filter { item in
      readings.reanswered.contains { readings.better.asked[$0, item] }
    }
  }

  /// The papers of which the better rater was asked every one of some items that the rater was asked.
  func wholePapers(items: [Int]) -> [Int] {
    readings.reanswered.filter { paper in
      let asked = items.filter { own.asked[paper, $0] }
      return !asked.isEmpty && asked.allSatisfy { readings.better.asked[paper, $0] }
    }
  }

  /// The same papers and their readings with some of the items.
  func selecting(items: [Int]) -> (own: BinaryMatrix, better: BinaryMatrix) {
    let better = readings.betterMatrix(probabilities: nil, usesWeights: false)
    return (own.selecting(items: items), better.selecting(items: items))
  }

  /// The probability of every paper to be re-answered; 1 where it was not and none is stated.
  private static func probabilities(
    _ name: String, of readings: PairedReadings
  ) throws -> [Double] {
    let found = try readings.matrix.variables.numbers(name)
    let reanswered = Set(readings.reanswered)
    return try found.enumerated().map { paper, value in
      guard reanswered.contains(paper) else { return 1 }
      guard let value, value > 0, value <= 1 else {
        throw ReanswerProbabilityError(
          column: name, paper: readings.matrix.papers[paper].slug, value: value)
      }
      return value
    }
  }
}

extension Note {
  /// Limits of so few re-answered papers are too short.
  static func fewReanswered(_ count: Int) -> Note {
    Note(
      "few-re-answered", detail: "\(count)", effect: .doubt,
      words: "\(count) re-answered papers are few; limits of so few may be too short")
  }
  /// There are too few re-answered papers, or they are separated.
  static let noPoweredFit = Note(
    "no-fit", effect: .noValue,
    words: "the re-answered papers are too few, or separated by the predictors")
}
