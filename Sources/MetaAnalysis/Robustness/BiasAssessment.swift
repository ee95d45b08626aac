import RealModule
public import SurveyStats

/// Everything that a table of studies can say about the bias of small or unpublished studies.
///
/// Each row is one method: a test of asymmetry, an effect that is adjusted for it, or a number of studies
/// that would take the result away. A method that these studies do not allow has a note in place of numbers.
/// Rank and regression tests need ten studies to have any power (Sterne et al. 2011, *BMJ* 343:d4002), which
/// a note says.
public struct BiasAssessment: Sendable, Equatable {
  /// What a row's estimate is.
  public enum Quantity: String, Sendable {
    /// The pooled effect as it is.
    case effect
    /// The pooled effect adjusted for bias.
    case adjusted = "adjusted effect"
    /// How effects grow with imprecision: a slope.
    case slope
    /// A rank correlation.
    case correlation = "rank correlation"
    /// A number of studies.
    case studies
  }

  /// One method.
  public struct Row: Sendable, Equatable {
    /// The method.
    public var method: MethodName
    /// What the estimate is.
    public var quantity: Quantity
    /// The estimate; of an effect on the scale of analysis.
    public var estimate: Estimate
    /// The statistic of the test of bias.
    public var statistic: Double?
    /// Its degrees of freedom.
    public var degreesOfFreedom: Double?
    /// The p-value of no bias.
    public var pValue: Double?
    /// The studies that the method adds.
    public var missing: Int?
  }

  /// The rows.
  public let rows: [Row]
  /// Whether bias is taken to favour effects above zero.
  public let expectsPositive: Bool

  /// The steps of the one-sided p-value of the selection models.
  public static let steps: [[Double]] = [[0.025], [0.025, 0.5]]

  /// Applies all methods.
  ///
  /// - Parameters:
  ///   - studies: The studies.
  ///   - model: The model that pools them; trim and fill uses it as well.
  ///   - expectsPositive: The side that bias favours; `nil` takes that of the common-effect estimate.
  ///   - target: The effect that Orwin's number brings the mean down to; `nil` is half of it.
  public init(
    _ studies: StudyEffects, model: RandomEffects, expectsPositive: Bool? = nil,
    target: Double? = nil
  ) throws(MetaError) {
    let pool = UsableStudies(studies)
    let (effects, variances) = (pool.effects, pool.variances)
    guard !effects.isEmpty else { throw .noStudies }
    let weighted = zip(effects, variances).reduce(0) { $0 + $1.0 / $1.1 }
    let isPositive = expectsPositive ?? (weighted >= 0)
    self.expectsPositive = isPositive
    let builder = BiasRows(
      pool: pool, model: model, isPositive: isPositive,
      notes: effects.count < 10 ? [.littlePower] : [])
    rows =
      [
        builder.unadjusted(), builder.egger(), builder.mixedEgger(), builder.begg(),
        builder.peters(), builder.trimAndFill(.l0), builder.trimAndFill(.r0), builder.pet(),
        builder.peese(), builder.petPeese(), builder.selection(.steps(Self.steps[0])),
        builder.selection(.steps(Self.steps[1])), builder.selection(.beta), builder.limit(),
      ] + builder.failSafe(target: target)
  }
}

extension Note {
  /// Fewer than ten studies: a test of asymmetry finds little.
  static let littlePower = Note(
    "little-power", effect: .doubt, words: "with fewer than ten studies such tests find little")
  /// All studies are equally precise.
  public static let equallyPrecise = Note(
    "equally-precise", effect: .noValue, words: "all studies are equally precise")
  /// The numbers of papers of the studies are not known.
  public static let unknownSizes = Note(
    "sizes-unknown", effect: .noValue, words: "the sizes of the studies are not known")
  /// The estimator is undefined for these ranks.
  static let undefinedEstimator = Note("estimator-undefined", effect: .noValue)
  /// The p-values leave a range of the selection model empty.
  static func emptyRange(_ low: Double, _ high: Double) -> Note {
    Note(
      "empty-range",
      detail: "\(NumberFormat.shortest(low))-\(NumberFormat.shortest(high))", effect: .noValue,
      words: "no study has a p-value between \(NumberFormat.shortest(low)) and "
        + NumberFormat.shortest(high))
  }
  /// The search found no maximum.
  static let notConverged = Note("not-converged", effect: .noValue)
  /// PET's intercept decides between PET and PEESE.
  static func chosen(_ name: String) -> Note {
    Note("chosen", detail: name, effect: .remark, words: "\(name) was chosen")
  }
  /// No number of studies reaches a target of zero.
  static let noTarget = Note(
    "target-zero", effect: .noValue, words: "no number of studies brings the mean to zero")
}

/// Makes the rows of a ``BiasAssessment``.
private struct BiasRows {
  let pool: UsableStudies
  let model: RandomEffects
  let isPositive: Bool
  /// What is said of tests.
  let notes: [Note]

  typealias Row = BiasAssessment.Row

  private var count: Int { pool.effects.count }
  private var errors: [Double] { pool.variances.map { $0.squareRoot() } }
  private var line: RandomEffects { FunnelAsymmetry.weightedLine(level: model.level) }

  private func empty(
    _ method: MethodName, _ quantity: BiasAssessment.Quantity, _ note: Note
  ) -> Row {
    Row(method: method, quantity: quantity, estimate: Estimate(nil, count: count, notes: [note]))
  }

  private func note(of error: MetaError) -> Note {
    if case .collinear = error { return .equallyPrecise }
    return .tooFewStudies(3)
  }

  func unadjusted() -> Row {
    do throws(MetaError) {
      let fit = try model.fit(pool.effects, variances: pool.variances)
      return Row(
        method: "unadjusted", quantity: .effect, estimate: fit.estimate(ofCoefficient: 0))
    } catch { return empty("unadjusted", .effect, note(of: error)) }
  }

  private func slope(
    _ method: MethodName, variances: [Double], on predictor: [Double], model: RandomEffects
  ) -> Row {
    do throws(MetaError) {
      let fit = try FunnelAsymmetry.regression(
        pool.effects, variances: variances, on: predictor, model: model)
      var estimate = fit.slope
      estimate.notes += notes
      return Row(
        method: method, quantity: .slope, estimate: estimate, statistic: fit.statistic,
        degreesOfFreedom: fit.slope.degreesOfFreedom, pValue: fit.pValue)
    } catch { return empty(method, .slope, note(of: error)) }
  }

  func egger() -> Row { slope("egger", variances: pool.variances, on: errors, model: line) }

  func mixedEgger() -> Row {
    slope("egger mixed-effects", variances: pool.variances, on: errors, model: model)
  }

  func begg() -> Row {
    guard count >= 3 else { return empty("begg", .correlation, .tooFewStudies(3)) }
    guard
      let result = FunnelAsymmetry.rankCorrelation(pool.effects, variances: pool.variances)
    else { return empty("begg", .correlation, .equallyPrecise) }
    return Row(
      method: "begg", quantity: .correlation,
      estimate: Estimate(result.tau, count: count, notes: notes), statistic: result.statistic,
      pValue: result.pValue)
  }

  /// Peters' regression on the inverse of the size; of 2×2 tables with the weights of their pooled rate.
  func peters() -> Row {
    guard let sizes = pool.sizes else { return empty("peters", .slope, .unknownSizes) }
    var variances = pool.variances
    for (index, counts) in pool.counts.enumerated() {
      guard case .twoByTwo(let a, let first, let c, let second)? = counts else { continue }
      let (events, others) = (a + c, first + second - a - c)
      guard events > 0, others > 0 else { continue }
      variances[index] = 1 / events + 1 / others
    }
    return slope("peters", variances: variances, on: sizes.map { 1 / $0 }, model: line)
  }

  func trimAndFill(_ estimator: TrimAndFill.Estimator) -> Row {
    let method: MethodName = "trim-and-fill \(estimator.rawValue)"
    do throws(MetaError) {
      guard
        let result = try TrimAndFill(
          pool.effects, variances: pool.variances, model: model, estimator: estimator)
      else { return empty(method, .adjusted, .undefinedEstimator) }
      var estimate = result.fit.estimate(ofCoefficient: 0)
      estimate.count = count
      if result.missing > 0 {
        estimate.notes.append(.filled(result.isLeft ? "left" : "right"))
      }
      return Row(
        method: method, quantity: .adjusted, estimate: estimate, missing: result.missing)
    } catch { return empty(method, .adjusted, note(of: error)) }
  }

  private func regression(peese: Bool) throws(MetaError) -> FunnelAsymmetry.Regression {
    try FunnelAsymmetry.regression(
      pool.effects, variances: pool.variances, on: peese ? pool.variances : errors, model: line)
  }

  private func adjusted(_ method: MethodName, _ fit: FunnelAsymmetry.Regression) -> Row {
    Row(
      method: method, quantity: .adjusted, estimate: fit.limit, statistic: fit.statistic,
      degreesOfFreedom: fit.slope.degreesOfFreedom, pValue: fit.pValue)
  }

  func pet() -> Row {
    do throws(MetaError) { return adjusted("pet", try regression(peese: false)) } catch {
      return empty("pet", .adjusted, note(of: error))
    }
  }

  func peese() -> Row {
    do throws(MetaError) { return adjusted("peese", try regression(peese: true)) } catch {
      return empty("peese", .adjusted, note(of: error))
    }
  }

  /// PEESE where PET's limit differs from zero at 10 % two-sided, else PET (Stanley & Doucouliagos 2014,
  /// *Research Synthesis Methods* 5:60).
  func petPeese() -> Row {
    do throws(MetaError) {
      let pet = try regression(peese: false)
      let isClear = (pet.limitPValue ?? 1) < 0.1
      var row = adjusted("pet-peese", isClear ? try regression(peese: true) : pet)
      row.estimate.notes.append(.chosen(isClear ? "PEESE" : "PET"))
      return row
    } catch { return empty("pet-peese", .adjusted, note(of: error)) }
  }

  func selection(_ weights: SelectionModel.Weights) -> Row {
    let method: MethodName
    switch weights {
    case .steps(let steps):
      let ends = steps.map { NumberFormat.shortest($0) }.joined(separator: " ")
      method = "selection steps \(ends)"
    case .beta: method = "selection beta"
    }
    do throws(SelectionModel.Failure) {
      let fit = try SelectionModel(
        pool.effects, variances: pool.variances, weights: weights, expectsPositive: isPositive,
        level: model.level)
      return Row(
        method: method, quantity: .adjusted, estimate: fit.effect, statistic: fit.statistic,
        degreesOfFreedom: Double(fit.degreesOfFreedom), pValue: fit.pValue)
    } catch {
      switch error {
      case .emptyRange(let low, let high): return empty(method, .adjusted, .emptyRange(low, high))
      case .tooFewStudies(let least): return empty(method, .adjusted, .tooFewStudies(least))
      case .notConverged: return empty(method, .adjusted, .notConverged)
      }
    }
  }

  func limit() -> Row {
    do throws(MetaError) {
      let result = try LimitMetaAnalysis(pool.effects, variances: pool.variances, model: model)
      return Row(
        method: "limit meta-analysis", quantity: .adjusted, estimate: result.effect,
        statistic: result.q, degreesOfFreedom: 1, pValue: result.pValue)
    } catch { return empty("limit meta-analysis", .adjusted, note(of: error)) }
  }

  func failSafe(target: Double?) -> [Row] {
    let alpha = 1 - model.level
    func row(_ method: MethodName, _ number: Int?) -> Row {
      Row(
        method: method, quantity: .studies,
        estimate: Estimate(
          number.map(Double.init), count: count, notes: number == nil ? [.noTarget] : []))
    }
    return [
      row(
        "fail-safe rosenthal",
        FailSafeNumber.rosenthal(pool.effects, variances: pool.variances, alpha: alpha)),
      row("fail-safe orwin", FailSafeNumber.orwin(pool.effects, target: target)),
      row(
        "fail-safe rosenberg",
        FailSafeNumber.rosenberg(pool.effects, variances: pool.variances, alpha: alpha)),
    ]
  }
}

extension Note {
  /// Mirrored studies were filled in.
  static func filled(_ side: String) -> Note {
    Note(
      "filled", detail: side, effect: .remark, words: "studies were filled in at the \(side)")
  }
}
