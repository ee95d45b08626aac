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

  /// The names for the help text.
  public static var allValueStrings: [String] {
    ["auto"] + ResampledInterval.allCases.filter { $0 != .studentized }.map(\.rawValue)
  }
}

/// `metastat agree` says how far raters agree.
struct AgreeCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case coefficients, confusion, directions, bias, disagreements, consensus, calibration
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
        Several inputs: each is a rater. One input: the raters of a paper, else its versions;
        --by chooses: rater, version, source (who gave each answer of a scan), duplicate (one
        paper under several names), calibration (calibration.json beside the scans).

      COEFFICIENTS
        agreement, kappa (Cohen; of more raters Conger), weighted_kappa (neighbours in the
        order no, na, yes agree by half), pabak (Brennan-Prediger), scott, fleiss, ac1, ac2
        (Gwet), alpha (Krippendorff), prevalence_index, bias_index, kappa_max, pooled_kappa
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

      OUTPUT (CSV)
        coefficients: level (overall, category, item, pair, paper), category, term, item, part
          (states, applies, answers), coefficient, [rater_a, rater_b], n_papers, n, estimate,
          std_error, conf_low, conf_high, conf_level, interval, note
        confusion: level, category, term, item, rater_a, rater_b, answer_a, answer_b, n,
          n_cells, estimate
        directions: the same with direction (yes/no: A says yes, B no), kind, n_disagreements
        bias: level, category, term, item, part, rater_a, rater_b, n, rate_a, rate_b, estimate,
          statistic, df, p_value, method, note
        disagreements: paper, [title], category, term, item, kind, answer_RATER ..., consensus
          (to be filled in: yes, no or na), [reason]
        consensus: a matrix of what all say, and of --decisions
        calibration: paper, rater, n, agreements, estimate, stored_n, stored_agreements,
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

  @Option(help: "Decisions on disagreements, a CSV with paper, item and consensus.")
  var decisions: String?

  var readPaths: [String] { corpus.readPaths + [decisions].compactMap { $0 } }

  func validate() throws {
    if interval == .resampled(.bca) { try resampling.checkBCa() }
    if (decisions != nil) != (table == .consensus) {
      throw ValidationError(
        decisions == nil
          ? "--table consensus needs --decisions FILE, the table of disagreements filled in."
          : "--decisions FILE goes with --table consensus.")
    }
    if table == .calibration, by != .calibration, by != .auto {
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
    switch table {
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
  /// Reads the `calibration.json` beside the scans of a corpus.
  init(_ loaded: LoadedCorpus, console: Console) throws {
    var calibrations: [String: Calibration] = [:]
    var seen: Set<String> = []
    for case .file(let path) in loaded.files {
      guard let slash = path.lastIndex(of: "/") else { continue }
      let folder = String(path[..<slash])
      guard seen.insert(folder).inserted else { continue }
      let file = folder + "/calibration.json"
      guard InputKind.exists(file) else { continue }
      do throws(CalibrationError) {
        let bytes: [UInt8]
        do { bytes = try InputBytes.read(file) } catch { throw .notJSON }
        calibrations[String(folder.split(separator: "/").last ?? "")] = try Calibration(json: bytes)
      } catch { console.warning("\(file): \(error)") }
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
