import RealModule

/// How the score of papers goes with a number of theirs, such as points, reposts or up-votes.
///
/// Over the papers that have both. Attention is skewed and often zero; so the axis is `log₁₀(1 + x)`, which keeps
/// zeros, where no value is negative and the largest is more than ten times the median of those above zero, unless
/// another axis is asked for. In parts:
///
/// * `correlation`: Pearson's on the axis, Spearman's and Kendall's, which need none (``ScorePair``);
/// * `slope`: least squares, points of the score for a tenfold of `1 + x`, or for one unit, error HC3;
/// * `mean`: the mean score between cuts: zero, where ten papers have it, and thirds of what is above it, unless cuts
///   are named; Student's t;
/// * `difference`: each mean less that of the first group, Welch's;
/// * `smooth`: a natural cubic spline of ``degreesOfFreedom``, at nine places of the axis, with pointwise HC3
///   limits.
///
/// Weights, clusters and strata are honoured: estimates are weighted, errors are those of the influences of papers
/// summed by unit (`DesignedPapers`), Kendall's excepted only in that it has no exact test then.
///
/// Fewer than three papers give nothing, few different values no smooth, with the reason. Cost: O(n log n).
///
/// References: Bonett & Wright (2000), *Psychometrika* 65:23; Long & Ervin (2000), *American Statistician* 54:217.
public struct ScoresAgainst: Analysis {
  /// What values are put on.
  public enum Axis: String, Sendable, Hashable, CaseIterable {
    /// Logarithmic for skewed values.
    case automatic
    /// The values themselves.
    case linear
    /// `log₁₀(1 + x)`.
    case log
  }

  /// The variables; names or expressions of numbers.
  public var variables: [String]
  /// The score: a variable or expression.
  public var score: String
  /// The axis.
  public var axis: Axis
  /// The lower bounds of all groups but the first; `nil` for the usual ones.
  public var cuts: [Double]?
  /// The degrees of freedom of the smooth.
  public var degreesOfFreedom: Int
  /// The confidence level.
  public var level: Double

  /// The rows of all variables.
  public typealias Result = [ScoreRelationRow]

  /// Asks how scores go with variables.
  public init(
    _ variables: [String], score: String = "score", axis: Axis = .automatic,
    cuts: [Double]? = nil, degreesOfFreedom: Int = 3, level: Double = 0.95
  ) {
    self.variables = variables
    self.score = score
    self.axis = axis
    self.cuts = cuts
    self.degreesOfFreedom = degreesOfFreedom
    self.level = level
  }

  /// Weights, clusters, strata and rows of one paper count.
  public func handling(of feature: SamplingFeature) -> Handling { .honoured }

  /// Works everything out; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let all = sample.matrix.variables
    let scores = try all.numbers(score)
    var rows: [ScoreRelationRow] = []
    for name in variables {
      let numbers = try all.numbers(name)
      let designed = DesignedPapers(sample.design)
      let papers = numbers.indices.filter {
        numbers[$0] != nil && scores[$0] != nil && (designed?.weights[$0] ?? 1) > 0
      }
      let values = papers.map { numbers[$0] ?? 0 }
      let isLog =
        switch axis {
        case .linear: false
        case .log: true
        case .automatic: Self.isSkewed(values)
        }
      if isLog, let least = values.min(), least <= -1 {
        throw Failure.negative(name, least)
      }
      let part = RelatedScores(
        name: name, papers: papers, values: values, scores: papers.map { scores[$0] ?? 0 },
        isLog: isLog, designed: designed, level: level, notes: sample.notes)
      rows += part.rows(cuts: cuts, degreesOfFreedom: degreesOfFreedom)
    }
    return Prepared(draws: []) { [rows] _ in rows }
  }

  /// Why there is no logarithmic axis.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// A value has no logarithm.
    case negative(String, Double)

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .negative(let name, let least):
        "'\(name)' goes down to \(NumberFormat.shortest(least)), which has no place on a logarithmic "
          + "axis of 1 + x; use `axis: linear`"
      }
    }
  }

  private static func isSkewed(_ values: [Double]) -> Bool {
    let positive = values.filter { $0 > 0 }.sorted()
    guard values.allSatisfy({ $0 >= 0 }), let most = positive.last else { return false }
    return most > 10 * positive[positive.count / 2]
  }
}

/// One quantity of how scores go with a variable.
public struct ScoreRelationRow: Sendable, Equatable {
  /// The variable.
  public let variable: String
  /// The part: correlation, slope, mean, difference or smooth.
  public let part: String
  /// What it is of the part.
  public let term: String
  /// The value of the variable, of a smooth.
  public var x: Double?
  /// The quantity.
  public let estimate: Estimate
  /// The p-value of nothing.
  public var pValue: Double?
  /// How limits were made.
  public let method: MethodName
}

/// The scores of papers with one variable.
private struct RelatedScores {
  let name: String
  let papers: [Int]
  let values: [Double]
  let scores: [Double]
  let isLog: Bool
  let designed: DesignedPapers?
  let level: Double
  let notes: [Note]
  private let weights: [Double]

  init(
    name: String, papers: [Int], values: [Double], scores: [Double], isLog: Bool,
    designed: DesignedPapers?, level: Double, notes: [Note]
  ) {
    self.name = name
    self.papers = papers
    self.values = values
    self.scores = scores
    self.isLog = isLog
    self.designed = designed
    self.level = level
    self.notes = notes
    weights = papers.map { designed?.weights[$0] ?? 1 }
  }

  private func place(_ value: Double) -> Double {
    isLog ? Double.log10(1 + value) : value
  }

  func rows(cuts: [Double]?, degreesOfFreedom: Int) -> [ScoreRelationRow] {
    let axis = values.map(place)
    var rows = [correlation(.pearson, axis), correlation(.spearman, axis)]
    rows += [correlation(.kendall, axis), slope(axis)]
    rows += groups(cuts ?? usualCuts)
    rows += smooth(axis, degreesOfFreedom: degreesOfFreedom)
    return rows
  }

  private func correlation(_ coefficient: ScoreCoefficient, _ axis: [Double]) -> ScoreRelationRow {
    let pair = ScorePair(axis, scores, weights: designed == nil ? nil : weights)
    var found: Association
    var doubts: [String] = []
    if let designed {
      (found, doubts) = pair.association(coefficient, level: level) { influences in
        designed.errors(papers: papers, influences: [influences])
      }
    } else {
      found = pair.association(coefficient, level: level)
    }
    var own = notes + doubts.map { Note($0, effect: .doubt) }
    if let note = found.note { own.append(Note(note.description, effect: .noLimits)) }
    let scale = coefficient == .pearson && isLog ? ", log10(1 + x)" : ""
    return ScoreRelationRow(
      variable: name, part: "correlation", term: coefficient.rawValue,
      estimate: Estimate(
        found.estimate, standardError: found.standardError, lower: found.lower,
        upper: found.upper, level: level, count: papers.count, notes: own),
      pValue: found.pValue,
      method: "Fisher z\(scale)\(found.test.map { ", \($0.rawValue)" } ?? "")")
  }

  private func slope(_ axis: [Double]) -> ScoreRelationRow {
    let term = isLog ? "per tenfold of 1 + \(name)" : "per unit of \(name)"
    func row(
      _ estimate: Estimate, _ pValue: Double? = nil, _ method: MethodName = "HC3"
    ) -> ScoreRelationRow {
      ScoreRelationRow(
        variable: name, part: "slope", term: term, estimate: estimate, pValue: pValue,
        method: method)
    }
    guard let line = LinearSlope(axis, scores, weights: designed == nil ? nil : weights) else {
      let reason: Note = papers.count < 3 ? .fewerThanThreePapers : .constantCovariate
      return row(Estimate(nil, count: papers.count, notes: notes + [reason]))
    }
    var estimate = Estimate(line.estimate, count: papers.count, notes: notes)
    estimate.level = level
    guard let designed else {
      let limits = line.interval(level: level)
      estimate.standardError = line.standardError
      (estimate.lower, estimate.upper) = (limits.lower, limits.upper)
      if line.standardError == nil { estimate.notes.append(.paperDeterminesSlope) }
      return row(estimate, line.pValue)
    }
    let total = weights.reduce(0, +)
    let center = zip(axis, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    let spread =
      zip(axis, weights).reduce(0) {
        $0 + $1.1 * ($1.0 - center) * ($1.0 - center)
      } / total
    let influences = axis.indices.map { index in
      (axis[index] - center) / spread
        * (scores[index] - line.intercept - line.estimate * axis[index])
    }
    let pValue = set(&estimate, designed, influences)
    return row(estimate, pValue, "linearised")
  }

  /// Sets error and limits of an estimate from the influences of the papers; gives the p-value of zero.
  private func set(
    _ estimate: inout Estimate, _ designed: DesignedPapers, _ influences: [Double],
    of some: [Int]? = nil
  ) -> Double? {
    let found = designed.errors(papers: some ?? papers, influences: [influences])
    estimate.notes += found.notes.map { Note($0, effect: .doubt) }
    guard let error = found.errors.first, error.variance > 0, let value = estimate.value else {
      return nil
    }
    let half = error.half(level: level)
    estimate.standardError = error.standardError
    (estimate.lower, estimate.upper) = (value - half, value + half)
    estimate.degreesOfFreedom = error.degreesOfFreedom
    return error.pValue(value)
  }

  /// The fewest papers without any that are a group of their own.
  private static let fewestZeros = 10

  /// Zero, where it is that of some papers, and thirds of what is above it, or of everything.
  private var usualCuts: [Double] {
    let sorted = values.sorted()
    let positive = sorted.filter { $0 > 0 }
    let zeroCount = sorted.count { $0 == 0 }
    func thirds(_ values: [Double]) -> [Double] {
      values.count > 2 ? [values[values.count / 3], values[2 * values.count / 3]] : []
    }
    guard let least = positive.first, sorted.first == 0, zeroCount >= Self.fewestZeros else {
      return Set(thirds(sorted)).subtracting(sorted.prefix(1)).sorted()
    }
    return Set([least] + thirds(positive)).sorted()
  }

  private func groups(_ cuts: [Double]) -> [ScoreRelationRow] {
    let bounds = cuts.sorted()
    func name(_ group: Int) -> String {
      let text = bounds.map { NumberFormat.shortest($0) }
      if bounds.isEmpty { return "all" }
      if group == 0 { return "< \(text[0])" }
      return group == bounds.count
        ? ">= \(text[group - 1])" : "\(text[group - 1]) to < \(text[group])"
    }
    var members = [[Int]](repeating: [], count: bounds.count + 1)
    for index in values.indices { members[bounds.count { $0 <= values[index] }].append(index) }
    let used = members.indices.filter { !members[$0].isEmpty }
    func mean(_ rows: [Int]) -> Double {
      let total = rows.reduce(0) { $0 + weights[$1] }
      return rows.reduce(0) { $0 + weights[$1] * scores[$1] } / total
    }
    var rows: [ScoreRelationRow] = []
    for group in used {
      let own = members[group]
      let ownMean = mean(own)
      var estimate = Estimate(ownMean, level: level, count: own.count, notes: notes)
      if let designed {
        _ = set(
          &estimate, designed, own.map { scores[$0] - ownMean }, of: own.map { papers[$0] })
      } else {
        let sample = SampleMean(own.map { scores[$0] })
        let limits = sample.interval(level: level)
        estimate.standardError = sample.error
        (estimate.lower, estimate.upper) = (limits?.lower, limits?.upper)
        if limits == nil { estimate.notes.append(.singleUnit) }
      }
      rows.append(
        ScoreRelationRow(
          variable: self.name, part: "mean", term: name(group), estimate: estimate,
          method: designed == nil ? "t" : "linearised"))
    }
    guard let first = used.first else { return rows }
    for group in used.dropFirst() {
      let (a, b) = (members[group], members[first])
      let (meanA, meanB) = (mean(a), mean(b))
      var estimate = Estimate(
        meanA - meanB, level: level, count: a.count + b.count, notes: notes)
      var pValue: Double?
      if let designed {
        // Of two means: each has the influence of its papers, scaled to all papers of both.
        func total(_ rows: [Int]) -> Double { rows.reduce(0) { $0 + weights[$1] } }
        let (totalA, totalB) = (total(a), total(b))
        let both = totalA + totalB
        let influences =
          a.map { (scores[$0] - meanA) * both / totalA }
          + b.map { -(scores[$0] - meanB) * both / totalB }
        pValue = set(&estimate, designed, influences, of: (a + b).map { papers[$0] })
      } else if let test = WelchTest(a.map { scores[$0] }, b.map { scores[$0] }) {
        let limits = test.interval(level: level)
        estimate.standardError = test.standardError
        (estimate.lower, estimate.upper) = (limits.lower, limits.upper)
        pValue = test.pValue
        if test.standardError == nil { estimate.notes.append(.singleUnit) }
      }
      rows.append(
        ScoreRelationRow(
          variable: self.name, part: "difference", term: "\(name(group)) less \(name(first))",
          estimate: estimate, pValue: pValue, method: designed == nil ? "Welch" : "linearised"))
    }
    return rows
  }

  private func smooth(_ axis: [Double], degreesOfFreedom: Int) -> [ScoreRelationRow] {
    let distinct = Set(axis).count
    guard distinct > degreesOfFreedom, papers.count > degreesOfFreedom + 5,
      let least = axis.min(), let most = axis.max()
    else {
      return [
        ScoreRelationRow(
          variable: name, part: "smooth", term: "spline",
          estimate: Estimate(
            nil, count: papers.count, notes: notes + [Note("too-few-values", effect: .noValue)]),
          method: "HC3")
      ]
    }
    let spline = NaturalSpline(sortedValues: axis.sorted(), degreesOfFreedom: degreesOfFreedom)
    let basis = axis.map { [1] + spline.values(at: $0) }
    let width = spline.count + 1
    let w = weights
    var gram = DenseMatrix(rows: width, columns: width)
    var right = [Double](repeating: 0, count: width)
    for row in basis.indices {
      for i in 0..<width {
        right[i] += w[row] * basis[row][i] * scores[row]
        for j in 0..<width { gram[i, j] += w[row] * basis[row][i] * basis[row][j] }
      }
    }
    guard let inverse = try? gram.positiveDefiniteInverse() else { return [] }
    let coefficients = inverse.multiplied(by: right)
    let residuals = basis.indices.map { scores[$0] - dot(basis[$0], coefficients) }
    let leverages = basis.indices.map { w[$0] * dot(basis[$0], inverse.multiplied(by: basis[$0])) }
    let total = w.reduce(0, +)
    let freedom = Double(papers.count - width)
    let t = StudentT(degreesOfFreedom: freedom).upperQuantile((1 - level) / 2)
    return (0..<9).map { step in
      let place = least + (most - least) * Double(step) / 8
      let at = [1] + spline.values(at: place)
      let direction = inverse.multiplied(by: at)
      var estimate = Estimate(
        dot(at, coefficients), level: level, count: papers.count, notes: notes)
      if let designed {
        _ = set(
          &estimate, designed,
          basis.indices.map { total * dot(direction, basis[$0]) * residuals[$0] }
        )
      } else {
        let variance = basis.indices.reduce(0.0) { sum, row in
          let rest = max(1e-10, 1 - leverages[row])
          let part = dot(direction, basis[row]) * residuals[row] / rest
          return sum + part * part
        }
        let half = t * variance.squareRoot()
        estimate.standardError = variance.squareRoot()
        (estimate.lower, estimate.upper) = (
          (estimate.value ?? 0) - half, (estimate.value ?? 0) + half
        )
      }
      return ScoreRelationRow(
        variable: name, part: "smooth", term: "spline",
        x: isLog ? Double.pow(10, place) - 1 : place, estimate: estimate,
        method: designed == nil ? "HC3, pointwise" : "linearised, pointwise")
    }
  }
}

extension Table {
  /// How scores go with variables: `variable`, `part`, `term`, `x`, `n`, `estimate` with its error and limits,
  /// `p_value`, `p_adjusted` (over the rows of a part), `method`, `note`.
  public init(against rows: [ScoreRelationRow], level: Double, adjustment: PValueAdjustment) {
    var adjusted = [Double?](repeating: nil, count: rows.count)
    for part in Set(rows.map(\.part)) {
      let own = rows.indices.filter { rows[$0].part == part }
      for (index, p) in zip(own, adjustment(own.map { rows[$0].pValue })) { adjusted[index] = p }
    }
    let several = Set(rows.map(\.variable)).count > 1
    self.init(
      name: "against",
      caption: """
        How the score of papers goes with a number of theirs: correlations, points for a step, means \
        between cuts, and a smooth with pointwise limits.
        """,
      columns: [
        Column("variable", .text(rows.map(\.variable)), isDetail: !several),
        Column("part", .text(rows.map(\.part))), Column("term", .text(rows.map(\.term))),
        Column("x", .real(rows.map(\.x)), style: .sparse),
        Column("n", .integer(rows.map(\.estimate.count))),
      ] + Column.columns(of: rows.map(\.estimate)) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjusted), style: .pValue),
        Column("method", .text(rows.map(\.method.rawValue)), isDetail: true),
        Column.notes(rows.map(\.estimate.notes)),
      ])
  }
}
