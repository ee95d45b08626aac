import ArgumentParser
import SurveyImport
import SurveyStats

/// How a table that is no matrix CSV is read: roles of columns, meanings of words, its format.
struct ForeignTableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The column that names papers.", valueName: "column"),
    completion: .header)
  var paper: String?

  @Option(
    help: ArgumentHelp(
      "What tells raters apart whose columns stand side by side: A,B for code_A and code_B.",
      valueName: "names"))
  var raterColumns: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The columns that are items, by names or patterns; no other is.", valueName: "glob"),
    completion: .header)
  var items: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Columns to leave out, by names or patterns.", valueName: "glob"),
    completion: .header)
  var ignore: [String] = []

  @Option(
    help: ArgumentHelp(
      "Words that say yes, divided by commas, or a rule such as '>= 1'; repeatable.",
      valueName: "words"))
  var yes: [String] = []

  @Option(
    help: ArgumentHelp(
      "Words that say no; '' is the empty cell; repeatable.", valueName: "words"))
  var no: [String] = []

  @Option(
    help: ArgumentHelp("Words for 'does not apply'; repeatable.", valueName: "words"))
  var na: [String] = []

  @Option(help: ArgumentHelp("Words for 'never asked'; repeatable.", valueName: "words"))
  var absent: [String] = []

  @Option(
    help: ArgumentHelp(
      "What a partial answer is worth in scores: 'Partially=0.5', 0.5, or a scale 0..4; repeatable.",
      valueName: "rule"))
  var credit: [String] = []

  @Option(help: "What divides the columns: a character, or tab (default: found in the file).")
  var delimiter: String?

  @Option(help: "utf-8, utf-16 or windows-1252 (default: found in the file).")
  var encoding: String?

  @Option(
    help:
      "The decimal sign of numbers, '.' or ',', also in metadata and covariates (default: found in the file)."
  )
  var decimal: DecimalSign?

  @Option(help: "The sheet of a spreadsheet (default: the one with the most cells).")
  var sheet: String?

  @Flag(help: "Papers are columns, and items rows.")
  var transpose = false

  @Option(
    help: ArgumentHelp(
      "Labels, categories and codes of items: a table such as a REDCap dictionary.",
      valueName: "file"), completion: .file())
  var codebook: String?

  @Option(
    help: ArgumentHelp(
      "How the table is read, a JSON file; 'check FILE --table recipe' proposes one.",
      valueName: "file"), completion: .file())
  var recipe: String?

  func validate() throws {
    if let raterColumns, Set(raterMarks).count < 2 {
      throw ValidationError(
        "--rater-columns takes two names or more, such as A,B, not '\(raterColumns)'.")
    }
    if let delimiter, Self.delimiter(delimiter) == nil {
      throw ValidationError("--delimiter takes one ASCII character, or tab, not '\(delimiter)'.")
    }
  }

  /// The marks of raters in names of columns.
  private var raterMarks: [String] { RowChoice.raters(in: raterColumns ?? "") }

  /// The rules of partial answers.
  private func creditRules() throws(CommandFailure) -> [CreditRule] {
    var rules: [CreditRule] = []
    for text in credit {
      guard let rule = CreditRule(text) else {
        throw CommandFailure(
          .usage,
          "--credit takes a word and its share of a point, such as 'Partially=0.5', a number between 0 "
            + "and 1, or a scale from its worst to its best number, such as 0..4; not '\(text)'")
      }
      rules.append(rule)
    }
    return rules
  }

  private static func delimiter(_ text: String) -> UInt8? {
    switch text {
    case "tab", "\\t": UInt8(ascii: "\t")
    case "comma": UInt8(ascii: ",")
    case "semicolon": UInt8(ascii: ";")
    case "pipe": UInt8(ascii: "|")
    default: text.utf8.count == 1 && text != "\"" && text != "\n" ? text.utf8.first : nil
    }
  }

  /// What was said, with the codebook read.
  func choices(metadata: [String]) throws(CommandFailure) -> ImportChoices {
    var choices = ImportChoices()
    choices.paper = paper
    choices.raterMarks = raterMarks
    choices.items = items
    choices.ignore = ignore
    choices.yes = yes
    choices.no = no
    choices.na = na
    choices.absent = absent
    choices.credit = try creditRules()
    choices.delimiter = delimiter.flatMap(Self.delimiter)
    choices.encoding = encoding
    choices.decimal = decimal
    choices.sheet = sheet
    choices.transposes = transpose
    if let codebook {
      let file = TableFile(try InputBytes.read(codebook), name: codebook)
      if let problem = file.problems.first(where: { $0.severity == .refused }) {
        throw CommandFailure(.invalidInput, problem.description)
      }
      do throws(Codebook.NoNames) {
        choices.codebook = try Codebook(file.grid)
      } catch {
        throw CommandFailure(.invalidInput, "\(codebook): \(error)")
      }
    }
    return choices
  }
}

extension DecimalSign: ExpressibleByArgument {}
