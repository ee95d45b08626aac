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
    let pairs = PairwiseAssociations.indices(
      count: items.count, isSymmetric: coefficient.isSymmetric)
    let values = PairTables(self).estimates(coefficient, of: pairs, zeroCells: zeroCells)
    for ((first, second), value) in zip(pairs, values) {
      result[first, second] = value
      if coefficient.isSymmetric { result[second, first] = value }
    }
    return result
  }
}
