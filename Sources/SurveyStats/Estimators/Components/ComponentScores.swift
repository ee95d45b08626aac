/// The values of the components in each paper.
public struct ComponentScores: Sendable, Equatable {
  /// The scores, component by component; `nil` for a paper without any of the items.
  public let values: [[Double?]]
  /// The number of items that each paper has.
  public let applicable: [Int]

  /// One row a paper: `paper`, `n_applicable`, then `component_1`, `component_2` and so on, `note`.
  public func table(papers: [String]) -> Table {
    precondition(papers.count == applicable.count, "not one name a paper")
    return Table(
      name: "scores", caption: "Component scores of the papers, from their applicable items.",
      columns: [
        Column("paper", .text(papers)), Column("n_applicable", .integer(applicable)),
      ] + values.enumerated().map { Column("component_\($0 + 1)", .real($1)) } + [
        Column("note", .text(applicable.map { $0 == 0 ? "no-answers" : nil }))
      ])
  }
}

extension PrincipalComponents {
  /// The scores of papers on the first components, at most ``rank`` of them.
  ///
  /// For a paper with all items the score is `v' z` of its standardised answers z. For a paper with
  /// some items o it is the regression on these, `λ vₒ' Rₒₒ⁻¹ zₒ`, so that nothing is imputed and
  /// papers with few items have scores nearer to zero. Items are centred and scaled by their mean
  /// and standard deviation in the data, over the papers that have them.
  ///
  /// Cost: one Cholesky decomposition for each distinct pattern of present items.
  ///
  /// - Parameters:
  ///   - data: Columns that hold those of the components, by name.
  ///   - count: The number of components.
  ///   - design: How the papers were sampled; its weights enter the means and standard deviations.
  /// - Throws: `notPositiveDefinite` when items are missing and the matrix cannot be inverted.
  public func scores(
    of data: ScoreColumns, count: Int, design: SamplingDesign? = nil
  ) throws(CorrelationMatrixError) -> ComponentScores {
    let columns = names.compactMap { name in data.names.firstIndex(of: name) }
    precondition(columns.count == names.count, "data without some of the items")
    let paperWeights = design?.relativeWeights
    let moments = columns.map { column in
      paperWeights.map { ColumnStandard(data.values[column], weights: $0) }
        ?? ColumnStandard(data.values[column])
    }
    let centers = centers ?? moments.map(\.mean)
    let scales = scales ?? moments.map(\.deviation)
    let components = Array(0..<min(count, rank))
    var weightsByPattern: [[Int]: DenseMatrix] = [:]
    weightsByPattern[Array(names.indices)] = vectors.selecting(
      rows: Array(names.indices), columns: components)
    var values = components.map { _ in [Double?](repeating: nil, count: data.paperCount) }
    var applicable: [Int] = []
    for paper in 0..<data.paperCount {
      let present = names.indices.filter { data.values[columns[$0]][paper] != nil }
      applicable.append(present.count)
      guard !present.isEmpty else { continue }
      let weights: DenseMatrix
      if let known = weightsByPattern[present] {
        weights = known
      } else {
        weights = try regressionWeights(present, components)
        weightsByPattern[present] = weights
      }
      for component in components {
        var score = 0.0
        for (row, item) in present.enumerated() {
          guard let value = data.values[columns[item]][paper], scales[item] > 0 else { continue }
          score += weights[row, component] * (value - centers[item]) / scales[item]
        }
        values[component][paper] = score
      }
    }
    return ComponentScores(values: values, applicable: applicable)
  }

  /// The weights `Rₒₒ⁻¹ vₒ λ` of the items that are present.
  private func regressionWeights(
    _ present: [Int], _ components: [Int]
  ) throws(CorrelationMatrixError) -> DenseMatrix {
    var right = vectors.selecting(rows: present, columns: components)
    for component in components {
      for row in present.indices { right[row, component] *= eigenvalues[component] }
    }
    do {
      return try model.selecting(rows: present, columns: present).solvingPositiveDefinite(right)
    } catch {
      throw .notPositiveDefinite(smallestEigenvalue: eigenvalues.last ?? 0)
    }
  }
}
