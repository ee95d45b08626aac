extension BinaryMatrix {
  /// Whether any row has a weight.
  package var hasWeights: Bool { !papers.lack(.weight) && papers.contains { $0.weight != nil } }

  /// Whether a paper and version has rows of several raters.
  public var hasSeveralRaters: Bool { raterShares != nil }

  /// The share that each row has in its paper and version: one over the number of its raters; `nil`
  /// when no paper has several raters of one version.
  ///
  /// Together the raters of a paper count as one, so that papers that many have read do not count
  /// more. Rows of several versions count each, as different questions were asked.
  public var raterShares: [Double]? {
    let slugs = slugNumbers
    guard slugs.count < papers.count else { return nil }
    struct Key: Hashable {
      let paper: Int
      let version: Int?
    }
    var counts: [Key: Int] = [:]
    let keys = papers.indices.map { Key(paper: slugs.ofRow[$0], version: papers[$0].version) }
    for key in keys { counts[key, default: 0] += 1 }
    guard counts.count < papers.count else { return nil }
    return keys.map { 1 / Double(counts[$0] ?? 1) }
  }

  /// The weight of each row: that of its paper, which is 1 where none is stated, times its share among
  /// the raters; `nil` when neither is to be had.
  ///
  /// - Parameters:
  ///   - usesColumn: Whether the weights of the papers count.
  ///   - sharesRaters: Whether the raters of a paper share its weight.
  public func rowWeights(usesColumn: Bool = true, sharesRaters: Bool = true) -> [Double]? {
    let isWeighted = usesColumn && hasWeights
    let shares = sharesRaters ? raterShares : nil
    guard isWeighted || shares != nil else { return nil }
    return papers.indices.map { row in
      (isWeighted ? papers[row].weight ?? 1 : 1) * (shares?[row] ?? 1)
    }
  }
}
