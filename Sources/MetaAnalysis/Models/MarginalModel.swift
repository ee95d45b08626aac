import RealModule
import SurveyStats

/// Effects with their variances and moderators, as a normal model whose variance between studies is free.
///
/// `yᵢ ~ N(xᵢ'β, vᵢ + τ²)`. The columns of the design are made orthonormal once, so that the normal
/// equations are as well conditioned as the weights allow. With `W = diag(1 / (vᵢ + τ²))` and
/// `P = W − WX(X'WX)⁻¹X'W` all that estimators need are traces and quadratic forms of P, each a sum over
/// studies and a product of p × p matrices; P is never formed. Cost: O(k p²) for each τ².
struct MarginalModel: Sendable {
  private(set) var effects: [Double]
  private(set) var variances: [Double]
  /// Orthonormal columns that span the design.
  let basis: [[Double]]
  /// The design times this is the basis.
  let toBasis: DenseMatrix

  var studyCount: Int { effects.count }
  var columnCount: Int { basis.count }
  /// k − p.
  var freedom: Int { studyCount - columnCount }

  /// Creates a model; without a design there is an intercept alone.
  init(
    _ effects: [Double], variances: [Double], design: DenseMatrix? = nil
  ) throws(MetaError) {
    self.effects = effects
    self.variances = variances
    let design = design ?? DenseMatrix(rows: effects.count, columns: 1, repeating: 1)
    precondition(design.rows == effects.count && variances.count == effects.count)
    guard !effects.isEmpty else { throw .noStudies }
    guard design.columns <= design.rows else {
      throw .tooFewStudies(studies: design.rows, coefficients: design.columns)
    }
    var basis: [[Double]] = []
    var transform = DenseMatrix(rows: design.columns, columns: design.columns)
    for column in 0..<design.columns {
      var rest = Array(design.column(column))
      let length = dot(rest, rest).squareRoot()
      var own = [Double](repeating: 0, count: design.columns)
      own[column] = 1
      for _ in 0..<2 {
        for (index, direction) in basis.enumerated() {
          let part = dot(direction, rest)
          for row in rest.indices { rest[row] -= part * direction[row] }
          for row in own.indices { own[row] -= part * transform[row, index] }
        }
      }
      let remaining = dot(rest, rest).squareRoot()
      guard remaining > 1e-9 * length else { throw .collinear }
      basis.append(rest.map { $0 / remaining })
      for row in own.indices { transform[row, column] = own[row] / remaining }
    }
    self.basis = basis
    toBasis = transform
  }

  /// The same studies in another order, with the moderators where they were.
  func reordered(_ order: [Int]) -> MarginalModel {
    var model = self
    model.effects = order.map { effects[$0] }
    model.variances = order.map { variances[$0] }
    return model
  }

  /// The weighted least-squares fit at one variance between studies.
  struct State {
    var weights: [Double]
    /// Coefficients of the basis.
    var coefficients: [Double]
    /// (Z'WZ)⁻¹.
    var inverse: DenseMatrix
    /// log |Z'WZ|.
    var logDeterminant: Double
    var residuals: [Double]
    /// Σ w e².
    var weightedSquares: Double
    /// Leverages over weights: zᵢ'(Z'WZ)⁻¹zᵢ.
    var forms: [Double]
  }

  /// The fit with weights of their own.
  func state(weights: [Double]) throws(MetaError) -> State {
    let p = columnCount
    var inverse = DenseMatrix(rows: p, columns: p)
    var right = [Double](repeating: 0, count: p)
    for a in 0..<p {
      for row in effects.indices { right[a] += weights[row] * basis[a][row] * effects[row] }
      for b in a..<p {
        var sum = 0.0
        for row in effects.indices { sum += weights[row] * basis[a][row] * basis[b][row] }
        inverse[a, b] = sum
        inverse[b, a] = sum
      }
    }
    let logDeterminant: Double
    if p == 1 {
      logDeterminant = Double.log(inverse[0, 0])
      inverse[0, 0] = 1 / inverse[0, 0]
    } else {
      do throws(LinearAlgebraError) {
        logDeterminant = try inverse.logDeterminant()
        inverse = try inverse.positiveDefiniteInverse()
      } catch { throw .collinear }
    }
    var coefficients = [Double](repeating: 0, count: p)
    for a in 0..<p { for b in 0..<p { coefficients[a] += inverse[a, b] * right[b] } }
    var residuals = effects
    var forms = [Double](repeating: 0, count: studyCount)
    for a in 0..<p {
      for row in residuals.indices { residuals[row] -= coefficients[a] * basis[a][row] }
      for b in 0..<p {
        for row in forms.indices { forms[row] += inverse[a, b] * basis[a][row] * basis[b][row] }
      }
    }
    var squares = 0.0
    for row in residuals.indices { squares += weights[row] * residuals[row] * residuals[row] }
    return State(
      weights: weights, coefficients: coefficients, inverse: inverse,
      logDeterminant: logDeterminant, residuals: residuals, weightedSquares: squares, forms: forms)
  }

  /// The fit at a variance between studies.
  func state(at tau2: Double) throws(MetaError) -> State {
    try state(weights: variances.map { 1 / ($0 + tau2) })
  }

  /// Σ wᵢ (yᵢ − ŷᵢ)², Cochran's Q at τ² = 0; for an intercept alone without any allocation.
  func generalizedQ(at tau2: Double) throws(MetaError) -> Double {
    guard columnCount == 1, basis[0].allSatisfy({ $0 == basis[0][0] }) else {
      return try state(at: tau2).weightedSquares
    }
    var (weight, sum) = (0.0, 0.0)
    for row in effects.indices {
      let w = 1 / (variances[row] + tau2)
      weight += w
      sum += w * effects[row]
    }
    let mean = sum / weight
    var squares = 0.0
    for row in effects.indices {
      let residual = effects[row] - mean
      squares += residual * residual / (variances[row] + tau2)
    }
    return squares
  }

  /// tr P.
  func trace(_ state: State) -> Double {
    var sum = 0.0
    for row in effects.indices {
      let w = state.weights[row]
      sum += w - w * w * state.forms[row]
    }
    return sum
  }

  /// tr(P A P B) of diagonal A and B.
  func trace(_ state: State, _ a: [Double]? = nil, _ b: [Double]? = nil) -> Double {
    let p = columnCount
    var sum = 0.0
    func diagonal(_ values: [Double]?, _ row: Int) -> Double { values?[row] ?? 1 }
    for row in effects.indices {
      let w = state.weights[row]
      sum += diagonal(a, row) * diagonal(b, row) * (w * w - 2 * w * w * w * state.forms[row])
    }
    func inner(_ values: [Double]?) -> DenseMatrix {
      var matrix = DenseMatrix(rows: p, columns: p)
      for i in 0..<p {
        for j in 0..<p {
          var total = 0.0
          for row in effects.indices {
            let w = state.weights[row]
            total += diagonal(values, row) * w * w * basis[i][row] * basis[j][row]
          }
          matrix[i, j] = total
        }
      }
      return state.inverse.multiplied(by: matrix)
    }
    let (left, right) = (inner(a), inner(b))
    for i in 0..<p { for j in 0..<p { sum += left[i, j] * right[j, i] } }
    return sum
  }

  /// The log-likelihood and the restricted one at a variance between studies.
  func logLikelihoods(_ state: State) -> (full: Double, restricted: Double) {
    var logWeights = 0.0
    for weight in state.weights { logWeights += Double.log(weight) }
    let full =
      -Double(studyCount) / 2 * Double.log(2 * .pi) + logWeights / 2 - state.weightedSquares / 2
    let restricted =
      -Double(freedom) / 2 * Double.log(2 * .pi) + logWeights / 2 - state.logDeterminant / 2
      - state.weightedSquares / 2
    return (full, restricted)
  }

  /// Kenward and Roger's adjustment of the coefficients of the basis.
  func smallSample(_ state: State) -> KenwardRoger? {
    let p = columnCount
    func form(_ power: Int) -> DenseMatrix {
      var matrix = DenseMatrix(rows: p, columns: p)
      for a in 0..<p {
        for b in 0..<p {
          for row in effects.indices {
            var weight = state.weights[row]
            for _ in 1..<power { weight *= state.weights[row] }
            matrix[a, b] += weight * basis[a][row] * basis[b][row]
          }
        }
      }
      return matrix
    }
    let squares = state.weights.reduce(0) { $0 + $1 * $1 }
    return KenwardRoger(
      covariance: state.inverse, slopes: [form(2)], products: [[form(3)]],
      traces: DenseMatrix(diagonal: [squares]))
  }
}
