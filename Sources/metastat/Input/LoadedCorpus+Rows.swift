import SurveyStats

extension LoadedCorpus {
  /// Keeps the given rows, in the given order.
  mutating func keep(papers rows: [Int]) {
    guard !rows.elementsEqual(matrix.papers.indices) else { return }
    matrix = matrix.selecting(papers: rows)
    inputPositions = rows.map { inputPositions[$0] }
  }

  /// Puts the rows in the order of their papers, versions and raters, so that results do not depend on
  /// the order of the input.
  mutating func sortPapers() { keep(papers: matrix.papers.sortedRows) }

  /// Takes another matrix of the same input, whose rows are in the order of their identities.
  mutating func arrange(_ matrix: BinaryMatrix) {
    let order = matrix.papers.sortedRows
    self.matrix = matrix.selecting(papers: order)
    inputPositions = Array(order.indices)
  }

  /// Adds what was found in a further input; its matrix is joined elsewhere.
  mutating func add(_ other: LoadedCorpus) {
    problems += other.problems
    files += other.files
    filesFound += other.filesFound
    filesRead += other.filesRead
    duplicatesLeftOut += other.duplicatesLeftOut
    papersBeforeSelection += other.papersBeforeSelection
  }

  /// Chooses among several rows of one paper and among duplicates, as for scans.
  mutating func resolve(_ choice: RowChoice, duplicates: DuplicatePolicy, file: String) {
    let rows = choice(matrix.papers)
    chosen = rows
    keep(papers: rows.kept)
    let kept = matrix.papers
    let found = Duplicates(of: kept, policy: duplicates) { "\(file): \(kept[$0].slug)" }
    duplicatesLeftOut = matrix.papers.count - found.kept.count
    keep(papers: found.kept)
    problems += found.problems
  }

  /// What the choice of versions and raters means for the papers, a sentence each.
  var choiceRemarks: [String] {
    var remarks: [String] = []
    func papers(_ count: Int) -> String { count == 1 ? "1 paper" : "\(count) papers" }
    if let chosen, chosen.otherRaterCount > 0 {
      remarks.append(
        "of \(papers(chosen.otherRaterCount)) the answers of another rater are left out; "
          + "--rater-order says whose go before, --instrument all takes every version")
    }
    if let chosen, chosen.unorderedCount > 0 {
      remarks.append(
        "\(papers(chosen.unorderedCount)) \(chosen.unorderedCount == 1 ? "has" : "have") no rater of "
          + "--rater-order; the answers of others count")
    }
    if matrix.hasSeveralRaters {
      remarks.append(
        "\(size): the raters of a paper share its weight, and a paper is drawn whole; --rater or "
          + "--rater-order chooses among them")
    }
    return remarks
  }
}
