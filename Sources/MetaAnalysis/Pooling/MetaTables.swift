public import SurveyStats

extension Table {
  /// Pooled estimates, a row an item or a group of studies (`meta`).
  public init(
    meta rows: [PooledStudies], termName: String = "item", level: Double,
    regressions: [MetaRegression.Result?] = []
  ) {
    func real(_ value: (PooledStudies) -> Double?) -> Column.Values {
      .real(rows.map { row in value(row).flatMap { $0.isFinite ? $0 : nil } })
    }
    func fit<T>(_ value: (MetaFit) -> T?) -> [T?] { rows.map { $0.fit.flatMap(value) } }
    let style: Column.Style = rows.allSatisfy { $0.measure.isRate } ? .share : .plain
    var columns: [Column] = []
    if rows.contains(where: { $0.term != nil }) {
      columns.append(Column(termName, .text(rows.map(\.term))))
    }
    columns += [
      Column("measure", .text(rows.map(\.measure.rawValue)), isDetail: true),
      Column("model", .text(fit { $0.model.rawValue })),
      Column("method", .text(fit { $0.methodName })),
      Column("test", .text(fit { $0.test.rawValue }), isDetail: true),
      Column("k", .integer(rows.map(\.pooledCount))),
      Column(
        "n", .integer(rows.map { row in row.size.flatMap { Int(exactly: $0.rounded()) } })),
      Column("estimate", real(\.estimate.value), style: style),
      Column("conf_low", real(\.estimate.lower), style: .lowerLimit(of: "estimate")),
      Column("conf_high", real(\.estimate.upper), style: .upperLimit(of: "estimate")),
      Column("conf_level", .real(rows.map { _ in level }), isDetail: true),
      Column("interval", .text(rows.map { $0.estimate.method?.rawValue }), isDetail: true),
      Column("predict_low", real { $0.prediction?.lower }, style: style),
      Column("predict_high", real { $0.prediction?.upper }, style: style),
      Column("estimate_mean", real(\.mean), style: style, isDetail: true),
      Column("estimate_model", real(\.analysed.value), isDetail: true),
      Column("std_error", real(\.analysed.standardError), isDetail: true),
      Column("df", real(\.analysed.degreesOfFreedom), isDetail: true),
      Column("tau2", real(\.tau2.value)),
      Column("tau2_low", real(\.tau2.lower), style: .lowerLimit(of: "tau2")),
      Column("tau2_high", real(\.tau2.upper), style: .upperLimit(of: "tau2")),
      Column("i2", real(\.iSquared), style: .share),
      Column("h2", real(\.hSquared), isDetail: true),
      Column("q", real(\.q), isDetail: true),
      Column("q_df", .integer(rows.map { $0.q == nil ? nil : $0.fit?.qDegreesOfFreedom })),
      Column("q_p", real { row in row.q == nil ? nil : row.fit?.qPValue }, style: .pValue),
      Column("log_likelihood", real { $0.fit?.reportedLogLikelihood }, isDetail: true),
    ]
    columns.append(Column("note", .text(rows.map { ($0.notes + $0.estimate.notes).text })))
    self.init(
      name: "meta",
      caption: "Pooled estimates over studies on the natural scale, with the interval in which a "
        + "further study is expected.",
      columns: columns)
  }

  /// The studies with what is known of them, their effects and weights (table `studies` of `meta`).
  public init(
    studies: [(term: String?, studies: StudyEffects, fit: MetaFit?)], level: Double
  ) {
    struct Row {
      var term: String?
      var label: String
      var counts: StudyCounts?
      var effect: StudyEffect
      var measure: EffectMeasure
      var weight: Double?
    }
    let rows = studies.flatMap { part -> [Row] in
      let fit = part.fit
      let isWeighted = fit?.model == .inverseVariance
      let total = fit?.weights.reduce(0, +) ?? 0
      return part.studies.labels.indices.map { index in
        var weight: Double?
        if let fit, isWeighted, total > 0, let place = fit.positions.firstIndex(of: index) {
          weight = fit.weights[place] / total
        }
        return Row(
          term: part.term, label: part.studies.labels[index], counts: part.studies.counts[index],
          effect: part.studies.effects[index], measure: part.studies.measure, weight: weight)
      }
    }
    let quantile = Normal().upperQuantile(ConfidenceLevel.tail(level))
    func limit(_ row: Row, _ sign: Double) -> Double? {
      guard let value = row.effect.value, let variance = row.effect.variance else { return nil }
      return row.measure.natural(
        value + sign * quantile * variance.squareRoot(), size: row.counts?.size)
    }
    var columns: [Column] = []
    if rows.contains(where: { $0.term != nil }) {
      columns.append(Column("item", .text(rows.map(\.term))))
    }
    columns += [
      Column("study", .text(rows.map(\.label))),
      Column("n_events", .real(rows.map { $0.counts?.events?.first })),
      Column("n", .real(rows.map { $0.counts?.size })),
      Column(
        "estimate",
        .real(
          rows.map { row in
            row.effect.value.flatMap { row.measure.natural($0, size: row.counts?.size) }
          }), style: rows.allSatisfy { $0.measure.isRate } ? .share : .plain),
      Column("conf_low", .real(rows.map { limit($0, -1) }), style: .lowerLimit(of: "estimate")),
      Column("conf_high", .real(rows.map { limit($0, 1) }), style: .upperLimit(of: "estimate")),
      Column("estimate_model", .real(rows.map(\.effect.value)), isDetail: true),
      Column("std_error", .real(rows.map { $0.effect.variance?.squareRoot() }), isDetail: true),
      Column("weight_share", .real(rows.map(\.weight)), style: .share),
      Column("note", .text(rows.map { $0.effect.notes.text })),
    ]
    self.init(
      name: "meta_studies",
      caption: "The studies with their effects on the natural scale, normal limits and weights.",
      columns: columns)
  }

  /// The coefficients of a regression on moderators with its tests (table `moderators` of `meta`).
  public init(
    moderators results: [(term: String?, result: MetaRegression.Result)], level: Double,
    adjustment: PValueAdjustment = .none
  ) {
    struct Row {
      var item: String?
      var term: String
      var estimate: Estimate?
      var statistic: Double?
      var freedom: Double?
      var residual: Double?
      var pValue: Double?
      var permutation: Double?
      var count: Int
      var adjusted: Double?
      var note: String?
      var isTest = false
    }
    var rows: [Row] = []
    for (item, result) in results {
      let fit = result.fit
      for test in result.tests {
        rows.append(
          Row(
            item: item, term: test.term, statistic: test.statistic,
            freedom: Double(test.freedom), residual: test.residualFreedom, pValue: test.pValue,
            permutation: test.permutationPValue, count: fit.studyCount, isTest: true))
      }
      var own: [Row] = []
      for (index, name) in result.names.enumerated() {
        let estimate = fit.estimate(ofCoefficient: index)
        own.append(
          Row(
            item: item, term: name, estimate: estimate,
            statistic: estimate.value.flatMap { value in
              estimate.standardError.flatMap { $0 > 0 ? value / $0 : nil }
            }, residual: fit.degreesOfFreedom, pValue: fit.pValue(ofCoefficient: index),
            permutation: result.permutationPValues?[index], count: fit.studyCount,
            note: fit.notes.text))
      }
      let tested = own.indices.filter { own[$0].term != DesignMatrix.intercept }
      for (index, value) in zip(tested, adjustment(tested.map { own[$0].pValue })) {
        own[index].adjusted = value
      }
      rows += own
      rows += result.dropped.map { dropped in
        Row(item: item, term: dropped.name, count: fit.studyCount, note: "\(dropped)")
      }
    }
    func real(_ value: (Row) -> Double?) -> Column.Values {
      .real(rows.map { row in value(row).flatMap { $0.isFinite ? $0 : nil } })
    }
    var columns: [Column] = []
    if rows.contains(where: { $0.item != nil }) {
      columns.append(Column("item", .text(rows.map(\.item))))
    }
    columns += [
      Column("term", .text(rows.map(\.term))),
      Column("k", .integer(rows.map(\.count))),
      Column("estimate", real(\.estimate?.value)),
      Column("std_error", real(\.estimate?.standardError)),
      Column("conf_low", real(\.estimate?.lower), style: .lowerLimit(of: "estimate")),
      Column("conf_high", real(\.estimate?.upper), style: .upperLimit(of: "estimate")),
      Column("statistic", real(\.statistic)),
      Column("df", real { $0.isTest ? $0.freedom : $0.residual }),
      Column("df_residual", real { $0.isTest ? $0.residual : nil }, isDetail: true),
      Column("p_value", real(\.pValue), style: .pValue),
      Column("p_adjusted", real(\.adjusted), style: .pValue),
      Column("p_permutation", real(\.permutation), style: .pValue),
      Column("note", .text(rows.map(\.note))),
    ]
    self.init(
      name: "meta_moderators",
      caption: "How effects go with moderators, on the scale of analysis.", columns: columns,
      notes: results.flatMap { item, result in result.sentences(of: item) })
  }

  /// Groups of studies with the test that they are equal (table `subgroups` of `meta`).
  public init(
    subgroups results: [(term: String?, result: Subgroups.Result)], by: String, level: Double
  ) {
    var parts: [Table] = []
    for (item, result) in results {
      var all = result.all
      all.term = "(all)"
      var part = Table(meta: result.groups + [all], termName: "group", level: level)
      let count = part.rowCount
      func last(_ value: Double?) -> Column.Values {
        .real([Double?](repeating: nil, count: count - 1) + [value])
      }
      let note = part.columns.removeLast()
      part.columns.insert(
        Column("item", .text([String?](repeating: item, count: count))), at: 0)
      part.columns += [
        Column("qm", last(result.test?.statistic)),
        Column("qm_df", last(result.test.map { Double($0.freedom) })),
        Column("qm_p", last(result.test?.pValue), style: .pValue), note,
      ]
      if result.ungroupedCount > 0 {
        part.notes.append("\(result.ungroupedCount) studies have no '\(by)'.")
      }
      parts.append(part)
    }
    if results.allSatisfy({ $0.term == nil }) {
      for index in parts.indices { parts[index].columns.removeFirst() }
    }
    self = Table(stacking: parts) ?? Table(name: "meta_subgroups", columns: [])
    name = "meta_subgroups"
    caption = "Studies pooled by \(by), with the test that groups are equal in the last row."
  }
}

extension MetaRegression.Result {
  /// What holds of the whole regression, a sentence each.
  func sentences(of item: String?) -> [String] {
    let subject = item.map { "\($0): " } ?? ""
    let heterogeneity =
      fit.outcomes.map { "of outcomes: \($0.words)" }
      ?? "tau2 = \(NumberFormat.readable(fit.tau2, digits: 4))"
    var parts = [
      "\(subject)residual heterogeneity \(heterogeneity), "
        + "QE = \(NumberFormat.readable(fit.q, digits: 2)) of \(fit.qDegreesOfFreedom) degrees of freedom"
        + (fit.qPValue.map { value in
          let text = NumberFormat.pValue(value)
          return text.hasPrefix("<") ? ", p < \(text.dropFirst())" : ", p = \(text)"
        } ?? "")
        + (rSquared.map { "; R2 = \(NumberFormat.readable(100 * $0, digits: 1)) %" } ?? "") + "."
    ]
    if let permutationCount {
      parts.append("\(subject)p_permutation is of \(permutationCount) orders of the moderators.")
    }
    return parts + remarks.map { subject + $0 + "." }
  }
}

extension EffectMeasure {
  /// Whether the natural scale is a share of one.
  public var isRate: Bool { material == .events }
}

extension StudyCounts {
  /// The events of each group; `nil` where there are none.
  var events: [Double]? {
    switch self {
    case .events(let events, _): [events]
    case .twoByTwo(let a, _, let c, _): [a, c]
    case .personTime(let events, _): [events]
    case .personTimes(let first, _, let second, _): [first, second]
    default: nil
    }
  }
}

extension MetaFit {
  /// The estimator of τ², or of everything.
  var methodName: String {
    switch model {
    case .inverseVariance, .threeLevel, .multivariate, .binomialNormal, .hypergeometricNormal,
      .poissonNormal:
      method.rawValue
    case .betaBinomial: HeterogeneityMethod.maximumLikelihood.rawValue
    case .mantelHaenszel, .peto: HeterogeneityMethod.commonEffect.rawValue
    }
  }

  /// The likelihood that was maximised; `nil` where none was.
  var reportedLogLikelihood: Double? {
    switch model {
    case .mantelHaenszel, .peto: nil
    case .inverseVariance, .threeLevel, .multivariate:
      method == .restrictedLikelihood ? restrictedLogLikelihood : logLikelihood
    default: logLikelihood
    }
  }
}
