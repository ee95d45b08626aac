import SurveyStats

/// Sentences of made-up scans, with what makes text hard to read as JSON.
///
/// Quotes, backslashes, line ends, multi-byte characters, and strings that look like keys of a
/// scan, so that a reader which does not honour the bounds of strings goes wrong.
enum SimulatedText {
  private static let words = [
    "the", "paper", "reports", "results", "of", "several", "models", "without", "variance", "in",
    "table", "a", "baseline", "and", "its", "budget", "are", "stated", "authors", "describe",
    "prompts", "for", "each", "benchmark", "no", "seeds", "given", "appendix", "lists", "code",
  ]
  private static let oddities = [
    "§3.2", "±2σ", "naïve", "50–100", "中文", "📊", "\"quoted\"", "a\\b", "line\nbreak", "tab\there",
    "\"applies\": true,", "{\"answer\": false}", "]}", "R²=0.71", "\u{1}", "\u{2028}",
  ]

  /// A sentence of about the given number of characters.
  static func sentence(length: Int, from stream: inout RandomStream) -> String {
    var text = "The"
    var count = 3
    while count < length {
      let bits = stream.next()
      let word =
        bits & 31 == 0
        ? oddities[Int(bits >> 32 % UInt64(oddities.count))]
        : words[Int(bits >> 32 % UInt64(words.count))]
      text += " "
      text += word
      count += word.utf8.count + 1
    }
    return text + "."
  }
}
