/// Two items in the same papers with the interval of their difference: a row of `compare` of pairs.
public struct PairDifference: ResampledDifference, Sendable, Equatable {
  /// The first item.
  public let first: String
  /// The second item.
  public let second: String
  /// Which papers count.
  public let basis: Pairs.Basis
  /// The papers to which both items apply, by their two answers; none of scores.
  public let counts: PairedProportions
  /// The papers that have both.
  let jointCount: Int
  /// Whether both are answers of yes and no; else scores.
  let areAnswers: Bool
  /// The papers to which the first item applies, of those that count.
  public let firstCount: Int
  /// The papers to which the second item applies, of those that count.
  public let secondCount: Int
  /// The rate of the first item; `nil` without papers.
  public let firstRate: Double?
  /// The rate of the second item.
  public let secondRate: Double?
  /// The difference of the rates, first less second; without a standard error where the items never differ.
  public internal(set) var difference: Estimate
  /// The difference over the other papers: own ones for a joint basis, joint ones for own.
  public let otherEstimate: Double?
  /// The kind of interval.
  public internal(set) var interval: MethodName
  /// The statistic of the test that goes with the interval.
  public internal(set) var statistic: Double?
  /// Its p-value.
  public internal(set) var pValue: Double?
  /// The test.
  public internal(set) var test: MethodName
  /// McNemar's exact p-value; of joint papers drawn alike.
  public internal(set) var exactPValue: Double?
  /// McNemar's mid-p-value; of joint papers drawn alike.
  public internal(set) var midPValue: Double?
  /// Why something is missing, and what to know of the row.
  public internal(set) var notes: [Note] = []

  /// The notes as they stand in a table.
  public var note: String? { notes.text }
  /// The value of ``difference``.
  public var estimate: Double? { difference.value }
  /// The standard error of ``difference``.
  public var standardError: Double? { difference.standardError }

  /// Whether the interval leaves out zero.
  public var isClear: Bool {
    guard let (lower, upper) = difference.limits else { return false }
    return lower > 0 || upper < 0
  }

  /// Compares two items of a matrix.
  ///
  /// Joint papers that are drawn alike have Tango's interval, or that of another formula, and McNemar's
  /// test, others score limits with effective sizes (see ``Pairs``).
  public init(
    _ matrix: BinaryMatrix, _ first: Int, _ second: Int, basis: Pairs.Basis,
    design: SamplingDesign? = nil, formula: Pairs.Formula = .tango, level: Double = 0.95
  ) {
    let design = design ?? SamplingDesign(paperCount: matrix.papers.count)
    self.first = matrix.items[first].id.description
    self.second = matrix.items[second].id.description
    self.basis = basis
    counts = PairedProportions(matrix, first, second)
    jointCount = counts.count
    areAnswers = true
    func sides(_ basis: Pairs.Basis) -> DesignContrast? {
      let pair = DifferenceStatistic.Difference(matrix, pair: (first, second), basis: basis)
      return DesignContrast(pair.first, pair.second, design: design)
    }
    let own = sides(basis)
    let other = sides(basis == .joint ? .own : .joint)
    otherEstimate = other.map { $0.first.mean - $0.second.mean }
    firstCount = own?.first.count ?? 0
    secondCount = own?.second.count ?? 0
    firstRate = own?.first.mean
    secondRate = own?.second.mean
    difference = Estimate(own.map { $0.first.mean - $0.second.mean })
    interval = Pairs.Formula.tango.method
    test = .mcNemar
    guard let own else {
      let isAnswered = [first, second].allSatisfy { matrix.applies.count(column: $0) > 0 }
      notes = [isAnswered ? .neverJointlyApplicable : Note(.neverApplicable)]
      return
    }
    if basis == .joint, design.drawsPapersAlike {
      let found = counts.interval(formula, level: level)
      (difference.lower, difference.upper, difference.level) = (found.lower, found.upper, level)
      difference.standardError = counts.differenceError.flatMap { $0 > 0 ? $0 : nil }
      interval = formula.method
      statistic = counts.mcNemarStatistic
      pValue = counts.mcNemarPValue
      exactPValue = counts.exactPValue
      midPValue = counts.midPValue
      // Two-sided at 5 %, three papers that differ can not be enough.
      if counts.firstOnly + counts.secondOnly < 4 { notes.append(.conservativeTest) }
    } else {
      interval = .score
      test = .scoreT
      setScore(own, level: level)
      let units = (0..<design.unitCount).count {
        own.first.shares[$0] > 0 || own.second.shares[$0] > 0
      }
      if !design.unitsArePapers, units < 2 {
        difference = Estimate(difference.value)
        (statistic, pValue) = (nil, nil)
        notes.append(.tooFewClusters)
      } else {
        notes += design.effectiveNumberNotes {
          matrix.applies[$0, first] || matrix.applies[$0, second]
        }
      }
    }
    if standardError == nil, !notes.contains(.tooFewClusters) { notes.append(.neverDiffers) }
  }

  /// Compares two scores of the papers, between 0 and 1, with score limits.
  init(
    scores: (first: (name: String, values: [Double?]), second: (name: String, values: [Double?])),
    basis: Pairs.Basis, design: SamplingDesign, level: Double
  ) {
    let (one, two) = scores
    first = one.name
    second = two.name
    self.basis = basis
    counts = PairedProportions(both: 0, firstOnly: 0, secondOnly: 0, neither: 0)
    areAnswers = false
    jointCount = zip(one.values, two.values).count { $0 != nil && $1 != nil }
    func sides(_ basis: Pairs.Basis) -> DesignContrast? {
      let pair = DifferenceStatistic.Difference(one.values, two.values, basis: basis)
      return DesignContrast(pair.first, pair.second, design: design)
    }
    let own = sides(basis)
    otherEstimate = sides(basis == .joint ? .own : .joint).map { $0.first.mean - $0.second.mean }
    firstCount = own?.first.count ?? 0
    secondCount = own?.second.count ?? 0
    firstRate = own?.first.mean
    secondRate = own?.second.mean
    difference = Estimate(own.map { $0.first.mean - $0.second.mean })
    interval = .score
    test = .scoreT
    guard let own else {
      notes = [.neverJointlyApplicable]
      return
    }
    let units = (0..<design.unitCount).count {
      own.first.shares[$0] > 0 || own.second.shares[$0] > 0
    }
    guard units > 1 else {
      notes = [.tooFewClusters]
      return
    }
    setScore(own, level: level)
    if standardError == nil { notes.append(.neverDiffers) }
  }

  /// Sets error, limits and test from the score of a contrast.
  private mutating func setScore(_ contrast: DesignContrast, level: Double) {
    let score = contrast.score()
    let limits = score.differenceLimits(level: level)
    (difference.lower, difference.upper, difference.level) = (limits.lower, limits.upper, level)
    difference.standardError = contrast.standardError
    difference.degreesOfFreedom = score.degreesOfFreedom
    statistic = score.statistic
    pValue = score.pValue
  }

  /// Replaces interval and standard error by those of a bootstrap of a ``DifferenceStatistic``.
  public mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: MethodName
  ) {
    guard estimate != nil else { return }
    interval = name
    sample.replace(&difference, &notes, of: quantity, by: method, level: level)
  }
}

extension Pairs.Formula {
  /// The name in results.
  fileprivate var method: MethodName { MethodName(rawValue: rawValue) }
}

extension MethodName {
  /// McNemar's test of two items in the same papers.
  static let mcNemar = MethodName(rawValue: "mcnemar")
}

extension Note {
  /// Both items apply to no paper.
  static let neverJointlyApplicable = Note("never-jointly-applicable", effect: .noValue)
  /// The two items have the same answer in all papers, so that the difference has no standard error.
  static let neverDiffers = Note(
    "never-differs", effect: .remark, words: "no paper answers the two items differently")
}
