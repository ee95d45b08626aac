/// The number of components after which the items have least in common pairwise.
///
/// After taking out m components, the mean of the squared (Velicer 1976) or fourth-power (Velicer,
/// Eaton & Fava 2000) partial correlations is computed for m = 0, 1, …, p − 1; the smallest mean
/// tells the number of components. Where an item has no variance left, or a component none to take,
/// the mean is undefined and the search ends.
public struct MinimumAveragePartial: Sendable, Equatable {
  /// The mean squared partial correlation after 0, 1, … components.
  public let squared: [Double]
  /// The mean fourth power after 0, 1, … components.
  public let fourth: [Double]

  /// Takes the components out one by one.
  public init(_ matrix: CorrelationMatrix) throws(CorrelationMatrixError) {
    let components = try PrincipalComponents(matrix)
    let count = matrix.count
    let pairs = Double(count * (count - 1))
    var residual = matrix.values
    var (squared, fourth): ([Double], [Double]) = ([], [])
    for component in 0..<count {
      if component > 0 {
        let eigenvalue = components.eigenvalues[component - 1]
        guard eigenvalue > Definiteness.tolerance else { break }
        let vector = Array(components.vectors.column(component - 1))
        for column in 0..<count {
          for row in 0..<count {
            residual[row, column] -= eigenvalue * vector[row] * vector[column]
          }
        }
      }
      let variances = residual.diagonal
      guard variances.allSatisfy({ $0 > 1e-10 }) else { break }
      var (square, power) = (0.0, 0.0)
      for column in 0..<count {
        for row in 0..<column {
          let partial =
            residual[row, column] * residual[row, column] / (variances[row] * variances[column])
          square += 2 * partial
          power += 2 * partial * partial
        }
      }
      squared.append(square / pairs)
      fourth.append(power / pairs)
    }
    (self.squared, self.fourth) = (squared, fourth)
  }

  /// The number of components by the squared criterion.
  public var count: Int { Self.smallest(squared) }

  /// The number of components by the fourth-power criterion.
  public var fourthPowerCount: Int { Self.smallest(fourth) }

  private static func smallest(_ values: [Double]) -> Int {
    values.indices.min { (values[$0], $0) < (values[$1], $1) } ?? 0
  }

  /// One row a number of components: `components`, `average_squared`, `average_fourth`.
  public func table() -> Table {
    Table(
      name: "minimum_average_partial",
      caption: "Average partial correlations after taking out components (Velicer).",
      columns: [
        Column("components", .integer(Array(squared.indices))),
        Column("average_squared", .real(squared)), Column("average_fourth", .real(fourth)),
      ])
  }
}
