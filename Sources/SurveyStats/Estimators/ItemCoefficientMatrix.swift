extension BinaryMatrix {
  /// The coefficients of all pairs of items, without their uncertainty.
  ///
  /// Each pair uses the papers to which both items apply. Undefined coefficients are NaN, and so is
  /// the diagonal of coefficients that an item does not have with itself. For standard errors,
  /// intervals and the reasons of undefined values see ``PairwiseAssociations``.
  ///
  /// Cost: a pass of packed bits for each pair and the estimate itself: phi a few nanoseconds,
  /// tetrachoric half a microsecond.
  public func coefficients(
    _ coefficient: ItemCoefficient,
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy = .halfKeepingMargins
  ) -> DenseMatrix {
    let tables = PairTables(self)
    var result = DenseMatrix(
      diagonal: [Double](repeating: coefficient.ofItself ?? .nan, count: items.count))
    for second in items.indices {
      for first in 0..<second {
        let cells = tables[first, second]
        result[first, second] =
          cells.total >= 2 ? cells.estimate(coefficient, zeroCells: zeroCells) : .nan
        result[second, first] =
          coefficient.isSymmetric || cells.total < 2
          ? result[first, second]
          : cells.transposed.estimate(coefficient, zeroCells: zeroCells)
      }
    }
    return result
  }
}
