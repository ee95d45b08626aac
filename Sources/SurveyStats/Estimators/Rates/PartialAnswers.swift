extension Note {
  /// Partial answers are among the answers of no.
  static func partialAnswers(_ count: Int) -> Note {
    Note(
      "partial-answers-are-no", detail: "\(count)", effect: .remark,
      words: "\(count) partial answer\(count == 1 ? "" : "s") count\(count == 1 ? "s" : "") as no")
  }
}
