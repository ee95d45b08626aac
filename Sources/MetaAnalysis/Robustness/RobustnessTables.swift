public import SurveyStats

/// How effects on the scale of analysis are read.
public struct NaturalReading: Sendable {
  /// Takes an effect to the natural scale.
  public var value: @Sendable (Double) -> Double
  /// How people want to read it.
  public var style: Column.Style

  /// Creates a reading.
  public init(
    style: Column.Style = .plain, value: @escaping @Sendable (Double) -> Double
  ) {
    self.value = value
    self.style = style
  }

  /// Effects as they are.
  public static let identity = NaturalReading { $0 }

  /// Estimate, error and limits, the error on the scale of analysis.
  func columns(_ estimates: [Estimate]) -> [Column] {
    func read(_ values: [Double?]) -> [Double?] { values.map { $0.map(value) } }
    return [
      Column("estimate", .real(read(estimates.map(\.value))), style: style),
      Column("std_error", .real(estimates.map(\.standardError)), isDetail: true),
      Column(
        "conf_low", .real(read(estimates.map(\.lower))), style: .lowerLimit(of: "estimate")),
      Column(
        "conf_high", .real(read(estimates.map(\.upper))), style: .upperLimit(of: "estimate")),
      Column("conf_level", .real(estimates.map(\.level)), isDetail: true),
    ]
  }
}

extension Table {
  /// Pooled effects without each study, or with one study more at a time: the columns of `meta`.
  public init(
    subsets rows: [(study: String, pooled: PooledStudies)], isCumulative: Bool, level: Double
  ) {
    self.init(meta: rows.map(\.pooled), level: level)
    name = isCumulative ? "cumulative" : "leave_one_out"
    caption =
      isCumulative
      ? "The pooled effect as studies join, one a row."
      : "The pooled effect without each of the studies."
    columns.insert(Column("study", .text(rows.map(\.study))), at: 0)
    for index in columns.indices
    where ["model", "method", "tau2_low", "tau2_high", "q_df"].contains(columns[index].name) {
      columns[index].isDetail = true
    }
  }

  /// How much each study moves the fit.
  ///
  /// - Parameters:
  ///   - rows: The studies.
  ///   - terms: The names of the coefficients; one column of DFBETAS each.
  public init(influence rows: [StudyInfluence], terms: [String] = ["intercept"]) {
    var columns = [
      Column("study", .text(rows.map(\.study))),
      Column("rstudent", .real(rows.map(\.rstudent))),
      Column("dffits", .real(rows.map(\.dffits))),
      Column("cook_d", .real(rows.map(\.cook))),
      Column("cov_r", .real(rows.map(\.covarianceRatio))),
      Column("tau2_del", .real(rows.map(\.tau2))),
      Column("qe_del", .real(rows.map(\.q))),
      Column("hat", .real(rows.map(\.hat))),
      Column("weight_share", .real(rows.map(\.weight)), style: .share),
    ]
    for (index, term) in terms.enumerated() {
      let values = Column.Values.real(rows.map { $0.dfbetas[index] })
      columns.append(
        terms.count == 1
          ? Column("dfbetas", values)
          : Column("dfbetas_" + term, values, isNamedByData: true))
    }
    columns += [
      Column("baujat_x", .real(rows.map(\.heterogeneity)), isDetail: true),
      Column("baujat_y", .real(rows.map(\.change)), isDetail: true),
      Column("influential", .text(rows.map { $0.isInfluential ? "yes" : "no" })),
      Column("note", .text(rows.map(\.notes.text))),
    ]
    self.init(
      name: "influence", caption: "How much each of the studies moves the pooled effect.",
      columns: columns)
  }

  /// Tests of asymmetry, adjusted effects and fail-safe numbers.
  public init(bias assessment: BiasAssessment, reading: NaturalReading = .identity) {
    let rows = assessment.rows
    // Only effects have a natural scale.
    let estimates = rows.map { row in
      guard row.quantity == .effect || row.quantity == .adjusted else { return row.estimate }
      var estimate = row.estimate
      estimate.value = estimate.value.map(reading.value)
      estimate.lower = estimate.lower.map(reading.value)
      estimate.upper = estimate.upper.map(reading.value)
      return estimate
    }
    self.init(
      name: "meta_bias",
      caption:
        "What effects and precision say of missing studies; bias is taken to favour "
        + (assessment.expectsPositive ? "high" : "low") + " effects.",
      columns: [
        Column("method", .text(rows.map(\.method.rawValue))),
        Column("quantity", .text(rows.map(\.quantity.rawValue))),
      ] + NaturalReading.identity.columns(estimates) + [
        Column("statistic", .real(rows.map(\.statistic))),
        Column("df", .real(rows.map(\.degreesOfFreedom)), isDetail: true),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("n_filled", .integer(rows.map(\.missing))),
        Column("k", .integer(rows.map(\.estimate.count))),
        Column("note", .text(rows.map(\.estimate.notes.text))),
      ])
  }

  /// What subsets of the studies say: over all of them, and with and without each study.
  public init(gosh pooling: SubsetPooling, reading: NaturalReading = .identity) {
    struct Group {
      var study: String?
      var isWith: Bool?
      var subsets: [SubsetPooling.Subset]
    }
    let shown = pooling.subsets.filter { $0.count > 1 }
    var groups = [Group(study: nil, isWith: nil, subsets: shown)]
    for (index, study) in pooling.studies.enumerated() {
      groups.append(
        Group(study: study, isWith: true, subsets: shown.filter { $0.contains(index) }))
      groups.append(
        Group(study: study, isWith: false, subsets: shown.filter { !$0.contains(index) }))
    }
    func quantiles(_ values: [Double], _ probabilities: [Double]) -> [Double?] {
      let sorted = values.sorted()
      return probabilities.map { QuantileRule.type7.quantile($0, ofSorted: sorted) }
    }
    let effects = groups.map {
      quantiles($0.subsets.map { reading.value($0.estimate) }, [0.025, 0.5, 0.975])
    }
    let shares = groups.map { quantiles($0.subsets.map(\.iSquared), [0.5])[0] }
    self.init(
      name: "gosh",
      caption: (pooling.isComplete ? "All" : "Random")
        + " subsets of two studies or more: the median of their pooled effects, the middle 95 % of these, "
        + "and their median I².",
      columns: [
        Column("study", .text(groups.map(\.study))),
        Column(
          "subsets",
          .text(groups.map { $0.isWith.map { $0 ? "with" : "without" } ?? "all" })),
        Column("n_subsets", .integer(groups.map(\.subsets.count))),
        Column("estimate", .real(effects.map { $0[1] }), style: reading.style),
        Column("subset_low", .real(effects.map { $0[0] }), style: reading.style),
        Column("subset_high", .real(effects.map { $0[2] }), style: reading.style),
        Column("i2", .real(shares), style: .share),
        Column("k", .integer(groups.map { _ in pooling.studies.count }), isDetail: true),
      ])
  }

  /// Every subset with its pooled effect and heterogeneity.
  public init(subsets pooling: SubsetPooling, reading: NaturalReading = .identity) {
    let rows = pooling.subsets
    self.init(
      name: "subsets",
      caption: (pooling.isComplete ? "All" : "Random") + " subsets of the studies.",
      columns: [
        Column(
          "subset",
          .text(
            rows.map { row in
              pooling.studies.indices.filter { row.contains($0) }.map { String($0 + 1) }
                .joined(separator: " ")
            })),
        Column("k", .integer(rows.map(\.count))),
        Column("estimate", .real(rows.map { reading.value($0.estimate) }), style: reading.style),
        Column("tau2", .real(rows.map(\.tau2))),
        Column(
          "i2", .real(rows.map { $0.count > 1 ? $0.iSquared : nil }), style: .share),
      ])
  }
}
