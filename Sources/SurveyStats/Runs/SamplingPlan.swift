/// How the papers of a matrix were sampled, by the names of its columns.
///
/// A plan alone makes a ``SamplingDesign`` of a matrix, or of a part of it.
public struct SamplingPlan: Sendable, Hashable {
  /// The column of the strata, whose sizes stay fixed; `nil` for one stratum.
  public var stratum: String?
  /// The column of the clusters, which are drawn whole; `nil` when papers are drawn one by one.
  public var cluster: String?
  /// Whether the weights of the papers count.
  public var usesWeights: Bool

  /// Whether the raters of a paper share its weight; see ``BinaryMatrix/raterShares``.
  public var sharesRaters = true

  /// Papers drawn one by one, with the weights that they have.
  public init(stratum: String? = nil, cluster: String? = nil, usesWeights: Bool = true) {
    self.stratum = stratum
    self.cluster = cluster
    self.usesWeights = usesWeights
  }

  /// Why a plan makes no design.
  public enum PlanError: Error, Equatable {
    /// The variable of the strata is none, or no paper has a value.
    case stratum(VariableError)
    /// The variable of the clusters is none, or no paper has a value.
    case cluster(VariableError)
    /// The strata and clusters contradict each other.
    case impossible(SamplingDesign.DesignError)
  }

  /// The features that the papers of a matrix have under this plan.
  public func features(of matrix: BinaryMatrix) -> Set<SamplingFeature> {
    var features: Set<SamplingFeature> = []
    if usesWeights && matrix.hasWeights
      || sharesRaters && matrix.hasSeveralRaters
    {
      features.insert(.weights)
    }
    if cluster != nil { features.insert(.clusters) }
    if stratum != nil { features.insert(.strata) }
    if matrix.distinctPaperCount < matrix.papers.count { features.insert(.repeatedPapers) }
    return features
  }

  /// The plan without a feature; rows of one paper always stay one unit.
  func without(_ feature: SamplingFeature) -> SamplingPlan {
    var plan = self
    switch feature {
    case .weights:
      plan.usesWeights = false
      plan.sharesRaters = false
    case .clusters: plan.cluster = nil
    case .strata: plan.stratum = nil
    case .repeatedPapers: break
    }
    return plan
  }

  /// The design of a matrix.
  ///
  /// A paper without a value in the column of the strata is in a stratum of its own kind; one without
  /// a value in that of the clusters is a cluster by itself. Several rows of a paper are one unit. A
  /// paper without a weight weighs 1.
  public func design(of matrix: BinaryMatrix) throws(PlanError) -> SamplingDesign {
    let papers = matrix.papers
    var strata: [String]?
    do throws(VariableError) {
      if let stratum { strata = try matrix.strata(of: stratum) }
    } catch { throw .stratum(error) }
    let clusters: [String]?
    do throws(VariableError) {
      clusters = try matrix.clusters(of: cluster)
    } catch { throw .cluster(error) }
    do {
      return try SamplingDesign(
        paperCount: papers.count, strata: strata, clusters: clusters,
        weights: matrix.rowWeights(usesColumn: usesWeights, sharesRaters: sharesRaters))
    } catch { throw .impossible(error) }
  }
}
