import SurveyStats

extension Situation {
  /// Groups of unequal size and rare answers: the default tests and intervals of `compare`.
  ///
  /// The rate is 2, 5 or 10 % in all groups; with an effect it is three times as high in the first group, or
  /// for the first of two items.
  func sparse(_ stream: inout RandomStream) -> [Finding] {
    var findings: [Finding] = []
    for rate in [0.02, 0.05, 0.1] {
      for share in [0.5, 0.3, 0.1] {
        findings += sparseGroups(rate, share, &stream)
      }
      for isNested in [true, false] {
        for share in [0.5, 0.2] {
          findings.append(sparseClusters(rate, share, isNested: isNested, &stream))
        }
      }
      findings += sparsePairs(rate, &stream)
      if !hasEffect { findings += sparseHomogeneity(rate, &stream) }
    }
    return findings
  }

  private func percent(_ share: Double) -> String { NumberFormat.fixed(100 * share, digits: 0) }

  /// An item, and ten of them whose answers are correlated by 0.2, in two groups.
  private func sparseGroups(
    _ rate: Double, _ share: Double, _ stream: inout RandomStream
  ) -> [Finding] {
    let count = max(2, Int((Double(unitCount) * share).rounded()))
    let first = hasEffect ? 3 * rate : rate
    var answers: [[Bool]] = []
    for paper in 0..<unitCount {
      let own = stream.beta(mean: paper < count ? first : rate, correlation: 0.2)
      answers.append((0..<10).map { _ in stream.uniform() < own })
    }
    let matrix = BinaryMatrix(
      papers: answers.indices.map { Paper(slug: "p\($0)", group: $0 < count ? "a" : "b") },
      items: (0..<10).map { Item(id: ItemID("a.item\($0)")) }
    ) { answers[$0][$1] ? .yes : .no }
    let all = RateTarget.all(in: matrix, levels: [.item, .overall])
    let contrasts = GroupContrast.all(of: matrix.papers.map(\.group), rule: .pairs)
    let rows = GroupComparison(contrasts, seed: stream.next()).estimate(
      matrix, targets: [all[0], all[all.count - 1]])
    let name = "\(percent(rate))%, \(percent(share)):\(percent(1 - share))"
    return zip(["rare item: difference", "mean of ten rare items: difference"], rows).map {
      Finding(
        Method($0, name), truth: first - rate, $1.difference, pValue: $1.pValue)
    }
  }

  /// An item in clusters of one to nine papers, whose answers are correlated by 0.1.
  private func sparseClusters(
    _ rate: Double, _ share: Double, isNested: Bool, _ stream: inout RandomStream
  ) -> Finding {
    let first = hasEffect ? 3 * rate : rate
    var papers: [Paper] = []
    var answers: [Bool] = []
    var cluster = 0
    while papers.count < unitCount {
      let size = [1, 3, 5, 7, 9][cluster % 5]
      let isFirst = Double(cluster % 5 * 2 + cluster / 5 % 2) < 10 * share
      let level = stream.beta(mean: 0.5, correlation: 0.1)
      for _ in 0..<min(size, unitCount - papers.count) {
        let inFirst = isNested ? isFirst : stream.uniform() < share
        // The cluster's level moves the odds, so that its mean is the rate.
        let own = inFirst ? first : rate
        let odds = own / (1 - own) * level / (1 - level)
        papers.append(
          Paper(slug: "p\(papers.count)", venue: "v\(cluster)", group: inFirst ? "a" : "b"))
        answers.append(stream.uniform() < min(odds / (1 + odds), 1))
      }
      cluster += 1
    }
    let matrix = BinaryMatrix(papers: papers, items: [Item(id: ItemID("a.item"))]) { paper, _ in
      answers[paper] ? .yes : .no
    }
    let name =
      "\(percent(rate))%, \(percent(share)):\(percent(1 - share)), "
      + (isNested ? "clusters in one group" : "clusters in both")
    let method = Method("rare item in clusters: difference", name)
    let contrasts = GroupContrast.all(of: papers.map(\.group), rule: .pairs)
    guard !hasEffect, let contrast = contrasts.first,
      let design = try? SamplingDesign(
        paperCount: papers.count, clusters: papers.map { $0.venue ?? "" })
    else { return Finding(method, truth: 0, nil, pValue: hasEffect ? nil : 1) }
    let row = GroupComparison([contrast], design: design).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]))[0]
    return Finding(method, truth: 0, row.difference, pValue: row.pValue ?? 1)
  }

  /// Two rare items of the same papers, half of which answer both alike; each applies to 80 % of them.
  private func sparsePairs(_ rate: Double, _ stream: inout RandomStream) -> [Finding] {
    let first = hasEffect ? 3 * rate : rate
    let cells = (0..<unitCount).map { _ -> [Cell] in
      let draws = [stream.uniform(), stream.uniform()]
      let isAlike = stream.uniform() < 0.5
      let answers = [draws[0] < first, draws[isAlike ? 0 : 1] < rate]
      return answers.map { stream.uniform() < 0.2 ? .notApplicable : $0 ? .yes : .no }
    }
    let matrix = BinaryMatrix(
      papers: cells.indices.map { Paper(slug: "p\($0)") },
      items: [Item(id: ItemID("a.first")), Item(id: ItemID("a.second"))]
    ) { cells[$0][$1] }
    return Pairs.Basis.allCases.map { basis in
      let row = PairDifference(matrix, 0, 1, basis: basis)
      return Finding(
        Method("two rare items: difference", "\(percent(rate))%, \(basis.rawValue)"),
        truth: first - rate, row.difference, pValue: row.pValue ?? 1)
    }
  }

  /// Three groups of shares 60, 30 and 10 %.
  private func sparseHomogeneity(_ rate: Double, _ stream: inout RandomStream) -> [Finding] {
    let sizes = [0.6, 0.3, 0.1].map { max(2, Int((Double(unitCount) * $0).rounded())) }
    let yes = sizes.map { size in (0..<size).count { _ in stream.uniform() < rate } }
    let p = GroupHomogeneity(counts: sizes, yes: yes, seed: stream.next())?.pValue
    let scores = sizes.map { size in
      (0..<size).map { _ in
        let own = stream.beta(mean: rate, correlation: 0.2)
        return Double((0..<10).count { _ in stream.uniform() < own }) / 10
      }
    }
    let ranks = GroupHomogeneity(scores: scores, seed: stream.next())?.pValue
    return [
      Finding(
        Method("rare item: equal rates of three groups", "\(percent(rate))%"), truth: 0, nil,
        pValue: p ?? 1),
      Finding(
        Method("mean of ten rare items: equal scores of three groups", "\(percent(rate))%"),
        truth: 0, nil, pValue: ranks ?? 1),
    ]
  }
}
