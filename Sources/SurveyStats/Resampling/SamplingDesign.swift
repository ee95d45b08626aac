/// How papers were sampled: which of them are drawn together, within which strata, and with what
/// weight.
///
/// The unit of resampling is the paper, or the cluster of papers when clusters are given. Units are
/// numbered stratum by stratum, and within a stratum in the order of their first paper, so that the
/// units of a stratum are contiguous.
///
/// Reference: Särndal, Swensson & Wretman (1992), *Model Assisted Survey Sampling*.
public struct SamplingDesign: Sendable, Equatable {
  /// The number of papers.
  public let paperCount: Int
  /// The number of resampling units.
  public let unitCount: Int
  /// The unit of each paper.
  public let unitOfPaper: [Int]
  /// The number of units in each stratum; one stratum when papers are not stratified.
  public let stratumSizes: [Int]
  /// The sampling weight of each paper; `nil` when all papers weigh the same.
  public let weights: [Double]?
  /// Whether each unit is exactly one paper.
  public let unitsArePapers: Bool

  /// Why a design is impossible.
  public enum DesignError: Error, Equatable, CustomStringConvertible {
    /// Papers of one cluster lie in two strata.
    case clusterCrossesStrata(cluster: String)

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .clusterCrossesStrata(let cluster):
        "cluster '\(cluster)' has papers in two strata; stratify by a column that is constant "
          + "within clusters, or drop one of the two"
      }
    }
  }

  /// Creates a design in which every paper is drawn by itself.
  public init(paperCount: Int) {
    self.paperCount = paperCount
    unitCount = paperCount
    unitOfPaper = Array(0..<paperCount)
    stratumSizes = [paperCount]
    weights = nil
    unitsArePapers = true
  }

  /// Creates a design from labels.
  ///
  /// - Parameters:
  ///   - paperCount: The number of papers.
  ///   - strata: The stratum label of each paper; `nil` for one stratum.
  ///   - clusters: The cluster label of each paper; `nil` when papers are drawn one by one.
  ///   - weights: The sampling weight of each paper, finite and not negative; `nil` for ones. Equal
  ///     weights are the same as none.
  /// - Throws: ``DesignError`` when a cluster lies in two strata.
  public init(
    paperCount: Int, strata: [String]? = nil, clusters: [String]? = nil, weights: [Double]? = nil
  ) throws(DesignError) {
    precondition(strata.map { $0.count == paperCount } ?? true)
    precondition(clusters.map { $0.count == paperCount } ?? true)
    precondition(weights.map { $0.count == paperCount } ?? true)
    precondition(weights?.allSatisfy { $0 >= 0 && $0 < .infinity } ?? true, "impossible weight")
    let stratumOfPaper = strata.map(Self.numbered) ?? [Int](repeating: 0, count: paperCount)
    let clusterOfPaper = clusters.map(Self.numbered) ?? Array(0..<paperCount)
    let clusterCount = (clusterOfPaper.max() ?? -1) + 1
    var stratumOfCluster = [Int](repeating: -1, count: clusterCount)
    for paper in 0..<paperCount {
      let cluster = clusterOfPaper[paper]
      if stratumOfCluster[cluster] >= 0, stratumOfCluster[cluster] != stratumOfPaper[paper] {
        throw .clusterCrossesStrata(cluster: clusters?[paper] ?? "")
      }
      stratumOfCluster[cluster] = stratumOfPaper[paper]
    }
    let stratumCount = max((stratumOfPaper.max() ?? -1) + 1, 1)
    var sizes = [Int](repeating: 0, count: stratumCount)
    for stratum in stratumOfCluster { sizes[stratum] += 1 }
    var next = [Int](repeating: 0, count: stratumCount)
    for stratum in 1..<stratumCount {
      next[stratum] = next[stratum - 1] + sizes[stratum - 1]
    }
    var unitOfCluster = [Int](repeating: 0, count: clusterCount)
    for cluster in 0..<clusterCount {
      unitOfCluster[cluster] = next[stratumOfCluster[cluster]]
      next[stratumOfCluster[cluster]] += 1
    }
    self.paperCount = paperCount
    unitCount = clusterCount
    unitOfPaper = clusterOfPaper.map { unitOfCluster[$0] }
    stratumSizes = sizes
    let isWeighted = weights.map { weights in weights.contains { $0 != weights[0] } } ?? false
    self.weights = isWeighted || weights?.first == 0 ? weights : nil
    unitsArePapers = clusterCount == paperCount
  }

  /// The papers, unit after unit and in their own order within a unit, and where each unit starts.
  ///
  /// The papers of unit u are `papers[starts[u]..<starts[u + 1]]`.
  public func papersByUnit() -> (papers: [Int], starts: [Int]) {
    var starts = [Int](repeating: 0, count: unitCount + 1)
    for unit in unitOfPaper { starts[unit + 1] += 1 }
    for unit in 0..<unitCount { starts[unit + 1] += starts[unit] }
    var next = starts
    var papers = [Int](repeating: 0, count: paperCount)
    for (paper, unit) in unitOfPaper.enumerated() {
      papers[next[unit]] = paper
      next[unit] += 1
    }
    return (papers, starts)
  }

  /// Whether any stratification takes place.
  public var isStratified: Bool { stratumSizes.count > 1 }

  /// Whether papers are drawn one by one, from one stratum, all with the same weight.
  public var drawsPapersAlike: Bool { unitsArePapers && weights == nil && !isStratified }

  /// Whether unit u is paper u, of the same weight as all.
  var hasUnitsInOrder: Bool { drawsPapersAlike }

  /// The totals of a per-paper quantity over the papers of each unit, times their weights.
  public func unitTotals(_ value: (_ paper: Int) -> Double) -> [Double] {
    var totals = [Double](repeating: 0, count: unitCount)
    for paper in 0..<paperCount {
      totals[unitOfPaper[paper]] += value(paper) * (weights?[paper] ?? 1)
    }
    return totals
  }

  /// Numbers labels by their first appearance.
  private static func numbered(_ labels: [String]) -> [Int] {
    var numbers: [String: Int] = [:]
    return labels.map { label in
      if let number = numbers[label] { return number }
      let number = numbers.count
      numbers[label] = number
      return number
    }
  }
}

extension SamplingDesign {
  /// The weights of the papers, scaled so that those of positive weight have a mean of one.
  ///
  /// `nil` where papers weigh the same; all zero where all are.
  ///
  /// Cells and sums of so weighted papers are of the size of counts, whatever the weights' unit.
  var relativeWeights: [Double]? {
    guard let weights else { return nil }
    let total = weights.reduce(0, +)
    guard total > 0 else { return weights }
    let scale = Double(weights.count { $0 > 0 }) / total
    return weights.map { $0 * scale }
  }
}
