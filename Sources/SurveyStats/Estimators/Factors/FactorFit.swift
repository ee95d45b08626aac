import RealModule

/// How well factors reproduce a correlation matrix.
///
/// With N papers, p items, m factors and the discrepancy `F = ln|Σ| + tr(R Σ⁻¹) - ln|R| - p` of the
/// model Σ: `chi² = c F`, `c = N-1-(2p+5)/6-2m/3` (Bartlett 1950) on `((p-m)²-(p+m))/2` degrees of
/// freedom; the null model of no factors has `F₀ = -ln|R|`, `c₀ = N-1-(2p+5)/6` and p(p-1)/2.
/// `RMSEA = sqrt(max(chi²-df, 0)/(df (N-1)))` with the interval of the noncentral chi-square
/// (Steiger and Lind 1980); `TLI = (F₀/df₀ - F/df)/(F₀/df₀ - 1/c)` (Tucker and Lewis 1973);
/// `CFI = 1 - max(chi²-df, 0)/max(chi₀²-df₀, chi²-df, 0)` (Bentler 1990); RMSR is the root mean
/// square of the off-diagonal residuals and SRMR the same over the triangle with its diagonal;
/// `BIC = chi² - df ln N`.
///
/// For minres and principal axes the same formulas are used with their Σ, as psych does. With
/// pairwise NA all are approximate; for papers that are weighted, clustered or stratified there is
/// neither p-value nor interval, and N is the number of equal papers that weighted ones are worth; on tetrachoric correlations only RMSR and SRMR hold. What rests
/// on F is `nil` for a singular matrix, for one that had to be repaired (its determinant is what the
/// repair made it), and for too few papers (`c ≤ 0`); what divides by the degrees of freedom is
/// `nil` where there are none.
public struct FactorFit: Sendable, Equatable {
  /// The number of papers.
  let sampleSize: Double
  /// The discrepancy F; `nil` where the matrix or the model is singular.
  public let discrepancy: Double?
  /// The degrees of freedom.
  public let degreesOfFreedom: Int
  /// The chi-square of the model.
  public let chiSquare: Double?
  /// Its p-value.
  public let pValue: Double?
  /// The chi-square of the model without factors.
  public let nullChiSquare: Double?
  /// The degrees of freedom of that model.
  let nullDegreesOfFreedom: Int
  /// The root mean square error of approximation.
  public let rmsea: Double?
  /// The interval of the error of approximation.
  public let rmseaInterval: ClosedRange<Double>?
  /// The level of that interval.
  let rmseaLevel: Double
  /// The Tucker-Lewis index.
  public let tuckerLewis: Double?
  /// The comparative fit index.
  public let comparativeFit: Double?
  /// The root mean square of the off-diagonal residual correlations.
  public let rmsr: Double
  /// The standardised root mean square residual.
  public let srmr: Double
  /// The Bayesian information criterion.
  public let bic: Double?
  /// Whether the chi-square and what rests on it hold only as a description.
  let isDescriptive: Bool
  /// How the papers were sampled; p-values and the interval of the RMSEA are those of papers drawn alike.
  public let sampling: PaperSampling
  /// Whether the correlations had to be repaired, so that they have no chi-square.
  let isRepaired: Bool
  /// Whether the matrix has eigenvalues of zero, as that of more items than papers.
  let isSingular: Bool
  /// The items with a uniqueness at its lower bound; the fit is then that of the bound.
  let heywoodItems: [String]
  private let itemCount: Int
  private let paperCount: Int

  /// Judges a solution; the sample size is the harmonic mean of the pair counts unless given.
  public init(
    _ solution: FactorSolution, sampleSize: Double? = nil, rmseaLevel: Double = 0.9
  ) {
    let items = solution.correlations.count
    let factors = solution.factors
    let papers = sampleSize ?? solution.correlations.harmonicMeanCount ?? 0
    let df = FactorAnalysis.degreesOfFreedom(items: items, factors: factors)
    let nullDf = items * (items - 1) / 2
    self.sampleSize = papers
    self.rmseaLevel = rmseaLevel
    degreesOfFreedom = df
    nullDegreesOfFreedom = nullDf
    sampling = solution.correlations.sampling
    isDescriptive = solution.correlations.coefficient == "tetrachoric" || !sampling.isAlike

    isRepaired = solution.correlations.repair != nil
    isSingular = !((try? solution.correlations.definiteness())?.isPositiveDefinite ?? false)
    heywoodItems = solution.heywoodItems
    itemCount = items
    paperCount = solution.correlations.largestCount
    let sum = solution.residuals.elements.reduce(0) { $0 + $1 * $1 } / 2
    rmsr = (sum / Double(max(nullDf, 1))).squareRoot()
    srmr = (sum / Double(nullDf + items)).squareRoot()

    let nullFactor = papers - 1 - Double(2 * items + 5) / 6
    let factor = nullFactor - 2 * Double(factors) / 3
    discrepancy = isRepaired || isSingular ? nil : Self.discrepancy(solution)
    let nullDiscrepancy = (try? solution.correlations.values.logDeterminant()).map { -$0 }
    guard factor > 0, let discrepancy, let nullDiscrepancy else {
      (chiSquare, pValue, nullChiSquare, bic) = (nil, nil, nil, nil)
      (rmsea, rmseaInterval, tuckerLewis, comparativeFit) = (nil, nil, nil, nil)
      return
    }
    let chiSquare = factor * discrepancy
    let nullChiSquare = nullFactor * nullDiscrepancy
    let excess = max(chiSquare - Double(df), 0)
    self.chiSquare = chiSquare
    self.nullChiSquare = nullChiSquare
    bic = chiSquare - Double(df) * Double.log(papers)
    let nullExcess = max(nullChiSquare - Double(nullDf), excess)
    comparativeFit = nullExcess > 0 ? 1 - excess / nullExcess : nil
    guard df > 0 else {
      (pValue, rmsea, rmseaInterval, tuckerLewis) = (nil, nil, nil, nil)
      return
    }
    let perDegree = Double(df) * (papers - 1)
    pValue =
      sampling.isAlike ? ChiSquared(degreesOfFreedom: Double(df)).survival(chiSquare) : nil
    rmsea = (excess / perDegree).squareRoot()
    let tail = (1 - rmseaLevel) / 2
    let low = Self.noncentrality(chiSquare, df, cumulative: 1 - tail)
    let high = Self.noncentrality(chiSquare, df, cumulative: tail)
    rmseaInterval =
      sampling.isAlike
      ? (low / perDegree).squareRoot()...(max(high, low) / perDegree).squareRoot() : nil
    let nullRatio = nullDiscrepancy / Double(nullDf)
    let span = nullRatio - 1 / factor
    tuckerLewis = span != 0 ? (nullRatio - discrepancy / Double(df)) / span : nil
  }

  /// `ln|Σ| + tr(R Σ⁻¹) - ln|R| - p`, with ones on the diagonal of Σ.
  private static func discrepancy(_ solution: FactorSolution) -> Double? {
    let correlations = solution.correlations.values
    var model = solution.modelCorrelations
    if solution.analysis.extraction != .maximumLikelihood {
      for item in 0..<model.rows { model[item, item] = 1 }
    }
    guard let observed = try? correlations.logDeterminant(),
      let modelled = try? model.logDeterminant(),
      let ratio = try? model.solvingPositiveDefinite(correlations)
    else { return nil }
    let trace = ratio.diagonal.reduce(0, +)
    return max(modelled + trace - observed - Double(correlations.rows), 0)
  }

  /// The noncentrality under which a chi-square has the given cumulative probability; 0 where even
  /// the central distribution lies above it.
  private static func noncentrality(
    _ chiSquare: Double, _ degreesOfFreedom: Int, cumulative: Double
  ) -> Double {
    let distance: (Double) -> Double = { lambda in
      NoncentralChiSquared(
        degreesOfFreedom: Double(degreesOfFreedom), noncentrality: lambda
      ).cumulativeProbability(chiSquare) - cumulative
    }
    guard distance(0) > 0 else { return 0 }
    var upper = max(chiSquare, 1)
    while distance(upper) > 0, upper < 1e12 { upper *= 2 }
    return Brent.root(in: 0...upper, of: distance) ?? 0
  }

  /// The statistics, one row each.
  public func table() -> Table {
    let p = pValue
    let limits = rmseaInterval
    let df = Double(degreesOfFreedom)
    let rows: [(String, Double?)] = [
      ("chi_square", chiSquare), ("degrees_of_freedom", df), ("rmsea", rmsea),
      ("tli", tuckerLewis), ("cfi", comparativeFit), ("srmr", srmr), ("rmsr", rmsr),
      ("bic", bic), ("discrepancy", discrepancy), ("null_chi_square", nullChiSquare),
      ("null_degrees_of_freedom", Double(nullDegreesOfFreedom)),
    ]
    func only<Value>(_ name: String, _ value: Value?) -> [Value?] {
      rows.map { $0.0 == name ? value : nil }
    }
    return Table(
      name: "fit",
      caption: "Fit of the factors to the correlations of \(Int(sampleSize.rounded())) papers "
        + "(harmonic mean over pairs).",
      columns: [
        Column("term", .text(rows.map(\.0))),
        Column("estimate", .real(rows.map(\.1))),
        Column("p_value", .real(only("chi_square", p)), style: .pValue),
        Column(
          "conf_low", .real(only("rmsea", limits?.lowerBound)), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(only("rmsea", limits?.upperBound)),
          style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(only("rmsea", limits == nil ? nil : rmseaLevel))),
        Column("n", .real(rows.map { _ in sampleSize })),
        Column("note", .text(rows.map { note($0.0, isDefined: $0.1 != nil) })),
      ],
      notes: notes)
  }

  /// What is doubtful about an index, or why it has no value.
  private func note(_ name: String, isDefined: Bool) -> String? {
    let restsOnChiSquare = ["chi_square", "rmsea", "tli", "cfi", "bic", "null_chi_square"]
      .contains(name)
    guard isDefined else {
      if isRepaired { return "repaired-matrix" }
      if isSingular { return "singular" }
      return degreesOfFreedom > 0 ? "too-few-papers" : "no-degrees-of-freedom"
    }
    var notes: [String] = []
    if isDescriptive && restsOnChiSquare { notes.append("descriptive") }
    if !sampling.isAlike, ["chi_square", "rmsea"].contains(name) {
      notes.append("dependent-papers")
    }
    let restsOnLoadings = restsOnChiSquare || ["srmr", "rmsr", "discrepancy"].contains(name)
    if !heywoodItems.isEmpty, restsOnLoadings, name != "null_chi_square" {
      notes.append("heywood")
    }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  private var notes: [String] {
    var notes: [String] = []
    if isRepaired {
      notes.append(
        "The correlations had to be repaired; a chi-square would measure the repair. Judge by the "
          + "residuals.")
    } else if isSingular {
      notes.append(
        "The matrix of \(itemCount) variables and at most \(paperCount) papers is singular and has "
          + "no chi-square. Judge by the residuals.")
    } else if !sampling.isAlike {
      notes.append(
        "Chi-square and what rests on it take papers as independent and of equal weight, which they are "
          + "not.")
    } else if isDescriptive {
      notes.append("Chi-square and what rests on it do not hold for tetrachoric correlations.")
    }
    if !heywoodItems.isEmpty {
      notes.append(
        "Heywood case: the uniqueness of \(heywoodItems.joined(separator: ", ")) is held at its "
          + "bound, and the fit is that of the bounded model.")
    }
    return notes
  }
}
