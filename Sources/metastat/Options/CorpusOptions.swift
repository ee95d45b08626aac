import ArgumentParser
import SurveyStats

extension DuplicatePolicy: ExpressibleByArgument {}

extension VersionChoice: ExpressibleByArgument {
  /// `newest`, `all`, or a version number.
  public init?(argument: String) {
    switch argument {
    case "newest": self = .newest
    case "all": self = .all
    default:
      guard let version = Int(argument), version > 0 else { return nil }
      self = .version(version)
    }
  }
}

/// What to read, and which papers and items of it to analyse.
struct CorpusOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Folders of scans, scan files, .jsonl files, or one matrix CSV ('-' is standard input).",
      valueName: "input"))
  var inputs: [String]

  @Option(help: "The scan of a paper that has several: newest, all, or a version number.")
  var instrument = VersionChoice.newest

  @Option(help: "The paper of duplicates to keep: newest, first, or keep for all.")
  var duplicates = DuplicatePolicy.newest

  @Option(
    help: "Labels, modules and order of items, a JSON file (default: the AI survey's checklist).")
  var instrumentFile: String?

  @Option(help: "A column of the matrix CSV that is metadata, not an item; repeatable.")
  var metadata: [String] = []

  @Option(help: "More metadata by 'paper' or 'arxiv_id', a .csv or .jsonl file; repeatable.")
  var covariates: [String] = []

  @Option(help: "Keep items of this module, such as base; repeatable.")
  var module: [String] = []

  @Option(help: "Keep items of this category, or of categories that fit a pattern; repeatable.")
  var category: [String] = []

  @Option(help: "Keep this item, or items that fit a pattern such as 'artifacts.*'; repeatable.")
  var item: [String] = []

  @Option(help: "Leave out this item, or items that fit a pattern; repeatable.")
  var excludeItem: [String] = []

  @Option(help: "Keep papers with this tag; repeatable.")
  var tag: [String] = []

  @Option(help: "Keep papers of this type; repeatable.")
  var type: [String] = []

  @Option(help: "Keep papers of this venue; repeatable.")
  var venue: [String] = []

  @Option(help: "Keep papers of this year and later.")
  var since: Int?

  @Option(help: "Keep papers of this year and earlier.")
  var until: Int?

  @Option(help: "Leave out the paper SLUG, or those listed in @FILE; repeatable.")
  var exclude: [String] = []

  func validate() throws {
    guard !inputs.isEmpty else {
      throw ValidationError(
        "name an INPUT: a folder of scans or a matrix CSV, for example 'metastat rates papers'.")
    }
    let matrices = inputs.filter(Self.isMatrix)
    if !matrices.isEmpty, inputs.count > 1 {
      throw ValidationError("a matrix CSV (\(matrices[0])) is read alone; name one INPUT.")
    }
  }

  /// Reads the input, joins covariates, resolves versions and duplicates, and selects.
  func load(console: Console, jobs: Int, isStrict: Bool) async throws -> LoadedCorpus {
    let clock = ContinuousClock()
    let start = clock.now
    var loaded =
      if let path = inputs.first, Self.isMatrix(path) {
        try readMatrix(path)
      } else {
        try await readScans(console: console, jobs: jobs)
      }
    loaded.papersBeforeSelection = loaded.matrix.papers.count
    try joinCovariates(to: &loaded, console: console)
    loaded.sortPapers()
    for problem in loaded.problems {
      problem.severity == .leftOut
        ? console.warning(problem.description) : console.note(problem.description)
    }
    if isStrict, let first = loaded.problems.first {
      throw CommandFailure(
        .invalidInput, "--strict: \(loaded.problems.count) problems, the first: \(first)")
    }
    try select(from: &loaded)
    console.detail(
      "read \(loaded.filesRead) of \(loaded.filesFound) scans in \(clock.now - start)")
    return loaded
  }

  private static func isMatrix(_ path: String) -> Bool {
    path == "-" || path.lowercased().hasSuffix(".csv")
  }

  private func readMatrix(_ path: String) throws -> LoadedCorpus {
    let bytes = try InputBytes.read(path)
    let name = path == "-" ? "standard input" : path
    let read: BinaryMatrix
    do throws(MatrixCSVError) {
      read = try MatrixCSV(metadata: metadata).read(bytes)
    } catch {
      throw CommandFailure(.invalidInput, "\(name): \(error)")
    }
    let matrix = read.arranged(by: try loadInstrument())
    var loaded = LoadedCorpus(
      matrix: matrix, inputPositions: Array(matrix.papers.indices),
      files: [
        path == "-"
          ? .hashed(name: name, sha256: SHA256.hexDigest(of: bytes)) : .file(path)
      ],
      filesFound: matrix.papers.count, filesRead: matrix.papers.count, isMatrix: true)
    loaded.sortPapers()
    loaded.resolve(versions: instrument, duplicates: duplicates, file: name)
    return loaded
  }

  private func readScans(console: Console, jobs: Int) async throws -> LoadedCorpus {
    let corpus: Corpus
    do {
      corpus = try await ScanReader(jobs: jobs).read(inputs)
    } catch let error as ScanReadError {
      throw CommandFailure(.noInput, "\(error)")
    }
    let versions = corpus.choosing(instrument)
    let chosen = versions.resolvingDuplicates(duplicates)
    if corpus.filesRead == 0 {
      for problem in corpus.problems { console.warning(problem.description) }
      let message =
        corpus.filesFound == 0
        ? "no scans in \(inputs.joined(separator: ", ")); a scan is <slug>/scan.json"
        : "none of \(corpus.filesFound) scans could be read"
      throw CommandFailure(corpus.filesFound == 0 ? .noInput : .invalidInput, message)
    }
    let matrix = BinaryMatrix(chosen, instrument: try loadInstrument())
    return LoadedCorpus(
      matrix: matrix, inputPositions: Array(matrix.papers.indices), problems: chosen.problems,
      files: corpus.files.map(InputRecord.file), filesFound: corpus.filesFound,
      filesRead: corpus.filesRead, otherScans: corpus.scans.count - versions.scans.count,
      duplicatesLeftOut: versions.scans.count - chosen.scans.count)
  }

  private func loadInstrument() throws(CommandFailure) -> Instrument {
    let bytes = try instrumentFile.map { path throws(CommandFailure) in
      try InputBytes.read(path)
    }
    do throws(InstrumentError) {
      return try Instrument(json: bytes ?? PackageResources.instrument_json)
    } catch {
      throw CommandFailure(.invalidInput, "\(instrumentFile ?? "instrument.json"): \(error)")
    }
  }

  private func joinCovariates(to loaded: inout LoadedCorpus, console: Console) throws {
    for path in covariates {
      let bytes = try InputBytes.read(path)
      do throws(CovariateError) {
        let table =
          path.lowercased().hasSuffix(".jsonl")
          ? try Covariates(jsonLines: bytes) : try Covariates(csv: bytes)
        let (papers, notes) = table.joined(to: loaded.matrix.papers)
        loaded.matrix = loaded.matrix.replacing(papers: papers)
        for note in notes { console.note("\(path): \(note)") }
      } catch {
        throw CommandFailure(.invalidInput, "\(path): \(error)")
      }
      loaded.files.append(.file(path))
    }
  }

  /// What selects papers and items, a phrase each.
  var selectionPhrases: [String] {
    let lists = [
      ("module", module), ("category", category), ("item", item), ("without item", excludeItem),
      ("tag", tag), ("type", type), ("venue", venue), ("without paper", exclude),
    ]
    return lists.compactMap { name, values in
      values.isEmpty ? nil : "\(name) \(values.joined(separator: ", "))"
    } + [since.map { "since \($0)" }, until.map { "until \($0)" }].compactMap { $0 }
  }

  private func select(from loaded: inout LoadedCorpus) throws {
    var selection = Selection()
    selection.modules = module
    selection.categories = category.map(GlobPattern.init)
    selection.items = item.map(GlobPattern.init)
    selection.excludedItems = excludeItem.map(GlobPattern.init)
    selection.tags = tag
    selection.types = type
    selection.venues = venue
    selection.since = since
    selection.until = until
    for entry in exclude {
      if entry.hasPrefix("@") {
        let text = String(decoding: try InputBytes.read(String(entry.dropFirst())), as: UTF8.self)
        selection.excludedPapers.formUnion(
          text.split(whereSeparator: \.isWhitespace).map(String.init))
      } else {
        selection.excludedPapers.insert(entry)
      }
    }
    do throws(Selection.SelectionError) {
      let rows = try selection.papers(of: loaded.matrix)
      let columns = try selection.items(of: loaded.matrix)
      loaded.keep(papers: rows)
      if columns.count < loaded.matrix.items.count {
        loaded.matrix = loaded.matrix.selecting(items: columns)
      }
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    guard !loaded.matrix.papers.isEmpty, !loaded.matrix.items.isEmpty else {
      throw CommandFailure(
        .noInput,
        loaded.matrix.items.isEmpty
          ? "no items are left after selection"
          : "no papers are left after selection, of \(loaded.papersBeforeSelection)")
    }
  }
}

extension LoadedCorpus {
  /// Keeps the given rows, in the given order.
  mutating func keep(papers rows: [Int]) {
    guard rows != Array(matrix.papers.indices) else { return }
    matrix = matrix.selecting(papers: rows)
    inputPositions = rows.map { inputPositions[$0] }
  }

  /// Puts the papers in the order of their slugs and versions, so that results do not depend on the
  /// order of the input.
  mutating func sortPapers() {
    let papers = matrix.papers
    keep(
      papers: papers.indices.sorted { left, right in
        let (a, b) = (papers[left], papers[right])
        return a.slug == b.slug ? (a.version ?? 0) < (b.version ?? 0) : a.slug < b.slug
      })
  }

  /// Chooses among several rows of one paper and among duplicates, as for scans.
  mutating func resolve(versions: VersionChoice, duplicates: DuplicatePolicy, file: String) {
    let papers = matrix.papers
    var newest: [String: Int] = [:]
    for paper in papers { newest[paper.slug] = max(newest[paper.slug] ?? 0, paper.version ?? 0) }
    keep(
      papers: papers.indices.filter { row in
        let version = papers[row].version ?? 0
        return switch versions {
        case .version(let wanted): version == wanted
        case .newest: version == newest[papers[row].slug]
        case .all: true
        }
      })
    otherScans = papers.count - matrix.papers.count
    let found = Duplicates(
      of: matrix.papers, files: matrix.papers.map { "\(file): \($0.slug)" }, policy: duplicates)
    duplicatesLeftOut = matrix.papers.count - found.kept.count
    keep(papers: found.kept)
    problems += found.problems
  }
}
