import SurveyImport
import SurveyReport
import SurveyStats

/// How the arguments of which the library speaks are called on the command line.
///
/// A text of the library names an argument by its label between backquotes, with or without a value: "limits need
/// `interval: percentile`". The program says `--interval percentile`. The label is that of the option in the
/// spelling of Swift, but for those listed here.
enum OptionNames {
  /// What is called otherwise on the command line.
  private static let others = ["stratum:": "--stratify", "usesWeights: false": "--unweighted"]

  /// The text with the options in place of the arguments.
  static func put(into text: String) -> String {
    guard text.contains("`") else { return text }
    return text.replacing(/`([a-z][A-Za-z]*):( [^`]*)?`/) { argument in
      let (whole, label, value) = argument.output
      return others[String(whole.dropFirst().dropLast())] ?? option(label) + (value ?? "")
    }
  }

  /// `replicateRange` is `--replicate-range`.
  private static func option(_ label: Substring) -> String {
    label.reduce(into: "--") { name, letter in
      name += letter.isUppercase ? "-\(letter.lowercased())" : "\(letter)"
    }
  }
}

extension VisibleText {
  /// The text with options in place of arguments.
  var namingOptions: VisibleText { VisibleText(stringLiteral: OptionNames.put(into: text)) }
}

extension Table {
  /// The table with options in place of arguments in its notes, and in the columns that say why and what to do.
  var namingOptions: Table {
    var table = self
    table.notes = notes.map(OptionNames.put)
    for index in columns.indices where ["note", "reason", "remedy"].contains(columns[index].name) {
      guard case .text(let values) = columns[index].values else { continue }
      table.columns[index].values = .text(values.map { $0.map(OptionNames.put) })
    }
    return table
  }
}

extension Recipe {
  /// The recipe with options in place of arguments in the reasons of its rules.
  var namingOptions: Recipe {
    var recipe = self
    for index in columns.indices {
      recipe.columns[index].reason = columns[index].reason.map(OptionNames.put)
    }
    for index in rows.indices {
      recipe.rows[index].reason = rows[index].reason.map(OptionNames.put)
    }
    return recipe
  }
}

extension Report {
  /// The report with options in place of arguments in what it left out and in its tables.
  var namingOptions: Report {
    var report = self
    for index in sections.indices {
      report.sections[index].skipped = sections[index].skipped.map(OptionNames.put)
      for place in sections[index].tables.indices {
        report.sections[index].tables[place].table =
          sections[index].tables[place].table
          .namingOptions
      }
    }
    return report
  }
}
