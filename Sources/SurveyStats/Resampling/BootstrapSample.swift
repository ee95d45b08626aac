/// The estimates of a statistic on the sample and on its replicates.
public struct BootstrapSample: Sendable, Equatable {
  /// The estimates when every unit counts once.
  public let original: [Double]
  /// The replicates: one row a replicate, one column a quantity, NaN where undefined.
  public let replicates: DenseMatrix

  /// Creates a sample from its parts.
  public init(original: [Double], replicates: DenseMatrix) {
    precondition(original.count == replicates.columns)
    self.original = original
    self.replicates = replicates
  }

  /// The number of replicates.
  public var replicateCount: Int { replicates.rows }

  /// The replicates of one quantity, in the order of replicate numbers.
  public func values(of quantity: Int) -> [Double] { Array(replicates.column(quantity)) }

  /// The standard deviation of the defined replicates of one quantity; `nil` with fewer than two.
  public func standardError(of quantity: Int) -> Double? {
    var count = 0.0
    var mean = 0.0
    var squares = 0.0
    for value in replicates.column(quantity) where !value.isNaN {
      count += 1
      let delta = value - mean
      mean += delta / count
      squares += delta * (value - mean)
    }
    return count < 2 ? nil : (squares / (count - 1)).squareRoot()
  }
}
