import ArgumentParser
import MetaAnalysis
import SurveyReport
import SurveyStats

extension CumulativeOrder: ExpressibleByArgument {}
extension ModelAverage.Likelihood: ExpressibleByArgument {}

/// The side that bias of small studies favours.
enum BiasSide: String, ExpressibleByArgument, CaseIterable {
  case auto, positive, negative

  var expectsPositive: Bool? { self == .auto ? nil : self == .positive }
}

/// How far a pooled effect can be trusted: options of `meta`.
struct RobustnessOptions: ParsableArguments {
  @Option(help: "Order of studies in cumulative tables and forests: input, precision, effect.")
  var order: CumulativeOrder?

  @Option(
    help:
      "Which side small-study bias favours: auto (that of the pooled effect), positive, negative.")
  var direction: BiasSide?

  @Option(
    help: "Of --table bias: the mean effect that Orwin's fail-safe number leads to. (default: half)"
  )
  var target: Double?

  @Option(help: "The most subsets of --table gosh; beyond, a sample of so many. (default: 10000)")
  var subsets: Int?

  @Option(help: "Of --table models: normal, or exact of counts. (default: normal)")
  var likelihood: ModelAverage.Likelihood?

  @Option(
    name: .customLong("prior-scale"),
    help: "Of --table models: the standard deviation of the effect a priori; tau has 0.15 of it.")
  var priorScale: Double?

  @Option(
    name: .customLong("prior-null"),
    help: "Of --table models: the effect that 'no effect' means, on the scale of analysis.")
  var priorNull: Double?

  @Option(
    help: ArgumentHelp(
      """
      Draw a picture into FILE.svg, .png or .vl.json, called forest, funnel, bubble, baujat, gosh or \
      drapery, or KIND:FILE; repeatable.
      """, valueName: "file"), completion: .file())
  var figure: [String] = []

  /// The pictures with their files.
  func figures() throws(CommandFailure) -> [FigureFile<StudyFigures.Kind>] {
    var files: [FigureFile<StudyFigures.Kind>] = []
    for argument in figure { files.append(try FigureFile(argument)) }
    return files
  }

  func validate() throws {
    if let subsets, subsets < 1 {
      throw ValidationError("--subsets takes a number from 1, not \(subsets).")
    }
    if let priorScale, !(priorScale > 0 && priorScale.isFinite) {
      throw ValidationError("--prior-scale takes a positive number, not \(priorScale).")
    }
    if let priorNull, !priorNull.isFinite {
      throw ValidationError("--prior-null takes a number, not \(priorNull).")
    }
    if let target, !target.isFinite {
      throw ValidationError("--target takes a number, not \(target).")
    }
  }

  /// The first option that plays no part in a table and its pictures, with the reason.
  func idleOption(table: MetaCommand.TableName) -> String? {
    let kinds = (try? figures())?.map(\.kind) ?? []
    let idle: [(String, Bool, String)] = [
      (
        "--order", order != nil && table != .cumulative && !kinds.contains(.forest),
        "is of --table cumulative and --figure forest"
      ),
      (
        "--direction", direction != nil && table != .bias && table != .models,
        "is of --table bias and models"
      ),
      ("--target", target != nil && table != .bias, "is of --table bias"),
      (
        "--subsets",
        subsets != nil && table != .gosh && table != .subsets && !kinds.contains(.gosh),
        "is of --table gosh, --table subsets and --figure gosh"
      ),
      ("--likelihood", likelihood != nil && table != .models, "is of --table models"),
      ("--prior-scale", priorScale != nil && table != .models, "is of --table models"),
      ("--prior-null", priorNull != nil && table != .models, "is of --table models"),
    ]
    return idle.first { $0.1 }.map { "\($0.0) \($0.2); leave it out." }
  }

  /// The priors of a measure with what was asked for.
  func priors(_ measure: EffectMeasure) -> AveragingPriors? {
    guard priorScale != nil || priorNull != nil else { return nil }
    let known = AveragingPriors(measure)
    var priors = AveragingPriors(
      scale: priorScale ?? known?.effectDeviation ?? 1, null: priorNull ?? known?.null ?? 0)
    // A value of "no effect" that was given is one that can be true.
    if priorNull == nil, measure.nullValue == nil { priors.effectProbability = 1 }
    return priors
  }
}

extension MetaCommand {
  /// The tables of robustness and model averaging, one part after another.
  func robustness(
    _ parts: [(term: String?, studies: StudyEffects)], _ pooling: Pooling,
    regression: (StudyEffects) throws -> MetaRegression.Result?
  ) throws -> Table {
    var tables: [Table] = []
    var failure: MetaError?
    for part in parts {
      do {
        var table = try robustness(of: part.studies, pooling, regression: regression)
        if let term = part.term {
          table.columns.insert(
            Column("item", .text([String?](repeating: term, count: table.rowCount))), at: 0)
        }
        tables.append(table)
      } catch let error as MetaError {
        failure = error
        if parts.count > 1 { output.console.note("\(part.term ?? "studies"): \(error)") }
      }
    }
    guard let stacked = Table(stacking: tables) else { throw failure ?? MetaError.noStudies }
    return stacked
  }

  private func robustness(
    of studies: StudyEffects, _ pooling: Pooling,
    regression: (StudyEffects) throws -> MetaRegression.Result?
  ) throws -> Table {
    if studies.clusters != nil, ![.leaveOneOut, .cumulative, .models].contains(chosenTable) {
      throw MetaError.unfittingModel(
        MetaModel.threeLevel.rawValue,
        reason: "has no --table \(chosenTable.rawValue); leave out --cluster")
    }
    let twoStep = RandomEffects(
      method: pooling.method, test: pooling.test ?? .boundedKnappHartung, level: pooling.level)
    let measure = studies.measure
    let sizes = studies.counts.compactMap { $0?.size }.filter { $0 > 0 }
    let harmonic =
      sizes.isEmpty ? nil : Double(sizes.count) / sizes.reduce(0) { $0 + 1 / $1 }
    let reading = NaturalReading(style: measure.isRate ? .share : .plain) {
      measure.natural($0, size: harmonic) ?? $0
    }
    var table: Table
    switch chosenTable {
    case .leaveOneOut:
      return Table(
        subsets: try pooling.leavingOneOut(studies), isCumulative: false, level: pooling.level)
    case .cumulative:
      return Table(
        subsets: try pooling.accumulating(studies, order: robust.order ?? .input),
        isCumulative: true,
        level: pooling.level)
    case .models:
      return Table(
        models: try ModelAverage(
          studies, priors: robust.priors(measure), likelihood: robust.likelihood ?? .normal,
          expectsPositive: robust.direction?.expectsPositive, level: pooling.level),
        reading: reading)
    case .influence:
      if let result = try regression(studies) {
        table = Table(
          influence: try twoStep.influence(
            studies.selecting(result.positions), design: result.design),
          terms: result.names)
      } else {
        table = Table(influence: try twoStep.influence(studies))
      }
    case .bias:
      table = Table(
        bias: try BiasAssessment(
          studies, model: twoStep, expectsPositive: robust.direction?.expectsPositive,
          target: robust.target),
        reading: reading)
    case .gosh, .subsets:
      let subsets = try SubsetPooling(
        studies, model: twoStep, limit: robust.subsets ?? 10_000, seed: pooling.seed)
      table =
        chosenTable == .gosh
        ? Table(gosh: subsets, reading: reading) : Table(subsets: subsets, reading: reading)
    case .pooled, .studies, .flow, .moderators, .subgroups: throw MetaError.noStudies
    }
    if pooling.chosenModel(of: studies) != .inverseVariance {
      table.notes.append(
        "Effects are weighted by inverse variances here (\(pooling.method.rawValue)), as these measures "
          + "have no exact likelihood.")
    }
    return table
  }

  /// Draws the pictures that were asked for.
  func draw(
    _ parts: [(term: String?, studies: StudyEffects)], _ pooling: Pooling,
    groups: (StudyEffects) throws -> (labels: [String?], result: Subgroups.Result)?,
    regression: (StudyEffects) throws -> MetaRegression.Result?
  ) throws {
    let files = try robust.figures()
    guard !files.isEmpty else { return }
    guard outcome == nil else {
      throw CommandFailure(.usage, "--figure draws one outcome; leave out --outcome")
    }
    guard parts.count == 1, let part = parts.first else {
      throw CommandFailure(
        .usage, "--figure draws one item, not \(parts.count); name one with --item")
    }
    let figures = try StudyFigures(
      part.studies, pooling: pooling, term: part.term,
      studyWord: over.count == 1 ? over[0] : "study")
    for file in files {
      let figure: Figure
      switch file.kind {
      case .forest:
        figure = figures.forest(order: robust.order ?? .effect, groups: try groups(part.studies))
      case .funnel: figure = try figures.funnel()
      case .baujat: figure = try figures.baujat()
      case .gosh: figure = try figures.gosh(limit: robust.subsets ?? 10_000)
      case .drapery: figure = try figures.drapery()
      case .bubble:
        guard let result = try regression(part.studies), let drawn = figures.bubble(result) else {
          throw CommandFailure(
            .usage,
            "--figure bubble shows one moderator that is a number; name it with --moderators")
        }
        figure = drawn
      }
      try file.write(figure.specification)
    }
  }
}
