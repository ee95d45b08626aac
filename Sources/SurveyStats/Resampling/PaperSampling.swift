/// Whether papers were drawn one by one and alike, as the tests of independent papers take it.
public struct PaperSampling: Sendable, Hashable {
  /// Whether papers have unequal weights.
  let isWeighted: Bool
  /// Whether papers were drawn in clusters.
  let isClustered: Bool
  /// Whether papers were drawn within strata.
  let isStratified: Bool

  /// Papers drawn one by one with equal weights.
  public static let alike = PaperSampling(
    isWeighted: false, isClustered: false, isStratified: false)

  /// Whether papers were drawn one by one with equal weights.
  public var isAlike: Bool { self == .alike }

  /// What a table says about how the errors of its estimates are made; `nil` for papers drawn alike.
  var errorNote: String? {
    guard !isAlike else { return nil }
    var words: [String] = []
    if isWeighted {
      words.append(
        "Papers count with their weights; n counts papers, n_effective equal ones of the same worth."
      )
    }
    words.append(
      "Errors are linearised over \(isClustered ? "clusters" : "papers")"
        + (isStratified ? " within strata" : "")
        + ", limits and p-values those of Student's t.")
    return words.joined(separator: " ")
  }
}

extension SamplingDesign {
  /// Which assumptions of independent papers the design leaves.
  public var sampling: PaperSampling {
    PaperSampling(
      isWeighted: weights != nil, isClustered: !unitsArePapers, isStratified: isStratified)
  }
}
