import SurveyStats

/// What came of reading mutants of scans.
struct FuzzOutcome {
  /// The number of mutants read.
  var mutantCount = 0
  /// The number of mutants that became a scan, and of these, those with a note.
  var readCount = 0
  var notedCount = 0
  /// How many mutants were left out, by the kind of the first problem that cost the file.
  var leftOut: [ScanProblem.Kind: Int] = [:]
  /// The promises that were broken, each with the mutant that broke it.
  var failures: [String] = []

  /// Counts what the reader made of a mutant, and checks what it promises of any input.
  mutating func add(_ corpus: Corpus, mutant: Int) {
    func expect(_ isKept: Bool, _ promise: String) {
      if !isKept { failures.append("mutant \(mutant): \(promise)") }
    }
    mutantCount += 1
    expect(corpus.filesFound == 1, "one file is found")
    expect(corpus.scans.count == corpus.filesRead, "every file read gives a scan")
    expect(
      corpus.problems.allSatisfy { !$0.description.contains(where: \.isNewline) },
      "a problem is one line")
    expect(
      BinaryMatrix(corpus).items.count == corpus.items.count, "every item found is in the matrix")
    if corpus.filesRead == 1 {
      readCount += 1
      if !corpus.problems.isEmpty { notedCount += 1 }
    } else {
      let reason = corpus.problems.first { $0.severity == .leftOut }
      expect(reason != nil, "a file that is left out has a problem")
      if let reason { leftOut[reason.kind, default: 0] += 1 }
    }
  }

  /// The counts, one a line.
  var summary: String {
    let leftOutCount = leftOut.values.reduce(0, +)
    let kinds = leftOut.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    let lines =
      [
        "\(mutantCount) mutants",
        "\(readCount) read, \(notedCount) of them with problems reported",
        "\(leftOutCount) left out, each with a problem reported:",
      ]
      + kinds.map { "  \($0.key.rawValue): \($0.value)" }
      + ["\(failures.count) broken promises"]
      + failures.prefix(20).map { "  " + $0 }
    return lines.joined(separator: "\n")
  }
}
