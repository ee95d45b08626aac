import SurveyStats

extension Console {
  /// How many problems of one kind are said each; of more the first, and how many they are.
  private static let fewProblems = 2

  /// Says what is wrong with the input: what was left out as a warning, everything else as a note.
  func say(_ problems: [ScanProblem]) {
    var kinds: [(kind: ScanProblem.Kind, severity: ScanProblem.Severity)] = []
    for problem in problems
    where !kinds.contains(where: { $0 == (problem.kind, problem.severity) }) {
      kinds.append((problem.kind, problem.severity))
    }
    for (kind, severity) in kinds {
      let alike = problems.filter { $0.kind == kind && $0.severity == severity }
      let isFew = isVerbose || alike.count <= Self.fewProblems
      for problem in isFew ? alike[...] : alike.prefix(1) {
        let rest = isFew ? "" : "; \(alike.count - 1) more of this kind, which --verbose says"
        severity == .leftOut ? warning("\(problem)\(rest)") : note("\(problem)\(rest)")
      }
    }
  }
}
