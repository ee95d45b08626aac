extension BinaryMatrix {
  /// The coefficients of all pairs of items, without their uncertainty.
  ///
  /// Each pair uses the papers to which both items apply. Undefined coefficients are NaN, and so is
  /// the diagonal of coefficients that an item does not have with itself. For standard errors,
  /// intervals and the reasons of undefined values see ``PairwiseAssociations``.
  ///
  /// Cost: a pass of packed bits for each pair and the estimate itself: phi a few nanoseconds,
  /// tetrachoric a sixth of a microsecond.
  public func coefficients(
    _ coefficient: ItemCoefficient,
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy = .halfKeepingMargins
  ) -> DenseMatrix {
    var result = DenseMatrix(
      diagonal: [Double](repeating: coefficient.ofItself ?? .nan, count: items.count))
    let tables = PairTables(self)
    // Some thousand pairs at a time stay in the cache.
    let step = max(1, 4_096 / max(items.count, 1))
    for start in stride(from: 0, to: items.count, by: step) {
      let pairs = PairwiseAssociations.indices(
        lower: start..<min(start + step, items.count), count: items.count,
        isSymmetric: coefficient.isSymmetric)
      let values = tables.estimates(coefficient, of: pairs, zeroCells: zeroCells)
      for ((first, second), value) in zip(pairs, values) {
        result[first, second] = value
        if coefficient.isSymmetric { result[second, first] = value }
      }
    }
    return result
  }
}
