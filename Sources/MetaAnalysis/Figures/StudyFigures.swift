import RealModule
import SurveyFigures
public import SurveyReport
import SurveyStats

/// The pictures of a meta-analysis, with their words.
public struct StudyFigures: Sendable {
  /// A kind of picture.
  public enum Kind: String, Sendable, CaseIterable {
    /// Effects of studies with their intervals, summaries, and the prediction.
    case forest
    /// Effects over standard errors.
    case funnel
    /// Effects over a moderator.
    case bubble
    /// Contributions to heterogeneity and influence.
    case baujat
    /// Pooled effects and I² of subsets.
    case gosh
    /// p-values of all values of the effect.
    case drapery
  }

  /// The studies.
  public var studies: StudyEffects
  /// How they are pooled.
  public var pooling: Pooling
  /// All of them together.
  public var pooled: PooledStudies
  /// What was pooled: an item; `nil` for a table of studies.
  public var term: String?
  /// What a study is called: venue, year, study.
  var studyWord: String

  /// Pools studies for pictures.
  public init(
    _ studies: StudyEffects, pooling: Pooling, term: String? = nil, studyWord: String = "study"
  ) throws(MetaError) {
    self.studies = studies
    self.pooling = pooling
    self.term = term
    self.studyWord = studyWord
    pooled = try pooling.estimate(studies, term: term)
  }

  private var measure: EffectMeasure { studies.measure }
  private var subject: String { term ?? measure.title }
  private var level: Double { pooling.level }
  /// Inverse-variance weights with the variance between studies that the pooling asks for.
  var twoStep: RandomEffects {
    RandomEffects(
      method: pooling.method, test: pooling.test ?? .boundedKnappHartung, level: level)
  }

  private func natural(_ effect: Double?, _ size: Double?) -> Double? {
    effect.flatMap { measure.natural($0, size: size) }
  }

  /// A row of a study.
  private func row(_ index: Int, weight: Double?) -> StudyForestPlot.Row {
    let effect = studies.effects[index]
    let size = studies.counts[index]?.size
    let z = Normal().upperQuantile(ConfidenceLevel.tail(level))
    let error = effect.variance.map { $0.squareRoot() }
    func limit(_ sign: Double) -> Double? {
      guard let value = effect.value, let error else { return nil }
      return natural(value + sign * z * error, size)
    }
    return StudyForestPlot.Row(
      .study(weight: weight), label: studies.labels[index],
      estimate: natural(effect.value, size), lower: limit(-1), upper: limit(1))
  }

  private func summary(_ pooled: PooledStudies, label: String) -> [StudyForestPlot.Row] {
    [
      StudyForestPlot.Row(
        .summary, label: "\(label) (k = \(pooled.pooledCount))", estimate: pooled.estimate.value,
        lower: pooled.estimate.lower, upper: pooled.estimate.upper)
    ]
  }

  /// The shares of the studies in all weights.
  private var weights: [Int: Double] {
    guard let fit = pooled.fit, fit.model == .inverseVariance else { return [:] }
    let total = fit.weights.reduce(0, +)
    guard total > 0 else { return [:] }
    return Dictionary(
      zip(fit.positions, fit.weights.map { $0 / total }), uniquingKeysWith: { first, _ in first })
  }

  /// Effects with their intervals: studies in an order, groups with their own summaries, the pooled effect
  /// and where a further study is expected.
  public func forest(
    order: CumulativeOrder = .effect, groups: (labels: [String?], result: Subgroups.Result)? = nil
  ) -> Figure {
    let weights = weights
    func sorted(_ members: [Int]) -> [Int] { order.sorted(members, of: studies) }
    var rows: [StudyForestPlot.Row] = []
    if let groups {
      for group in groups.result.groups {
        let name = group.term ?? ""
        rows.append(StudyForestPlot.Row(.heading, label: name))
        let members = studies.labels.indices.filter { groups.labels[$0] == name }
        rows += sorted(members).map { row($0, weight: weights[$0]) }
        rows += summary(group, label: "All of \(name)")
      }
      let others = studies.labels.indices.filter { groups.labels[$0] == nil }
      if !others.isEmpty {
        rows.append(StudyForestPlot.Row(.heading, label: "no group"))
        rows += sorted(others).map { row($0, weight: weights[$0]) }
      }
    } else {
      rows += sorted(Array(studies.labels.indices)).map { row($0, weight: weights[$0]) }
    }
    rows += summary(pooled, label: "Pooled")
    if let prediction = pooled.prediction {
      rows.append(
        StudyForestPlot.Row(
          .prediction, label: "A further \(studyWord)", lower: prediction.lower,
          upper: prediction.upper))
    }
    let limits: Sentence =
      pooled.estimate.hasLimits
      ? """
       (\(.level(level)) interval \(fact("pooled.conf_low", pooled.estimate.lower)) to \
      \(fact("pooled.conf_high", pooled.estimate.upper)))
      """ : ""
    let further: Sentence =
      pooled.prediction.map { limits -> Sentence in
        """
        ; a further \(words: studyWord) is expected between \
        \(fact("pooled.predict_low", limits.lower)) and \(fact("pooled.predict_high", limits.upper))
        """
      } ?? ""
    return Figure(
      id: "forest", title: "\(subject): studies and pooled effect",
      caption: """
        Effects with \(.level(level)) intervals; squares by weight where effects are weighted, diamonds \
        pooled, the green bar where a further one is expected. k = \(.count("k", pooled.pooledCount)).
        """,
      alternativeText: """
        Intervals of \(.count("studies", studies.count)) studies; pooled \
        \(fact("pooled", pooled.estimate.value))\(limits)\(further).
        """,
      source: "meta_studies",
      specification: StudyForestPlot(
        rows: rows, axis: measure.axis, axisTitle: measure.title,
        null: measure.nullValue.flatMap { measure.natural($0) }
      ).specification)
  }

  /// Effects over standard errors, with what trim and fill adds.
  public func funnel() throws(MetaError) -> Figure {
    let usable = UsableStudies(studies)
    guard !usable.effects.isEmpty else { throw .noStudies }
    let fit = try twoStep.fit(usable.effects, variances: usable.variances)
    let filled =
      usable.effects.count >= 3
      ? (try? TrimAndFill(usable.effects, variances: usable.variances, model: twoStep))?.filled
        ?? []
      : []
    return Figure(
      id: "funnel", title: "\(subject): effects and precision",
      caption: """
        Dashed lines hold \(.level(0.95)) of studies around the pooled effect if these do not differ. Grey \
        contours are p-values of 0.1, 0.05 and 0.01; rings are filled in by trim and fill \
        (\(.count("filled", filled.count))). k = \(.count("k", usable.effects.count)).
        """,
      alternativeText: """
        \(.count("k", usable.effects.count)) studies by effect and standard error; trim and fill adds \
        \(.count("filled", filled.count)).
        """,
      source: "meta_studies",
      specification: FunnelPlot(
        labels: usable.labels, effects: usable.effects,
        errors: usable.variances.map { $0.squareRoot() }, center: fit.coefficients[0],
        filled: filled.map { ($0.effect, $0.variance.squareRoot()) }, null: measure.nullValue,
        axisTitle: measure.analysisTitle
      ).specification)
  }

  /// What each study adds to heterogeneity, and how far it moves the effect.
  public func baujat() throws(MetaError) -> Figure {
    let rows = try twoStep.influence(studies)
    let influential = rows.count { $0.isInfluential }
    return Figure(
      id: "baujat", title: "\(subject): heterogeneity and influence",
      caption: """
        Studies far right differ from the others, studies far up move the pooled effect. \
        k = \(.count("k", rows.count)).
        """,
      alternativeText: """
        \(.count("k", rows.count)) studies; \(.count("influential", influential)) of them influential.
        """,
      source: "influence", specification: BaujatPlot(rows).specification)
  }

  /// The pooled effects and I² of subsets, coloured by the study that changes I² most.
  public func gosh(limit: Int = 10_000) throws(MetaError) -> Figure {
    let pooling = try SubsetPooling(
      studies, model: twoStep, limit: limit, seed: pooling.seed)
    let changes = pooling.studies.indices.map { study -> Double in
      var (inside, outside, insideCount, outsideCount) = (0.0, 0.0, 0, 0)
      for subset in pooling.subsets where subset.count > 1 {
        if subset.contains(study) {
          inside += subset.iSquared
          insideCount += 1
        } else {
          outside += subset.iSquared
          outsideCount += 1
        }
      }
      guard insideCount > 0, outsideCount > 0 else { return 0 }
      return abs(inside / Double(insideCount) - outside / Double(outsideCount))
    }
    let most = changes.indices.max { changes[$0] < changes[$1] }
    let named: Sentence =
      most.map { " Colours say how many hold \(name: pooling.studies[$0])." } ?? ""
    return Figure(
      id: "gosh", title: "\(subject): subsets of the studies",
      caption: """
        \(words: pooling.isComplete ? "All" : "Random") \
        \(.count("subsets", pooling.subsets.count)) subsets by pooled effect and I².\(named) \
        k = \(.count("k", pooling.studies.count)).
        """,
      alternativeText: """
        Pooled effects of \(.count("subsets", pooling.subsets.count)) subsets of \
        \(.count("k", pooling.studies.count)) studies against I².\(named)
        """,
      source: "gosh",
      specification: SubsetPlot(
        pooling, highlighting: most, axisTitle: measure.analysisTitle
      ).specification)
  }

  /// The p-values of all values of the effect.
  public func drapery() throws(MetaError) -> Figure {
    let usable = UsableStudies(studies)
    let fit = try twoStep.fit(usable.effects, variances: usable.variances)
    let error = fit.standardErrors[0]
    return Figure(
      id: "drapery", title: "\(subject): p-values of all effects",
      caption: """
        A cut at p = \(.number("p", 0.05, digits: 2)) through a curve is its \(.level(0.95)) interval; grey \
        are studies. k = \(.count("k", usable.effects.count)).
        """,
      alternativeText: """
        Curves of \(.count("k", usable.effects.count)) studies, of the pooled effect and of a further study.
        """,
      source: "meta_studies",
      specification: DraperyPlot(
        studies: zip(usable.effects, usable.variances).map {
          DraperyPlot.Curve(value: $0, error: $1.squareRoot())
        },
        pooled: DraperyPlot.Curve(
          value: fit.coefficients[0], error: error, degreesOfFreedom: fit.degreesOfFreedom),
        prediction: usable.effects.count > 2
          ? DraperyPlot.Curve(
            value: fit.coefficients[0], error: (error * error + fit.tau2).squareRoot(),
            degreesOfFreedom: fit.degreesOfFreedom)
          : nil,
        null: measure.nullValue, axisTitle: measure.analysisTitle
      ).specification)
  }

  /// Effects over the one moderator of a regression.
  ///
  /// - Returns: `nil` unless the regression has an intercept and one more coefficient, which is not constant.
  public func bubble(_ result: MetaRegression.Result) -> Figure? {
    guard result.names.count == 2, result.names[0] == DesignMatrix.intercept else { return nil }
    let values = Array(result.design.column(1))
    guard let low = values.min(), let high = values.max(), low < high else { return nil }
    let fit = result.fit
    let isWeighted = fit.model == .inverseVariance
    let shown = result.positions.indices.compactMap { place -> BubblePlot.Study? in
      let index = result.positions[place]
      let size = studies.counts[index]?.size
      guard let effect = natural(studies.effects[index].value, size) else { return nil }
      return BubblePlot.Study(
        label: studies.labels[index], moderator: values[place], effect: effect,
        weight: isWeighted ? fit.weights[place] : size ?? 1)
    }
    let line = (0...60).map { step -> BandPlot.Point in
      let x = low + (high - low) * Double(step) / 60
      let estimate = fit.estimate(of: [1, x])
      return BandPlot.Point(
        position: x, estimate: natural(estimate.value, pooled.harmonicSize) ?? .nan,
        lower: natural(estimate.lower, pooled.harmonicSize),
        upper: natural(estimate.upper, pooled.harmonicSize))
    }
    return Figure(
      id: "bubble", title: "\(subject) and \(result.names[1])",
      caption: """
        Circles are studies, by weight; the line is the regression with \(.level(level)) limits. \
        k = \(.count("k", shown.count)).
        """,
      alternativeText: """
        \(.count("k", shown.count)) studies along \(name: result.names[1]), with a line from \
        \(fact("from", line.first?.estimate)) to \(fact("to", line.last?.estimate)).
        """,
      source: "meta_moderators",
      specification: BubblePlot(
        studies: shown, line: line, axis: measure.axis, axisTitle: measure.title,
        moderatorTitle: result.names[1]
      ).specification)
  }

  private func fact(_ term: String, _ value: Double?) -> Fact {
    let axis = measure.axis
    return Fact(term, value: value ?? .nan, text: value.map { axis.text($0) + axis.unit } ?? "none")
  }
}
