import SurveyImport
import SurveyStats

/// A table that cannot be read before a person has said more, with all that is open.
struct TableRefusal: Error {
  let name: String
  let problems: [ScanProblem]
  let recipe: Recipe?
  /// How the table compares with its codebook, if there is one.
  var comparison: CodebookComparison?
  /// The recipe beside the file that says how it was made.
  var ownRecipe: String?

  /// The most places of one problem that are listed.
  private static let mostPlaces = 5

  /// A line a problem; what is wrong at many places in the same way is one line with the first of them.
  private static func lines(_ problems: [ScanProblem]) -> [String] {
    var order: [String] = []
    var places: [String: [String]] = [:]
    for problem in problems {
      let words = "\(problem.message); \(problem.remedy)"
      if places[words] == nil { order.append(words) }
      places[words, default: []].append(problem.place)
    }
    return order.flatMap { words -> [String] in
      let own = (places[words] ?? []).filter { !$0.isEmpty }
      guard own.count > mostPlaces else {
        return own.isEmpty ? ["  \(words)"] : own.map { "  \($0): \(words)" }
      }
      return [
        "  " + own.prefix(mostPlaces).joined(separator: ", ")
          + " and \(own.count - mostPlaces) more: \(words)"
      ]
    }
  }

  /// Everything at once, a problem a line.
  var message: String {
    let refused = problems.filter { $0.severity == .refused }
    guard refused.count > 1 || recipe != nil, let first = refused.first else {
      return refused.first?.description ?? "\(name) cannot be read"
    }
    let rest = Self.lines(refused)
    let start =
      refused.count == 1
      ? first.description
      : "\(name): \(refused.count) things stand in the way:\n" + rest.joined(separator: "\n")
    if let ownRecipe {
      return start + "\n\(ownRecipe) is the recipe that made it; --recipe \(ownRecipe) reads it"
    }
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
    /// How the table compares with its codebook, if there is one.
    var comparison: CodebookComparison?
  }

  /// Reads a file by so many tasks; of one that cannot be read again the hash is given.
  func read(_ path: String, name: String, jobs: Int) async throws -> (
    result: Result, digest: String?
  ) {
    if !InputKind.isReadOnce(path), isPlain,
      let matrix = try await InputBytes.stream(path, MatrixStream(metadata: metadata), jobs: jobs)
    {
      return (Result(matrix: matrix, metadata: metadata), nil)
    }
    let bytes = try InputBytes.read(path, checksFields: true)
    return (
      try read(bytes, name: name),
      InputKind.isReadOnce(path) ? SHA256.hexDigest(of: bytes) : nil
    )
  }

  /// Whether nothing was said of how the table is read.
  private var isPlain: Bool {
    // A decimal sign alone is about numbers in metadata, which a matrix CSV may have too.
    var others = choices
    others.decimal = nil
    return others.isEmpty && recipe == nil
  }

  /// Reads bytes under a name.
  func read(_ bytes: [UInt8], name: String) throws -> Result {
    var fault: MatrixCSVError?
    if let made = recipe?.recipe.matrix, made.sha256 == SHA256.hexDigest(of: bytes) {
      return try readOwn(bytes, made, name: name)
    }
    if isPlain, TableFile.Kind(bytes) == .table(.csv) {
      if let matrix = MatrixStream(metadata: metadata).read(bytes) {
        return Result(matrix: matrix, metadata: metadata)
      }
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
      let matrix = try MatrixCSV(
        metadata: names, readsCredit: recipe?.recipe.givesCredit ?? false
      ).read(bytes)
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
      used = RecipeProposal(choices).recipe(for: file.grid, source: file.source).namingOptions
    }
    used.source.file = name.split(separator: "/").last.map(String.init) ?? name
    used.source.sha256 = SHA256.hexDigest(of: bytes)
    let imported = ImportedMatrix(
      used, to: file.grid, file: name, codebook: choices.codebook)
    var problems = file.problems + imported.problems
    let known = Set(names + used.rows.map(\.row))
    for unknown in [choices.paper].compactMap({ $0 }) + metadata where !known.contains(unknown) {
      problems.append(
        ScanProblem(
          file: name, kind: .unknownColumn,
          message: "there is no column \(ScanProblem.quoted(unknown))",
          remedy: "name one that the table has"
            + NearestNames.suggestion(of: NearestNames(names.prefix(1_000)).nearest(to: unknown)),
          severity: .refused))
    }
    for mark in choices.raterMarks where recipe == nil && !used.ratersOfColumns.contains(mark) {
      problems.append(
        ScanProblem(
          file: name, kind: .unknownColumn,
          message:
            "--rater-columns: no item's name ends or begins with \(ScanProblem.quoted(mark))",
          remedy:
            "name what tells the columns of one item apart, such as A,B for code_A and code_B",
          severity: .refused))
    }
    let comparison = choices.codebook.map {
      CodebookComparison(used, of: file.grid, with: $0)
    }
    guard let matrix = imported.matrix, !problems.contains(where: { $0.severity == .refused })
    else {
      if let fault, recipe == nil, names.first == "paper",
        !used.columns.contains(where: { $0.role == .item || $0.role == .undecided })
      {
        throw CommandFailure.matrix(
          name, faults: MatrixCSV(metadata: metadata).faults(bytes), first: fault)
      }
      throw TableRefusal(
        name: name, problems: problems, recipe: used, comparison: comparison,
        ownRecipe: recipe == nil ? Self.recipe(beside: name, of: bytes) : nil)
    }
    var remarks = [used.summary(of: name)] + file.remarks.map { "\(name): \($0)" }
    if recipe != nil { remarks.removeFirst() }
    return Result(
      matrix: matrix, metadata: imported.metadata, problems: problems, remarks: remarks,
      recipe: used, raterColumn: raterColumn, comparison: comparison)
  }

  /// The recipe that `import` left beside a matrix, if it is that of these bytes.
  private static func recipe(beside name: String, of bytes: [UInt8]) -> String? {
    let path = (name.hasSuffix(".csv") ? String(name.dropLast(4)) : name) + ".recipe.json"
    guard let json = try? InputBytes.contents(path), let recipe = try? Recipe(json: json),
      recipe.matrix?.sha256 == SHA256.hexDigest(of: bytes)
    else { return nil }
    return path
  }
}

extension Recipe {
  /// What a proposed recipe makes of a table, in one line.
  func summary(of name: String) -> String {
    "\(name) is read as a table: \(account); 'metastat check' with --table recipe has the reasons"
  }

  /// What the recipe makes of columns and words.
  var account: String {
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
    if !ratersOfColumns.isEmpty {
      parts.append("raters side by side (\(list(ratersOfColumns)))")
    }
    if let rater = titles(.rater).first { parts.append("raters by \(rater)") }
    let metadata =
      titles(.metadata)
      + rows.filter { $0.role == .metadata }.map { "'\($0.row)'" }
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
      words(
        "partly",
        self.words.credit.sorted { $0.key < $1.key }
          .map { "\($0.key) for \(NumberFormat.shortest($0.value))" }),
      self.words.scale.map {
        "a scale from \(NumberFormat.shortest($0.worst)) to \(NumberFormat.shortest($0.best))"
      },
    ].compactMap { $0 }
    return (parts + meanings).joined(separator: "; ")
  }

  /// What a report says of it.
  func citation(sha256: String) -> String {
    let name = source.file.map { "The table \($0)" } ?? "The table"
    return "\(name) was read by a recipe with the SHA-256 \(sha256): \(account)."
  }

  /// A matrix with the labels of the recipe's items.
  func labelling(_ matrix: BinaryMatrix) -> BinaryMatrix {
    var rules: [String: ColumnRule] = [:]
    for rule in columns where rule.role == .item {
      let item = ItemID(category: rule.category ?? "", name: rule.name ?? rule.column)
      rules[item.description] = rule
    }
    guard rules.values.contains(where: { $0.label != nil || $0.module != nil }) else {
      return matrix
    }
    return matrix.replacing(
      items: matrix.items.map { item in
        let rule = rules[item.id.description]
        return Item(
          id: item.id, label: item.label ?? rule?.label, module: rule?.module ?? item.module)
      })
  }
}
