/// Loadings, communalities and factor correlations as functions of unit weights, for the bootstrap.
///
/// Each replicate is extracted and rotated as the sample was, from one start each: the sample's
/// uniquenesses, to a gradient of 1e-8, and a rotation, to one of 1e-6: its unrotated loadings are first brought nearest to the sample's pattern by
/// an orthogonal Procrustes rotation, so that the descent ends in the sample's minimum if that is
/// still one, and afterwards its factors are paired with the sample's and turned like them. Sign
/// flips, swaps of factors and jumps between local minima therefore do not widen the intervals. Loadings
/// that were rotated towards groups of items are rotated towards the same groups.
///
/// A replicate whose matrix is not positive definite, where the extraction needs it, is replaced by
/// the nearest correlation matrix with eigenvalues of at least 1e-6. A replicate without a solution
/// is undefined (NaN). The cost is one extraction and one descent a replicate.
///
/// Reference: Zientek and Thompson (2007), Behavior Research Methods 39:318, for the alignment.
public struct FactorStatistic<Pairs: Statistic>: Statistic {
  private let replicates: ReplicateCorrelations<Pairs>
  /// The solution of the sample.
  let solution: FactorSolution
  private let analysis: FactorAnalysis

  /// Creates the statistic.
  ///
  /// - Parameters:
  ///   - pairs: The correlations of exactly the variables of the solution, in their order, such as
  ///     ``ItemCorrelationStatistic`` of the selected items.
  ///   - solution: The solution of the sample.
  public init(_ pairs: Pairs, like solution: FactorSolution) {
    replicates = ReplicateCorrelations(pairs, like: solution.correlations)
    self.solution = solution
    var analysis = solution.analysis
    analysis.starts = 1
    analysis.rotation.randomStarts = 0
    // Far below the error of a replicate.
    analysis.rotation.tolerance = max(analysis.rotation.tolerance, 1e-6)
    self.analysis = analysis
  }

  private var items: Int { solution.correlations.count }

  /// The number of units.
  public var unitCount: Int { replicates.pairs.unitCount }

  /// The number of loadings, communalities and factor correlations.
  public var valueCount: Int {
    items * (solution.factors + 1) + solution.factors * (solution.factors - 1) / 2
  }

  /// The names of the values: `F1:item` and so on, `communality:item`, then `F1~F2`.
  public var terms: [String] {
    let (names, factors) = (solution.correlations.names, solution.factorNames)
    return factors.flatMap { factor in names.map { "\(factor):\($0)" } }
      + names.map { "communality:\($0)" }
      + factors.indices.flatMap { second in (0..<second).map { "\(factors[$0])~\(factors[second])" }
      }
  }

  /// The place of a pattern loading among the values.
  public func index(ofLoading factor: Int, item: Int) -> Int { factor * items + item }

  /// The place of a communality among the values.
  public func index(ofCommunality item: Int) -> Int { solution.factors * items + item }

  /// The place of the correlation of two factors, the first before the second, among the values.
  public func index(ofCorrelation first: Int, _ second: Int) -> Int {
    precondition(first >= 0 && first < second && second < solution.factors)
    return items * (solution.factors + 1) + second * (second - 1) / 2 + first
  }

  /// Estimates all values.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for index in 0..<valueCount { values[index] = .nan }
    guard let matrix = replicates.matrix(weights: weights), let extracted = extract(matrix),
      let aligned = rotated(extracted.loadings)
    else { return }
    for (index, loading) in aligned.pattern.elements.enumerated() { values[index] = loading }
    for item in 0..<items {
      values[index(ofCommunality: item)] =
        extracted.loadings.row(item).reduce(0) { $0 + $1 * $1 }
    }
    for second in 0..<solution.factors {
      for first in 0..<second {
        values[index(ofCorrelation: first, second)] = aligned.correlations[first, second]
      }
    }
  }

  /// Rotates the loadings of a replicate as those of the sample were; factors of a target keep its order.
  private func rotated(_ loadings: DenseMatrix) -> RotatedLoadings? {
    if let membership = solution.membership {
      var settings = analysis.rotation
      settings.isKaiserNormalized = false
      return try? TargetRotation.groups(loadings, membership, settings: settings)
    }
    guard let start = try? TargetRotation.orthogonal(loadings, to: solution.pattern),
      let rotated = try? analysis.rotation.rotate(start.pattern)
    else { return nil }
    let match = Congruence.match(rotated.pattern, to: solution.pattern)
    return rotated.arranged(order: match.order, signs: match.signs)
  }

  /// Extracts the factors of a replicate, after a repair if need be.
  private func extract(_ matrix: DenseMatrix) -> ExtractedFactors? {
    let correlations = CorrelationMatrix(
      names: solution.correlations.names, values: matrix,
      coefficient: solution.correlations.coefficient,
      pairCounts: solution.correlations.pairCounts)
    do {
      return try analysis.extract(correlations, near: solution.uniquenesses)
    } catch FactorError.notPositiveDefinite {
      guard let repaired = try? correlations.repaired(by: .nearest) else { return nil }
      return try? analysis.extract(repaired, near: solution.uniquenesses)
    } catch {
      return nil
    }
  }
}
