import ArgumentParser
import SurveyStats

/// `metastat classes`: types of papers by latent class analysis.
struct ClassesCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case fits, classes, items, papers, covariates
  }

  static let configuration = CommandConfiguration(
    commandName: "classes",
    abstract: "Types of papers: latent classes, their items, and what goes with them.",
    discussion: """
      Within a class answers are independent of each other; what papers have in common is their class. \
      Items that do not apply are no part of the likelihood. fits compares numbers of classes by BIC \
      (--test adds a bootstrap likelihood-ratio test against one class less, with --replicates data \
      sets); classes describes those of one fit by the items that tell them apart, of the highest mean \
      score first; items has all rates; papers the class of each; covariates relates classes to the \
      variables of --on, allowing for papers being put in wrong classes. Without a single number by \
      --classes, the number of the least BIC is taken. 1,000 starts are drawn from --seed.

      EXAMPLES
        metastat classes papers
        metastat classes papers --classes 2-4 --test --replicates 99
        metastat classes papers --classes 3 --table classes
        metastat classes papers --classes 3 --table covariates --on year

      OUTPUT (CSV)
        fits: classes, n, parameters, log_likelihood, aic, bic, separation, best,
          n_reached, statistic, p_value, note
        classes: class, n, n_papers, estimate, conf_low, conf_high, conf_level,
          mean_score, distinctive, note
        items: class, item, n_effective, estimate, conf_low, conf_high, conf_level
        papers: paper, title, class, probability, class_1, …
        covariates: class, reference, term, n, estimate, std_error, conf_low,
          conf_high, conf_level, odds_ratio, odds_low, odds_high, p_value,
          p_adjusted, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "Numbers of classes: 3, 2-4 or 1,2,5.")
  var classes = "1-6"

  @Option(help: "fits (default), classes, items, papers or covariates.")
  var table = TableName.fits

  @Flag(help: "Test each number of classes against one less by data drawn from the latter.")
  var test = false

  @Option(help: "The number of starts.")
  var starts = 1_000

  @Option(
    help: ArgumentHelp(
      "The variables of covariates, a formula as of 'logit'.", valueName: "formula"),
    completion: .names(.variables))
  var on: String?

  @Option(help: "Adjustment of p-values of covariates: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  private static let most = 12

  /// The numbers of classes; `nil` when they cannot be read.
  private var counts: [Int]? {
    var counts: [Int] = []
    for part in classes.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        first >= 1, last >= first, last <= Self.most
      else { return nil }
      counts += Array(first...last)
    }
    return Set(counts).sorted()
  }

  func validate() throws {
    guard counts != nil else {
      throw ValidationError(
        "--classes takes numbers from 1 to \(Self.most), such as 3, 2-4 or 1,2,5; not '\(classes)'."
      )
    }
    guard starts >= 1, starts <= 100_000 else {
      throw ValidationError("--starts takes a number from 1 to 100000, not \(starts).")
    }
    guard !test || table == .fits else { throw ValidationError("--test is of --table fits.") }
    guard (table == .covariates) == (on != nil) else {
      throw ValidationError("--table covariates and --on FORMULA go together.")
    }
    if resampling.cluster != nil || resampling.stratify != nil {
      throw ValidationError("classes takes papers one by one; leave out --cluster and --stratify.")
    }
  }

  func answer(_ ask: Ask) async throws -> Answer {
    let matrix = ask.loaded.matrix
    var question = LatentClasses(
      counts ?? [], starts: starts, tests: test, level: resampling.level)
    let largest = matrix.papers.count / 10
    if table == .fits || question.counts.count > 1, let fewest = question.counts.first,
      fewest <= max(1, largest), question.counts.contains(where: { $0 > max(1, largest) })
    {
      question.counts.removeAll { $0 > max(1, largest) }
      ask.console.note(
        "\(matrix.papers.count) papers are too few for more than \(max(1, largest)) classes, ten papers for each"
      )
    }
    if !resampling.unweighted, matrix.papers.contains(where: { $0.weight != nil }) {
      ask.console.note("the 'weight' column plays no part in classes")
    }
    let design = try on.map { formula throws(CommandFailure) in try self.design(formula, matrix) }
    do {
      let fits = try await ask(question)
      var answer = try answer(fits, design, matrix, ask.console)
      answer.usesSeed = true
      return answer
    } catch let error as LatentClasses.Failure {
      throw CommandFailure(.estimation, "\(error)")
    } catch let error as ClassCovariates.Failure {
      throw CommandFailure(.estimation, "--on: \(error)")
    }
  }

  private func answer(
    _ fits: [LatentClassFit], _ design: DesignMatrix?, _ matrix: BinaryMatrix, _ console: Console
  ) throws -> Answer {
    guard table != .fits else { return Answer(Table(classFits: fits)) }
    guard let fit = fits.first(where: \.isBest) else {
      throw CommandFailure(.estimation, "no classes were found")
    }
    if fits.count > 1 {
      console.note(
        "\(fit.classCount) class\(fit.classCount == 1 ? " has" : "es have") the least BIC; --classes takes another number"
      )
    }
    switch table {
    case .classes, .fits: return Answer(Table(classesOf: fit))
    case .items: return Answer(Table(classItems: fit))
    case .papers: return Answer(Table(classPapers: fit, of: matrix))
    case .covariates:
      guard let design else {
        throw CommandFailure(.usage, "--table covariates needs --on FORMULA")
      }
      return Answer(
        Table(
          classCovariates: try ClassCovariates(fit, design, level: resampling.level),
          level: resampling.level, adjustment: adjust))
    }
  }

  private func design(
    _ formula: String, _ matrix: BinaryMatrix
  ) throws(CommandFailure) -> DesignMatrix {
    do throws(ModelFormulaError) {
      return try DesignMatrix(try ModelFormula(formula), from: matrix)
    } catch {
      if case .variable(let error) = error {
        throw CommandFailure(error, option: "--on", in: corpus)
      }
      throw CommandFailure(.usage, "--on: \(error)")
    }
  }
}
