import SurveyStats

/// Two items in the same papers.
extension CompareCommand {
  /// Compares the pairs asked for and writes them.
  func writePairs(_ matrix: BinaryMatrix, console: Console) async throws {
    var names: [(first: String, second: String)] = stride(from: 0, to: pair.count, by: 2)
      .map { (pair[$0], pair[$0 + 1]) }
    if let pairs {
      let file: ItemPairs = try JSONFile.decode(pairs)
      names += file.pairs.map { ($0.visible, $0.invisible) }
    }
    let ids = matrix.items.map(\.id)
    let columns = try names.map { names throws(CommandFailure) in
      (
        first: try column(names.first, of: matrix), second: try column(names.second, of: matrix)
      )
    }
    if let same = columns.first(where: { $0.first == $0.second }) {
      throw CommandFailure(
        .usage, "--pair takes two different items, not '\(ids[same.first])' twice")
    }
    var rows = columns.map { first, second in
      PairDifference(
        first: ids[first].description, second: ids[second].description,
        counts: PairedProportions(matrix, first, second), level: resampling.level)
    }
    let sample = try await resample(of: matrix, console: console) { design in
      DifferenceStatistic(columns.map { .init(matrix, pair: $0) }, design: design)
    }
    replaceIntervals(of: &rows, by: sample)
    try write(
      Table(pairs: rows, level: resampling.level, adjustment: adjust),
      sentences: rows.map(\.sentence))
  }

  /// The column of the item with that name, with or without its category.
  private func column(_ name: String, of matrix: BinaryMatrix) throws(CommandFailure) -> Int {
    do throws(VariableError) {
      return try matrix.variables.item(name)
    } catch { throw CommandFailure(error, option: "--pair") }
  }
}
