extension CorrelationMatrix {
  /// The correlations of all pairs given all other items, from the inverse P of the matrix.
  ///
  /// `−P_ij/√(P_ii P_jj)`, with a diagonal of ones (Whittaker 1990). Partial correlations of phi are
  /// linear-model quantities of the answers, those of tetrachorics of the normal variables behind.
  ///
  /// - Throws: `notPositiveDefinite` when the matrix cannot be inverted; repair it first.
  ///   `heldByRepair` when a repair raised its eigenvalues only just above zero: all partial
  ///   correlations would then be near −1 and 1.
  public func partialCorrelations() throws(CorrelationMatrixError) -> DenseMatrix {
    try checkInverse()
    var result = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try values.positiveDefiniteInverse()
    }
    let scales = result.diagonal.map { 1 / $0.squareRoot() }
    for column in 0..<count {
      for row in 0..<count {
        result[row, column] *= row == column ? 1 : -scales[row] * scales[column]
      }
      result[column, column] = 1
    }
    return result
  }

  /// One row a pair: `a`, `b`, `coefficient`, `n`, `estimate`, `std_error`, `conf_low`,
  /// `conf_high`, `p_value`, `p_adjusted`, `note`.
  ///
  /// Standard error, interval and p-value are those of a Pearson correlation from n − (p − 2)
  /// papers, where n is the count of the pair and p the number of items (Fisher 1924); for
  /// tetrachoric correlations they are undefined, because these vary more, for a matrix that had to be
  /// repaired, because the estimates are then those of the repaired matrix, and for papers that are
  /// weighted, clustered or stratified; the note says so.
  public func partialTable(
    level: Double = 0.95, adjustment: PValueAdjustment = .holm
  ) throws(CorrelationMatrixError) -> Table {
    let partial = try partialCorrelations()
    let indices = PairwiseAssociations.indices(count: count, isSymmetric: true)
    let isTetrachoric = coefficient == ItemCoefficient.tetrachoric.rawValue
    let note: AssociationNote? =
      repair != nil
      ? .repairedMatrix
      : !sampling.isAlike ? .dependentPapers : isTetrachoric ? .withoutError : nil
    let hasInference = note == nil
    let associations = indices.map { first, second in
      let estimate = partial[first, second]
      let papers = pairCount(first, second) - (count - 2)
      return hasInference
        ? Association(partial: estimate, papers: papers, level: level)
        : Association(estimate: estimate, note: note)
    }
    return Table(
      name: "partial",
      caption: "Partial correlations given all other variables (\(coefficient)).",
      columns: [
        Column("a", .text(indices.map { names[$0.first] })),
        Column("b", .text(indices.map { names[$0.second] })),
        Column("coefficient", .text(indices.map { _ in "partial-\(coefficient)" })),
        Column("n", .integer(indices.map { pairCount($0.first, $0.second) })),
        Column("estimate", .real(associations.map(\.estimate))),
        Column("std_error", .real(associations.map(\.standardError))),
        Column("conf_low", .real(associations.map(\.lower)), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(associations.map(\.upper)), style: .upperLimit(of: "estimate")),
        Column("p_value", .real(associations.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjustment(associations.map(\.pValue))), style: .pValue),
        Column("test", .text(associations.map { $0.test?.rawValue }), isDetail: true),
        Column("note", .text(associations.map { $0.note?.description })),
      ])
  }
}

extension Association {
  /// Inference of a Pearson correlation from that many papers.
  fileprivate init(partial estimate: Double, papers: Int, level: Double) {
    guard papers > 3 else {
      self.init(estimate: estimate, note: .tooFewForInterval)
      return
    }
    let rest = (1 - estimate) * (1 + estimate)
    let freedom = Double(papers - 2)
    self.init(
      estimate, standardError: rest / Double(papers - 3).squareRoot(), scale: .fisher, level: level)
    standardError = (rest / freedom).squareRoot()
    test = .studentT
    pValue =
      2
      * StudentT(degreesOfFreedom: freedom).survival(abs(estimate) * (freedom / rest).squareRoot())
  }
}
