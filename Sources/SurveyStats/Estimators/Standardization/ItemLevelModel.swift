import RealModule

/// The logistic model `logit p_kj = α_j + β_k` of the answers of groups k to items j.
///
/// Fitted by Newton's method to the counts, as if answers were independent; the errors of what is
/// computed from it take the papers into account (``ItemMix``). Items that all answers pass, or none, say
/// nothing of the groups: their probability is 1 or 0, and they take no part in the fit.
///
/// Cost: (items + groups)³ an iteration, about ten iterations.
struct ItemLevelModel: Sendable {
  private let groupCount: Int
  private let itemCount: Int
  /// The items that vary, and where each item is among them.
  private let varied: [Int]
  private let placeOfItem: [Int?]
  private let rateOfConstant: [Double]
  private var itemLevels: [Double]
  private var groupLevels: [Double]
  private var inverse = DenseMatrix(rows: 0, columns: 0)
  private var failure: ItemMix.Note?
  private var isSeparated: [Bool]

  /// Fits the model to the applicable and the yes answers of each group to each item.
  init(applicable: [[Double]], yes: [[Double]]) {
    groupCount = applicable.count
    itemCount = applicable.first?.count ?? 0
    let totals = (0..<itemCount).map { item in
      (
        yes: yes.reduce(0) { $0 + $1[item] }, all: applicable.reduce(0) { $0 + $1[item] }
      )
    }
    varied = totals.indices.filter { totals[$0].yes > 0 && totals[$0].yes < totals[$0].all }
    var places = [Int?](repeating: nil, count: itemCount)
    for (place, item) in varied.enumerated() { places[item] = place }
    placeOfItem = places
    rateOfConstant = totals.map { $0.yes > 0 ? 1 : 0 }
    itemLevels = varied.map { .log(totals[$0].yes / (totals[$0].all - totals[$0].yes)) }
    groupLevels = [Double](repeating: 0, count: groupCount)
    let varied = self.varied
    isSeparated = zip(applicable, yes).map { all, passed in
      let (sum, yes) = varied.reduce(into: (0.0, 0.0)) { sums, item in
        sums.0 += all[item]
        sums.1 += passed[item]
      }
      return sum > 0 && (yes == 0 || yes == sum)
    }
    guard Self.areConnected(applicable, varied) else {
      failure = .unconnectedGroups
      return
    }
    if isSeparated.contains(true) || varied.isEmpty {
      failure = varied.isEmpty ? nil : .separatedGroup
      return
    }
    fit(applicable, yes)
  }

  /// Why a group has no rate.
  func note(of group: Int) -> ItemMix.Note? { failure }

  /// The probability that a group passes an item.
  func probability(_ group: Int, _ item: Int) -> Double {
    guard let place = placeOfItem[item] else { return rateOfConstant[item] }
    return logistic(itemLevels[place] + groupLevels[group])
  }

  /// The rate of a group over all items.
  func rate(_ group: Int, weights: [Double]) -> Double {
    weights.indices.reduce(0) { $0 + weights[$1] * probability(group, $1) }
  }

  /// What the residual of an answer contributes to the rate of a group: a part by its item and a part by
  /// its group, from the gradient times the inverse information.
  func factors(_ group: Int, weights: [Double]) -> (items: [Double], groups: [Double]) {
    var gradient = [Double](repeating: 0, count: inverse.rows)
    for (place, item) in varied.enumerated() {
      let p = probability(group, item)
      let slope = weights[item] * p * (1 - p)
      gradient[place] += slope
      if group > 0 { gradient[varied.count + group - 1] += slope }
    }
    let product = inverse.rows > 0 ? inverse.multiplied(by: gradient) : []
    var items = [Double](repeating: 0, count: itemCount)
    for (place, item) in varied.enumerated() where !product.isEmpty { items[item] = product[place] }
    let groups = (0..<groupCount).map { other in
      other > 0 && !product.isEmpty ? product[varied.count + other - 1] : 0
    }
    return (items, groups)
  }

  /// Newton's method with step halving; the first group has level 0.
  private mutating func fit(_ applicable: [[Double]], _ yes: [[Double]]) {
    let size = varied.count + groupCount - 1
    var likelihood = logLikelihood(applicable, yes)
    for _ in 0..<100 {
      var gradient = [Double](repeating: 0, count: size)
      var information = DenseMatrix(rows: size, columns: size)
      for group in 0..<groupCount {
        for (place, item) in varied.enumerated() where applicable[group][item] > 0 {
          let p = probability(group, item)
          let residual = yes[group][item] - applicable[group][item] * p
          let weight = applicable[group][item] * p * (1 - p)
          gradient[place] += residual
          information[place, place] += weight
          guard group > 0 else { continue }
          let row = varied.count + group - 1
          gradient[row] += residual
          information[row, row] += weight
          information[row, place] += weight
          information[place, row] += weight
        }
      }
      guard let inverse = try? information.positiveDefiniteInverse() else { break }
      self.inverse = inverse
      let step = inverse.multiplied(by: gradient)
      let before = (itemLevels, groupLevels)
      var length = 1.0
      var isBetter = false
      for _ in 0..<30 {
        for place in varied.indices { itemLevels[place] = before.0[place] + length * step[place] }
        for group in 1..<max(groupCount, 1) {
          groupLevels[group] = before.1[group] + length * step[varied.count + group - 1]
        }
        let next = logLikelihood(applicable, yes)
        if next >= likelihood - 1e-12 * abs(likelihood) {
          likelihood = next
          isBetter = true
          break
        }
        length /= 2
      }
      guard isBetter else { break }
      let scaled = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      if scaled < 1e-20 * (1 + abs(likelihood)) { return }
      if scaled < 1e-16 { return }
    }
    failure = .notConverged
  }

  private func logLikelihood(_ applicable: [[Double]], _ yes: [[Double]]) -> Double {
    var total = 0.0
    for group in 0..<groupCount {
      for (place, item) in varied.enumerated() {
        let eta = itemLevels[place] + groupLevels[group]
        if yes[group][item] > 0 { total -= yes[group][item] * softplus(-eta) }
        let no = applicable[group][item] - yes[group][item]
        if no > 0 { total -= no * softplus(eta) }
      }
    }
    return total
  }

  /// Whether a chain of common items leads from each group with answers to every other.
  private static func areConnected(_ applicable: [[Double]], _ items: [Int]) -> Bool {
    let groups = applicable.indices.filter { group in
      items.contains { applicable[group][$0] > 0 }
    }
    guard groups.count == applicable.count, let first = groups.first else {
      return items.isEmpty
    }
    var reached: Set<Int> = [first]
    var open = [first]
    while let group = open.popLast() {
      for item in items where applicable[group][item] > 0 {
        for other in groups where applicable[other][item] > 0 && !reached.contains(other) {
          reached.insert(other)
          open.append(other)
        }
      }
    }
    return reached.count == groups.count
  }
}
