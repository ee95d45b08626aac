import ArgumentParser
import SurveyImport
import SurveyStats

/// `metastat import`: any table in, a matrix CSV and its recipe out.
struct ImportCommand: ParsableCommand, CommandWithFiles {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Any table in, a matrix CSV and the recipe that made it out.",
    discussion: """
      Reads what survey tools, spreadsheets and statistics programs write: text with any delimiter \
      and encoding, gzip and Zstandard, .xlsx, .ods, SPSS, Stata, SAS, JSON records; a paper a row, \
      an answer a row, or a paper a column. The roles of columns and the meanings of words are \
      proposed, with reasons, in a recipe beside the matrix (matrix.recipe.json). What a program \
      cannot know is listed, all at once; edit the recipe, or say it with options, and run again.

      EXAMPLES
        metastat import form.csv -o matrix.csv
        metastat import form.csv --yes ja --no nein --na entfällt -o matrix.csv
        metastat import form.csv --recipe matrix.recipe.json -o matrix.csv
        metastat import extraction.xlsx --sheet Extraction -o matrix.csv
        metastat import coded.sav -o matrix.csv && metastat rates matrix.csv

      OUTPUT
        a matrix CSV as 'metastat matrix' writes it, papers in the order of the table
      """)

  @Argument(
    help: ArgumentHelp("The table ('-' is standard input).", valueName: "file"), completion: .file()
  )
  var input: String

  @OptionGroup(title: "Table") var table: ForeignTableOptions

  @Option(
    help: ArgumentHelp("The column that says who answered.", valueName: "column"),
    completion: .header)
  var rater: String?

  @Option(
    help: ArgumentHelp("A column that is metadata, not an item; repeatable.", valueName: "column"),
    completion: .header)
  var metadata: [String] = []

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "Write the matrix to FILE, and the recipe beside it; else to standard output.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write the recipe to FILE (default: the matrix with .recipe.json).", valueName: "file"),
    completion: .file())
  var recipeOutput: String?

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  var readPaths: [String] {
    [input == "-" ? nil : input, table.recipe, table.codebook].compactMap { $0 }
  }
  var writtenPaths: [String] { [output, recipePath].compactMap { $0 } }

  /// Where the recipe goes; nowhere when the matrix goes to standard output, or when the recipe that is
  /// used is in that place already.
  private var recipePath: String? {
    if let recipeOutput { return recipeOutput }
    guard let output, !output.hasPrefix("/dev/") else { return nil }
    let path = (output.hasSuffix(".csv") ? String(output.dropLast(4)) : output) + ".recipe.json"
    if let used = table.recipe.flatMap({ FileIdentity($0) }), used == FileIdentity(path) {
      return nil
    }
    return path
  }

  func run() throws {
    var console = Console.standard
    console.isQuiet = quiet
    if let output { _ = try OutputFile(output) }
    if let recipePath { _ = try OutputFile(recipePath) }
    let bytes = try InputBytes.read(input, checksFields: true)
    let name = input == "-" ? "standard input" : input
    let reader = TableInput(
      choices: try table.choices(metadata: metadata), metadata: metadata,
      raters: rater.map { [$0] } ?? [], recipe: try RecipeFile.read(table.recipe))
    let result: TableInput.Result
    do {
      result = try reader.read(bytes, name: name)
    } catch let refusal as TableRefusal {
      if let recipe = refusal.recipe, table.recipe == nil, let recipePath {
        try OutputFile(recipePath).write(recipe.json)
        console.note("the recipe to edit is in \(recipePath); --recipe \(recipePath) uses it")
      }
      throw refusal
    }
    if let rater, result.recipe != nil, result.raterColumn != rater, table.recipe == nil {
      throw CommandFailure(.usage, "--rater: the table has no column '\(rater)'")
    }
    for remark in result.remarks { console.note("\(remark)") }
    for problem in result.problems { console.note("\(problem)") }
    if let remark = result.matrix.creditRemark { console.note("\(remark)") }
    let matrix: [UInt8]
    do throws(MatrixCSVError) {
      matrix = try MatrixCSV(metadata: result.metadata).write(result.matrix)
    } catch {
      throw CommandFailure(.invalidInput, "\(error)")
    }
    if let output { try OutputFile(output).write(matrix) } else { try StandardOutput.write(matrix) }
    guard let recipePath else { return }
    var recipe = result.recipe ?? Self.recipe(ofMatrix: bytes, name: name)
    recipe.matrix = Recipe.Output(
      sha256: SHA256.hexDigest(of: matrix), metadata: result.metadata)
    try OutputFile(recipePath).write(recipe.json)
    console.note(
      "\(result.matrix.papers.count) rows, \(result.matrix.items.count) items; the recipe is in \(recipePath)"
    )
  }

  /// The recipe of what is a matrix CSV already.
  private static func recipe(ofMatrix bytes: [UInt8], name: String) -> Recipe {
    let file = TableFile(bytes, name: name)
    var recipe = RecipeProposal().recipe(for: file.grid, source: file.source).namingOptions
    recipe.source.file = name.split(separator: "/").last.map(String.init) ?? name
    recipe.source.sha256 = SHA256.hexDigest(of: bytes)
    return recipe
  }
}

/// A recipe on disk.
enum RecipeFile {
  /// Reads the recipe that was asked for, if any; an error points into it.
  static func read(_ path: String?) throws(CommandFailure) -> (name: String, recipe: Recipe)? {
    guard let path else { return nil }
    let bytes = try InputBytes.read(path)
    do throws(RecipeError) {
      return (path, try Recipe(json: bytes))
    } catch {
      throw CommandFailure(.invalidInput, "\(path): \(error)")
    }
  }
}
