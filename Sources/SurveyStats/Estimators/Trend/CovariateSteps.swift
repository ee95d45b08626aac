/// The values of a covariate, or tenths of its papers, in each of which an item has to be asked so that it
/// is compared over all of the covariate.
struct CovariateSteps: Sendable {
  /// The most values of a covariate that are looked at one by one.
  private static let mostValues = 20

  /// The papers whose covariate is known, and their step.
  private let papers: [Int]
  private let step: [Int]
  /// The number of steps.
  private let count: Int

  /// Takes the values of a covariate where there are few, else the tenths of its papers.
  init(_ covariate: [Double?]) {
    let known = covariate.indices.filter { covariate[$0] != nil }
    let values = known.map { covariate[$0] ?? 0 }
    if let places = DistinctPlaces(values), places.count <= Self.mostValues {
      papers = known
      step = places.places.map(Int.init)
      count = places.count
      return
    }
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let isFew = Set(values).count <= Self.mostValues
    var (last, value) = (-1, Double.nan)
    papers = order.map { known[$0] }
    step = order.enumerated().map { rank, index in
      if values[index] != value { (last, value) = (last + 1, values[index]) }
      return isFew ? last : 10 * rank / order.count
    }
    count = isFew ? last + 1 : 10
  }

  /// The items that were asked in every step.
  func common(_ items: [Int], of matrix: BinaryMatrix) -> [Int] {
    items.filter { item in
      var isAsked = [Bool](repeating: false, count: count)
      var left = count
      for (position, paper) in papers.enumerated() {
        guard left > 0 else { break }
        guard matrix.asked[paper, item], !isAsked[step[position]] else { continue }
        isAsked[step[position]] = true
        left -= 1
      }
      return left == 0
    }
  }
}
