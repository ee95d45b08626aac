/// A difference between two groups of papers as it would be if both had the same mix of strata
/// (types, years, …), so that a change of the mix is not read as a change of rigor.
///
/// The common mix is that of the two groups together. *Direct* standardisation averages the groups'
/// means of each stratum, Σ s_k m_k, with the shares s_k of the mix; strata that a group lacks are
/// left out for both and named. *Weighting* divides every paper's value by the probability of its
/// group given its covariates, from a logistic regression of the group on all of them (main effects,
/// numbers linear, Firth where separated), and takes the ratio of weighted sums (Hájek); with a
/// single categorical covariate that both groups fill both are the same. Weighting needs no paper in
/// every combination of strata, but a right model of the group.
///
/// Standard errors: direct √(Σ s_k² (v_1k/n_1k + v_2k/n_2k)), for this mix, with the variances v of the
/// groups in the strata (p(1 − p) for answers), where fewer than five papers are with the pooled one.
/// Weighting: from the influence of each
/// paper, the estimation of the probabilities counted (Lunceford & Davidian 2004, Statistics in
/// Medicine 23:2937), for the population whose mix this is a sample of. Intervals are normal;
/// ``StandardizedStatistic`` bootstraps both. Neither error knows of clusters.
///
/// Categories, modules and everything are mean scores of papers over the items that apply in both groups, unless
/// `mix` is crude: a common mix of papers does not make up for other items.
///
/// References: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, chapter
/// 19; Hernán & Robins (2006), Journal of Epidemiology and Community Health 60:578.
public struct StandardizedDifference: ResampledDifference, Sendable {
  /// How the mix is made equal.
  public enum Method: String, Sendable, CaseIterable {
    /// Averages of strata.
    case direct
    /// Inverse-probability weights.
    case weighting
  }

  /// What is compared.
  public let target: RateTarget
  /// Which groups are compared.
  public let contrast: GroupContrast
  /// How the mix is made equal.
  public let method: Method
  /// How the mix of items is held fixed (not for items).
  public private(set) var mix: ItemMix.Method?
  /// The number of items that the means are over (not for items).
  public private(set) var itemCount: Int?
  /// The papers of the first group that take part.
  public let firstCount: Int
  /// The papers of the second group that take part.
  public let secondCount: Int
  /// The mean of the first group as observed, over the papers that have the item or score.
  let crudeFirst: Double?
  /// The mean of the second group as observed.
  let crudeSecond: Double?
  /// The standardised mean of the first group.
  public internal(set) var first: Double?
  /// The standardised mean of the second group.
  public internal(set) var second: Double?
  /// The standardised difference, first minus second.
  public internal(set) var difference = Estimate(nil)
  /// The kind of interval.
  public internal(set) var interval: MethodName?
  /// What was left out, and why something is missing.
  public internal(set) var notes: [Note] = []
  /// The notes as they stand in a table.
  public var note: String? { notes.text }
  let refit: StandardizedRefit?

  /// The difference of the observed means, first minus second.
  public var crude: Double? {
    guard let crudeFirst, let crudeSecond else { return nil }
    return crudeFirst - crudeSecond
  }

  /// The value of ``difference``.
  public var estimate: Double? { difference.value }
  /// The standard error of ``difference``.
  public var standardError: Double? { difference.standardError }

  /// The two-sided p-value of no difference; `nil` without a standard error above zero.
  public var pValue: Double? {
    guard let estimate, let standardError, standardError > 0 else { return nil }
    return 2 * Normal().survival(abs(estimate / standardError))
  }

  /// Standardises one target of two groups over the given variables of the papers; a `mix` of items by a model
  /// is taken as common.
  public init(
    _ matrix: BinaryMatrix, target: RateTarget, contrast: GroupContrast, columns: [String],
    method: Method, mix: ItemMix.Method = .common, level: Double = 0.95
  ) throws(ModelFormulaError) {
    let used: ContrastMix? =
      target.level == .item || mix == .crude
      ? nil
      : ContrastMix.all(
        [contrast], items: target.items, of: matrix,
        design: SamplingDesign(paperCount: matrix.papers.count), method: .common)[0]
    try self.init(
      matrix, target: target, contrast: contrast, columns: columns, method: method, over: used,
      level: level)
  }

  /// Standardises one target of two groups over the items of a mix, or over all without one.
  init(
    _ matrix: BinaryMatrix, target: RateTarget, contrast: GroupContrast, columns: [String],
    method: Method, over used: ContrastMix?, level: Double
  ) throws(ModelFormulaError) {
    self.target = target
    self.contrast = contrast
    self.method = method
    let all = matrix.percentYes(items: target.items).map { $0.map { $0 / 100 } }
    let values = used.map { matrix.percentYes(items: $0.items).map { $0.map { $0 / 100 } } } ?? all
    func mean(_ papers: [Int]) -> Double? {
      let own = papers.compactMap { all[$0] }
      return own.isEmpty ? nil : own.reduce(0, +) / Double(own.count)
    }
    crudeFirst = mean(contrast.firstPapers)
    crudeSecond = mean(contrast.secondPapers)
    let prepared =
      switch method {
      case .direct: try Self.strata(matrix, values, contrast, columns: columns)
      case .weighting: try Self.weighted(matrix, values, contrast, columns: columns)
      }
    var note = prepared.note
    refit = prepared.refit
    firstCount = prepared.refit?.rows.count { $0.isFirst } ?? 0
    secondCount = (prepared.refit?.rows.count ?? 0) - firstCount
    if let refit = prepared.refit, let means = refit.means({ _ in 1 }) {
      first = means.first
      second = means.second
      interval = MethodName(rawValue: "normal")
      let error = refit.standardError(means)
      let distance = Normal().upperQuantile((1 - level) / 2) * error
      let value = means.first - means.second
      if error < 1e-12 {
        difference = Estimate(value)
        interval = nil
        notes.append(.withoutVariation)
      } else {
        difference = Estimate(
          value, standardError: error, lower: max(-1, value - distance),
          upper: min(1, value + distance), level: level)
      }
      if refit.hasFewPapers {
        note.append("few papers of a group for the model of the groups, its error is too small")
      }
    } else if let used, used.items.isEmpty {
      notes.append(used.reason)
    } else if note.isEmpty {
      note.append("no stratum has papers of both groups")
    }
    notes = note.map { Note($0, effect: .remark, words: $0) } + notes
    guard target.level != .item else { return }
    mix = used == nil ? .crude : .common
    itemCount = used?.items.count ?? target.items.count
    if let used, used.isOfPair, !used.items.isEmpty { notes.append(.commonToPair) }
    if let note = contrast.applicabilityNote(target, in: matrix) { notes.append(note) }
  }

  /// Replaces interval and standard error by those of a bootstrap of a ``StandardizedStatistic``.
  public mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: MethodName
  ) {
    guard estimate != nil else { return }
    interval = name
    sample.replace(&difference, &notes, of: quantity, by: method, level: level)
  }

  /// The papers of a contrast with their value and stratum, without strata of one group only.
  private static func strata(
    _ matrix: BinaryMatrix, _ values: [Double?], _ contrast: GroupContrast, columns: [String]
  ) throws(ModelFormulaError) -> (refit: StandardizedRefit?, note: [String]) {
    var encodings: [VariableEncoding] = []
    for column in columns {
      let source: VariableValues
      do throws(VariableError) {
        source = try matrix.values(of: column, asCategories: true)
      } catch {
        guard case .noValues = error else { throw .variable(error) }
        source = .categorical(matrix.papers.map { _ in nil })
      }
      if case .labels = source { throw .notNumeric(column) }
      encodings.append(
        try VariableEncoding(ModelFormula.Variable(column, .factor), values: source))
    }
    func stratum(_ paper: Int) -> String? {
      var names: [String] = []
      for encoding in encodings {
        guard case .category(let name)? = encoding.values[paper] else { return nil }
        names.append(name)
      }
      return names.joined(separator: ", ")
    }
    var rows: [(row: StandardizedRefit.Row, stratum: String)] = []
    var missing = 0
    for (papers, isFirst) in [(contrast.firstPapers, true), (contrast.secondPapers, false)] {
      for paper in papers {
        guard let value = values[paper] else { continue }
        if let name = stratum(paper) {
          rows.append(
            (StandardizedRefit.Row(paper: paper, isFirst: isFirst, value: value, stratum: 0), name))
        } else {
          missing += 1
        }
      }
    }
    let firstStrata = Set(rows.lazy.filter(\.row.isFirst).map(\.stratum))
    let secondStrata = Set(rows.lazy.filter { !$0.row.isFirst }.map(\.stratum))
    let common = firstStrata.intersection(secondStrata).sorted()
    let position = Dictionary(uniqueKeysWithValues: zip(common, common.indices))
    let kept = rows.compactMap { entry -> StandardizedRefit.Row? in
      guard let stratum = position[entry.stratum] else { return nil }
      var row = entry.row
      row.stratum = stratum
      return row
    }
    var note: [String] = []
    if missing > 0 { note.append("\(missing) papers without \(columns.joined(separator: ", "))") }
    let leftOut = firstStrata.symmetricDifference(secondStrata).sorted()
    if !leftOut.isEmpty {
      let names = leftOut.prefix(5).joined(separator: " | ") + (leftOut.count > 5 ? " | …" : "")
      note.append("\(rows.count - kept.count) papers left out in strata of one group: \(names)")
    }
    guard !kept.isEmpty else { return (nil, note) }
    return (StandardizedRefit(rows: kept, strataCount: common.count), note)
  }

  /// The papers of a contrast with a model of their group.
  private static func weighted(
    _ matrix: BinaryMatrix, _ values: [Double?], _ contrast: GroupContrast, columns: [String]
  ) throws(ModelFormulaError) -> (refit: StandardizedRefit?, note: [String]) {
    let formula = columns.map { "`\($0)`" }.joined(separator: " + ")
    let design = try DesignMatrix(try ModelFormula(formula), from: matrix)
    var isFirst = [Bool?](repeating: nil, count: matrix.papers.count)
    for paper in contrast.firstPapers where values[paper] != nil { isFirst[paper] = true }
    for paper in contrast.secondPapers where values[paper] != nil { isFirst[paper] = false }
    do throws(LogisticRegressionError) {
      let fit = try LogisticRegression().fit(
        design, outcome: BinaryOutcome(name: contrast.first, values: isFirst))
      let rows = fit.papers.indices.map { index in
        StandardizedRefit.Row(
          paper: fit.papers[index], isFirst: fit.data.isYes[index],
          value: values[fit.papers[index]] ?? 0, stratum: fit.patternOfRow[index])
      }
      var note = fit.notes
      let missing = isFirst.count { $0 != nil } - rows.count
      if missing > 0 {
        note.append("\(missing) papers without \(columns.joined(separator: ", "))")
      }
      return (StandardizedRefit(rows: rows, fit: fit), note)
    } catch { return (nil, [error.description]) }
  }
}

extension Note {
  /// No value varies within a group and stratum, so that a normal interval would have no width.
  static let withoutVariation = Note(
    "no-standard-error", detail: "no answer varies within a stratum", effect: .noLimits)
}
