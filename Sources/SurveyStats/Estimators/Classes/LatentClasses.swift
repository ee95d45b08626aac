import RealModule

/// Types of papers: latent classes, within which answers are independent of each other.
///
/// The likelihood of a paper is `Σ_k share_k Π_j π_jk^y (1 − π_jk)^(1−y)` over the items that apply to it; an item that
/// does not apply, or was not asked, is no part of it, which holds where applicability says nothing of the answer given
/// the class. Items that do not vary take no part.
///
/// * **Starts**: 1,000 mixtures about the rates of the items, drawn from the seed, take four steps of the EM algorithm;
///   the best 20 run until no one gains 10⁻⁸ of its log-likelihood, the best of them to 10⁻¹¹. With more than 2,000
///   different papers this is done in 2,000 drawn ones, and the best five then run in all.
/// * **How many**: `BIC = −2 log L + parameters · log n`; the fit of the least BIC is `best`. On request the likelihood
///   ratio of K − 1 and K classes against data drawn from K − 1 classes (with the applicability of the papers),
///   `(b + 1)/(B + 1)`, since the ratio has no χ² distribution. Each is fitted from 20 starts.
/// * **Order**: classes of the highest mean score first; ``LatentClassFit/distinctive(of:most:)`` describes them.
/// * Limits of shares and of rates are Wilson's with the number of papers that would tell as much if their classes were
///   known, from the observed information on all shares and rates at once (`ClassInformation`). Where that has no
///   inverse, as of more parameters than papers, those of shares take rates as known, those of rates memberships, with
///   the note `limits-take-the-rest-as-known`.
///
/// More parameters than papers is a note, classes that overlap in few papers are (`overlapping-classes`); so is a best log-likelihood that only one of the 20 runs reached.
///
/// Cost of a step: 4 · n · 2p · K operations for n different papers of p items.
///
/// References: Goodman (1974), *Biometrika* 61:215; Dempster, Laird & Rubin (1977), *JRSS B* 39:1; McLachlan (1987),
/// *Applied Statistics* 36:318; Nylund, Asparouhov & Muthén (2007), *Structural Equation Modeling* 14:535.
public struct LatentClasses: Analysis {
  /// The numbers of classes.
  public var counts: [Int]
  /// The number of starts.
  public var starts: Int
  /// Whether to test each number of classes against one less.
  public var tests: Bool
  /// The confidence level.
  public var level: Double

  /// One fit a number of classes.
  public typealias Result = [LatentClassFit]

  /// Asks for classes.
  public init(
    _ counts: [Int] = Array(1...6), starts: Int = 1_000, tests: Bool = false, level: Double = 0.95
  ) {
    self.counts = counts
    self.starts = starts
    self.tests = tests
    self.level = level
  }

  /// 99.
  public static var usualReplicates: Int { 99 }

  /// Why there are no classes.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// Too few papers for so many classes.
    case tooFewPapers(Int, classes: Int)
    /// Fewer than two items vary.
    case tooFewItems(Int)

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .tooFewPapers(let papers, let classes):
        "\(papers) different paper\(papers == 1 ? "" : "s") with answers are too few for \(classes) class\(classes == 1 ? "" : "es"); "
          + "ten for each class are the least"
      case .tooFewItems(let count):
        "\(count) item\(count == 1 ? " varies" : "s vary"), and classes take two"
      }
    }
  }

  /// Papers are drawn one by one: features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  private static let fewestPapers = 10
  private static let mostStartRows = 2_000

  /// Fits, and asks for data drawn from fits.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let rows = AnswerRows(sample.matrix)
    guard rows.items.count > 1 else { throw Failure.tooFewItems(rows.items.count) }
    let wanted = Set(counts + (tests ? counts.filter { $0 > 1 }.map { $0 - 1 } : [])).sorted()
    for count in wanted where rows.paperCount < Double(Self.fewestPapers * count) {
      throw Failure.tooFewPapers(Int(rows.paperCount), classes: count)
    }
    var found: [Int: LatentClassFit] = [:]
    for count in wanted {
      found[count] = try await fit(rows, count, sample, run)
    }
    let fits = found
    var draws: [Draw] = []
    var tested: [Int] = []
    if tests {
      for count in counts.sorted() where count > 1 {
        guard let null = fits[count - 1], let own = fits[count] else { continue }
        let observed = 2 * (own.logLikelihood - null.logLikelihood)
        tested.append(count)
        draws.append(
          Draw("\(count) classes", terms: ["likelihood ratio"]) { run, range, progress in
            let values = try await concurrentMap(Array(range), jobs: run.jobs) { number -> Double in
              try Task.checkCancellation()
              let drawn = null.drawing(rows, seed: run.seed, number: number)
              let small = Self.quick(drawn, count - 1, seed: run.seed)
              let large = Self.quick(drawn, count, seed: run.seed)
              progress?(1)
              return max(0, 2 * (large - small))
            }
            return BootstrapSample(
              original: [observed],
              replicates: DenseMatrix(rows: range.count, columns: 1, elements: values))
          })
      }
    }
    let order = counts
    return Prepared(draws: draws) { [fits, tested] samples in
      var fits = fits
      for (count, sample) in zip(tested, samples) {
        let values = sample.values(of: 0)
        let extreme = values.count { $0 >= sample.original[0] - 1e-9 }
        fits[count]?.testStatistic = sample.original[0]
        fits[count]?.pValue = Double(extreme + 1) / Double(values.count + 1)
      }
      var result = order.compactMap { fits[$0] }
      if let least = result.map(\.bic).min() {
        for index in result.indices { result[index].isBest = result[index].bic == least }
      }
      return result
    }
  }

  /// The best fit of a number of classes.
  private func fit(
    _ rows: AnswerRows, _ count: Int, _ sample: Sample, _ run: Run
  ) async throws -> LatentClassFit {
    let rates = rows.rates
    let seed = run.seed
    var part = rows
    if rows.rowCount > Self.mostStartRows {
      var stream = RandomStream(seed: seed, stream: 0, substream: 999)
      var order = Array(0..<rows.rowCount)
      stream.draw(Self.mostStartRows, toFrontOf: &order)
      part = rows.selecting(rows: order.prefix(Self.mostStartRows).sorted())
    }
    let startRows = part
    let all = count == 1 ? 1 : starts
    let batches = stride(from: 0, to: all, by: 25).map { $0..<min($0 + 25, all) }
    let short = try await concurrentMap(batches, jobs: run.jobs) { batch in
      try Task.checkCancellation()
      var mixtures = ClassMixtures(
        classCount: count, rates: rates, starts: batch, seed: seed)
      var values: [Double] = []
      for _ in 0..<4 { values = mixtures.step(startRows).logLikelihoods }
      return (mixtures: mixtures, values: values)
    }
    let ranked = short.indices.flatMap { batch in
      short[batch].values.indices.map { (batch, $0, short[batch].values[$0]) }
    }.sorted { ($1.2, $0.0, $0.1) < ($0.2, $1.0, $1.1) }
    let long = try await concurrentMap(Array(ranked.prefix(20)), jobs: run.jobs) { start in
      try Task.checkCancellation()
      var mixture = short[start.0].mixtures.selecting([start.1])
      let value = mixture.maximize(startRows, tolerance: 1e-8, most: 2_000)[0]
      return (mixture: mixture, value: value)
    }
    let best = long.indices.sorted { (long[$1].value, $0) < (long[$0].value, $1) }
    let finalists = rows.rowCount > Self.mostStartRows ? Array(best.prefix(5)) : [best[0]]
    let ended = try await concurrentMap(finalists, jobs: run.jobs) { index in
      try Task.checkCancellation()
      var mixture = long[index].mixture
      let value = mixture.maximize(rows, tolerance: 1e-11, most: 5_000)[0]
      return (mixture: mixture, value: value)
    }
    let top = ended.max { $0.value < $1.value } ?? ended[0]
    let reached = long.count {
      $0.value > long[best[0]].value - 1e-4 * max(1, abs($0.value)) * 1e-2
    }
    return LatentClassFit(
      top.mixture, logLikelihood: top.value, rows: rows, sample: sample, reached: reached,
      runCount: long.count, level: level)
  }

  /// The log-likelihood of a few starts, for drawn data.
  private static func quick(_ rows: AnswerRows, _ count: Int, seed: UInt64) -> Double {
    var mixtures = ClassMixtures(
      classCount: count, rates: rows.rates, starts: 0..<(count == 1 ? 1 : 20), seed: seed)
    var values: [Double] = []
    for _ in 0..<8 { values = mixtures.step(rows).logLikelihoods }
    let best = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }.prefix(4)
    var chosen = mixtures.selecting(Array(best))
    return chosen.maximize(rows, tolerance: 1e-7, most: 500).max() ?? 0
  }
}

/// A fit of some latent classes.
public struct LatentClassFit: Sendable {
  /// The share of each class among the papers.
  public let shares: [Double]
  /// The items that vary.
  public let items: [ItemID]
  /// The probability of yes of each item in each class.
  public let rates: [[Double]]
  /// The sum of memberships of the papers to which an item applies, of each class and item.
  public let counts: [[Double]]
  /// How many papers of known class would tell as much of the share of each class.
  public let shareCounts: [Double]
  /// How many papers of a class would tell as much of each of its rates.
  public let rateCounts: [[Double]]
  /// The log-likelihood.
  public let logLikelihood: Double
  /// The papers with an answer.
  public let paperCount: Int
  /// The probability of each class for each paper; `nil` for papers without an answer.
  let memberships: [[Double]?]
  /// The mean score of each class, papers weighted by membership.
  public let meanScores: [Double?]
  /// How many of the longer runs reached the same log-likelihood.
  public let reached: Int
  /// The number of longer runs.
  let runCount: Int
  /// Whether it has the least BIC of all numbers of classes.
  public internal(set) var isBest = false
  /// Twice the difference of log-likelihoods from one class less, where tested.
  var testStatistic: Double?
  /// The p-value that one class less is enough, where tested.
  public internal(set) var pValue: Double?
  /// What is doubtful.
  public private(set) var notes: [Note]
  /// The confidence level of limits.
  let level: Double

  init(
    _ mixture: ClassMixtures, logLikelihood: Double, rows: AnswerRows, sample: Sample,
    reached: Int, runCount: Int, level: Double
  ) {
    let count = mixture.classCount
    let width = rows.items.count
    var last = mixture
    let found = last.step(rows, updates: false).memberships
    let n = rows.rowCount
    let papers = sample.matrix.papers.indices
    let scores = PaperScores(sample.matrix).overall.values
    var means = [Double?](repeating: nil, count: count)
    for index in 0..<count {
      var (sum, whole) = (0.0, 0.0)
      for paper in papers where rows.rowOfPaper[paper] >= 0 {
        guard let score = scores[paper] else { continue }
        let membership = found[index * n + rows.rowOfPaper[paper]]
        sum += membership * score
        whole += membership
      }
      means[index] = whole > 0 ? sum / whole : nil
    }
    let order = (0..<count).sorted {
      (-(means[$0] ?? -1), mixture.shares[$1], $0) < (-(means[$1] ?? -1), mixture.shares[$0], $1)
    }
    shares = order.map { mixture.shares[$0] }
    meanScores = order.map { means[$0] }
    items = rows.items.map { sample.matrix.items[$0].id }
    rates = order.map { Array(mixture.rates[$0 * width..<($0 + 1) * width]) }
    counts = order.map { index in
      var sums = [Double](repeating: 0, count: width)
      for row in 0..<n {
        let membership = rows.counts[row] * found[index * n + row]
        for item in 0..<width { sums[item] += membership }
      }
      for (place, item) in rows.partial.enumerated() {
        sums[item] = 0
        for row in 0..<n {
          sums[item] +=
            rows.counts[row] * found[index * n + row] * rows.values[(width + place) * n + row]
        }
      }
      return sums
    }
    let ordered = order.map { index in (0..<n).map { found[index * n + $0] } }
    let information = ClassInformation(
      shares: shares, rates: rates, memberships: ordered, rows: rows)
    shareCounts =
      information?.shareCounts
      ?? Self.shareCounts(ordered, shares: shares, weights: rows.counts)
    rateCounts = counts.enumerated().map { index, counts in
      counts.indices.map { item in
        min(counts[item], information?.rateCounts[index][item] ?? counts[item])
      }
    }
    self.logLikelihood = logLikelihood
    paperCount = Int(rows.paperCount)
    memberships = papers.map { paper in
      let row = rows.rowOfPaper[paper]
      return row < 0 ? nil : order.map { found[$0 * n + row] }
    }
    self.reached = reached
    self.runCount = runCount
    self.level = level
    var notes = sample.notes
    if Double(count - 1 + count * width) > rows.paperCount {
      notes.append(Note("more-parameters-than-papers", effect: .doubt))
    }
    if count > 1, information == nil {
      notes.append(Note("limits-take-the-rest-as-known", effect: .doubt))
    }
    if count > 1, reached < 2 { notes.append(Note("one-run-reached-the-best", effect: .doubt)) }
    self.notes = notes
    if let separation, separation < Self.overlap,
      rows.paperCount < Self.papersOfParameter * Double(parameterCount)
    {
      self.notes.append(
        Note(
          "overlapping-classes", effect: .doubt,
          words: "classes overlap and papers are few, so that limits are too short"))
    }
  }

  /// Below this separation classes overlap, and of fewer papers a parameter their limits are too short
  /// (docs/questions.md).
  private static let overlap = 0.8
  private static let papersOfParameter = 5.0

  /// Of each class `share (1 − share) / variance`, the variance of the share being that of the inverse information.
  private static func shareCounts(
    _ memberships: [[Double]], shares: [Double], weights: [Double]
  ) -> [Double] {
    let whole = weights.reduce(0, +)
    let last = shares.count - 1
    var information = DenseMatrix(rows: last, columns: last)
    var slope = [Double](repeating: 0, count: last)
    guard last > 0, shares.allSatisfy({ $0 > 0 }) else { return shares.map { _ in whole } }
    for row in weights.indices {
      for index in 0..<last {
        slope[index] =
          memberships[index][row] / shares[index] - memberships[last][row] / shares[last]
      }
      for i in 0..<last {
        for j in 0..<last { information[i, j] += weights[row] * slope[i] * slope[j] }
      }
    }
    guard let inverse = try? information.positiveDefiniteInverse() else {
      return shares.map { _ in whole }
    }
    return shares.indices.map { index in
      let variance = index < last ? inverse[index, index] : inverse.elements.reduce(0, +)
      let share = shares[index]
      return variance > 0 ? min(whole, share * (1 - share) / variance) : whole
    }
  }

  /// The number of classes.
  public var classCount: Int { shares.count }
  /// The number of parameters.
  public var parameterCount: Int { classCount - 1 + classCount * items.count }
  /// Akaike's information criterion.
  public var aic: Double { 2 * Double(parameterCount) - 2 * logLikelihood }
  /// The Bayesian information criterion.
  public var bic: Double {
    Double.log(Double(paperCount)) * Double(parameterCount) - 2 * logLikelihood
  }

  /// How clearly papers belong to one class: 1 less the entropy of memberships over that of chance; `nil` for one.
  public var separation: Double? {
    guard classCount > 1 else { return nil }
    let entropy = memberships.reduce(0.0) { sum, own in
      (own ?? []).reduce(sum) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
    }
    return 1 - entropy / (Double(paperCount) * Double.log(Double(classCount)))
  }

  /// The class to which a paper most probably belongs, from 0 on.
  public func modalClass(_ paper: Int) -> Int? {
    memberships[paper].flatMap { own in own.indices.max { (own[$0], $1) < (own[$1], $0) } }
  }

  /// The items whose rates differ most from those of all other papers, with the difference.
  public func distinctive(of index: Int, most: Int = 5) -> [(
    item: ItemID, rate: Double, others: Double
  )] {
    guard classCount > 1 else { return [] }
    let rows = items.indices.map { item -> (item: ItemID, rate: Double, others: Double) in
      var (sum, whole) = (0.0, 0.0)
      for other in 0..<classCount where other != index {
        sum += counts[other][item] * rates[other][item]
        whole += counts[other][item]
      }
      return (items[item], rates[index][item], whole > 0 ? sum / whole : rates[index][item])
    }
    return Array(
      rows.enumerated().sorted {
        (abs($1.element.rate - $1.element.others), $0.offset)
          < (abs($0.element.rate - $0.element.others), $1.offset)
      }.prefix(most).map(\.element))
  }

  /// Answers drawn from the classes, where the papers of some rows have answers.
  func drawing(_ rows: AnswerRows, seed: UInt64, number: Int) -> AnswerRows {
    var stream = RandomStream(
      seed: seed, stream: UInt64(number), substream: 2_000 + UInt64(classCount))
    var answers: [Bool] = []
    var source: [Int] = []
    for row in 0..<rows.rowCount {
      for _ in 0..<Int(rows.counts[row]) {
        var (place, index) = (stream.uniform(), 0)
        while index < classCount - 1, place >= shares[index] {
          place -= shares[index]
          index += 1
        }
        for item in items.indices { answers.append(stream.uniform() < rates[index][item]) }
        source.append(row)
      }
    }
    let width = items.count
    let isPartial = Set(rows.partial)
    return AnswerRows(
      items: rows.items, counts: source.map { _ in 1 }, rowOfPaper: [],
      applies: { !isPartial.contains($1) || rows.applies(source[$0], $1) },
      yes: { answers[$0 * width + $1] })
  }
}

extension Table {
  /// Fits of classes: `classes`, `n`, `parameters`, `log_likelihood`, `aic`, `bic`, `separation`, `best`, `n_reached`,
  /// `statistic`, `p_value`, `note`.
  public init(classFits fits: [LatentClassFit]) {
    self.init(
      name: "class_fits",
      caption:
        "Numbers of latent classes; the least BIC is the best, p-values are of one class less.",
      columns: [
        Column("classes", .integer(fits.map(\.classCount))),
        Column("n", .integer(fits.map(\.paperCount))),
        Column("parameters", .integer(fits.map(\.parameterCount))),
        Column("log_likelihood", .real(fits.map(\.logLikelihood))),
        Column("aic", .real(fits.map(\.aic)), isDetail: true),
        Column("bic", .real(fits.map(\.bic))),
        Column("separation", .real(fits.map(\.separation))),
        Column("best", .text(fits.map { $0.isBest ? "yes" : "no" })),
        Column("n_reached", .integer(fits.map(\.reached))),
        Column("statistic", .real(fits.map(\.testStatistic)), style: .sparse),
        Column("p_value", .real(fits.map(\.pValue)), style: .pValue),
        Column.notes(fits.map(\.notes)),
      ])
  }

  /// The classes of a fit: `class`, `n`, `n_papers` (most probably of it), `estimate` (share) with limits, `mean_score`,
  /// `distinctive`, `note`.
  public init(classesOf fit: LatentClassFit) {
    let limits = zip(fit.shares, fit.shareCounts).map { share, count in
      ProportionInterval.wilson.limits(
        successes: share * count, trials: count, level: fit.level)
    }
    let modal = fit.memberships.indices.map { fit.modalClass($0) }
    func percent(_ rate: Double) -> String { "\(Int((100 * rate).rounded())) %" }
    self.init(
      name: "classes",
      caption: """
        Latent classes, of the highest mean score first, and the items that tell them most from the others.
        """,
      columns: [
        Column("class", .integer(fit.shares.indices.map { $0 + 1 })),
        Column("n", .integer(fit.shares.map { _ in fit.paperCount })),
        Column(
          "n_papers", .integer(fit.shares.indices.map { index in modal.count { $0 == index } })),
        Column("estimate", .real(fit.shares), style: .share),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(fit.shares.map { _ in fit.level })),
        Column("mean_score", .real(fit.meanScores)),
        Column(
          "distinctive",
          .text(
            fit.shares.indices.map { index in
              fit.distinctive(of: index).map {
                "\($0.item.name) \(percent($0.rate)) (others \(percent($0.others)))"
              }.joined(separator: "; ")
            })),
        Column.notes(fit.shares.map { _ in fit.notes }),
      ])
  }

  /// The rates of items in classes: `class`, `item`, `n_effective`, `estimate` with limits, `others`.
  public init(classItems fit: LatentClassFit) {
    let rows = fit.shares.indices.flatMap { index in fit.items.indices.map { (index, $0) } }
    let limits = rows.map { index, item in
      ProportionInterval.wilson.limits(
        successes: min(1, fit.rates[index][item]) * fit.rateCounts[index][item],
        trials: fit.rateCounts[index][item], level: fit.level)
    }
    self.init(
      name: "class_items",
      caption: "The probability of yes in each class.",
      columns: [
        Column("class", .integer(rows.map { $0.0 + 1 })),
        Column("item", .text(rows.map { fit.items[$0.1].description })),
        Column("n_effective", .real(rows.map { fit.rateCounts[$0.0][$0.1] })),
        Column("estimate", .real(rows.map { fit.rates[$0.0][$0.1] }), style: .share),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in fit.level })),
      ])
  }

  /// The class of each paper: `paper`, `title`, `class`, `probability`, then a column a class.
  public init(classPapers fit: LatentClassFit, of matrix: BinaryMatrix) {
    let papers = matrix.papers.indices
    let modal = papers.map { fit.modalClass($0) }
    self.init(
      name: "class_papers", caption: "The class to which each paper most probably belongs.",
      columns: [
        Column("paper", .text(papers.map { matrix.papers[$0].slug })),
        Column("title", .text(papers.map { matrix.papers[$0].title })),
        Column("class", .integer(modal.map { $0.map { $0 + 1 } })),
        Column(
          "probability",
          .real(
            papers.map { paper in
              modal[paper].flatMap { index in fit.memberships[paper].map { $0[index] } }
            })),
      ]
        + fit.shares.indices.map { index in
          Column(
            "class_\(index + 1)", .real(papers.map { fit.memberships[$0].map { $0[index] } }),
            isDetail: true)
        })
  }
}
