import RealModule
public import SurveyStats

/// Effects in clusters: several of a paper, a laboratory or a district, that are more alike than others.
///
/// `y = Xβ + u(cluster) + w(effect) + e`, with variances σ₁² between clusters, σ₂² between effects of a
/// cluster, and known sampling variances, whose errors within a cluster may correlate by a given ρ as those
/// of the same papers do. The variances maximise the restricted likelihood, searched from several starts
/// between bounds. Standard errors are cluster-robust: CR2 of Bell & McCaffrey with the fitted model as
/// working covariance, t limits with Satterthwaite's degrees of freedom, so that they hold when the working
/// model is wrong (Pustejovsky & Tipton 2018, *Journal of Business & Economic Statistics* 36:672, equations
/// 5, 11 and 14). With fewer than two clusters there is no robust error, and the model's stands in. Cost:
/// O(Σ mc³) of clusters of mc effects for each pair of variances tried.
///
/// Reference: Konstantopoulos (2011), *Research Synthesis Methods* 2:61.
public struct ThreeLevelModel: Sendable {
  /// The correlation of sampling errors within a cluster.
  public var correlation: Double
  /// The confidence level.
  public var level: Double

  /// Creates a model.
  public init(correlation: Double = 0, level: Double = 0.95) {
    self.correlation = correlation
    self.level = level
  }

  /// What is particular of clusters.
  public struct Components: Sendable, Equatable {
    /// The variance between clusters.
    public var between: Double
    /// The variance between effects of a cluster.
    public var within: Double
    /// The number of clusters.
    public var clusterCount: Int
    /// The standard errors that the working model gives.
    public var modelErrors: [Double]
    /// Satterthwaite's degrees of freedom of each coefficient; empty without robust errors.
    public var degreesOfFreedom: [Double]
  }

  /// Fits effects in clusters; the clusters are of the usable studies, as are the rows of a design.
  public func fit(
    _ studies: StudyEffects, clusters: [String], design: DenseMatrix? = nil
  ) throws(MetaError) -> MetaFit {
    let known = studies.usable
    precondition(clusters.count == known.count, "a cluster for each usable study")
    let effects = known.compactMap { studies.effects[$0].value }
    let variances = known.compactMap { studies.effects[$0].variance }
    let plain = try MarginalModel(effects, variances: variances, design: design)
    let problem = ClusteredEffects(
      effects, variances: variances, clusters: clusters, correlation: correlation,
      design: design ?? DenseMatrix(rows: effects.count, columns: 1, repeating: 1))
    guard plain.freedom > 0 else {
      var fit = try RandomEffects(test: .normal, level: level).fit(studies, design: design)
      fit.model = .threeLevel
      fit.components = Components(
        between: 0, within: 0, clusterCount: problem.blocks.count,
        modelErrors: fit.standardErrors, degreesOfFreedom: [])
      return fit
    }
    let start = try plain.heterogeneity(.derSimonianLaird).tau2
    let (between, within) = try problem.mostLikely(near: start)
    let state = try problem.state(between: between, within: within)
    let common = try problem.state(between: 0, within: 0)
    let robust = try problem.robust(state)
    let traceP = plain.trace(try plain.state(at: 0))
    var notes: [Note] = []
    if between == 0, within == 0 { notes.append(.noHeterogeneity) }
    if robust == nil { notes.append(.fewerThanTwoClusters) }
    var fit = MetaFit(
      method: .restrictedLikelihood, test: robust == nil ? .normal : .t, level: level,
      studyCount: known.count, coefficients: state.coefficients,
      covariance: robust?.covariance ?? state.inverse,
      degreesOfFreedom: robust?.freedoms.min(), tau2: between + within,
      tau2StandardError: nil, q: common.weightedSquares, qDegreesOfFreedom: plain.freedom,
      typicalVariance: Double(plain.freedom) / traceP, logLikelihood: state.logLikelihood,
      restrictedLogLikelihood: state.restrictedLogLikelihood,
      weights: variances.map { 1 / ($0 + between + within) },
      leverages: [Double](repeating: 0, count: known.count), fitted: state.fitted, scale: 1,
      notes: notes, model: .threeLevel, positions: known)
    fit.components = Components(
      between: between, within: within, clusterCount: problem.blocks.count,
      modelErrors: state.inverse.diagonal.map { max($0, 0).squareRoot() },
      degreesOfFreedom: robust?.freedoms ?? [])
    return fit
  }
}

extension Note {
  /// Fewer than two clusters leave no robust standard error; that of the model stands in.
  public static let fewerThanTwoClusters = Note("fewer-than-2-clusters", effect: .doubt)
}

/// The normal model of effects in clusters.
struct ClusteredEffects: Sendable {
  /// One cluster.
  struct Block: Sendable {
    var effects: [Double]
    var variances: [Double]
    var design: DenseMatrix
    var rows: [Int]
  }

  let blocks: [Block]
  let columnCount: Int
  let count: Int
  let correlation: Double
  private let logDesign: Double

  init(
    _ effects: [Double], variances: [Double], clusters: [String], correlation: Double,
    design: DenseMatrix
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
        design: design.selecting(rows: rows, columns: Array(0..<design.columns)), rows: rows)
    }
    columnCount = design.columns
    count = effects.count
    self.correlation = correlation
    logDesign =
      (try? design.multiplied(by: design, transposingSelf: true).logDeterminant()) ?? 0
  }

  /// The fit at a pair of variances.
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

  private func covariance(_ block: Block, between: Double, within: Double) -> DenseMatrix {
    let size = block.effects.count
    var matrix = DenseMatrix(rows: size, columns: size, repeating: between)
    for i in 0..<size {
      for j in 0..<size where i != j {
        matrix[i, j] += correlation * (block.variances[i] * block.variances[j]).squareRoot()
      }
      matrix[i, i] += within + block.variances[i]
    }
    return matrix
  }

  func state(between: Double, within: Double) throws(MetaError) -> State {
    let p = columnCount
    var information = DenseMatrix(rows: p, columns: p)
    var right = [Double](repeating: 0, count: p)
    var logDeterminant = 0.0
    var inverses: [DenseMatrix] = []
    var covariances: [DenseMatrix] = []
    do throws(LinearAlgebraError) {
      for block in blocks {
        let matrix = covariance(block, between: between, within: within)
        logDeterminant += try matrix.logDeterminant()
        let inverse = try matrix.positiveDefiniteInverse()
        let weighted = inverse.multiplied(by: block.design)
        let own = block.design.multiplied(by: weighted, transposingSelf: true)
        for index in own.elements.indices { information.elements[index] += own.elements[index] }
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
      var gradient = [0.0, 0.0]
      for (index, block) in blocks.enumerated() {
        let expected = block.design.multiplied(by: coefficients)
        let residual = zip(block.effects, expected).map { $0 - $1 }
        for (row, value) in zip(block.rows, expected) { fitted[row] = value }
        residuals.append(residual)
        // P y restricted to the block is the weighted residual.
        let weighted = inverses[index].multiplied(by: residual)
        squares += zip(residual, weighted).reduce(0) { $0 + $1.0 * $1.1 }
        let ones = [Double](repeating: 1, count: residual.count)
        let rowSums = inverses[index].multiplied(by: ones)
        let design = inverses[index].multiplied(by: block.design)
        let total = weighted.reduce(0, +)
        // σ₁²: the block of ones; σ₂²: the identity.
        let columnSums = design.multiplied(by: ones, transposingSelf: true)
        let spread = inverse.multiplied(by: columnSums)
        let onesTrace =
          rowSums.reduce(0, +) - zip(columnSums, spread).reduce(0) { $0 + $1.0 * $1.1 }
        gradient[0] += (total * total - onesTrace) / 2
        let cross = design.multiplied(by: design, transposingSelf: true)
        var identityTrace = inverses[index].diagonal.reduce(0, +)
        for a in 0..<p { for b in 0..<p { identityTrace -= inverse[a, b] * cross[b, a] } }
        gradient[1] += (weighted.reduce(0) { $0 + $1 * $1 } - identityTrace) / 2
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

  /// The variances of the highest restricted likelihood, from several starts.
  func mostLikely(near start: Double) throws(MetaError) -> (between: Double, within: Double) {
    let scale = max(start, blocks.flatMap(\.variances).min() ?? 1)
    let minimizer = BoundedMinimizer(
      lower: [0, 0], gradientTolerance: 1e-11 * Double(count), maximumIterations: 500)
    var best: (point: [Double], height: Double)?
    for shares in [(0.5, 0.5), (0.9, 0.1), (0.1, 0.9), (0.0, 0.0), (4.0, 1.0)] {
      let found = try minimizer.minimum(from: [shares.0, shares.1]) {
        point throws(MetaError) in
        let state = try state(between: point[0] * scale, within: point[1] * scale)
        return Evaluation(
          value: -state.restrictedLogLikelihood, gradient: state.gradient.map { -$0 * scale })
      }
      if best == nil || -found.value > (best?.height ?? 0) + 1e-10 {
        best = (found.point, -found.value)
      }
    }
    let point = best?.point ?? [0, 0]
    return (point[0] * scale, point[1] * scale)
  }

  /// CR2 with Satterthwaite's degrees of freedom; `nil` with fewer than two clusters.
  func robust(_ state: State) throws(MetaError) -> (covariance: DenseMatrix, freedoms: [Double])? {
    guard blocks.count > 1 else { return nil }
    let p = columnCount
    var meat = DenseMatrix(rows: p, columns: p)
    /// Of each block Aᵀ W X M, a column a coefficient.
    var adjusted: [DenseMatrix] = []
    do throws(LinearAlgebraError) {
      for (index, block) in blocks.enumerated() {
        let working = state.covariances[index]
        let factor = try working.cholesky().transposed
        let hat = block.design.multiplied(by: state.inverse).multiplied(
          by: block.design, transposingOther: true)
        var left = working
        for place in left.elements.indices { left.elements[place] -= hat.elements[place] }
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
        adjusted.append(
          correction.multiplied(
            by: weighted.multiplied(by: state.inverse), transposingSelf: true))
      }
    } catch { throw .collinear }
    let covariance = state.inverse.multiplied(by: meat).multiplied(by: state.inverse)
    let freedoms = (0..<p).map { column in
      let own = adjusted.map { Array($0.column(column)) }
      let sums = zip(blocks, own).map { block, vector in
        block.design.multiplied(by: vector, transposingSelf: true)
      }
      var (trace, squares) = (0.0, 0.0)
      for i in own.indices {
        let spread = state.inverse.multiplied(by: sums[i])
        for j in own.indices {
          var value = -zip(sums[j], spread).reduce(0) { $0 + $1.0 * $1.1 }
          if i == j {
            let product = state.covariances[i].multiplied(by: own[i])
            value += zip(own[i], product).reduce(0) { $0 + $1.0 * $1.1 }
            trace += value
          }
          squares += value * value
        }
      }
      return squares > 0 ? trace * trace / squares : 0
    }
    guard freedoms.allSatisfy({ $0 > 0 }) else { return nil }
    return (covariance, freedoms)
  }
}
