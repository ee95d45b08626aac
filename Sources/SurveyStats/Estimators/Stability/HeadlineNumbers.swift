/// The numbers by which a survey is known, of any part of its papers: mean and median score, the shares of the highest
/// and lowest tier, the share of yes among all answers, and among those of each category.
///
/// All but the median are ratios of sums over papers, so that sums of parts give those of the whole.
struct HeadlineNumbers: Sendable {
  /// The names.
  let terms: [String]
  /// The numerators of all ratios of a paper, then the denominators, paper after paper; zeros for the median.
  private let parts: [Double]
  /// The distinct scores, and the place of each paper's among them; −1 without one.
  private let scores: [Double]
  private let placeOfPaper: [Int]

  /// Where the median stands among the terms.
  static let medianTerm = 1

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
    func share(_ tier: Int) -> [Double] {
      known.map { $0.map { tiers.index(of: $0) == tier ? 1 : 0 } ?? 0 }
    }
    let ones = known.map { $0 == nil ? 0.0 : 1 }
    let zeros = known.map { _ in 0.0 }
    var numerators = [known.map { $0 ?? 0 }, zeros, share(highest), share(lowest)]
    var denominators = [ones, zeros, ones, ones]
    numerators.append(all.passed.map(Double.init))
    denominators.append(all.applicable.map(Double.init))
    for category in categories {
      numerators.append(matrix.yes.rowCounts(columns: category.items).map(Double.init))
      denominators.append(matrix.applies.rowCounts(columns: category.items).map(Double.init))
    }
    let columns = numerators + denominators
    parts = unsafe [Double](unsafeUninitializedCapacity: columns.count * known.count) {
      parts, count in
      for (place, column) in columns.enumerated() {
        for paper in known.indices { unsafe parts[paper * columns.count + place] = column[paper] }
      }
      count = columns.count * known.count
    }
    let distinct = Set(known.compactMap { $0 }).sorted()
    let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    scores = distinct
    placeOfPaper = known.map { $0.flatMap { places[$0] } ?? -1 }
  }

  /// Sums over some papers.
  struct Sums: Sendable {
    fileprivate(set) var y: [Double]
    fileprivate(set) var m: [Double]
    fileprivate(set) var yy: [Double]
    fileprivate(set) var ym: [Double]
    fileprivate(set) var mm: [Double]
    fileprivate(set) var units: [Int]
    fileprivate(set) var counts: [Int]
    fileprivate(set) var scored = 0
  }

  /// The sums over no papers.
  var none: Sums {
    let zeros = [Double](repeating: 0, count: terms.count)
    return Sums(
      y: zeros, m: zeros, yy: zeros, ym: zeros, mm: zeros,
      units: [Int](repeating: 0, count: terms.count),
      counts: [Int](repeating: 0, count: scores.count))
  }

  /// Adds a paper to sums, or takes it out of them.
  func add(_ paper: Int, to sums: inout Sums, sign: Double = 1) {
    let start = 2 * terms.count * paper
    for term in terms.indices {
      let (y, m) = (parts[start + term], parts[start + terms.count + term])
      guard m > 0 else { continue }
      sums.y[term] += sign * y
      sums.m[term] += sign * m
      sums.yy[term] += sign * y * y
      sums.ym[term] += sign * y * m
      sums.mm[term] += sign * m * m
      sums.units[term] += sign > 0 ? 1 : -1
    }
    if placeOfPaper[paper] >= 0 {
      sums.counts[placeOfPaper[paper]] += sign > 0 ? 1 : -1
      sums.scored += sign > 0 ? 1 : -1
    }
  }

  /// All numbers of the first papers of an order, at each of some sizes, ascending; NaN where undefined.
  func values(along order: [Int], at sizes: [Int]) -> [Double] {
    var sums = none
    let width = 2 * terms.count
    var ratios = [Double](repeating: 0, count: width)
    var values: [Double] = []
    var first = 0
    for size in sizes {
      unsafe ratios.withUnsafeMutableBufferPointer { ratios in
        unsafe parts.withUnsafeBufferPointer { parts in
          for paper in order[first..<min(size, order.count)] {
            let start = width * paper
            for index in 0..<width { unsafe ratios[index] += parts[start + index] }
            let place = placeOfPaper[paper]
            guard place >= 0 else { continue }
            sums.counts[place] += 1
            sums.scored += 1
          }
        }
      }
      first = min(size, order.count)
      for term in terms.indices {
        sums.y[term] = ratios[term]
        sums.m[term] = ratios[terms.count + term]
        values.append(value(term, sums))
      }
    }
    return values
  }

  /// A number from sums; NaN where it is undefined.
  func value(_ term: Int, _ sums: Sums) -> Double {
    guard term == Self.medianTerm else {
      return sums.m[term] > 0.5 ? sums.y[term] / sums.m[term] : .nan
    }
    guard sums.scored > 0 else { return .nan }
    let middle = ((sums.scored - 1) / 2, sums.scored / 2)
    return (score(at: middle.0, sums) + score(at: middle.1, sums)) / 2
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

  /// A number from sums with limits: Student's t from the linearised error of a ratio, of a median the scores at the
  /// ranks of binomial limits.
  func estimate(_ term: Int, _ sums: Sums, level: Double) -> Estimate {
    let units = term == Self.medianTerm ? sums.scored : sums.units[term]
    let value = value(term, sums)
    guard !value.isNaN else {
      return Estimate(nil, count: units, notes: [Note("never-applicable", effect: .noValue)])
    }
    var result = Estimate(value, level: level, count: units)
    if term == Self.medianTerm {
      let n = Double(units)
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
    guard units > 1 else {
      result.notes.append(.singleUnit)
      return result
    }
    let squares = max(
      0, sums.yy[term] - 2 * value * sums.ym[term] + value * value * sums.mm[term])
    let n = Double(units)
    let error = (squares * n / (n - 1)).squareRoot() / sums.m[term]
    let half = StudentT(degreesOfFreedom: n - 1).upperQuantile((1 - level) / 2) * error
    result.standardError = error
    let isShare = term > Self.medianTerm
    result.lower = isShare ? max(0, value - half) : max(0, value - half)
    result.upper = min(isShare ? 1 : 100, value + half)
    return result
  }
}
