/// A number that coefficients of agreement are worked out with: plain, or with a derivative.
protocol AgreementNumber {
  init(_ value: Double)
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self
  /// The lesser of two numbers.
  static func lesser(_ left: Self, _ right: Self) -> Self
}

/// A number that means are taken of: one, or those of several replicates side by side.
protocol AgreementLane: AgreementNumber {
  static func += (left: inout Self, right: Self)
  /// Adds a multiple of a number.
  mutating func add(_ factor: Double, times number: Self)
  /// Adds the number to a sum, and one to a count, where it is finite.
  func addFinite(to sum: inout Self, count: inout Self)
}

extension Double: AgreementLane {
  static func lesser(_ left: Double, _ right: Double) -> Double { left < right ? left : right }

  mutating func add(_ factor: Double, times number: Double) { self += factor * number }

  func addFinite(to sum: inout Double, count: inout Double) {
    guard isFinite else { return }
    sum += self
    count += 1
  }
}

extension SIMD8<Double>: AgreementNumber {
  @inline(__always)
  init(_ value: Double) { self.init(repeating: value) }

  @inline(__always)
  static func lesser(_ left: SIMD8<Double>, _ right: SIMD8<Double>) -> SIMD8<Double> {
    left.replacing(with: right, where: left .>= right)
  }
}

extension SIMD8<Double>: AgreementLane {
  @inline(__always)
  mutating func add(_ factor: Double, times number: SIMD8<Double>) { self += factor * number }

  @inline(__always)
  func addFinite(to sum: inout SIMD8<Double>, count: inout SIMD8<Double>) {
    // x − x is zero where x is finite, and undefined elsewhere.
    let isFinite = (self - self) .== SIMD8(repeating: 0.0)
    sum += SIMD8(repeating: 0.0).replacing(with: self, where: isFinite)
    count += SIMD8(repeating: 0.0).replacing(with: 1, where: isFinite)
  }
}

/// A number with its derivative by one quantity (forward differentiation).
struct Dual: AgreementNumber {
  var plain: Double
  var slope: Double

  init(_ value: Double) { self.init(value, slope: 0) }

  init(_ value: Double, slope: Double) {
    plain = value
    self.slope = slope
  }

  static func + (left: Dual, right: Dual) -> Dual {
    Dual(left.plain + right.plain, slope: left.slope + right.slope)
  }

  static func - (left: Dual, right: Dual) -> Dual {
    Dual(left.plain - right.plain, slope: left.slope - right.slope)
  }

  static func * (left: Dual, right: Dual) -> Dual {
    Dual(left.plain * right.plain, slope: left.slope * right.plain + left.plain * right.slope)
  }

  static func lesser(_ left: Dual, _ right: Dual) -> Dual {
    left.plain < right.plain ? left : right
  }

  static func / (left: Dual, right: Dual) -> Dual {
    let quotient = left.plain / right.plain
    return Dual(quotient, slope: (left.slope - quotient * right.slope) / right.plain)
  }
}

/// Where the sums stand that coefficients of an item and part follow from.
///
/// With r raters of a paper, of whom rₖ chose category k, and summed over papers (each counting as often
/// as it was drawn):
struct AgreementLayout: Sendable {
  /// The number of categories.
  let categoryCount: Int
  /// The number of raters.
  let raterCount: Int

  /// The papers with r ≥ 2.
  var papers: Int { 0 }
  /// Σ rₖ (rₖ − 1) / (r (r − 1)), the share of pairs of raters that agree.
  var agreement: Int { 1 }
  /// The same, with half an agreement between neighbouring categories of three.
  var weightedAgreement: Int { 2 }
  /// The papers that count for how common categories are.
  var rated: Int { 3 }
  /// The ratings of papers with r ≥ 2.
  var ratings: Int { 4 }
  /// Σ rₖ (rₖ − 1) / (r − 1), for Krippendorff's coincidences.
  var coincidences: Int { 5 }
  /// Σ rₖ / r of each category.
  func share(_ category: Int) -> Int { 6 + category }
  /// Σ rₖ of each category, over papers with r ≥ 2.
  func pairable(_ category: Int) -> Int { 6 + categoryCount + category }
  /// How often each rater chose each category; of two raters only papers with r = 2 count.
  func chosen(_ rater: Int, _ category: Int) -> Int {
    6 + (2 + rater) * categoryCount + category
  }
  /// The number of sums.
  var count: Int { 6 + (2 + raterCount) * categoryCount }

  /// The contributions of a paper with the given ratings.
  func contributions(_ ratings: [Int?], countsSingle: Bool) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var counts = [Double](repeating: 0, count: categoryCount)
    for case let category? in ratings { counts[category] += 1 }
    let total = counts.reduce(0, +)
    if total >= 2 || total == 1 && countsSingle {
      sums[rated] = 1
      for category in counts.indices { sums[share(category)] = counts[category] / total }
    }
    if total >= 2 || raterCount > 2 && total == 1 && countsSingle {
      for (rater, category) in ratings.enumerated() {
        if let category { sums[chosen(rater, category)] = 1 }
      }
    }
    guard total >= 2 else { return sums }
    sums[papers] = 1
    sums[self.ratings] = total
    for category in counts.indices {
      let pairs = counts[category] * (counts[category] - 1)
      sums[agreement] += pairs / (total * (total - 1))
      sums[coincidences] += pairs / (total - 1)
      sums[pairable(category)] = counts[category]
      for other in counts.indices where abs(other - category) == 1 && categoryCount == 3 {
        sums[weightedAgreement] += counts[category] * counts[other] / 2 / (total * (total - 1))
      }
    }
    sums[weightedAgreement] += sums[agreement]
    return sums
  }
}

/// The sums that coefficients of agreement follow from, for one item and part.
@safe struct AgreementSums<Number: AgreementNumber> {
  let layout: AgreementLayout
  let values: UnsafePointer<Number>

  subscript(place: Int) -> Number { unsafe values[place] }

  /// The agreement that was seen: the mean over papers of the share of pairs of raters that agree.
  var observed: Number { unsafe values[layout.agreement] / values[layout.papers] }

  /// The same, with half an agreement between neighbouring categories.
  var weightedObserved: Number { unsafe values[layout.weightedAgreement] / values[layout.papers] }

  /// How common a category is: the mean over papers of the share of raters that chose it.
  func prevalence(_ category: Int) -> Number {
    unsafe values[layout.share(category)] / values[layout.rated]
  }

  /// The share of a rater's ratings in a category.
  func share(of rater: Int, _ category: Int) -> Number {
    var total = Number(0)
    for other in 0..<layout.categoryCount {
      total = unsafe total + values[layout.chosen(rater, other)]
    }
    return unsafe values[layout.chosen(rater, category)] / total
  }

  /// Fills the shares of every rater in every category, rater after rater.
  @inline(__always)
  func setShares(_ shares: UnsafeMutablePointer<Number>) {
    for rater in 0..<layout.raterCount {
      var total = Number(0)
      for other in 0..<layout.categoryCount {
        total = unsafe total + values[layout.chosen(rater, other)]
      }
      for category in 0..<layout.categoryCount {
        unsafe shares[rater * layout.categoryCount + category] =
          unsafe values[layout.chosen(rater, category)] / total
      }
    }
  }

  /// Half the agreement that is given to neighbouring categories of three, else none.
  func weight(_ category: Int, _ other: Int) -> Double {
    category == other ? 1 : layout.categoryCount == 3 && abs(category - other) == 1 ? 0.5 : 0
  }
}

/// The agreement that was seen and that which chance would give.
struct ChanceAgreement<Number: AgreementNumber> {
  let observed: Number
  let expected: Number

  /// (o − e) / (1 − e); not finite when chance alone gives full agreement.
  var corrected: Number { (observed - expected) / (Number(1) - expected) }
}
