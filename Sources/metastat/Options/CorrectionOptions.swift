import ArgumentParser
import SurveyStats

extension CorrectionMethod: ExpressibleByArgument {}

extension KnownErrors.Share: ExpressibleByArgument {
  /// So many of so many, such as `45/50`.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map {
      Double($0)
    }
    guard parts.count == 2, let count = parts[0], let whole = parts[1], whole > 0,
      whole < .infinity, count >= 0, count <= whole
    else { return nil }
    self.init(count, of: whole)
  }
}

/// Whose answers correct those of a rater, and how.
struct CorrectionOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Rates as a better rater would have found them, who has answered some of the papers: another corpus or matrix, "
        + "'rater:NAME', 'calibration' (calibration.json beside the scans), or such files.",
      valueName: "better"), completion: .file())
  var correct: [String] = []

  @Option(
    help: "The correction. (default: double-sampling of rates, ppi++ of scores, trends and logits)")
  var correction: CorrectionMethod?

  @Option(
    help:
      "Show where the limits could lie if the better rater gets a share X of yes, and of no, wrong."
  )
  var betterError: Double?

  @Option(
    help: ArgumentHelp(
      "The variable with the probability that a paper was re-answered; equal ones without it.",
      valueName: "variable"), completion: .names(.variables))
  var probability: String?

  @Option(
    help: "For rogan-gladen without --correct: of so many yes the rater said yes to so many, 45/50."
  )
  var sensitivity: KnownErrors.Share?

  @Option(
    help: "For rogan-gladen without --correct: of so many no the rater said no to so many, 90/100.")
  var specificity: KnownErrors.Share?

  /// Whether rates are to be corrected.
  var isWanted: Bool { !correct.isEmpty || known != nil }

  /// The errors of the rater, if they are known from elsewhere.
  var known: KnownErrors? {
    guard let sensitivity, let specificity else { return nil }
    return KnownErrors(sensitivity: sensitivity, specificity: specificity)
  }

  /// The way to correct.
  var method: CorrectionMethod {
    correction ?? (known == nil ? .doubleSampling : .roganGladen)
  }

  /// The rater of the same matrix that is better.
  var rater: String? {
    guard correct.count == 1, let word = correct.first, word.hasPrefix("rater:") else { return nil }
    return String(word.dropFirst("rater:".count))
  }

  /// Whether calibrations are better.
  var isCalibration: Bool {
    !correct.isEmpty
      && correct.allSatisfy { $0 == "calibration" || $0.hasSuffix("calibration.json") }
  }

  /// The files that are read.
  var readPaths: [String] { rater == nil ? correct.filter { $0 != "calibration" } : [] }

  func validate() throws {
    if sensitivity != nil || specificity != nil {
      guard known != nil else {
        throw ValidationError("--sensitivity and --specificity go together.")
      }
      guard correct.isEmpty else {
        throw ValidationError(
          "--sensitivity and --specificity are for want of a better rater; leave them or --correct out."
        )
      }
      guard method == .roganGladen, betterError == nil, probability == nil else {
        throw ValidationError(
          "--sensitivity and --specificity go with --correction rogan-gladen, without --better-error and "
            + "--probability.")
      }
    }
    if let name = rater, name.isEmpty {
      throw ValidationError("--correct rater:NAME needs the name of a rater.")
    }
    if correct.count > 1, correct.contains(where: { $0.hasPrefix("rater:") }) {
      throw ValidationError("--correct takes one rater:NAME, or files.")
    }
    guard !isWanted else {
      if let betterError, !(betterError >= 0 && betterError < 0.5) {
        throw ValidationError(
          "--better-error takes a share of wrong answers from 0 to 0.5, such as 0.02, not \(betterError)."
        )
      }
      return
    }
    for (name, isGiven) in [
      ("--correction", correction != nil), ("--better-error", betterError != nil),
      ("--probability", probability != nil),
    ] where isGiven {
      throw ValidationError("\(name) goes with --correct BETTER.")
    }
  }
}

extension CorpusOptions {
  /// Reads the input and puts the better rater's answers beside it, as rows of a rater of their own.
  func loadCorrected(
    by correction: CorrectionOptions, console: Console, jobs: Int, isStrict: Bool
  ) async throws -> LoadedCorpus {
    guard !correction.correct.isEmpty else {
      var loaded = try await load(console: console, jobs: jobs, isStrict: isStrict)
      if correction.known != nil { loaded.betterRater = "the stated sensitivity and specificity" }
      return loaded
    }
    var corpus = self
    let isScanned = InputKind(inputs[0]) == .scans
    if correction.rater != nil || correction.isCalibration, chosenInstrument == nil {
      corpus.chosenInstrument = isScanned ? .all : chosenInstrument
    }
    if let name = correction.rater {
      guard raterOrder == nil else {
        throw CommandFailure(
          .usage, "--rater-order takes one rater of each paper; --correct rater:NAME needs two")
      }
      if !rater.isEmpty { corpus.rater.append(name) }
    }
    var loaded = try await corpus.load(
      console: console, jobs: jobs, isStrict: isStrict, saysChoice: false)
    let readings: PairedReadings
    if let name = correction.rater {
      readings = try splitting(loaded.matrix, betterRater: name)
    } else if correction.isCalibration {
      let found = try CalibratedScans(
        loaded, files: correction.readPaths, readsBesideScans: correction.readPaths.isEmpty,
        console: console)
      loaded.files += correction.readPaths.map(InputRecord.file)
      let isBetter = found.matrix.papers.map { $0.rater == "calibration" }
      readings = PairedReadings(
        loaded.matrix.firstVersions,
        better: found.matrix.selecting(papers: isBetter.indices.filter { isBetter[$0] }),
        named: "calibration")
    } else {
      let better = try await loadBetter(
        correction.correct, console: console, jobs: jobs, isStrict: isStrict)
      readings = PairedReadings(
        loaded.matrix, better: better.matrix, named: Self.raterName(correction.correct))
      loaded.add(better)
    }
    try say(readings, console: console)
    let taken = Set(readings.matrix.papers.compactMap(\.rater))
    let name =
      taken.contains(readings.betterName)
      ? readings.betterName + " (better)" : readings.betterName
    loaded.arrange(readings.joined(betterName: name))
    loaded.betterRater = name
    return loaded
  }

  /// The rows of one rater as the better ones; of the others the newest version of each paper.
  private func splitting(
    _ matrix: BinaryMatrix, betterRater name: String
  ) throws -> PairedReadings {
    let isBetter = matrix.papers.map { $0.rater?.lowercased() == name.lowercased() }
    let rows = isBetter.indices.filter { isBetter[$0] }
    let known = Set(matrix.papers.compactMap(\.rater))
    guard let first = rows.first else {
      let nearest = NearestNames(known).nearest(to: name)
      throw CommandFailure(
        .usage,
        "--correct: nothing was answered by '\(name)'"
          + (known.isEmpty
            ? "; no rater is stated"
            : nearest.isEmpty
              ? "; there \(known.count == 1 ? "is" : "are") "
                + known.sorted().joined(separator: ", ")
              : NearestNames.suggestion(of: nearest)))
    }
    var others = isBetter.indices.filter { !isBetter[$0] }
    guard !others.isEmpty else {
      throw CommandFailure(
        .usage,
        "--correct: everything was answered by '\(name)'; there is no other rater to correct")
    }
    if chosenInstrument == nil {
      let kept = RowChoice()(others.map { matrix.papers[$0].row }).kept
      others = kept.map { others[$0] }
    }
    return PairedReadings(
      matrix.selecting(papers: others), better: matrix.selecting(papers: rows),
      named: matrix.papers[first].rater ?? name)
  }

  /// Reads the corpus of a better rater, of which only papers of the input will count.
  private func loadBetter(
    _ paths: [String], console: Console, jobs: Int, isStrict: Bool
  ) async throws -> LoadedCorpus {
    for path in paths where InputKind(path) == .scans && !InputKind.isThere(path) {
      throw CommandFailure(
        .noInput,
        "--correct: there is no '\(path)'; it takes a corpus or matrix, rater:NAME or calibration")
    }
    var corpus = self
    corpus.inputs = paths
    (corpus.rater, corpus.raterOrder, corpus.condition, corpus.weight) = ([], nil, nil, nil)
    (corpus.tag, corpus.type, corpus.venue, corpus.exclude) = ([], [], [], [])
    (corpus.since, corpus.until) = (nil, nil)
    (corpus.module, corpus.category, corpus.item, corpus.excludeItem) = ([], [], [], [])
    corpus.covariates = []
    let loaded = try await corpus.load(
      console: console, jobs: jobs, isStrict: isStrict, saysChoice: false)
    guard !loaded.matrix.hasSeveralRaters else {
      let raters = Set(loaded.matrix.papers.compactMap(\.rater)).sorted()
      throw CommandFailure(
        .usage,
        "--correct: \(paths.joined(separator: ", ")) has answers of \(raters.joined(separator: ", ")) about the "
          + "same papers; leave those of one rater in it")
    }
    return loaded
  }

  /// Says which of the better rater's answers play no part, and fails where none does.
  private func say(_ readings: PairedReadings, console: Console) throws {
    guard !readings.reanswered.isEmpty else {
      throw CommandFailure(
        .estimation,
        "--correct: \(readings.betterName) has answered no item of a paper of the input; papers are matched by "
          + "name, DOI, arXiv id or title")
    }
    let papers = readings.unmatched.papers
    if !papers.isEmpty {
      let shown = papers.prefix(3).joined(separator: ", ")
      let rest = papers.count > 3 ? " and \(papers.count - 3) more" : ""
      console.note(
        "\(papers.count) \(papers.count == 1 ? "paper" : "papers") of \(readings.betterName) "
          + "\(papers.count == 1 ? "is" : "are") not in the input and \(papers.count == 1 ? "plays" : "play") no "
          + "part: \(shown)\(rest)")
    }
    let items = readings.unmatched.items
    if module.isEmpty, category.isEmpty, item.isEmpty, excludeItem.isEmpty, !items.isEmpty {
      let shown = items.prefix(3).map(\.description).joined(separator: ", ")
      let rest = items.count > 3 ? " and \(items.count - 3) more" : ""
      console.warning(
        "\(items.count) \(items.count == 1 ? "item" : "items") of \(readings.betterName) "
          + "\(items.count == 1 ? "is" : "are") not in the input: \(shown)\(rest)")
    }
  }

  /// What a better rater is called that was named by its files.
  private static func raterName(_ paths: [String]) -> String {
    guard paths.count == 1 else { return "better" }
    let name = paths[0].split(separator: "/").last.map(String.init) ?? paths[0]
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }
}

extension BinaryMatrix {
  /// Of every paper and rater the row of the lowest version, which is what was calibrated.
  fileprivate var firstVersions: BinaryMatrix {
    var least: [String: Int] = [:]
    for paper in papers {
      least[paper.slug] = min(least[paper.slug] ?? .max, paper.version ?? 0)
    }
    return selecting(
      papers: papers.indices.filter { (papers[$0].version ?? 0) == least[papers[$0].slug] })
  }
}
