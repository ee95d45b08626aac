import SurveyStats

extension CommandFailure {
  /// What is wrong with the variables that an option names.
  ///
  /// - Parameters:
  ///   - error: What is wrong.
  ///   - option: The option, such as `--by`.
  ///   - corpus: Where the variables were read, so that the line of a value can be named.
  init(_ error: VariableError, option: String, in corpus: CorpusOptions? = nil) {
    guard case .notNumber(let column, let value, let paper, _, _) = error else {
      self.init(.usage, "\(option): \(error)")
      return
    }
    let place = corpus?.place(of: value, in: column, paper: paper)
    self.init(.invalidInput, "\(option): " + (place.map { "\($0): " } ?? "") + "\(error)")
  }
}

extension CorpusOptions {
  /// The file and line of a paper's value in a column; `nil` if the tables that can be read again do
  /// not have it.
  fileprivate func place(of value: String, in column: String, paper: String) -> String? {
    for path in covariates.reversed() + inputs where path.lowercased().hasSuffix(".csv") {
      guard let bytes = try? InputBytes.read(path), var reader = try? CSVReader(bytes),
        let field = reader.header.firstIndex(of: column)
      else { continue }
      let key = reader.header.firstIndex(of: "paper")
      while (try? reader.next()) == true {
        let isPaper = key.map { reader.text($0) == paper } ?? true
        if isPaper, reader.text(field) == value { return "\(path), line \(reader.line)" }
      }
    }
    return nil
  }
}
