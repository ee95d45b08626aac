import SurveyStats

/// What the cells of a column are like.
struct ColumnProfile {
  /// A word in its normal form.
  struct Word {
    /// As it stands in the first cell that has it.
    let text: String
    /// What it is called, where codes have labels.
    let meaning: String
    let cell: Cell?
    let number: Double?
    var count: Int
    let firstRow: Int
    let isMissingCode: Bool
  }

  /// The words of cells that are not empty, in order of first appearance.
  private(set) var words: [Word] = []
  private(set) var emptyCount = 0
  private(set) var filledCount = 0
  private(set) var longest = 0
  private(set) var hasLineBreaks = false

  init(_ column: NamedTable.Column, reading words: WordReader) {
    var counts = [Int](repeating: 0, count: column.texts.count)
    var firsts = [Int](repeating: -1, count: column.texts.count)
    for (row, code) in column.codes.enumerated() {
      counts[Int(code)] += 1
      if firsts[Int(code)] < 0 { firsts[Int(code)] = row }
    }
    var numbers: [String: Int] = [:]
    for code in column.texts.indices where counts[code] > 0 {
      let text = column.texts[code]
      let trimmed = WordForm.trimmed(text)
      guard !trimmed.isEmpty else {
        emptyCount += counts[code]
        continue
      }
      filledCount += counts[code]
      longest = max(longest, trimmed.utf8.count)
      if trimmed.contains("\n") { hasLineBreaks = true }
      let normal = words.normal(trimmed)
      if let number = numbers[normal] {
        self.words[number].count += counts[code]
      } else {
        numbers[normal] = self.words.count
        let meaning = column.notes.valueLabels[trimmed] ?? column.notes.valueLabels[normal]
        self.words.append(
          Word(
            text: trimmed, meaning: meaning ?? trimmed,
            cell: words.cell(normal: normal, meaning: meaning),
            number: WordForm.number(trimmed, decimal: words.decimal), count: counts[code],
            firstRow: firsts[code],
            isMissingCode: column.notes.missingCodes.contains(trimmed)
              || column.notes.missingCodes.contains(normal)))
      }
    }
  }

  func count(where condition: (Word) -> Bool) -> Int {
    words.reduce(0) { $0 + (condition($1) ? $1.count : 0) }
  }

  /// The cells that say yes or no.
  var answerCount: Int { count { $0.cell == .yes || $0.cell == .no } }
  var unknownWords: [Word] { words.filter { $0.cell == nil } }
  var unknownCount: Int { count { $0.cell == nil } }
  /// Whether every cell has a text and no two the same.
  var isUnique: Bool { emptyCount == 0 && words.count == filledCount && filledCount > 0 }
  /// Whether all values are numbers, missing ones aside.
  var isNumeric: Bool {
    let values = words.filter { $0.number != nil }
    return !values.isEmpty
      && words.allSatisfy { $0.number != nil || $0.cell == .notApplicable || $0.cell == .absent }
  }
  var numbers: [Double] { words.compactMap(\.number) }
}

/// Reads words as answers: those of the command line first, then those that are built in.
struct WordReader {
  var decimal = DecimalSign.point
  /// Words that were declared, in their normal form.
  var declared: [String: Cell] = [:]
  /// What partial answers earn, by their normal form.
  var credit: [String: Double] = [:]
  /// A scale whose numbers earn a share of a point.
  var scale: Recipe.Scale?
  /// The same words as they were written.
  var texts: [String: String] = [:]
  var vocabulary = Vocabulary.builtIn

  func normal(_ text: String) -> String { WordForm.normal(text, decimal: decimal) }

  func cell(normal: String, meaning: String?) -> Cell? {
    if let cell = declared[normal] { return cell }
    if let share = credit[normal] { return share > 0 ? .yes : .no }
    guard let meaning else { return vocabulary.cell(normal) }
    let label = self.normal(meaning)
    return declared[label] ?? credit[label].map { $0 > 0 ? .yes : .no } ?? vocabulary.cell(label)
  }
}
