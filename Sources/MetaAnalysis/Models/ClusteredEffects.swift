import RealModule
import SurveyStats

/// The normal model of effects in clusters, whose covariance is linear in its parameters.
///
/// Within a cluster `V = S + Σ θᵣ Gᵣ`, with the known sampling covariance S, whose errors correlate by a
/// given ρ, and a pattern G of zeros and ones for each parameter. Cost: O(Σ mc³) of clusters of mc effects.
struct ClusteredEffects: Sendable {
  /// One cluster.
  struct Block: Sendable {
    var effects: [Double]
    var variances: [Double]
    var design: DenseMatrix
    var rows: [Int]
    /// A matrix for each parameter.
    var patterns: [DenseMatrix]
  }

  private(set) var blocks: [Block]
  let columnCount: Int
  let count: Int
  let correlation: Double
  private let logDesign: Double

  /// - Parameter patterns: The patterns of a cluster, given the rows of its effects.
  init(
    _ effects: [Double], variances: [Double], clusters: [String], correlation: Double,
    design: DenseMatrix, patterns: (_ rows: [Int]) -> [DenseMatrix]
  ) {
    let names = Set(clusters).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    var members = [[Int]](repeating: [], count: names.count)
    for (row, cluster) in clusters.enumerated() {
      if let place = places[cluster] { members[place].append(row) }
    }
    blocks = members.map { rows in
      Block(
        effects: rows.map { effects[$0] }, variances: rows.map { variances[$0] },
        design: design.selecting(rows: rows, columns: Array(0..<design.columns)), rows: rows,
        patterns: patterns(rows))
    }
    columnCount = design.columns
    count = effects.count
    self.correlation = correlation
    logDesign =
      (try? design.multiplied(by: design, transposingSelf: true).logDeterminant()) ?? 0
  }

  /// The same effects with some of the parameters.
  func keeping(_ parameters: [Int]) -> ClusteredEffects {
    var kept = self
    for index in blocks.indices {
      kept.blocks[index].patterns = parameters.map { blocks[index].patterns[$0] }
    }
    return kept
  }

  /// The number of parameters of the covariance.
  var parameterCount: Int { blocks[0].patterns.count }

  /// The fit at some parameters.
  struct State {
    var coefficients: [Double]
    var inverse: DenseMatrix
    var inverses: [DenseMatrix]
    var covariances: [DenseMatrix]
    var residuals: [[Double]]
    var weightedSquares: Double
    var logLikelihood: Double
    var restrictedLogLikelihood: Double
    var fitted: [Double]
    /// The derivatives of the restricted log-likelihood.
    var gradient: [Double]
  }

  private func covariance(_ block: Block, _ parameters: [Double]) -> DenseMatrix {
    let size = block.effects.count
    var matrix = DenseMatrix(diagonal: block.variances)
    if correlation != 0 {
      for i in 0..<size {
        for j in 0..<size where i != j {
          matrix[i, j] = correlation * (block.variances[i] * block.variances[j]).squareRoot()
        }
      }
    }
    for (parameter, pattern) in zip(parameters, block.patterns) where parameter != 0 {
      matrix.add(pattern, times: parameter)
    }
    return matrix
  }

  func state(at parameters: [Double]) throws(MetaError) -> State {
    let p = columnCount
    var information = DenseMatrix(rows: p, columns: p)
    var right = [Double](repeating: 0, count: p)
    var logDeterminant = 0.0
    var inverses: [DenseMatrix] = []
    var covariances: [DenseMatrix] = []
    do throws(LinearAlgebraError) {
      for block in blocks {
        let matrix = covariance(block, parameters)
        logDeterminant += try matrix.logDeterminant()
        let inverse = try matrix.positiveDefiniteInverse()
        let weighted = inverse.multiplied(by: block.design)
        information.add(block.design.multiplied(by: weighted, transposingSelf: true))
        let part = weighted.multiplied(by: block.effects, transposingSelf: true)
        for index in part.indices { right[index] += part[index] }
        inverses.append(inverse)
        covariances.append(matrix)
      }
      let inverse = try information.positiveDefiniteInverse()
      let logInformation = try information.logDeterminant()
      let coefficients = inverse.multiplied(by: right)
      var squares = 0.0
      var residuals: [[Double]] = []
      var fitted = [Double](repeating: 0, count: count)
      var gradient = [Double](repeating: 0, count: parameters.count)
      for (index, block) in blocks.enumerated() {
        let expected = block.design.multiplied(by: coefficients)
        let residual = zip(block.effects, expected).map { $0 - $1 }
        for (row, value) in zip(block.rows, expected) { fitted[row] = value }
        residuals.append(residual)
        // P y restricted to the block is the weighted residual.
        let weighted = inverses[index].multiplied(by: residual)
        squares += zip(residual, weighted).reduce(0) { $0 + $1.0 * $1.1 }
        let design = inverses[index].multiplied(by: block.design)
        for (parameter, pattern) in block.patterns.enumerated() {
          let turned = pattern.multiplied(by: weighted)
          gradient[parameter] += zip(weighted, turned).reduce(0) { $0 + $1.0 * $1.1 } / 2
          let slope = design.multiplied(
            by: pattern.multiplied(by: design), transposingSelf: true)
          gradient[parameter] -=
            (Self.trace(inverses[index], pattern) - Self.trace(inverse, slope)) / 2
        }
      }
      let logTwoPi = Double.log(2 * .pi)
      return State(
        coefficients: coefficients, inverse: inverse, inverses: inverses,
        covariances: covariances, residuals: residuals, weightedSquares: squares,
        logLikelihood: -(Double(count) * logTwoPi + logDeterminant + squares) / 2,
        restrictedLogLikelihood:
          -(Double(count - p) * logTwoPi - logDesign + logDeterminant
          + logInformation + squares) / 2, fitted: fitted, gradient: gradient)
    } catch { throw .collinear }
  }

  /// The trace of a product of symmetric matrices.
  private static func trace(_ left: DenseMatrix, _ right: DenseMatrix) -> Double {
    zip(left.elements, right.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Kenward and Roger's adjustment at a fit; `nil` where the parameters are not told apart.
  func smallSample(_ state: State) throws(MetaError) -> KenwardRoger? {
    let (p, count) = (columnCount, parameterCount)
    let empty = DenseMatrix(rows: p, columns: p)
    var slopes = [DenseMatrix](repeating: empty, count: count)
    var products = [[DenseMatrix]](
      repeating: [DenseMatrix](repeating: empty, count: count), count: count)
    var traces = DenseMatrix(rows: count, columns: count)
    for (index, block) in blocks.enumerated() {
      let inverse = state.inverses[index]
      let design = inverse.multiplied(by: block.design)
      let turned = block.patterns.map { $0.multiplied(by: design) }
      let weighted = block.patterns.map { inverse.multiplied(by: $0) }
      for a in 0..<count {
        slopes[a].add(design.multiplied(by: turned[a], transposingSelf: true))
        for b in 0..<count {
          traces[a, b] += Self.trace(weighted[a], weighted[b].transposed)
          products[a][b].add(
            turned[a].multiplied(by: inverse.multiplied(by: turned[b]), transposingSelf: true))
        }
      }
    }
    return KenwardRoger(
      covariance: state.inverse, slopes: slopes, products: products, traces: traces)
  }

  /// The parameters of the highest restricted likelihood, from several starts.
  ///
  /// - Parameters:
  ///   - starts: Points of the search.
  ///   - lower: The least value of each of its variables.
  ///   - reading: The parameters at a point, with their derivatives, a row a parameter.
  func mostLikely(
    from starts: [[Double]], lower: [Double],
    reading: ([Double]) -> (parameters: [Double], slopes: DenseMatrix)
  ) throws(MetaError) -> [Double] {
    let minimizer = BoundedMinimizer(
      lower: lower, gradientTolerance: 1e-11 * Double(count), maximumIterations: 500)
    var best: (point: [Double], height: Double)?
    for start in starts {
      let found = try minimizer.minimum(from: start) { point throws(MetaError) in
        let (parameters, slopes) = reading(point)
        let state = try state(at: parameters)
        return Evaluation(
          value: -state.restrictedLogLikelihood,
          gradient: slopes.multiplied(by: state.gradient.map { -$0 }, transposingSelf: true))
      }
      if best == nil || -found.value > (best?.height ?? 0) + 1e-10 {
        best = (found.point, -found.value)
      }
    }
    return reading(best?.point ?? starts[0]).parameters
  }

  /// CR2 with what its tests need; `nil` with fewer than two clusters.
  func robust(_ state: State) throws(MetaError) -> ClusterRobust? {
    guard blocks.count > 1 else { return nil }
    let p = columnCount
    var meat = DenseMatrix(rows: p, columns: p)
    var scoreVariances: [DenseMatrix] = []
    var designSums: [DenseMatrix] = []
    do throws(LinearAlgebraError) {
      for (index, block) in blocks.enumerated() {
        let working = state.covariances[index]
        let factor = try working.cholesky().transposed
        let hat = block.design.multiplied(by: state.inverse).multiplied(
          by: block.design, transposingOther: true)
        var left = working
        left.add(hat, times: -1)
        let inner = factor.multiplied(by: left).multiplied(by: factor, transposingOther: true)
        let eigen = try inner.symmetricEigen()
        let greatest = eigen.values.first ?? 0
        var scaled = eigen.vectors
        for column in 0..<scaled.columns {
          let value = eigen.values[column]
          let root = value > 1e-12 * greatest ? 1 / value.squareRoot() : 0
          for row in 0..<scaled.rows { scaled[row, column] *= root }
        }
        let inverseRoot = scaled.multiplied(by: eigen.vectors, transposingOther: true)
        let correction = factor.multiplied(by: inverseRoot, transposingSelf: true)
          .multiplied(by: factor)
        let weighted = state.inverses[index].multiplied(by: block.design)
        let corrected = correction.multiplied(by: state.residuals[index])
        let score = weighted.multiplied(by: corrected, transposingSelf: true)
        for a in 0..<p { for b in 0..<p { meat[a, b] += score[a] * score[b] } }
        let adjusted = correction.multiplied(
          by: weighted.multiplied(by: state.inverse), transposingSelf: true)
        scoreVariances.append(
          adjusted.multiplied(by: working.multiplied(by: adjusted), transposingSelf: true))
        designSums.append(block.design.multiplied(by: adjusted, transposingSelf: true))
      }
    } catch { throw .collinear }
    let robust = ClusterRobust(
      covariance: state.inverse.multiplied(by: meat).multiplied(by: state.inverse),
      modelCovariance: state.inverse, scoreVariances: scoreVariances, designSums: designSums)
    return robust.freedoms.allSatisfy { $0 > 0 } ? robust : nil
  }
}
