import SurveyExplorer
import SurveyStats

/// What an explorer is made from: the corpus as the other commands read it, the texts of its scans, and
/// what other versions and raters said.
struct ExplorerInput {
  /// The corpus, its raters numbered unless their names are shown.
  var loaded: LoadedCorpus
  /// The texts of the papers, in the order of the matrix; empty for a matrix.
  private(set) var texts: [PaperTexts] = []
  /// The answers of rows of these papers that were not chosen.
  private(set) var readings: [OtherReading] = []
  /// What readers should know of the input.
  private(set) var remarks: [String] = []

  /// Reads the corpus, and a second time what was left out of it by the choice of versions and raters.
  init(
    _ options: CorpusOptions, publicIf condition: String?, showsRaters: Bool, jobs: Int,
    isStrict: Bool, console: Console
  ) async throws {
    loaded = try await options.load(
      console: console, jobs: jobs, isStrict: isStrict, keepsSources: true, keepsEverything: true)
    if let condition { try keepPublic(condition, options) }
    var others: LoadedCorpus?
    if loaded.otherScans > 0, !options.inputs.contains(where: InputKind.isReadOnce) {
      var everything = options
      everything.chosenInstrument = .all
      everything.chosenDuplicates = .keep
      everything.rater = options.rater.filter { !options.hasRater($0, in: loaded) }
      everything.raterOrder = nil
      var silent = console
      silent.isQuiet = true
      silent.isVerbose = false
      others = try await everything.load(
        console: silent, jobs: jobs, isStrict: false, keepsEverything: true, saysChoice: false)
    }
    if !showsRaters { hideRaters(&others) }
    if let scans = loaded.scans {
      texts = loaded.inputPositions.map { PaperTexts(scans.scans[$0], items: scans.items) }
    }
    if let others { addReadings(of: others) }
    if let sentence = loaded.matrix.versionSentence { remarks.append(sentence) }
    remarks += loaded.choiceRemarks
  }

  /// Keeps the papers for which a column or condition is true.
  private mutating func keepPublic(
    _ condition: String, _ options: CorpusOptions
  ) throws(CommandFailure) {
    let truths: Truths
    do throws(VariableError) {
      truths = try loaded.matrix.variables.truths(loaded.matrix.variables.expression(condition))
    } catch { throw CommandFailure(error, option: "--only-public", in: options) }
    let all = loaded.matrix.distinctPaperCount
    loaded.keep(papers: truths.papers)
    guard !loaded.matrix.papers.isEmpty else {
      throw CommandFailure(
        .noInput, "--only-public: '\(condition)' is true for none of \(all) papers")
    }
    let left = all - loaded.matrix.distinctPaperCount
    if left > 0 {
      remarks.append(
        "\(left) of \(all) papers are not public; they are in no number of this page.")
    }
  }

  /// Replaces the names of raters by numbers, one for each rater, in the order of the names.
  private mutating func hideRaters(_ others: inout LoadedCorpus?) {
    var names: Set<String> = []
    for matrix in [loaded.matrix, others?.matrix].compactMap({ $0 }) {
      for paper in matrix.papers { names.formUnion(Self.raters(of: paper)) }
    }
    guard !names.isEmpty else { return }
    let numbers = Dictionary(
      uniqueKeysWithValues: names.sorted().enumerated().map { ($1, "rater \($0 + 1)") })
    loaded.nameRaters(numbers)
    others?.nameRaters(numbers)
    remarks.append("Names of raters are replaced by numbers.")
  }

  /// The raters of a row: of scans several, joined by `+`.
  fileprivate static func raters(of paper: Paper) -> [String] {
    paper.rater?.split(separator: "+").map(String.init) ?? []
  }

  /// Adds the rows of another reading of the input that are not in this one.
  private mutating func addReadings(of others: LoadedCorpus) {
    var rows: [String: Int] = [:]
    for (row, paper) in loaded.matrix.papers.enumerated() where rows[paper.slug] == nil {
      rows[paper.slug] = row
    }
    let chosen = Set(loaded.matrix.papers.map(\.row))
    var columns: [ItemID: Int] = [:]
    for (column, item) in others.matrix.items.enumerated() { columns[item.id] = column }
    for (index, paper) in others.matrix.papers.enumerated() where !chosen.contains(paper.row) {
      guard let row = rows[paper.slug] else { continue }
      let cells = loaded.matrix.items.map { item in
        columns[item.id].map { others.matrix[index, $0] } ?? .absent
      }
      let texts = others.scans.map {
        PaperTexts($0.scans[others.inputPositions[index]], items: $0.items)
      }
      readings.append(
        OtherReading(
          paper: row, version: paper.version, rater: paper.rater, cells: cells,
          justifications: texts?.justifications ?? [:]))
    }
  }
}

extension LoadedCorpus {
  /// Gives the raters of all rows and answers other names.
  fileprivate mutating func nameRaters(_ names: [String: String]) {
    var papers = matrix.papers
    for index in papers.indices where papers[index].rater != nil {
      papers[index].rater = ExplorerInput.raters(of: papers[index])
        .map { names[$0] ?? $0 }.joined(separator: "+")
    }
    let renamed = Dictionary(
      zip(matrix.papers.map(\.row), papers.map(\.row)), uniquingKeysWith: { first, _ in first })
    matrix = matrix.replacing(papers: papers)
    sources = sources?.renaming(rows: renamed, sources: names)
  }
}

extension CorpusOptions {
  /// Whether a name of `--rater` is that of a rater, and not of the column that holds them.
  fileprivate func hasRater(_ name: String, in loaded: LoadedCorpus) -> Bool {
    loaded.matrix.papers.contains { $0.rater?.lowercased() == name.lowercased() }
  }
}
