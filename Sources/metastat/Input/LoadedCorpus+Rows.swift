import SurveyStats

extension LoadedCorpus {
  /// Keeps the given rows, in the given order.
  mutating func keep(papers rows: [Int]) {
    guard rows != Array(matrix.papers.indices) else { return }
    matrix = matrix.selecting(papers: rows)
    inputPositions = rows.map { inputPositions[$0] }
  }

  /// Puts the papers in the order of their slugs and versions, so that results do not depend on the
  /// order of the input.
  mutating func sortPapers() { keep(papers: matrix.papers.sortedRows) }

  /// Chooses among several rows of one paper and among duplicates, as for scans.
  mutating func resolve(versions: VersionChoice, duplicates: DuplicatePolicy, file: String) {
    let papers = matrix.papers
    let slugs = SlugNumbers(papers)
    var newest = [Int](repeating: 0, count: slugs.count)
    for (row, number) in slugs.ofRow.enumerated() {
      newest[number] = max(newest[number], papers[row].version ?? 0)
    }
    keep(
      papers: papers.indices.filter { row in
        let version = papers[row].version ?? 0
        return switch versions {
        case .version(let wanted): version == wanted
        case .newest: version == newest[slugs.ofRow[row]]
        case .all: true
        }
      })
    otherScans = papers.count - matrix.papers.count
    let kept = matrix.papers
    let found = Duplicates(of: kept, policy: duplicates) { "\(file): \(kept[$0].slug)" }
    duplicatesLeftOut = matrix.papers.count - found.kept.count
    keep(papers: found.kept)
    problems += found.problems
  }
}
