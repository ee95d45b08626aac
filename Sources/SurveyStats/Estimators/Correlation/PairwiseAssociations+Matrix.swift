extension PairwiseAssociations {
  /// What to do with correlations of ±1 that are estimates at the boundary.
  public enum BoundaryPolicy: Sendable, Equatable {
    /// Treat the pair as undefined, so that one of the two is left out.
    case leaveOut
    /// Replace the value by ± this number.
    case cap(Double)
    /// Keep ±1.
    case keep
  }

  /// The square matrix of the correlations, without the variables that cannot take part.
  ///
  /// Left out are, in this order: variables without papers (`never-jointly-applicable`), constant
  /// ones (`constant-item`), items whose share of yes is below `minimumRate` or above one minus it
  /// (`extreme-rate`); then, as long as a pair is undefined, the variable with the most undefined
  /// pairs (of equals the one with the fewest papers, then the later one), with the reason that
  /// most of its pairs give.
  ///
  /// - Throws: `tooFewItems` when fewer than two variables are left.
  public func correlationMatrix(
    minimumRate: Double = 0.02, boundary: BoundaryPolicy = .leaveOut
  ) throws(CorrelationMatrixError) -> CorrelationMatrix {
    precondition(isSymmetric, "a matrix of a coefficient that is not symmetric")
    var reasons = [AssociationNote?](repeating: nil, count: names.count)
    for index in names.indices {
      if counts[index] == 0 {
        reasons[index] = .neverJointlyApplicable
      } else if isConstant[index] {
        reasons[index] = .constantItem
      } else if let rate = rates[index], min(rate, 1 - rate) < minimumRate {
        reasons[index] = .extremeRate
      }
    }
    var leftOut = names.indices.compactMap { index in
      reasons[index].map {
        LeftOutItem(name: names[index], reason: $0, count: counts[index])
      }
    }
    while let index = mostUndefined(among: reasons.map { $0 == nil }, boundary: boundary) {
      let record = record(of: index, among: reasons.map { $0 == nil }, boundary: boundary)
      reasons[index] = record.reason
      leftOut.append(record)
    }
    let kept = names.indices.filter { reasons[$0] == nil }
    guard kept.count > 1 else { throw .tooFewItems(left: kept.count, leftOut: leftOut) }
    var position = [Int?](repeating: nil, count: names.count)
    for (place, index) in kept.enumerated() { position[index] = place }
    var values = DenseMatrix(diagonal: [Double](repeating: 1, count: kept.count))
    var variances: DenseMatrix? = DenseMatrix(rows: kept.count, columns: kept.count)
    var pairCounts = [Int](repeating: 0, count: kept.count * kept.count)
    var effectiveCounts = [Double](repeating: 0, count: kept.count * kept.count)
    for (place, index) in kept.enumerated() { pairCounts[place * (kept.count + 1)] = counts[index] }
    for pair in pairs {
      guard let i = position[pair.first], let j = position[pair.second],
        let estimate = matrixValue(pair, boundary: boundary)
      else { continue }
      values[i, j] = estimate
      values[j, i] = estimate
      pairCounts[i + j * kept.count] = pair.count
      pairCounts[j + i * kept.count] = pair.count
      effectiveCounts[i + j * kept.count] = pair.effectiveCount ?? 0
      effectiveCounts[j + i * kept.count] = pair.effectiveCount ?? 0
      guard let variance = pair.association.samplingVariance else {
        variances = nil
        continue
      }
      variances?[i, j] = variance
      variances?[j, i] = variance
    }
    return CorrelationMatrix(
      names: kept.map { names[$0] }, values: values, coefficient: coefficient,
      pairCounts: pairCounts, samplingVariances: variances, leftOut: leftOut,
      effectiveCounts: sampling.isWeighted ? effectiveCounts : nil, sampling: sampling)
  }

  /// The value of a pair in a matrix; `nil` where the matrix cannot hold it.
  private func matrixValue(_ pair: AssociatedPair, boundary: BoundaryPolicy) -> Double? {
    guard let estimate = pair.association.estimate else { return nil }
    guard pair.association.note == .boundaryCorrelation else { return estimate }
    switch boundary {
    case .leaveOut: return nil
    case .cap(let limit): return max(-limit, min(limit, estimate))
    case .keep: return estimate
    }
  }

  /// The pairs of the variables that take part without a value that a matrix could hold.
  private func undefinedPairs(
    among takesPart: [Bool], boundary: BoundaryPolicy
  ) -> [AssociatedPair] {
    pairs.filter {
      takesPart[$0.first] && takesPart[$0.second] && matrixValue($0, boundary: boundary) == nil
    }
  }

  /// The variable with the most undefined pairs among those still taking part.
  private func mostUndefined(among takesPart: [Bool], boundary: BoundaryPolicy) -> Int? {
    var undefined = [Int](repeating: 0, count: names.count)
    for pair in undefinedPairs(among: takesPart, boundary: boundary) {
      undefined[pair.first] += 1
      undefined[pair.second] += 1
    }
    var worst: Int?
    for index in names.indices where undefined[index] > 0 {
      guard let current = worst else {
        worst = index
        continue
      }
      let (count, other) = (undefined[index], undefined[current])
      if count > other || count == other && counts[index] <= counts[current] { worst = index }
    }
    return worst
  }

  /// Why a variable with undefined pairs is left out, and with which others it has them.
  private func record(
    of index: Int, among takesPart: [Bool], boundary: BoundaryPolicy
  ) -> LeftOutItem {
    let own = undefinedPairs(among: takesPart, boundary: boundary).filter {
      $0.first == index || $0.second == index
    }
    func reason(_ pair: AssociatedPair) -> AssociationNote {
      pair.association.note ?? .constantItem
    }
    let most = AssociationNote.mostFrequent(own.map(reason)) ?? .constantItem
    let telling = own.filter { reason($0) == most }
    return LeftOutItem(
      name: names[index], reason: most, count: counts[index],
      relation: telling.first.map(\.relation),
      partners: telling.map { names[$0.first == index ? $0.second : $0.first] })
  }
}

extension AssociatedPair {
  /// Whether the two copy or oppose each other in all papers that have both.
  fileprivate var relation: LeftOutItem.Relation {
    guard association.note == .boundaryCorrelation, let cells else { return .undefined }
    if cells.n10 == 0, cells.n01 == 0 { return .identical }
    return cells.n11 == 0 && cells.n00 == 0 ? .complementary : .undefined
  }
}
