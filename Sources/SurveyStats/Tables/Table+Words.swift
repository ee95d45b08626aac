extension Table {
  /// The table with the short words of programs (`never-applicable`, `left_out`) put in plain ones, and
  /// without columns that only programs need, for a page that people read.
  public var inWords: Table {
    var table = self
    for index in table.columns.indices {
      let name = table.columns[index].name
      guard case .text(let values) = table.columns[index].values else { continue }
      if name == "note" {
        table.columns[index].values = .text(values.map { $0.map(Self.words(forNote:)) })
      } else if ["kind", "severity"].contains(name) {
        table.columns[index].values = .text(values.map { $0?.replacing("_", with: " ") })
      } else if ["interval", "score"].contains(name) {
        table.columns[index].isDetail = true
      }
    }
    return table
  }

  /// The table with invisible characters of its text made visible, so that no text can turn or hide
  /// what stands beside it.
  public var showingInvisible: Table {
    var table = showingInvisibleNames
    for index in table.columns.indices {
      if case .text(let values) = table.columns[index].values {
        table.columns[index].values = .text(values.map { $0.map { DisplayText.visible($0) } })
      }
    }
    return table
  }

  /// The table with invisible characters of its column names made visible.
  var showingInvisibleNames: Table {
    var table = self
    for index in table.columns.indices {
      table.columns[index].name = DisplayText.visible(table.columns[index].name)
    }
    return table
  }

  /// The notes of a row in words; notes that are phrases already stay as they are.
  private static func words(forNote note: String) -> String {
    note.split(separator: ";").map { part in
      let key = part.drop { $0 == " " }
      if let words = noteWords[String(key)] { return words }
      let isPhrase = key.contains(" ") && !key.contains(":")
      return isPhrase ? String(key) : String(key).replacing("-", with: " ")
    }.joined(separator: "; ")
  }

  private static let noteWords = [
    "all-no": "all no",
    "all-replicates-equal": "all resamples agree, so that they give no interval",
    "all-yes": "all yes",
    "inconsistent-bootstrap": "resamples never go beyond the extremes: too narrow",
    "never-applicable": "applies to no paper",
    "never-jointly-applicable": "no paper to which both apply",
    "unchanged": "nothing changed",
    "zero-weight": "only papers of weight zero",
  ]
}
