import SurveyStats

/// Topics on which claims pull in two directions, as a file has them.
struct TensionFile {
  private let path: String
  private let topics: [Tensions.Topic]

  /// Reads a file.
  init(_ path: String) throws(CommandFailure) {
    let file: Tensions = try JSONFile.decode(path)
    self.path = path
    topics = file.tensions
  }

  /// The papers on the sides of each topic.
  ///
  /// - Parameters:
  ///   - matrix: The papers.
  ///   - claims: The claims of each paper, `claim_text` in conditions.
  ///   - flags: The red flags of each paper, `flag_text` in conditions.
  ///   - level: The confidence level.
  ///   - corpus: Where the papers came from, for the remedies of errors.
  func rows(
    of matrix: BinaryMatrix, claims: [[String]], flags: [[String]], level: Double,
    corpus: CorpusOptions
  ) throws(CommandFailure) -> [TensionRow] {
    var papers = matrix.papers
    for index in papers.indices {
      papers[index].covariates["claim_text"] = claims[index].joined(separator: "\n")
      papers[index].covariates["flag_text"] = flags[index].joined(separator: "\n")
    }
    let variables = matrix.replacing(papers: papers).variables
    let scores = PaperScores(matrix).overall.values
    return try topics.map { topic throws(CommandFailure) in
      do throws(VariableError) {
        return try TensionRow(topic, of: variables, scores: scores, level: level)
      } catch {
        throw CommandFailure(error, option: "\(path): \(topic.name)", in: corpus)
      }
    }
  }
}
