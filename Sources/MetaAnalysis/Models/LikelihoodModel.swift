import RealModule
public import SurveyStats

/// The one-step model of meta-analysis: the exact likelihood of counts, whose rates or odds ratios differ
/// normally between studies.
///
/// Events of one group are binomial with normal logits, 2 × 2 tables hypergeometric given their margins
/// with normal log odds ratios, events in person-time Poisson with normal log rates, and pairs of them
/// binomial given their sum. Nothing is added to zeros, and studies without events count. The likelihood
/// is integrated as ``NormalMixture`` says and maximised by profile: for each τ it is concave in the
/// coefficients, so that Newton's steps reach the maximum; τ is searched from 0 to ``greatestTau`` on a
/// grid, every bracket is refined, and the highest maximum is taken. So there is always an answer:
///
/// * τ² = 0 where the likelihood falls from there, with the note `tau2-zero`;
/// * events in no study, or in all papers of all studies: the estimate lies at an end, with a limit to
///   one side where the likelihood at τ² = 0 has fallen by half a quantile of χ²;
/// * no study between its ends: τ is held at ``greatestTau``, with the note `tau2-at-bound`.
///
/// Reference: Stijnen, Hamza & Özdemir (2010), *Statistics in Medicine* 29:3046.
public struct LikelihoodModel: Sendable {
  /// Where tests and limits of coefficients come from; Knapp and Hartung's are those of t here.
  public var test: CoefficientTest
  /// The confidence level.
  public var level: Double
  /// The greatest standard deviation between studies, on the scale of logits or logarithms.
  static let greatestTau = 20.0

  /// Creates a model.
  public init(test: CoefficientTest = .t, level: Double = 0.95) {
    self.test = test
    self.level = level
  }

  private static let grid = [0, 0.1, 0.25, 0.5, 0.9, 1.5, 2.5, 4, 6.5, 10, 14, greatestTau]

  /// Fits the studies of a table; a design has a row for each that has counts.
  ///
  /// - Throws: ``MetaError/unfittingModel(_:reason:)`` for effects without counts.
  public func fit(_ studies: StudyEffects, design: DenseMatrix? = nil) throws(MetaError) -> MetaFit
  {
    guard let model = MetaModel.likelihood(of: studies.measure.material) else {
      throw .unfittingModel(
        "binomial-normal",
        reason: "needs counts; of \(studies.measure.rawValue) there are effects, take REML")
    }
    let positions = Self.positions(of: studies)
    let known = positions.compactMap { studies.counts[$0].flatMap(StudyLikelihood.init) }
    guard !known.isEmpty else { throw .noStudies }
    let mixture = NormalMixture(known, design: design)
    let p = mixture.design.columns
    guard p <= known.count else {
      throw .tooFewStudies(studies: known.count, coefficients: p)
    }
    var fit = try fit(mixture)
    fit.model = model
    fit.positions = positions
    let effects = studies.selecting(positions)
    let variances = effects.usable.compactMap { effects.effects[$0].variance }
    if variances.count == known.count, variances.count > p,
      let marginal = try? MarginalModel(variances.map { _ in 0 }, variances: variances),
      let state = try? marginal.state(at: 0)
    {
      fit.typicalVariance = Double(marginal.freedom) / marginal.trace(state)
    }
    return fit
  }

  /// The studies that have a likelihood, as positions.
  static func positions(of studies: StudyEffects) -> [Int] {
    studies.counts.indices.filter { studies.counts[$0].flatMap(StudyLikelihood.init) != nil }
  }

  func fit(_ mixture: NormalMixture) throws(MetaError) -> MetaFit {
    let p = mixture.design.columns
    let informative = mixture.studies.count { !$0.isUninformative }
    let isMean = p == 1 && mixture.design.elements.allSatisfy { $0 == 1 }
    if isMean {
      let peaks = mixture.studies.filter { !$0.isUninformative }.map(\.peak)
      if let first = peaks.first, peaks.allSatisfy({ $0 == first && !first.isFinite }) {
        return atEnd(mixture, isHigh: first > 0, informative: informative)
      }
    }
    var search = LikelihoodSearch(mixture)
    let best = try search.maximum(grid: informative > p ? Self.grid : [0])
    let saturated = mixture.studies.reduce(0) { $0 + $1.greatest }
    let freedom = max(informative - p, 0)
    var notes: [Note] = []
    if informative == 0 { notes.append(.noInformation) }
    if freedom == 0 {
      notes.append(informative <= 1 ? .singleStudy : .saturated)
    } else if best.tau == 0 {
      notes.append(.noHeterogeneity)
    } else if best.tau >= Self.greatestTau {
      notes.append(.tauAtBound)
    }
    if best.isInfinite { notes.append(.infiniteCoefficient) }
    let inverse = Self.covariance(best)
    let covariance = inverse.selecting(rows: Array(0..<p), columns: Array(0..<p))
    let tauError =
      best.tau > 0 && best.tau < Self.greatestTau && inverse.rows > p
      ? 2 * best.tau * max(inverse[p, p], 0).squareRoot() : nil
    let fitted = mixture.design.multiplied(by: best.coefficients)
    return MetaFit(
      method: .maximumLikelihood, test: test == .normal ? .normal : .t, level: level,
      studyCount: mixture.studies.count, coefficients: best.coefficients, covariance: covariance,
      degreesOfFreedom: test == .normal || freedom == 0 ? nil : Double(freedom),
      tau2: best.tau * best.tau, tau2StandardError: tauError,
      q: freedom > 0 ? max(0, 2 * (saturated - search.commonHeight)) : 0,
      qDegreesOfFreedom: freedom, typicalVariance: 0, logLikelihood: best.height,
      restrictedLogLikelihood: best.height,
      weights: [Double](repeating: 1, count: mixture.studies.count),
      leverages: [Double](repeating: 0, count: mixture.studies.count), fitted: fitted, scale: 1,
      notes: notes)
  }

  /// The inverse of the information of coefficients and τ, or of the coefficients alone where τ lies at
  /// an end; where it is singular, that of the coefficients by their diagonal.
  private static func covariance(_ best: LikelihoodSearch.Maximum) -> DenseMatrix {
    let p = best.coefficients.count
    let isInner = best.tau > 0 && best.tau < greatestTau
    func inverse(_ count: Int) -> DenseMatrix? {
      var information = DenseMatrix(rows: count, columns: count)
      for a in 0..<count { for b in 0..<count { information[a, b] = -best.hessian[a, b] } }
      return try? information.positiveDefiniteInverse()
    }
    return (isInner ? inverse(p + 1) : nil) ?? inverse(p)
      ?? DenseMatrix(diagonal: (0..<p).map { 1 / max(-best.hessian[$0, $0], 1e-12) })
  }

  /// All events, or none: the rate at an end with a limit to one side.
  private func atEnd(
    _ mixture: NormalMixture, isHigh: Bool, informative: Int
  ) -> MetaFit {
    let top = mixture.studies.reduce(0) { $0 + $1.greatest }
    let drop = ChiSquared(degreesOfFreedom: 1).upperQuantile(1 - level) / 2
    let bounds = -60.0...60.0
    let limit = Brent.root(in: bounds, tolerance: 1e-12) { predictor in
      mixture.evaluate([predictor], tau: 0).value - top + drop
    }
    return MetaFit(
      method: .maximumLikelihood, test: test == .normal ? .normal : .t, level: level,
      studyCount: mixture.studies.count, coefficients: [isHigh ? .infinity : -.infinity],
      covariance: DenseMatrix(rows: 1, columns: 1), degreesOfFreedom: nil, tau2: 0,
      tau2StandardError: nil, q: 0, qDegreesOfFreedom: max(informative - 1, 0),
      typicalVariance: 0, logLikelihood: top, restrictedLogLikelihood: top,
      weights: [Double](repeating: 1, count: mixture.studies.count),
      leverages: [Double](repeating: 0, count: mixture.studies.count),
      fitted: [], scale: 1,
      notes: [isHigh ? .allEvents : .noEvents, .oneSidedLikelihood],
      likelihoodLimits: MetaFit.LikelihoodLimits(
        coefficient: 0, lower: isHigh ? limit : nil, upper: isHigh ? nil : limit))
  }
}

extension Note {
  /// No study says anything of the effect: every table has one possible count only.
  static let noInformation = Note("no-information", effect: .doubt)
  /// No study has an event.
  public static let noEvents = Note("no-events", effect: .doubt)
  /// All papers of all studies have the event.
  static let allEvents = Note("all-events", effect: .doubt)
  /// The estimate lies at an end of what is possible: its limit to the other side is where the likelihood
  /// without variance between studies has fallen by half a quantile of χ².
  public static let oneSidedLikelihood = Note("one-sided-likelihood-limit", effect: .remark)
  /// The likelihood rises up to the greatest variance between studies that is tried: every study lies at
  /// an end.
  public static let tauAtBound = Note("tau2-at-bound", effect: .doubt)
  /// A moderator separates studies with and without events: its coefficient is infinite.
  static let infiniteCoefficient = Note("infinite-coefficient", effect: .doubt)
}

extension LikelihoodModel {
  /// The log-likelihood of studies at a mean effect and a standard deviation between studies.
  public static func logLikelihood(
    of studies: StudyEffects, effect: Double, tau: Double
  ) -> Double {
    let known = positions(of: studies).compactMap {
      studies.counts[$0].flatMap(StudyLikelihood.init)
    }
    return NormalMixture(known).evaluate([effect], tau: tau).value
  }
}
