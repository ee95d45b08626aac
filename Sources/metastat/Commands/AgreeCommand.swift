import ArgumentParser
import SurveyStats

extension AgreementPart: ExpressibleByArgument {}
extension AgreementCoefficient: ExpressibleByArgument {}
extension AgreementTarget.Level: ExpressibleByArgument {}

extension Agreement.Interval: ExpressibleByArgument {
  /// `auto`, or the name of a bootstrap interval.
  public init?(argument: String) {
    if argument == "auto" {
      self = .automatic
    } else if let kind = ResampledInterval(rawValue: argument), kind != .studentized {
      self = .resampled(kind)
    } else {
      return nil
    }
  }

  /// Shells complete the names.
  public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  /// The names for the help text.
  public static var allValueStrings: [String] {
    ["auto"] + ResampledInterval.allCases.filter { $0 != .studentized }.map(\.rawValue)
  }
}

/// `metastat agree` says how far raters agree.
struct AgreeCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case coefficients, confusion, directions, bias, disagreements, consensus, calibration, plan,
      drift
    case planPapers = "plan-papers"
    case dawidSkene = "dawid-skene"
  }

  /// What makes two answers two readings.
  enum Readings: String, ExpressibleByArgument, CaseIterable {
    case auto, rater, version, source, duplicate, calibration
  }

  static let configuration = CommandConfiguration(
    commandName: "agree",
    abstract: "Do raters, models, versions or corpora agree on the papers that several have read?",
    discussion: """
      Of every paper, the answers of two or more raters are compared item by item: as three states \
      (yes, no, does not apply), on whether the item applies, and on the answer where all say it \
      does. Coefficients of categories and of everything are means over items. Papers are the \
      sampling units, as the answers of one paper hang together.

      READINGS
        Several inputs: each is a rater. One input: the raters of a paper, else its versions; \
      --by chooses: rater, version, source (who gave each answer of a scan), duplicate (one \
      paper under several names), calibration (calibration.json beside the scans).

      COEFFICIENTS
        agreement, kappa (Cohen; of more raters Conger), weighted_kappa (neighbours in the \
      order no, na, yes agree by half), pabak (Brennan-Prediger), scott, fleiss, ac1, ac2 \
      (Gwet), alpha (Krippendorff), prevalence_index, bias_index, kappa_max, pooled_kappa \
      (of the cells of all items together)

      INTERVALS
        auto: Wilson's, of the effective number of papers, carried over to the coefficient
        percentile, basic, normal, bca: papers are resampled

      EXAMPLES
        metastat agree raters.csv
        metastat agree opus.csv haiku.csv --rows overall item --coefficient kappa ac1
        metastat agree papers --by version
        metastat agree papers --by calibration --table directions
        metastat agree a.csv b.csv --table disagreements -o todo.csv
        metastat agree a.csv b.csv --table consensus --decisions todo.csv -o consensus.csv
        metastat agree quick.csv careful.csv --plan --width 0.05
        metastat agree quick.csv careful.csv --table plan-papers --further 30 -o plan.csv
        metastat agree raters.csv --table drift --batch year
        metastat agree raters.csv --table dawid-skene

      OUTPUT (CSV)
        coefficients: level (overall, category, item, pair, paper), category, term, item, part \
      (states, applies, answers), coefficient, [rater_a, rater_b], n_papers, n, estimate, \
      std_error, conf_low, conf_high, conf_level, interval, note
        confusion: level, category, term, item, rater_a, rater_b, answer_a, answer_b, n, \
      n_cells, estimate
        directions: the same with direction (yes/no: A says yes, B no), kind, n_disagreements
        bias: level, category, term, item, part, rater_a, rater_b, n, rate_a, rate_b, estimate, \
      statistic, df, p_value, method, note
        disagreements: paper, [title], category, term, item, kind, answer_RATER ..., consensus \
      (to be filled in: yes, no or na), [reason]
        consensus: a matrix of what all say, and of --decisions
        plan: level, category, term, n_papers, n_gold, half_length, half_length_10_more, \
      n_needed, n_needed_chosen, share_unknown, item, note
        plan-papers: paper, chosen, re_answered, unknown, chance, probability
        dawid-skene (rates if no rater is known to be right): level, category, term, item, rater, \
      parameter (rate, sensitivity, specificity, missed_applies, false_applies), n_papers, \
      estimate, std_error, conf_low, conf_high, conf_level, interval, note
        drift: batch, n_papers, estimate, n_later, later, conf_low, conf_high, conf_level, drift
        calibration: paper, rater, n, agreements, estimate, stored_n, stored_agreements, \
      stored_disagreements, stored_rate, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions

  @Option(help: "The table.")
  var table = TableName.coefficients

  @Option(help: "What makes two answers two readings.")
  var by = Readings.auto

  @Option(help: "The interval.")
  var interval = Agreement.Interval.automatic

  @Option(parsing: .upToNextOption, help: "Rows: overall, category, item, pair, paper.")
  var rows: [AgreementTarget.Level] = []

  @Option(parsing: .upToNextOption, help: "Parts: states, applies, answers; all without it.")
  var parts: [AgreementPart] = []

  @Option(parsing: .upToNextOption, help: "Coefficients; all without it.")
  var coefficient: [AgreementCoefficient] = []

  @Option(
    help: ArgumentHelp(
      "Decisions on disagreements, a CSV with paper, item and consensus.", valueName: "file"),
    completion: .file())
  var decisions: String?

  @Flag(
    help: "The same as --table plan: how many papers a better rater has to answer, for --width.")
  var plan = false

  @Option(help: "Plan corrected rates with limits of at most ± X, such as 0.05.")
  var width: Double?

  @Option(
    help: ArgumentHelp(
      "The better rater of a plan. (default: the one who has read fewer papers)", valueName: "rater"
    ), completion: .names(.raters))
  var better: String?

  @Option(help: "Choose N further papers. (default: as many as --width needs)")
  var further: Int?

  @Option(
    help: ArgumentHelp(
      "The variable of the batches of --table drift, such as year.", valueName: "variable"),
    completion: .names(.variables))
  var batch: String?

  /// The table that is wanted.
  private var wanted: TableName { plan ? .plan : table }

  var readPaths: [String] { corpus.readPaths + [decisions].compactMap { $0 } }

  func validate() throws {
    if interval == .resampled(.bca) { try resampling.checkBCa() }
    if plan, table != .coefficients, table != .plan {
      throw ValidationError("--plan is --table plan; leave out --table \(table.rawValue).")
    }
    let isPlan = wanted == .plan || wanted == .planPapers
    if let width, !(width > 0 && width < 0.5) {
      throw ValidationError(
        "--width takes half a length between 0 and 0.5, such as 0.05, not \(width).")
    }
    if let further, further < 0 {
      throw ValidationError("--further takes a number of papers, not \(further).")
    }
    if wanted == .plan, width == nil {
      throw ValidationError("a plan needs --width, half the length of the intervals, such as 0.05.")
    }
    if wanted == .planPapers, width == nil, further == nil {
      throw ValidationError(
        "--table plan-papers needs --width 0.05, or --further with a number of papers.")
    }
    for (name, isGiven) in [
      ("--width", width != nil), ("--better", better != nil), ("--further", further != nil),
    ] where isGiven && !isPlan {
      throw ValidationError("\(name) goes with --plan or --table plan-papers.")
    }
    if (batch != nil) != (wanted == .drift) {
      throw ValidationError(
        batch == nil
          ? "--table drift needs --batch COLUMN, the variable of the batches."
          : "--batch goes with --table drift.")
    }
    if (decisions != nil) != (table == .consensus) {
      throw ValidationError(
        decisions == nil
          ? "--table consensus needs --decisions FILE, the table of disagreements filled in."
          : "--decisions FILE goes with --table consensus.")
    }
    if wanted == .calibration, by != .calibration, by != .auto {
      throw ValidationError("--table calibration goes with --by calibration.")
    }
    if corpus.inputs.count > 1, by == .calibration || by == .duplicate {
      throw ValidationError("--by \(by.rawValue) takes one input.")
    }
  }

  /// The readings, as rows of raters.
  func load() async throws -> LoadedCorpus {
    var corpus = corpus
    if corpus.chosenInstrument == nil, corpus.inputs.count == 1 { corpus.chosenInstrument = .all }
    if by == .duplicate { corpus.chosenDuplicates = .keep }
    let jobs = resampling.jobs
    guard corpus.inputs.count == 1 else {
      return try await corpus.loadRaters(
        console: output.console, jobs: jobs, isStrict: output.strict)
    }
    var loaded = try await corpus.load(
      console: output.console, jobs: jobs, isStrict: output.strict,
      keepsSources: by == .source, saysChoice: false)
    switch by {
    case .source:
      guard let sources = loaded.sources else {
        throw CommandFailure(.usage, "--by source needs scans; a matrix has no sources of answers")
      }
      loaded.arrange(loaded.matrix.dividing(by: sources))
    case .duplicate: loaded.arrange(loaded.matrix.readingsOfDuplicates())
    case .auto, .rater, .version, .calibration: break
    }
    if by == .calibration || table == .calibration {
      let found = try CalibratedScans(loaded, console: output.console)
      loaded.arrange(found.matrix)
      loaded.calibrated = found
      loaded.raterOrder = ["scan", "calibration"]
    }
    return loaded
  }

  /// What makes two rows two readings, where it was not said.
  private func arrangement(of matrix: BinaryMatrix) -> Ratings.Arrangement {
    switch by {
    case .version: return .version
    case .rater, .source, .duplicate, .calibration: return .rater
    case .auto:
      return Ratings.Arrangement(
        of: matrix,
        isScanned: corpus.inputs.count == 1 && InputKind(corpus.inputs[0]) == .scans)
    }
  }

  func answer(_ ask: Ask) async throws -> Answer {
    let calibrated = ask.loaded.calibrated
    let matrix = ask.study.matrix
    let arrangement = calibrated == nil ? arrangement(of: matrix) : .rater
    let order = ask.loaded.raterOrder + corpus.rater
    let ratings = Ratings(matrix, by: arrangement, order: order)
    if ratings.supersededCount > 0 {
      let count = ratings.supersededCount
      output.console.note(
        "\(count) further \(count == 1 ? "row" : "rows") of the same paper and \(arrangement.rawValue) "
          + "\(count == 1 ? "is" : "are") not compared")
    }
    guard ratings.raters.count <= 31 else {
      throw CommandFailure(
        .usage, "there are \(ratings.raters.count) raters; name at most 31 with --rater")
    }
    switch wanted {
    case .plan, .planPapers:
      let (made, name) = try planned(ratings, of: matrix, arrangement)
      guard wanted == .planPapers else {
        return Answer(Table(plan: made, halfLength: width ?? 0, better: name))
      }
      var choices = Table(choices: made, better: name)
      choices.notes.append(
        "Once they are answered: rates A --correct B --covariates THIS_FILE --probability probability."
      )
      return Answer(choices)
    case .dawidSkene:
      let levels: Set<AgreementTarget.Level> = shownLevels
      do {
        let found = try await ask(
          DawidSkene(by: arrangement, levels: levels, level: resampling.level))
        guard found.contains(where: { $0.estimate.value != nil }) else {
          throw CommandFailure(
            .estimation,
            found.first?.estimate.notes.first?.words ?? "no rate could be estimated")
        }
        return Answer(Table(found))
      } catch let error as AgreementError {
        throw CommandFailure(.estimation, error.description)
      }
    case .drift: return Answer(try drift(ratings, of: matrix))
    case .coefficients:
      do {
        var question = Agreement(
          by: arrangement,
          levels: rows.isEmpty ? Set(AgreementTarget.Level.allCases) : Set(rows),
          parts: parts.isEmpty ? AgreementPart.allCases : parts,
          coefficients: coefficient.isEmpty ? AgreementCoefficient.allCases : coefficient,
          interval: interval, level: resampling.level)
        question.raterOrder = order
        let result = try await ask(question)
        if result.singlePaperCount > 0 {
          let one = result.singlePaperCount == 1
          output.console.note(
            "\(result.singlePaperCount) \(one ? "paper was" : "papers were") read by one rater alone and "
              + "\(one ? "plays" : "play") no part")
        }
        return Answer(Table(result))
      } catch let error as AgreementError {
        throw CommandFailure(.estimation, error.description)
      }
    case .confusion: return Answer(Table(confusionOf: ratings, levels: shownLevels))
    case .directions:
      return Answer(Table(directionsOf: ratings, levels: rows.isEmpty ? [.overall] : shownLevels))
    case .bias: return Answer(Table(biasOf: ratings))
    case .disagreements:
      let reasons = calibrated?.reasons ?? [:]
      return Answer(
        Table(Disagreements(ratings)) { paper, item in
          reasons[paper]?[item]
        })
    case .consensus: return Answer(matrix: try consensus(of: ratings))
    case .calibration: return Answer(Table(calibrated?.checks ?? []))
    }
  }

  /// How many papers the better of two raters has to answer, and which.
  private func planned(
    _ ratings: Ratings, of matrix: BinaryMatrix, _ arrangement: Ratings.Arrangement
  ) throws -> (ReanswerPlan, String) {
    guard ratings.raters.count >= 2 else {
      throw CommandFailure(.estimation, AgreementError(ratings).description)
    }
    let read = ratings.readings.map { reading in
      ratings.papers.indices.count { paper in
        ratings.items.indices.contains { reading.asked[paper, $0] }
      }
    }
    let place: Int
    if let better {
      guard
        let found = ratings.raters.firstIndex(where: { $0.lowercased() == better.lowercased() })
      else {
        throw CommandFailure(
          .usage,
          "--better: nothing was answered by '\(better)'"
            + NearestNames.suggestion(of: NearestNames(Set(ratings.raters)).nearest(to: better)))
      }
      place = found
    } else {
      guard ratings.raters.count == 2, read[0] != read[1] else {
        throw CommandFailure(
          .usage,
          "a plan needs --better NAME, the rater to go by: one of \(ratings.raters.joined(separator: ", "))"
        )
      }
      place = read[0] < read[1] ? 0 : 1
    }
    let name = ratings.raters[place]
    func isOf(_ paper: Paper) -> Bool {
      (arrangement == .rater ? paper.rater : paper.version.map(String.init)) == name
    }
    let rows = matrix.papers.indices
    let readings = PairedReadings(
      matrix.selecting(papers: rows.filter { !isOf(matrix.papers[$0]) }),
      better: matrix.selecting(papers: rows.filter { isOf(matrix.papers[$0]) }), named: name)
    guard readings.matrix.distinctPaperCount == readings.matrix.papers.count else {
      throw CommandFailure(
        .usage, "a plan is about one rater and a better one; name the first with --rater")
    }
    let levels = Set(shownLevels.compactMap { RateTarget.Level(rawValue: $0.rawValue) })
    return (
      ReanswerPlan(
        readings, levels: levels, halfLength: width ?? 0.05, further: further,
        level: resampling.level, seed: resampling.seed), name
    )
  }

  /// How far the first two raters differ over batches.
  private func drift(_ ratings: Ratings, of matrix: BinaryMatrix) throws -> Table {
    guard ratings.raters.count == 2 else {
      throw CommandFailure(
        ratings.raters.count < 2 ? .estimation : .usage,
        ratings.raters.count < 2
          ? AgreementError(ratings).description
          : "drift is of two raters; name them with --rater")
    }
    let column = batch ?? ""
    let groups = try matrix.groups(by: column)
    var names = [String?](repeating: nil, count: matrix.papers.count)
    for group in groups {
      for row in group.papers where names[row] == nil { names[row] = group.name }
    }
    let found = Drift(
      ratings, raters: (0, 1), batchOf: ratings.rows.map { names[$0] }, level: resampling.level)
    guard found.batches.count > 1 else {
      throw CommandFailure(
        .estimation, "papers read by both are of one value of \(column); drift needs two batches")
    }
    return Table(found, raters: ratings.raters, by: column)
  }

  private var shownLevels: Set<AgreementTarget.Level> {
    rows.isEmpty
      ? [.overall, .category, .item] : Set(rows).intersection([.overall, .category, .item])
  }

  private func consensus(of ratings: Ratings) throws -> [UInt8] {
    let path = decisions ?? ""
    let found: Disagreements.Consensus
    do throws(DecisionError) {
      found = Disagreements(ratings).consensus(
        try Disagreements.decisions(csv: try bytes(path)))
    } catch { throw CommandFailure(.invalidInput, "\(path): \(error)") }
    for decision in found.unknown.prefix(10) {
      output.console.warning(
        "\(path): no rater has read \(decision.item) of \(decision.paper); the decision is not used"
      )
    }
    let single = ratings.papers.count - ratings.papersReadTwice.count
    if single > 0 {
      output.console.note(
        "\(single) \(single == 1 ? "paper was" : "papers were") read by one rater alone, whose answers stand "
          + "as they are; leave them out before rates are corrected by the consensus")
    }
    if !found.undecided.isEmpty {
      output.console.note(
        "\(found.undecided.count) disagreements are not decided; they are empty in the matrix")
    }
    do throws(MatrixCSVError) {
      return try MatrixCSV(metadata: corpus.metadata).write(found.matrix)
    } catch { throw CommandFailure(.invalidInput, "\(error)") }
  }

  private func bytes(_ path: String) throws(DecisionError) -> [UInt8] {
    do { return try InputBytes.read(path) } catch { throw .unreadable(error.message) }
  }
}

extension CorpusOptions {
  /// Reads each input as a rater of its own, called by the name of its file or folder, unless its rows
  /// name their raters.
  func loadRaters(console: Console, jobs: Int, isStrict: Bool) async throws -> LoadedCorpus {
    var parts: [(name: String, matrix: BinaryMatrix)] = []
    var result: LoadedCorpus?
    var names: [String] = []
    for path in inputs {
      var one = self
      one.inputs = [path]
      let loaded = try await one.load(
        console: console, jobs: jobs, isStrict: isStrict, saysChoice: false)
      let isNamed = loaded.matrix.papers.contains { $0.rater != nil } && loaded.isMatrix
      let name = Self.raterName(path, among: inputs)
      parts.append((path, isNamed ? loaded.matrix : loaded.matrix.named(rater: name)))
      if !isNamed { names.append(name) }
      result?.add(loaded)
      if result == nil { result = loaded }
    }
    result?.raterOrder = names
    guard var result else { throw CommandFailure(.noInput, "there is no input") }
    do throws(MatrixJoinError) {
      result.arrange(try BinaryMatrix.joining(parts))
    } catch { throw CommandFailure(.invalidInput, "\(error)") }
    return result
  }

  /// The name of a file or folder, without folders and ending where these are not needed.
  private static func raterName(_ path: String, among paths: [String]) -> String {
    func short(_ path: String) -> String {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
      return String(name[..<dot])
    }
    let name = short(path)
    return paths.filter { short($0) == name }.count > 1 ? path : name
  }
}

extension CalibratedScans {
  /// Reads the `calibration.json` beside the scans of a corpus, and further calibrations.
  ///
  /// Those beside scans are of the paper of their folder; others of the paper that they name, or else of
  /// that of their folder.
  init(
    _ loaded: LoadedCorpus, files: [String] = [], readsBesideScans: Bool = true, console: Console
  ) throws {
    var calibrations: [String: Calibration] = [:]
    func read(_ file: String, folder: String, goesByFolder: Bool) {
      do throws(CalibrationError) {
        let bytes: [UInt8]
        do { bytes = try InputBytes.read(file) } catch { throw .notJSON }
        let calibration = try Calibration(json: bytes)
        let name = folder.split(separator: "/").last.map(String.init) ?? ""
        calibrations[goesByFolder ? name : calibration.slug ?? name] = calibration
      } catch { console.warning("\(file): \(error)") }
    }
    func folder(_ path: String) -> String? {
      path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
    for file in files {
      guard InputKind.exists(file) else {
        throw CommandFailure(.noInput, "there is no '\(file)'")
      }
      read(file, folder: folder(file) ?? "", goesByFolder: false)
    }
    var seen: Set<String> = []
    for case .file(let path) in loaded.files where readsBesideScans {
      guard let folder = folder(path), seen.insert(folder).inserted else { continue }
      let file = folder + "/calibration.json"
      if InputKind.exists(file) { read(file, folder: folder, goesByFolder: true) }
    }
    guard !calibrations.isEmpty else {
      throw CommandFailure(
        .noInput, "there is no calibration.json beside the scans; it holds a second rater's answers"
      )
    }
    self.init(loaded.matrix, calibrations)
    for check in checks where !check.notes.isEmpty {
      console.note("\(check.paper): \(check.notes.joined(separator: "; "))")
    }
    for slug in unknownPapers { console.warning("\(slug) is calibrated, but not scanned") }
    guard !checks.isEmpty else {
      throw CommandFailure(.noInput, "no paper that was calibrated was scanned")
    }
  }

  /// The reasons that are given for differences, by paper and item.
  var reasons: [String: [ItemID: String]] {
    var reasons: [String: [ItemID: String]] = [:]
    for check in checks {
      for difference in check.calibration.differences {
        if let reason = difference.reason {
          reasons[check.paper, default: [:]][difference.item] = reason
        }
      }
    }
    return reasons
  }
}
