/// Which covariance of the coefficients standard errors are taken from.
///
/// With scores u = x (y − π), weights w, the inverse information M and leverages
/// h = wπ(1 − π) x'Mx, the heteroskedasticity-consistent estimators are M (Σ w² u u' a) M with a = 1
/// (HC0), n/(n − k) (HC1), 1/(1 − h) (HC2) and 1/(1 − h)² (HC3). The cluster-robust ones are
/// M (Σ s s') M over cluster sums s of the scores: CR0 plain, CR1 times G/(G − 1), CR1S times
/// G(n − 1)/((G − 1)(n − k)); CR2 and CR3 correct each cluster's residuals, CR3 with
/// (I − H)⁻¹ (nearly the jackknife), CR2 with the symmetric root that makes the estimator unbiased
/// under the model, with Satterthwaite degrees of freedom.
///
/// References: White (1980), Econometrica 48:817; MacKinnon & White (1985), Journal of
/// Econometrics 29:305; Liang & Zeger (1986), Biometrika 73:13; Bell & McCaffrey (2002), Survey
/// Methodology 28:169; Pustejovsky & Tipton (2018), JBES 36:672, equations 8–11.
public enum CovarianceType: String, Sendable, CaseIterable {
  /// The inverse information.
  case model
  /// White's estimator.
  case hc0 = "HC0"
  /// White's estimator with the factor n/(n − k).
  case hc1 = "HC1"
  /// Residuals divided by the root of one minus their leverage.
  case hc2 = "HC2"
  /// Residuals divided by one minus their leverage.
  case hc3 = "HC3"
  /// Plain sums over clusters.
  case cr0 = "CR0"
  /// Sums over clusters with the factor G/(G − 1).
  case cr1 = "CR1"
  /// Sums over clusters with the factor G(n − 1)/((G − 1)(n − k)).
  case cr1s = "CR1S"
  /// Bias-reduced linearisation, with Satterthwaite degrees of freedom.
  case cr2 = "CR2"
  /// The approximate jackknife over clusters.
  case cr3 = "CR3"

  /// Whether clusters are needed.
  public var needsClusters: Bool {
    switch self {
    case .cr0, .cr1, .cr1s, .cr2, .cr3: true
    default: false
    }
  }
}

/// A covariance of coefficients, and the reference distribution that goes with it.
public struct RobustCovariance: Sendable, Equatable {
  /// Which estimator it is.
  public let type: CovarianceType
  /// The covariance of the coefficients.
  public let matrix: DenseMatrix
  /// The degrees of freedom of each coefficient's t statistic: infinite for `model` and HC,
  /// clusters − 1 for CR0, CR1, CR1S and CR3, Satterthwaite's for CR2.
  public let degreesOfFreedom: [Double]
  /// The number of clusters.
  public let clusterCount: Int?

  /// The standard errors.
  public var standardErrors: [Double] { matrix.diagonal.map { max(0, $0).squareRoot() } }
}

extension LogisticFit {
  /// The covariance of the coefficients under the given estimator.
  ///
  /// `clusters` names the cluster of every paper of the corpus; a paper without a name is a cluster
  /// of its own. With a single cluster the result is `nil`, as is any cluster estimator without
  /// clusters. After a penalised fit the scores are those of the likelihood. Cost: O(papers ×
  /// columns²); CR2 also the cube of the number of covariate patterns within each cluster.
  public func covariance(_ type: CovarianceType, clusters: [String?]? = nil) -> RobustCovariance? {
    let infinite = [Double](repeating: .infinity, count: coefficients.count)
    if type == .model {
      return RobustCovariance(
        type: type, matrix: covariance, degreesOfFreedom: infinite, clusterCount: nil)
    }
    let sandwich = SandwichEstimator(self)
    guard type.needsClusters else {
      return RobustCovariance(
        type: type, matrix: sandwich.heteroskedasticCovariance(type),
        degreesOfFreedom: infinite, clusterCount: nil)
    }
    guard let clusters, clusters.count == design.paperCount else { return nil }
    let members = ClusterMembers(papers.map { clusters[$0] })
    guard members.count > 1 else { return nil }
    let (matrix, degreesOfFreedom) = sandwich.clusterCovariance(type, clusters: members.rows)
    return RobustCovariance(
      type: type, matrix: matrix, degreesOfFreedom: degreesOfFreedom,
      clusterCount: members.count)
  }
}

/// The rows of each cluster, clusters in order of first appearance.
struct ClusterMembers: Sendable {
  /// The rows of each cluster.
  let rows: [[Int]]

  /// The number of clusters.
  var count: Int { rows.count }

  init(rows: [[Int]]) { self.rows = rows }

  init(_ labels: [String?]) {
    var rows: [[Int]] = []
    var known: [String: Int] = [:]
    for (row, label) in labels.enumerated() {
      if let label, let cluster = known[label] {
        rows[cluster].append(row)
      } else {
        if let label { known[label] = rows.count }
        rows.append([row])
      }
    }
    self.rows = rows
  }
}
