import ArgumentParser
import Glibc
import SurveySimulation
import SurveyStats

/// `metastat simulate`: a synthetic corpus with known truth.
struct SimulateCommand: AsyncParsableCommand, CommandWithFiles {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "A synthetic corpus with known truth: scan files, or a matrix CSV.",
    discussion: """
      Paper i answers yes to item j when a sum of latent factors and noise exceeds a threshold that \
      gives the item its pass rate. Rates and applicability default to those published for the AI \
      survey. The same seed gives the same bytes; the first papers of a larger corpus are those of \
      a smaller one.

      EXAMPLES
        metastat simulate --papers 200 > matrix.csv
        metastat simulate --papers 1000 --scans corpus --versions 1=0.3,3=0.7
        metastat simulate --papers 1000 --scans damaged --defects 0.01
        metastat simulate --papers 1000 --scans citing --citations 3 --citation-slope 0.3
        metastat simulate --papers 500 --truth truth.csv -o matrix.csv
        metastat simulate --papers 500 --year-slope 0.2 | metastat rates -

      OUTPUT
        a matrix CSV on standard output or to -o, or scan files below --scans
          DIR;
        --truth: term, module, block, pass_rate, applicability, year_slope,
          first_version, threshold, loading_<factor>, source (the file that
          --items reads);
        --truth-files: file, paper, version, n_yes, n_no, n_not_applicable,
          contradictions, defect, duplicate_of
      """)

  @Option(help: "The number of papers.")
  var papers: Int

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "The mix of instrument versions, such as 2=0.6,3=0.4; or one version.")
  var versions: String?

  @Option(
    help: ArgumentHelp(
      "Items with pass rates, applicability and loadings, a CSV as --truth writes it.",
      valueName: "file"), completion: .file())
  var items: String?

  @Option(parsing: .unconditional, help: "The change of every item's logit per year.")
  var yearSlope: Double?

  @Option(help: "The share of papers that stand under a second slug too (scans only).")
  var duplicates = 0.0

  @Option(help: "The share of papers with scans of several versions (scans only).")
  var severalVersions = 0.0

  @Option(help: "The share of not-applicable answers that say yes all the same (scans only).")
  var contradictions = 0.0

  @Option(help: "The share of damaged files (scans only).")
  var defects = 0.0

  @Option(help: "The mean number of papers of the corpus that a paper cites (scans only).")
  var citations = 0.0

  @Option(
    parsing: .unconditional,
    help: "The change of the log chance to be cited with 10 points of score (scans only).")
  var citationSlope = 0.0

  @Flag(help: "Texts as long as in real scans, 24 KB a file (scans only).")
  var realistic = false

  @Option(
    help: ArgumentHelp(
      "Write scan files below DIR/papers; DIR must not exist.", valueName: "folder"),
    completion: .directory)
  var scans: String?

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Write the matrix CSV to FILE.", valueName: "file"), completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp("Write the truth about the items to FILE (CSV).", valueName: "file"),
    completion: .file())
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "Write the truth about every scan file to FILE (CSV); needs --scans.", valueName: "file"),
    completion: .file())
  var truthFiles: String?

  var readPaths: [String] { [items].compactMap { $0 } }
  var writtenPaths: [String] { [output, truth, truthFiles].compactMap { $0 } }

  func validate() throws {
    guard papers >= 1 else { throw ValidationError("--papers takes a number of 1 or more.") }
    if scans == nil, let option = scanOption {
      throw ValidationError("\(option) is about scan files; add --scans DIR.")
    }
    guard citationSlope == 0 || citations > 0 else {
      throw ValidationError("--citation-slope is about the papers of --citations; add it.")
    }
    if let output, let dot = output.lastIndex(of: "."),
      let format = TableFormat(fileExtension: String(output[output.index(after: dot)...])),
      format != .csv
    {
      throw ValidationError("-o \(output): a simulated matrix is a CSV; name it .csv.")
    }
    if truthFiles != nil, scans == nil {
      throw ValidationError("--truth-files describes scan files; add --scans DIR.")
    }
    if scans != nil, output != nil {
      throw ValidationError("--scans and -o are alternatives; run twice with the same seed.")
    }
  }

  /// The first option given that changes scan files only.
  private var scanOption: String? {
    let given = [
      ("--duplicates", duplicates > 0), ("--several-versions", severalVersions > 0),
      ("--contradictions", contradictions > 0), ("--defects", defects > 0),
      ("--citations", citations > 0), ("--citation-slope", citationSlope != 0),
      ("--realistic", realistic),
    ]
    return given.first { $0.1 }?.0
  }

  func run() async throws {
    for path in [output, truth, truthFiles].compactMap({ $0 }) { _ = try OutputFile(path) }
    let parameters = try parameters()
    let simulation: CorpusSimulation
    do throws(SimulationError) {
      simulation = try CorpusSimulation(parameters)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    if let scans {
      try writeScans(simulation, to: scans)
    } else {
      let bytes: [UInt8]
      do throws(MatrixCSVError) {
        bytes = try MatrixCSV().write(simulation.matrix())
      } catch {
        throw CommandFailure(.unexpected, "\(error)")
      }
      try Task.checkCancellation()
      if let output { try OutputFile(output).write(bytes) } else { try StandardOutput.write(bytes) }
    }
    if let truth {
      try OutputFile(truth).write(CSVWriter(showsInvisible: true).write(simulation.itemTruth()))
    }
  }

  /// The parameters that the options ask for.
  private func parameters() throws(CommandFailure) -> CorpusSimulation.Parameters {
    var parameters = CorpusSimulation.Parameters(paperCount: papers, seed: seed)
    parameters.duplicateRate = duplicates
    parameters.severalVersionsRate = severalVersions
    parameters.contradictionRate = contradictions
    parameters.defectRate = defects
    parameters.citationMean = citations
    parameters.citationSlope = citationSlope
    if realistic { parameters.textLength = .realistic }
    if let versions { parameters.versions = try Self.mix(versions) }
    if let items {
      let bytes = try InputBytes.read(items)
      do throws(SimulatedItem.TableError) {
        (parameters.factors, parameters.items) = try SimulatedItem.read(csv: bytes)
      } catch {
        throw CommandFailure(.invalidInput, "\(items): \(error)")
      }
    }
    if let yearSlope { parameters.setYearSlope(yearSlope) }
    return parameters
  }

  /// Reads `2=0.6,3=0.4`, or one version.
  private static func mix(_ text: String) throws(CommandFailure) -> DiscreteDistribution<Int> {
    let parts = text.split(separator: ",").map { part -> (value: Int, weight: Double)? in
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard let version = Int(sides[0]), sides.count <= 2 else { return nil }
      guard let weight = sides.count == 2 ? Double(sides[1]) : 1 else { return nil }
      return (version, weight)
    }
    guard !parts.isEmpty, parts.allSatisfy({ $0 != nil }),
      let mix = DiscreteDistribution(parts.compactMap { $0 })
    else {
      throw CommandFailure(
        .usage, "--versions takes a mix such as 2=0.6,3=0.4, or one version; not '\(text)'")
    }
    return mix
  }

  /// Writes all scan files into a folder that appears whole or not at all.
  private func writeScans(_ simulation: CorpusSimulation, to folder: String) throws {
    var rows = FileTruth()
    let target = try OutputFolder(folder)
    do {
      for index in 0..<papers {
        if index % 256 == 0 { try Task.checkCancellation() }
        for file in simulation.files(ofPaper: index) {
          try target.write(file.bytes, to: file.relativePath)
          rows.add(file)
        }
      }
    } catch {
      target.discard()
      throw error
    }
    try target.commit()
    if let truthFiles {
      try OutputFile(truthFiles).write(CSVWriter(showsInvisible: true).write(rows.table))
    }
  }
}

/// What is true of every simulated scan file.
private struct FileTruth {
  private var columns: [String: [String?]] = [:]
  private static let names = [
    "file", "paper", "version", "n_yes", "n_no", "n_not_applicable", "contradictions", "defect",
    "duplicate_of",
  ]

  mutating func add(_ file: SimulatedFile) {
    func count(_ cell: Cell) -> String { String(file.cells.count { $0 == cell }) }
    let values = [
      file.relativePath, file.paper.slug, file.paper.version.map(String.init), count(.yes),
      count(.no), count(.notApplicable), String(file.contradictionCount), file.defect?.rawValue,
      file.duplicateOf,
    ]
    for (name, value) in zip(Self.names, values) { columns[name, default: []].append(value) }
  }

  var table: Table {
    Table(name: "files", columns: Self.names.map { Column($0, .text(columns[$0] ?? [])) })
  }
}
