import SurveyImport
import SurveyStats

/// A table that cannot be read before a person has said more, with all that is open.
struct TableRefusal: Error {
  let name: String
  let problems: [ScanProblem]
  let recipe: Recipe?

  /// Everything at once, a problem a line.
  var message: String {
    let refused = problems.filter { $0.severity == .refused }
    guard refused.count > 1 || recipe != nil, let first = refused.first else {
      return refused.first?.description ?? "\(name) cannot be read"
    }
    let rest = refused.map { problem in
      "  " + (problem.place.isEmpty ? "" : problem.place + ": ")
        + "\(problem.message); \(problem.remedy)"
    }
    let start =
      refused.count == 1
      ? first.description
      : "\(name): \(refused.count) things stand in the way:\n" + rest.joined(separator: "\n")
    guard recipe != nil else { return start }
    return start
      + "\n'metastat check \(name) --table recipe' proposes a recipe to edit; --recipe uses it"
  }
}

/// Reads a matrix CSV, or any other table by a recipe.
struct TableInput {
  /// What was said on the command line.
  var choices: ImportChoices
  /// Columns that are metadata.
  var metadata: [String]
  /// Columns of which one may be that of the raters.
  var raters: [String]
  /// A recipe, with its name.
  var recipe: (name: String, recipe: Recipe)?

  /// What was read.
  struct Result {
    var matrix: BinaryMatrix
    /// The names of metadata that a matrix CSV does not know by itself.
    var metadata: [String] = []
    var problems: [ScanProblem] = []
    var remarks: [String] = []
    /// The recipe that was used or proposed; none for a matrix CSV.
    var recipe: Recipe?
    /// The column of raters, if `--rater` named one.
    var raterColumn: String?
  }

  /// Reads bytes under a name.
  func read(_ bytes: [UInt8], name: String) throws -> Result {
    var fault: MatrixCSVError?
    if let made = recipe?.recipe.matrix, made.sha256 == SHA256.hexDigest(of: bytes) {
      return try readOwn(bytes, made, name: name)
    }
    // A decimal sign alone is about numbers in metadata, which a matrix CSV may have too.
    var others = choices
    others.decimal = nil
    if others.isEmpty, recipe == nil, TableFile.Kind(bytes) == .table(.csv) {
      do throws(MatrixCSVError) {
        return Result(matrix: try MatrixCSV(metadata: metadata).read(bytes), metadata: metadata)
      } catch { fault = error }
    }
    return try readTable(bytes, name: name, fault: fault)
  }

  /// Reads the matrix that the recipe made, with its metadata and labels.
  private func readOwn(
    _ bytes: [UInt8], _ made: Recipe.Output, name: String
  ) throws -> Result {
    let names = made.metadata + metadata.filter { !made.metadata.contains($0) }
    do throws(MatrixCSVError) {
      let matrix = try MatrixCSV(metadata: names).read(bytes)
      return Result(
        matrix: recipe?.recipe.labelling(matrix) ?? matrix, metadata: names,
        recipe: recipe?.recipe)
    } catch {
      throw CommandFailure(.invalidInput, "\(name): \(error)")
    }
  }

  private func readTable(
    _ bytes: [UInt8], name: String, fault: MatrixCSVError?
  ) throws -> Result {
    var choices = choices
    choices.metadata = metadata
    let file = TableFile(bytes, name: name, choices: choices, recipe: recipe?.recipe.source)
    let isRefused = file.problems.contains { $0.severity == .refused }
    if isRefused, file.grid.rowCount == 0 || file.source.format != .csv {
      throw TableRefusal(name: name, problems: file.problems, recipe: nil)
    }
    let names = file.grid.rowCount > 0 ? file.grid.row(0) : []
    let raterColumn = raters.first { names.contains($0) }
    choices.rater = raterColumn
    var used: Recipe
    if let given = recipe?.recipe {
      used = given
      used.source.decimal = choices.decimal ?? given.source.decimal
    } else {
      used = RecipeProposal(choices).recipe(for: file.grid, source: file.source)
    }
    used.source.file = name.split(separator: "/").last.map(String.init) ?? name
    used.source.sha256 = SHA256.hexDigest(of: bytes)
    let imported = ImportedMatrix(
      used, to: file.grid, file: name, codebook: choices.codebook)
    var problems = file.problems + imported.problems
    if fault != nil, names.first == "paper" {
      // A year that is none is a fault of a matrix, not a column of text.
      problems += MatrixCSV(metadata: metadata).faults(bytes).filter(\.isOfMetadata)
        .map { $0.problem(in: name, severity: .refused) }
    }
    for unknown in [choices.paper].compactMap({ $0 }) + metadata where !names.contains(unknown) {
      problems.append(
        ScanProblem(
          file: name, kind: .unknownColumn,
          message: "there is no column \(ScanProblem.quoted(unknown))",
          remedy: "name one that the table has"
            + NearestNames.suggestion(of: NearestNames(names.prefix(1_000)).nearest(to: unknown)),
          severity: .refused))
    }
    guard let matrix = imported.matrix, !problems.contains(where: { $0.severity == .refused })
    else {
      if let fault, recipe == nil, names.first == "paper",
        !used.columns.contains(where: { $0.role == .item })
      {
        throw CommandFailure.matrix(
          name, faults: MatrixCSV(metadata: metadata).faults(bytes), first: fault)
      }
      throw TableRefusal(name: name, problems: problems, recipe: used)
    }
    var remarks = [used.summary(of: name)] + file.remarks.map { "\(name): \($0)" }
    if recipe != nil { remarks.removeFirst() }
    return Result(
      matrix: matrix, metadata: imported.metadata, problems: problems, remarks: remarks,
      recipe: used, raterColumn: raterColumn)
  }
}

extension Recipe {
  /// What a proposed recipe makes of a table, in one line.
  func summary(of name: String) -> String {
    func titles(_ role: Role) -> [String] {
      columns.filter { $0.role == role }.map {
        $0.column.isEmpty ? "the unnamed one" : "'\($0.column)'"
      }
    }
    func list(_ names: [String], _ limit: Int = 4) -> String {
      names.prefix(limit).joined(separator: ", ")
        + (names.count > limit ? " and \(names.count - limit) more" : "")
    }
    var parts: [String] = []
    switch layout.kind {
    case .wide:
      parts.append(
        titles(.paper).first.map { "papers by \($0)" } ?? "papers by row, as no column names them")
      let items = titles(.item) + titles(.choices)
      parts.append("\(items.count) item column\(items.count == 1 ? "" : "s") (\(list(items)))")
    case .long:
      parts.append("one answer a row, papers by \(titles(.paper).first ?? "nothing")")
      parts.append("items by \(titles(.question).first ?? "nothing")")
    case .transposed:
      parts.append("papers are columns (\(list(titles(.answer))))")
      parts.append("items by \(titles(.question).first ?? "nothing")")
    }
    if let rater = titles(.rater).first { parts.append("raters by \(rater)") }
    let metadata = titles(.metadata)
    if !metadata.isEmpty { parts.append("metadata \(list(metadata))") }
    let ignored = titles(.ignore)
    if !ignored.isEmpty { parts.append("left out \(list(ignored))") }
    func words(_ label: String, _ words: [String]) -> String? {
      words.isEmpty
        ? nil : "\(label): \(list(words.map { $0.isEmpty ? "empty" : $0 }, 6))"
    }
    let meanings = [
      words("yes", self.words.yes), words("no", self.words.no),
      words("does not apply", self.words.na), words("never asked", self.words.absent),
    ].compactMap { $0 }
    return "\(name) is read as a table: \(parts.joined(separator: "; ")); "
      + "\(meanings.joined(separator: "; ")); 'metastat check' with --table recipe has the reasons"
  }

  /// A matrix with the labels of the recipe's items.
  func labelling(_ matrix: BinaryMatrix) -> BinaryMatrix {
    var labels: [String: String] = [:]
    for rule in columns where rule.role == .item {
      let item = ItemID(category: rule.category ?? "", name: rule.name ?? rule.column)
      labels[item.description] = rule.label
    }
    guard !labels.isEmpty else { return matrix }
    return BinaryMatrix(
      papers: matrix.papers,
      items: matrix.items.map { item in
        Item(id: item.id, label: item.label ?? labels[item.id.description], module: item.module)
      }, yes: matrix.yes, applies: matrix.applies, asked: matrix.asked)
  }
}
