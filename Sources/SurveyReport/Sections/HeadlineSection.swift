import SurveyStats

extension ReportSection {
  /// The numbers that a post starts with: sizes, the share that passes, strongest and weakest items.
  static let headline = ReportSection(id: "headline", title: "In short") { analysis in
    let matrix = analysis.matrix
    guard let overall = analysis.overall else {
      throw SectionSkipped("no item applies to any paper")
    }
    let majority = Majority(lower: overall.lower, upper: overall.upper)
    let verdict =
      switch majority {
      case .most: "more than half"
      case .few: "fewer than half"
      case .unclear: "the data cannot tell whether that is more or less than half"
      }
    let hasAll = matrix.items.indices.allSatisfy {
      matrix.asked.count(column: $0) == matrix.papers.count
    }
    var sentences: [Sentence] = [
      """
      \(Sentence.number("papers", matrix.distinctPaperCount, of: "paper was", "papers were")) asked \
      \(words: hasAll ? "" : "up to ")\(Sentence.number("items", matrix.items.count, of: "question", "questions")), and \
      \(Sentence.number("answers", overall.applicableCount, of: "answer applies", "answers apply")).
      """,
      """
      Of these answers \(analysis.quoted(overall)) are yes: \
      \(words: verdict).
      """,
    ]
    let least = leastPapers(of: matrix)
    let ranked = analysis.rankedItems.filter { $0.applicableCount >= least }
    let phrase = { (rate: Rate) -> Sentence in
      """
      \(name: analysis.label(of: rate.target)) \
      \(analysis.quoted(rate))
      """
    }
    var listed = ranked
    if ranked.count > 6 {
      listed = Array(ranked.prefix(3) + ranked.suffix(3))
      sentences.append("Most often passed: \(Sentence.list(ranked.prefix(3).map(phrase))).")
      sentences.append(
        "Least often passed: \(Sentence.list(ranked.suffix(3).reversed().map(phrase))).")
    } else if !ranked.isEmpty {
      sentences.append(
        "From the most to the least often passed: \(Sentence.list(ranked.map(phrase))).")
    }
    let rows = [overall] + listed
    let table = analysis.table(of: rows, name: "headline")
    return Section(
      id: "headline", title: "In short", sentences: sentences,
      tables: [
        SectionTable(
          table,
          caption: """
            The share of all answers that is yes, and the items that stand out among those that \
            apply to at least \(.papers(least, as: "least_papers")): yes \
            over applicable answers.
            """)
      ])
  }

  /// How many papers an item must apply to before it is called strong or weak: a tenth of the
  /// papers, at most 30 and at least ten, or all of fewer.
  static func leastPapers(of matrix: BinaryMatrix) -> Int {
    min(30, max(min(10, matrix.papers.count), matrix.papers.count / 10))
  }
}
