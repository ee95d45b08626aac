extension CorrelatedValues {
  /// What correlations would be by chance: the parallel analysis of a correlation matrix.
  ///
  /// - Parameters:
  ///   - correlations: The matrix.
  ///   - reference: Where reference data come from; `nil` for
  ///     ``ParallelAnalysis/Reference/usual(papers:coefficient:)``.
  ///   - settings: Replicates, quantile, seed and tasks.
  func parallelAnalysis(
    of correlations: CorrelationMatrix, reference: ParallelAnalysis.Reference?,
    settings: ParallelAnalysis.Settings
  ) async throws -> ParallelAnalysis {
    let chosen =
      reference ?? .usual(papers: matrix.papers.count, coefficient: variables.coefficient)
    switch (chosen, scores) {
    case (.normal, _): return try await .normal(like: correlations, settings: settings)
    case (.permutation, nil):
      return try await .permuting(
        matrix, like: correlations, settings: settings, zeroCells: variables.zeroCells,
        design: design)
    case (.permutation, let scores?):
      return try await .permuting(scores, like: correlations, settings: settings, design: design)
    }
  }
}

extension ParallelAnalysis.Reference {
  /// Permutation; for product-moment correlations of more than 5,000 papers normal variables, whose cost
  /// does not depend on the number of papers and whose correlations then vary alike.
  public static func usual(
    papers: Int, coefficient: CorrelatedVariables.Coefficient
  ) -> ParallelAnalysis.Reference {
    switch coefficient {
    case .items(.phi), .categories(.pearson), .categories(.spearman):
      papers > 5_000 ? .normal : .permutation
    case .given: .normal
    default: .permutation
    }
  }
}
