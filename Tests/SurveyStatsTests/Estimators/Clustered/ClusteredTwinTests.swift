import RealModule
import Testing

@testable import SurveyStats

/// The loops of clustered models as a textbook has them, beside those that are used.
@Suite struct ClusteredTwinTests {
  struct Rows {
    var design: DesignMatrix
    var outcome: BinaryOutcome
    var labels: [String?]
    var y: [Double]
    var clusters: [[Int]]
  }

  static func rows(_ name: String) throws -> Rows {
    let data = RegressionGolden.data("clustered", name)
    let design = try DesignMatrix(ModelFormula("age + smoke"), from: data)
    let outcome = data.outcome("resp")
    let labels = data.numbers("id").map { String(Int($0)) }
    let own = design.papers.map { labels[$0] }
    let clusters = Set(own).sorted().map { label in own.indices.filter { own[$0] == label } }
    return Rows(
      design: design, outcome: outcome, labels: labels,
      y: design.papers.map { outcome.values[$0] == true ? 1 : 0 }, clusters: clusters)
  }

  static func probabilities(_ x: DenseMatrix, _ beta: [Double]) -> [Double] {
    (0..<x.rows).map { row in
      1 / (1 + Double.exp(-beta.indices.reduce(0) { $0 + x[row, $1] * beta[$1] }))
    }
  }

  /// Liang and Zeger (1986), equations 6 to 8: β ← β + (Σ D'V⁻¹D)⁻¹ Σ D'V⁻¹(y − μ) with
  /// V = φ A^½ R(α) A^½, α and φ from Pearson residuals.
  static func estimatingEquations(_ rows: Rows) -> (beta: [Double], alpha: Double) {
    let x = rows.design.values
    let k = x.columns
    var beta = LogisticTwinTests.twin(x, rows.y.map { $0 == 1 }).coefficients
    var alpha = 0.0
    for _ in 0..<100 {
      let mu = probabilities(x, beta)
      let pearson = mu.indices.map { (rows.y[$0] - mu[$0]) / (mu[$0] * (1 - mu[$0])).squareRoot() }
      let phi = pearson.reduce(0) { $0 + $1 * $1 } / Double(pearson.count - k)
      var (products, pairs) = (0.0, 0.0)
      for cluster in rows.clusters {
        for i in cluster {
          for j in cluster where i < j {
            products += pearson[i] * pearson[j]
            pairs += 1
          }
        }
      }
      alpha = products / (phi * (pairs - Double(k)))
      var bread = DenseMatrix(rows: k, columns: k)
      var score = [Double](repeating: 0, count: k)
      for cluster in rows.clusters {
        let m = cluster.count
        var v = DenseMatrix(rows: m, columns: m)
        for (a, i) in cluster.enumerated() {
          for (b, j) in cluster.enumerated() {
            v[a, b] =
              (a == b ? 1 : alpha)
              * (mu[i] * (1 - mu[i]) * mu[j] * (1 - mu[j])).squareRoot()
          }
        }
        let inverse = LogisticTwinTests.inverse(v)
        func d(_ row: Int, _ column: Int) -> Double { mu[row] * (1 - mu[row]) * x[row, column] }
        for a in 0..<k {
          for (p, i) in cluster.enumerated() {
            for (q, j) in cluster.enumerated() {
              score[a] += d(i, a) * inverse[p, q] * (rows.y[j] - mu[j])
              for b in 0..<k { bread[a, b] += d(i, a) * inverse[p, q] * d(j, b) }
            }
          }
        }
      }
      let step = LogisticTwinTests.solution(bread, score)
      for a in 0..<k { beta[a] += step[a] }
      if step.allSatisfy({ abs($0) < 1e-12 }) { break }
    }
    return (beta, alpha)
  }

  /// The log-likelihood of random intercepts, each cluster's integral by the trapezium rule.
  static func randomIntercepts(_ rows: Rows, _ beta: [Double], sigma: Double) -> Double {
    let x = rows.design.values
    let eta = (0..<x.rows).map { row in beta.indices.reduce(0) { $0 + x[row, $1] * beta[$1] } }
    let (points, reach) = (1_600, 9.0)
    let width = 2 * reach / Double(points)
    return rows.clusters.reduce(0) { sum, cluster in
      let integral = (0...points).reduce(0.0) { total, point in
        let z = -reach + Double(point) * width
        let density = Double.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
        return total
          + cluster.reduce(density * width) { product, row in
            let p = 1 / (1 + Double.exp(-(eta[row] + sigma * z)))
            return product * (rows.y[row] == 1 ? p : 1 - p)
          }
      }
      return sum + Double.log(integral)
    }
  }

  @Test func `estimating equations are those of the textbook`() throws {
    let rows = try Self.rows("uneven")
    let fit = try EstimatingEquations().fit(
      rows.design, outcome: rows.outcome, clusters: rows.labels)
    let twin = Self.estimatingEquations(rows)
    #expect(abs(fit.alpha - twin.alpha) < 1e-8)
    for index in twin.beta.indices {
      #expect(abs(fit.coefficients[index] - twin.beta[index]) < 1e-8)
    }
    #expect(fit.akaikeCriterion == nil)
    #expect(Table(tidy: fit).rowCount == 3)
  }

  @Test func `random intercepts have the likelihood of the textbook, and its peak`() throws {
    let rows = try Self.rows("uneven")
    let fit = try RandomInterceptRegression().fit(
      rows.design, outcome: rows.outcome, clusters: rows.labels)
    func twin(_ beta: [Double], _ sigma: Double) -> Double {
      Self.randomIntercepts(rows, beta, sigma: sigma)
    }
    let peak = twin(fit.coefficients, fit.standardDeviation)
    #expect(abs(peak - fit.logLikelihood) < 1e-6 * Double(rows.clusters.count))
    for index in fit.coefficients.indices {
      for sign in [-1.0, 1] {
        var moved = fit.coefficients
        moved[index] += sign * 0.2 * fit.standardErrors[index]
        #expect(twin(moved, fit.standardDeviation) < peak)
      }
    }
    #expect(twin(fit.coefficients, fit.standardDeviation * 1.1) < peak)
    #expect(twin(fit.coefficients, fit.standardDeviation * 0.9) < peak)
    #expect(fit.akaikeCriterion.map { $0 > -2 * peak } == true)
  }
}
