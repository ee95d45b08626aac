/// The numbers by which a survey is known, of any part of its papers: mean and median score, the shares of the highest
/// and lowest tier, the share of yes among all answers, and among those of each category.
///
/// All but the median are ratios of sums over papers, so that sums of parts give those of the whole. The parts of a paper
/// are whole numbers beside its score, and stand together.
struct HeadlineNumbers: Sendable {
  /// The names.
  let terms: [String]
  /// Of every paper the answers passed, then those applicable, of everything and of each category.
  private let answers: [UInt32]
  /// The numbers of answers of a paper of each kind.
  private let kindCount: Int
  /// The score of each paper; zero without one.
  private let scoreOfPaper: [Double]
  /// The distinct scores, and the place of each paper's among them; −1 without one.
  private let scores: [Double]
  private let placeOfPaper: [Int32]
  /// The places of the scores of the highest and of the lowest tier.
  private let tierPlaces: [Range<Int>]

  /// Where the mean and the median score stand among the terms, and the shares of tiers after them.
  private static let meanTerm = 0
  static let medianTerm = 1
  private static let tierTerms = 2..<4

  init(_ matrix: BinaryMatrix, tiers: Tiers) {
    let all = PaperScores(matrix)
    let known = all.overall.values
    let categories = RateTarget.all(in: matrix, levels: [.category])
    let (highest, lowest) = (0, tiers.names.count - 1)
    terms =
      [
        "mean score", "median score", "share \(tiers.names[highest])",
        "share \(tiers.names[lowest])",
      ]
      + ["all answers"] + categories.map(\.term)
    let columns =
      [all.passed] + categories.map { matrix.yes.rowCounts(columns: $0.items) }
      + [all.applicable] + categories.map { matrix.applies.rowCounts(columns: $0.items) }
    kindCount = categories.count + 1
    answers = unsafe [UInt32](unsafeUninitializedCapacity: columns.count * known.count) {
      parts, count in
      for (place, column) in columns.enumerated() {
        for paper in known.indices {
          unsafe parts[paper * columns.count + place] = UInt32(column[paper])
        }
      }
      count = columns.count * known.count
    }
    let distinct = Set(known.compactMap { $0 }).sorted()
    let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
    scores = distinct
    scoreOfPaper = known.map { $0 ?? 0 }
    placeOfPaper = known.map { $0.flatMap { places[$0] } ?? -1 }
    tierPlaces = [highest, lowest].map { tier in
      let first = distinct.firstIndex { tiers.index(of: $0) == tier } ?? 0
      return first..<first + distinct.count { tiers.index(of: $0) == tier }
    }
  }

  /// Sums over some papers; of the answers by kind, of scores, and how many papers have each score.
  struct Sums: Sendable {
    fileprivate(set) var y: [Double]
    fileprivate(set) var m: [Double]
    fileprivate(set) var yy: [Double]
    fileprivate(set) var ym: [Double]
    fileprivate(set) var mm: [Double]
    fileprivate(set) var units: [Int]
    fileprivate(set) var score = 0.0
    fileprivate(set) var squaredScore = 0.0
    fileprivate(set) var counts: [Int]
    fileprivate(set) var scored = 0
  }

  /// The sums over no papers.
  var none: Sums {
    let zeros = [Double](repeating: 0, count: kindCount)
    return Sums(
      y: zeros, m: zeros, yy: zeros, ym: zeros, mm: zeros,
      units: [Int](repeating: 0, count: kindCount),
      counts: [Int](repeating: 0, count: scores.count))
  }

  /// Adds a paper to sums, or takes it out of them.
  func add(_ paper: Int, to sums: inout Sums, sign: Double = 1) {
    let start = 2 * kindCount * paper
    for kind in 0..<kindCount where answers[start + kindCount + kind] > 0 {
      let (y, m) = (Double(answers[start + kind]), Double(answers[start + kindCount + kind]))
      sums.y[kind] += sign * y
      sums.m[kind] += sign * m
      sums.yy[kind] += sign * y * y
      sums.ym[kind] += sign * y * m
      sums.mm[kind] += sign * m * m
      sums.units[kind] += sign > 0 ? 1 : -1
    }
    let place = Int(placeOfPaper[paper])
    guard place >= 0 else { return }
    sums.score += sign * scores[place]
    sums.squaredScore += sign * scores[place] * scores[place]
    sums.counts[place] += sign > 0 ? 1 : -1
    sums.scored += sign > 0 ? 1 : -1
  }

  /// All numbers of the first papers of an order, at each of some sizes, ascending; NaN where undefined.
  ///
  /// Papers are gone through as they lie in memory, each added to the sums of the step that it comes
  /// in. Cost: linear in papers.
  func values(along order: [Int32], at sizes: [Int]) -> [Double] {
    let (steps, width) = (sizes.count, 2 * kindCount)
    var stepOfPaper = [Int32](repeating: -1, count: placeOfPaper.count)
    var first = 0
    for (step, size) in sizes.enumerated() {
      for position in first..<min(size, order.count) {
        stepOfPaper[Int(order[position])] = Int32(step)
      }
      first = min(size, order.count)
    }
    var totals = [Int](repeating: 0, count: steps * width)
    var scoreSums = [Double](repeating: 0, count: steps)
    var counts = [Int](repeating: 0, count: steps * scores.count)
    unsafe totals.withUnsafeMutableBufferPointer { totals in
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        unsafe answers.withUnsafeBufferPointer { answers in
          for paper in stepOfPaper.indices where stepOfPaper[paper] >= 0 {
            let step = Int(stepOfPaper[paper])
            let (source, target) = (width * paper, width * step)
            for index in 0..<width {
              unsafe totals[target + index] &+= Int(answers[source + index])
            }
            let place = Int(placeOfPaper[paper])
            guard place >= 0 else { continue }
            scoreSums[step] += scoreOfPaper[paper]
            unsafe counts[step * scores.count + place] += 1
          }
        }
      }
    }
    var sums = none
    var values: [Double] = []
    for step in 0..<steps {
      for kind in 0..<kindCount {
        sums.y[kind] += Double(totals[step * width + kind])
        sums.m[kind] += Double(totals[step * width + kindCount + kind])
      }
      sums.score += scoreSums[step]
      for place in scores.indices {
        let count = counts[step * scores.count + place]
        sums.counts[place] += count
        sums.scored += count
      }
      values += terms.indices.map { value($0, sums) }
    }
    return values
  }

  /// The number of papers in the tier of a term.
  private func tierCount(_ term: Int, _ sums: Sums) -> Int {
    tierPlaces[term - Self.tierTerms.lowerBound].reduce(0) { $0 + sums.counts[$1] }
  }

  /// A number from sums; NaN where it is undefined.
  func value(_ term: Int, _ sums: Sums) -> Double {
    guard term < Self.tierTerms.upperBound else {
      let kind = term - Self.tierTerms.upperBound
      return sums.m[kind] > 0.5 ? sums.y[kind] / sums.m[kind] : .nan
    }
    guard sums.scored > 0 else { return .nan }
    switch term {
    case Self.meanTerm: return sums.score / Double(sums.scored)
    case Self.medianTerm:
      let middle = ((sums.scored - 1) / 2, sums.scored / 2)
      return (score(at: middle.0, sums) + score(at: middle.1, sums)) / 2
    default: return Double(tierCount(term, sums)) / Double(sums.scored)
    }
  }

  /// The score of the given rank, from 0 on.
  private func score(at rank: Int, _ sums: Sums) -> Double {
    var seen = 0
    for (place, count) in sums.counts.enumerated() {
      seen += count
      if seen > rank { return scores[place] }
    }
    return scores.last ?? .nan
  }

  /// A number from sums with limits: of a mean score Student's t, of a median the scores at the ranks of binomial limits,
  /// of the share of a tier Wilson's, of a share of answers Student's t of its linearised error.
  ///
  /// Papers that are all alike have no limits (`no-variance`).
  func estimate(_ term: Int, _ sums: Sums, level: Double) -> Estimate {
    let kind = term - Self.tierTerms.upperBound
    let units = kind >= 0 ? sums.units[kind] : sums.scored
    let value = value(term, sums)
    guard !value.isNaN else {
      return Estimate(nil, count: units, notes: [Note("never-applicable", effect: .noValue)])
    }
    var result = Estimate(value, level: level, count: units)
    let n = Double(units)
    if term == Self.medianTerm {
      let reach = Normal().upperQuantile((1 - level) / 2) * n.squareRoot() / 2
      let (low, high) = ((n / 2 - reach).rounded(.down), (n / 2 + reach).rounded(.up))
      guard low >= 1, high <= n else {
        result.notes.append(Note("too-few-for-interval", effect: .noLimits))
        return result
      }
      result.lower = score(at: Int(low) - 1, sums)
      result.upper = score(at: Int(high) - 1, sums)
      return result
    }
    if Self.tierTerms.contains(term) {
      let limits = ProportionInterval.wilson.limits(successes: value * n, trials: n, level: level)
      result.standardError = (value * (1 - value) / n).squareRoot()
      (result.lower, result.upper) = (limits?.lower, limits?.upper)
      return result
    }
    guard units > 1 else {
      result.notes.append(.singleUnit)
      return result
    }
    let (squares, total): (Double, Double) =
      kind >= 0
      ? (
        sums.yy[kind] - 2 * value * sums.ym[kind] + value * value * sums.mm[kind], sums.m[kind]
      )
      : (sums.squaredScore - n * value * value, n)
    // What rounding alone leaves of squares that cancel.
    let dust = 1e-12 * (kind >= 0 ? sums.mm[kind] : sums.squaredScore)
    guard squares > dust else {
      result.notes.append(.noVariance)
      return result
    }
    let error = (squares * n / (n - 1)).squareRoot() / total
    let half = StudentT(degreesOfFreedom: n - 1).upperQuantile((1 - level) / 2) * error
    result.standardError = error
    result.lower = max(0, value - half)
    result.upper = min(kind >= 0 ? 1 : 100, value + half)
    return result
  }
}
