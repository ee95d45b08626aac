extension GroupComparison {
  /// Adjusts the p-values of all rows by Westfall and Young's joint permutations (``JointPermutations``).
  ///
  /// Within a contrast only its own papers are permuted, as those of a third group that differs would
  /// make its items vary too much; over several contrasts the adjusted values are Bonferroni's. No adjusted
  /// value is below its p-value.
  ///
  /// Where papers are not exchangeable, as they are weighted, clustered or stratified, stand in several
  /// rows, or were asked other items (the share of papers asked an item differs between the groups by 20
  /// points or more), all rows have Holm's values and the note `holm-for-westfall-young`.
  ///
  /// - Parameters:
  ///   - rows: The rows of all targets and contrasts, as the comparison gives them.
  ///   - matrix: The answers.
  ///   - jobs: How many contrasts are worked at at a time.
  func adjustJointly(
    _ rows: inout [GroupDifference], _ matrix: BinaryMatrix, jobs: Int
  ) async throws {
    if let reason = notExchangeable(matrix, rows) {
      let adjusted = PValueAdjustment.holm(rows.map(\.pValue))
      for index in rows.indices {
        rows[index].adjustedPValue = adjusted[index]
        rows[index].notes.append(.holmForWestfallYoung(reason))
      }
      return
    }
    let families = contrasts.enumerated().map { number, contrast in
      (
        number: number, contrast: contrast,
        members: rows.indices.filter {
          rows[$0].contrast.first == contrast.first && rows[$0].contrast.second == contrast.second
            && rows[$0].pValue != nil
        }
      )
    }.filter { !$0.members.isEmpty }
    let (all, replicates, seed) = (rows, permutations ?? GroupHomogeneity.usualPermutations, seed)
    let found = try await concurrentMap(families, jobs: jobs) { family in
      try Task.checkCancellation()
      let papers = family.contrast.firstPapers + family.contrast.secondPapers
      let isFirst = Set(family.contrast.firstPapers)
      return JointPermutations(
        family.members.map { all[$0].residuals(papers, matrix) },
        isFirst: papers.map(isFirst.contains), replicates: replicates,
        stream: RandomStream(seed: seed, stream: UInt64(family.number), substream: 0x57_59))
    }
    for (family, joint) in zip(families, found) {
      for (position, index) in family.members.enumerated() {
        guard let joint, let pValue = rows[index].pValue else { continue }
        rows[index].adjustedPValue = max(
          pValue, min(1, Double(families.count) * joint.pValues[position]))
      }
    }
  }

  /// Why papers may not be permuted between the groups; `nil` where they may.
  private func notExchangeable(_ matrix: BinaryMatrix, _ rows: [GroupDifference]) -> String? {
    if let design, !design.drawsPapersAlike {
      return design.weights != nil
        ? "weights" : !design.unitsArePapers ? "clusters" : "strata"
    }
    let items = Set(rows.flatMap(\.target.items)).sorted()
    for contrast in contrasts {
      for item in items {
        func share(_ papers: [Int]) -> Double {
          Double(papers.count { matrix.asked[$0, item] }) / Double(max(1, papers.count))
        }
        if abs(share(contrast.firstPapers) - share(contrast.secondPapers)) >= 0.2 {
          return "items-asked"
        }
      }
    }
    return nil
  }
}

extension GroupDifference {
  /// The residuals of the papers of the contrast: each item's answers less its rate in both groups,
  /// weighted as in the difference; of a crude difference the papers' scores less their mean.
  func residuals(_ papers: [Int], _ matrix: BinaryMatrix) -> JointPermutations.Residuals {
    var values = [Double](repeating: 0, count: papers.count)
    var squares = values
    if score?.mix == .crude {
      let scores = matrix.percentYes(items: items)
      let known = papers.compactMap { scores[$0] }
      let mean = known.reduce(0, +) / Double(max(1, known.count))
      for (position, paper) in papers.enumerated() {
        guard let score = scores[paper] else { continue }
        values[position] = score - mean
        squares[position] = 1
      }
      return JointPermutations.Residuals(values: values, squares: squares)
    }
    for (place, item) in items.enumerated() {
      let answered = papers.indices.filter { matrix.applies[papers[$0], item] }
      guard !answered.isEmpty else { continue }
      let count = Double(answered.count)
      let rate = Double(answered.count { matrix.yes[papers[$0], item] }) / count
      let weight = place < itemWeights.count ? itemWeights[place] / count : 1
      for position in answered {
        values[position] += weight * ((matrix.yes[papers[position], item] ? 1 : 0) - rate)
        squares[position] += weight * weight * rate * (1 - rate)
      }
    }
    return JointPermutations.Residuals(values: values, squares: squares)
  }
}

extension Note {
  /// The p-values are adjusted by Holm's procedure, as papers may not be permuted between groups.
  static func holmForWestfallYoung(_ reason: String) -> Note {
    Note(
      "holm-for-westfall-young", detail: reason, effect: .remark,
      words: "p-values are adjusted by Holm's procedure, as papers are not exchangeable ("
        + reason.replacing("-", with: " ") + ")")
  }
}
