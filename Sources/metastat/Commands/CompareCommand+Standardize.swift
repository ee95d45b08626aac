import SurveyStats

/// Groups at a common mix.
extension CompareCommand {
  /// Writes the differences of the contrasts at a common mix.
  func writeStandardized(
    _ matrix: BinaryMatrix, _ contrasts: [GroupContrast], console: Console
  ) async throws {
    var differences: [StandardizedDifference] = []
    do throws(ModelFormulaError) {
      for target in RateTarget.all(in: matrix, levels: rows.levels) {
        for contrast in contrasts {
          differences.append(
            try StandardizedDifference(
              matrix, target: target, contrast: contrast, columns: standardize,
              method: standardization, level: resampling.level))
        }
      }
    } catch {
      if case .variable(let error) = error {
        throw CommandFailure(error, option: "--standardize", in: corpus)
      }
      throw CommandFailure(.usage, "--standardize: \(error)")
    }
    guard differences.contains(where: { $0.estimate != nil }) else {
      throw CommandFailure(
        .estimation,
        "nothing could be standardised: \(differences.first?.note ?? "there are no rows")")
    }
    let sample = try await resample(of: matrix, console: console) { design in
      StandardizedStatistic(differences, design: design)
    }
    replaceIntervals(of: &differences, by: sample)
    try write(
      Table(standardized: differences, level: resampling.level, adjustment: adjust),
      sentences: differences.map(\.sentence))
  }

  /// Writes the rates of all groups at a common mix.
  func writeRates(
    _ matrix: BinaryMatrix, _ labels: [String?], console: Console
  ) throws {
    let columns = try standardize.map { column throws(CommandFailure) in
      try self.labels(column, option: "--standardize", of: matrix, console: console)
    }
    let strata = matrix.papers.indices.map { paper -> String? in
      let values = columns.compactMap { $0[paper] }
      return values.count == columns.count ? values.joined(separator: ", ") : nil
    }
    let rows = matrix.items.indices.map { item in
      (
        term: matrix.items[item].id.description,
        standardization: Standardization(
          answers: matrix.outcome(item: item).values, groups: labels, strata: strata,
          commonStrataOnly: true)
      )
    }
    try output.write(Table(standardizedRates: rows, level: resampling.level))
  }
}
