import RealModule
public import SurveyStats

/// Effects of several outcomes in clusters: each outcome varies between clusters by a variance of its own,
/// and outcomes of a cluster go together.
///
/// `y = Xβ + u(outcome, cluster) + e`, where the u of a cluster have any covariance matrix T (`UN` of
/// metafor) or a diagonal one (`DIAG`), and sampling errors within a cluster correlate by a given ρ. T
/// maximises the restricted likelihood over its Cholesky factor, from several starts, so that correlations
/// may end at one. Errors are cluster-robust (``ClusterRobust``), or the model's own by the tests of
/// ``CoefficientTest`` that know of estimated variances. Where no cluster has both of two outcomes their
/// correlation is unknown. Cost: O(Σ mc³) of clusters of mc effects for each T tried.
///
/// References: Jackson, Riley & White (2011), *Statistics in Medicine* 30:2481; Berkey et al. (1998),
/// *Statistics in Medicine* 17:2537.
public struct MultivariateModel: Sendable {
  /// The shape of T.
  public enum Structure: String, Sendable, CaseIterable {
    /// Any covariance matrix.
    case unstructured = "UN"
    /// Outcomes vary by themselves.
    case diagonal = "DIAG"
  }

  /// The shape of the covariance between clusters.
  public var structure: Structure
  /// The correlation of sampling errors within a cluster.
  public var correlation: Double
  /// `satterthwaite`, `kr` or `z` for errors of the model; `nil` for cluster-robust ones.
  public var test: CoefficientTest?
  /// The confidence level.
  public var level: Double

  /// Creates a model.
  public init(
    structure: Structure = .unstructured, correlation: Double = 0, test: CoefficientTest? = nil,
    level: Double = 0.95
  ) {
    self.structure = structure
    self.correlation = correlation
    self.test = test
    self.level = level
  }

  /// How outcomes vary.
  public struct Components: Sendable, Equatable {
    /// The outcomes, by name.
    public var names: [String]
    /// T.
    public var covariance: DenseMatrix
    /// The number of clusters that have both of two outcomes.
    var clusterCounts: DenseMatrix
    /// The number of clusters.
    public var clusterCount: Int

    /// The correlation of the true effects of two outcomes; `nil` where it is not known.
    public func correlation(_ one: Int, _ other: Int) -> Double? {
      let scale = (covariance[one, one] * covariance[other, other]).squareRoot()
      return scale > 0 && clusterCounts[one, other] > 0 ? covariance[one, other] / scale : nil
    }
  }

  /// A column for each outcome, that is one for its effects.
  public static func design(_ outcomes: [String]) -> (names: [String], design: DenseMatrix) {
    let names = Set(outcomes).sorted()
    var design = DenseMatrix(rows: outcomes.count, columns: names.count)
    for (row, outcome) in outcomes.enumerated() {
      if let column = names.firstIndex(of: outcome) { design[row, column] = 1 }
    }
    return (names, design)
  }

  /// Fits effects of outcomes in clusters; both are of the usable studies, as are the rows of a design.
  public func fit(
    _ studies: StudyEffects, clusters: [String], outcomes: [String], design: DenseMatrix? = nil
  ) throws(MetaError) -> MetaFit {
    let known = studies.usable
    precondition(clusters.count == known.count && outcomes.count == known.count)
    let effects = known.compactMap { studies.effects[$0].value }
    let variances = known.compactMap { studies.effects[$0].variance }
    let plain = try MarginalModel(effects, variances: variances, design: design)
    let names = Set(outcomes).sorted()
    let own = outcomes.map { outcome in names.firstIndex(of: outcome) ?? 0 }
    let pairs = names.indices.flatMap { a in (0...a).map { (a, $0) } }
    let problem = ClusteredEffects(
      effects, variances: variances, clusters: clusters, correlation: correlation,
      design: design ?? DenseMatrix(rows: effects.count, columns: 1, repeating: 1)
    ) { rows in
      pairs.map { a, b in
        var pattern = DenseMatrix(rows: rows.count, columns: rows.count)
        for i in rows.indices {
          for j in rows.indices {
            let (one, other) = (own[rows[i]], own[rows[j]])
            if one == a && other == b || one == b && other == a { pattern[i, j] = 1 }
          }
        }
        return pattern
      }
    }
    let counts = pairs.map { pair in
      problem.blocks.count { block in
        let present = Set(block.rows.map { own[$0] })
        return present.contains(pair.0) && present.contains(pair.1)
      }
    }
    var found = [Double](repeating: 0, count: pairs.count)
    if plain.freedom > 0 {
      found = try covariance(
        problem, pairs, scale: try plain.heterogeneity(.derSimonianLaird).tau2,
        least: variances.min() ?? 1)
    }
    let state = try problem.state(at: found)
    var components = Components(
      names: names, covariance: DenseMatrix(rows: names.count, columns: names.count),
      clusterCounts: DenseMatrix(rows: names.count, columns: names.count),
      clusterCount: problem.blocks.count)
    for (index, (a, b)) in pairs.enumerated() {
      components.covariance[a, b] = found[index]
      components.covariance[b, a] = found[index]
      components.clusterCounts[a, b] = Double(counts[index])
      components.clusterCounts[b, a] = Double(counts[index])
    }
    var fit = MetaFit(
      clustered: state, common: try problem.state(at: found.map { _ in 0 }), of: plain,
      level: level, tau2: components.covariance.diagonal.reduce(0, +) / Double(names.count))
    fit.model = .multivariate
    fit.positions = known
    fit.outcomes = components
    guard plain.freedom > 0 else {
      fit.notes.append(.saturated)
      return fit
    }
    if components.covariance.diagonal.allSatisfy({ $0 == 0 }) {
      fit.notes.append(.noHeterogeneity)
    }
    let parameters = pairs.indices.filter {
      counts[$0] > 0 && (structure == .unstructured || pairs[$0].0 == pairs[$0].1)
    }
    try fit.setTest(test, of: problem.keeping(parameters), state)
    return fit
  }

  /// The elements of T of the highest restricted likelihood.
  private func covariance(
    _ problem: ClusteredEffects, _ pairs: [(Int, Int)], scale: Double, least: Double
  ) throws(MetaError) -> [Double] {
    let count = (pairs.last?.0 ?? 0) + 1
    let unit = max(scale, least)
    // The variables are elements of the factor: all below the diagonal, or the diagonal alone.
    let variables = structure == .unstructured ? pairs : pairs.filter { $0.0 == $0.1 }
    func reading(_ point: [Double]) -> (parameters: [Double], slopes: DenseMatrix) {
      var factor = DenseMatrix(rows: count, columns: count)
      for (value, (a, b)) in zip(point, variables) { factor[a, b] = value }
      var parameters = [Double](repeating: 0, count: pairs.count)
      var slopes = DenseMatrix(rows: pairs.count, columns: variables.count)
      for (index, (a, b)) in pairs.enumerated() {
        for c in 0...b { parameters[index] += unit * factor[a, c] * factor[b, c] }
        for (column, (row, c)) in variables.enumerated() {
          var slope = 0.0
          if row == a { slope += factor[b, c] }
          if row == b { slope += factor[a, c] }
          slopes[index, column] = unit * slope
        }
      }
      return (parameters, slopes)
    }
    // Factors of matrices of equal variances and correlations.
    let starts = [(0.7, 0.0), (0.7, 0.5), (0.7, -0.5), (0.2, 0.2), (2, 0.8)].map {
      deviation, correlation in
      variables.map { a, b -> Double in
        guard structure == .unstructured else { return deviation }
        if b == 0 { return a == 0 ? deviation : deviation * correlation }
        return a == b ? deviation * (1 - correlation * correlation).squareRoot() : 0
      }
    }
    return try problem.mostLikely(
      from: starts, lower: variables.map { $0.0 == $0.1 ? 0 : -.infinity }, reading: reading)
  }
}
