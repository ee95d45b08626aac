/// Logistic regression of yes-or-no outcomes on the columns of a design.
///
/// Estimated are the coefficients β of logit P(yes) = x'β + offset; exp β_j is the odds ratio of
/// one more unit of column j with the others held fixed. An outcome that is not defined for a paper
/// (the item does not apply, or was not asked) leaves that paper out, as does a weight of zero.
/// Constant and collinear columns are named and left out. Papers with equal covariates are
/// collapsed; the likelihood is maximised by iteratively reweighted least squares with step
/// halving.
///
/// Before fitting, separation is looked for (see ``Separation``). With ``Estimation/automatic``,
/// Firth's penalised likelihood is taken when the outcome is separated, or when a yes-or-no column
/// and the outcome have a cell of fewer than five papers; otherwise maximum likelihood.
///
/// Weights multiply each paper's contribution to the likelihood (prior weights as in R's `glm`).
/// As ``Weighting/frequencies`` they count papers; as ``Weighting/sampling`` weights, which say
/// how many papers of a population one stands for, they are scaled to add up to Kish's effective
/// number of papers (Σw)²/Σw², so that their unit does not matter and likelihoods weigh as much as
/// so many papers; standard errors should then be robust ones. Errors: ``LogisticRegressionError``. Cost of a fit:
/// O(papers) + iterations × O(patterns × columns²).
///
/// References: McCullagh & Nelder (1989), Generalized Linear Models, chapter 4; Firth (1993),
/// Biometrika 80:27; Heinze & Schemper (2002), Statistics in Medicine 21:2409.
public struct LogisticRegression: Sendable {
  /// What is maximised.
  public enum Estimation: Sendable, Equatable {
    /// Firth's penalised likelihood where maximum likelihood fails or is sparse.
    case automatic
    /// The likelihood; separated outcomes are an error.
    case maximumLikelihood
    /// Firth's penalised likelihood always.
    case firth
  }

  /// What weights mean.
  public enum Weighting: Sendable, Equatable {
    /// Numbers of equal papers.
    case frequencies
    /// Inverse probabilities of selection, up to a factor.
    case sampling
  }

  /// What is maximised.
  public var estimation: Estimation
  /// What weights mean.
  public var weighting: Weighting

  /// Creates a regression.
  public init(estimation: Estimation = .automatic, weighting: Weighting = .frequencies) {
    self.estimation = estimation
    self.weighting = weighting
  }

  /// The smallest cell of a yes-or-no column and the outcome that maximum likelihood is used for.
  private static let smallestCell = 5.0

  /// Fits one outcome; outcome, weights and offset have one value a paper of the corpus.
  public func fit(
    _ design: DesignMatrix, outcome: BinaryOutcome, weights: [Double]? = nil,
    offset: [Double]? = nil
  ) throws(LogisticRegressionError) -> LogisticFit {
    let prepared = try PreparedDesign(design, weights: weights, offset: offset)
    return try fit(prepared, outcome: outcome)
  }

  /// Fits several outcomes on one design, whose covariate patterns are found once.
  ///
  /// An outcome that has no estimate is in its place as an error; only wrong dimensions throw.
  public func fits(
    _ design: DesignMatrix, outcomes: [BinaryOutcome], weights: [Double]? = nil,
    offset: [Double]? = nil
  ) throws(LogisticRegressionError) -> [Result<LogisticFit, LogisticRegressionError>] {
    let prepared = try PreparedDesign(design, weights: weights, offset: offset)
    return outcomes.map { outcome in
      do throws(LogisticRegressionError) {
        return .success(try fit(prepared, outcome: outcome))
      } catch { return .failure(error) }
    }
  }

  private func fit(_ prepared: PreparedDesign, outcome: BinaryOutcome)
    throws(LogisticRegressionError) -> LogisticFit
  {
    let data = try LogisticData(prepared, outcome: outcome, weighting: weighting)
    let check = data.rankCheck
    var notes = check.dropped.map(\.description)
    if data.weightFactor != 1 {
      let size = NumberFormat.fixed(data.trials.reduce(0, +), digits: 1)
      notes.append("weighted, effective n \(size)")
    }
    let ordinary = data.likelihood(columns: check.kept, isPenalized: false)
    let separation = Separation.find(in: ordinary)
    let names = check.kept.map { prepared.design.columnNames[$0] }
    let isSparse = data.smallestCell(columns: check.kept) < Self.smallestCell
    let usesFirth: Bool
    switch estimation {
    case .firth: usesFirth = true
    case .automatic: usesFirth = separation != nil || isSparse
    case .maximumLikelihood:
      if let separation {
        throw .separated(
          outcome: outcome.name, terms: separation.terms.map { names[$0.column] })
      }
      usesFirth = false
    }
    if let separation {
      let terms = separation.terms.map { term in
        let sign = term.sign.map { $0 == .plus ? " (+)" : " (-)" } ?? ""
        return names[term.column] + sign
      }
      notes.append(
        "\(separation.isComplete ? "completely" : "quasi-completely") separated by "
          + terms.briefly() + "; Firth's penalty")
    } else if estimation == .automatic, isSparse {
      notes.append("fewer than 5 papers in a cell; Firth's penalty")
    }
    let likelihood =
      usesFirth ? data.likelihood(columns: check.kept, isPenalized: true) : ordinary
    let optimum: BinomialLikelihood.Optimum
    do throws(LogisticRegressionError) {
      optimum = try likelihood.maximized(from: likelihood.start)
    } catch {
      guard case .notConverged(_, let iterations) = error else { throw error }
      throw .notConverged(outcome: outcome.name, iterations: iterations)
    }
    return LogisticFit(
      data: data, columns: check.kept, likelihood: likelihood, optimum: optimum,
      separation: separation, dropped: check.dropped, notes: notes)
  }
}

/// A design with its covariate patterns, shared by the fits of several outcomes.
struct PreparedDesign: Sendable {
  let design: DesignMatrix
  let patterns: CovariatePatterns
  /// Weights and offsets of the design's rows; `nil` where all are 1 or 0.
  let weights: [Double]?
  let offset: [Double]?
  /// Whether a column has no other values than 0 and 1.
  let isBinary: [Bool]
  private let fullRankCheck = OnDemand<Kept<RankCheck>>()

  init(_ design: DesignMatrix, weights: [Double]?, offset: [Double]?)
    throws(LogisticRegressionError)
  {
    if let weights {
      let areValid = weights.allSatisfy { $0 >= 0 && $0.isFinite }
      guard weights.count == design.paperCount, areValid else {
        throw .dimensionMismatch("weights")
      }
    }
    if let offset {
      guard offset.count == design.paperCount, offset.allSatisfy(\.isFinite) else {
        throw .dimensionMismatch("offset")
      }
    }
    self.design = design
    self.weights = weights.map { all in design.papers.map { all[$0] } }
    self.offset = offset.map { all in design.papers.map { all[$0] } }
    patterns = CovariatePatterns(design.values, offset: self.offset)
    let values = patterns.values
    isBinary = (0..<values.columns).map { values.column($0).allSatisfy { $0 == 0 || $0 == 1 } }
  }

  /// What the weights of the papers with an outcome are multiplied with to add up to Kish's
  /// effective number of papers.
  func kishFactor(of outcome: BinaryOutcome) -> Double {
    guard let weights else { return 1 }
    var (sum, squares) = (0.0, 0.0)
    for (row, paper) in design.papers.enumerated() where outcome.values[paper] != nil {
      sum += weights[row]
      squares += weights[row] * weights[row]
    }
    return squares > 0 ? sum / squares : 1
  }

  /// The rank of the columns over all patterns.
  var rankCheck: RankCheck {
    fullRankCheck.value { Kept(RankCheck(patterns.values, names: design.columnNames)) }.value
  }
}

/// The papers of one fit, and their sums over covariate patterns.
///
/// Making it is one pass over the papers; arrays with an element for each paper are made when they are
/// first asked for.
struct LogisticData: Sendable {
  let prepared: PreparedDesign
  let outcome: BinaryOutcome
  /// The number of papers.
  let paperCount: Int
  /// The number of papers with the outcome.
  let eventCount: Int
  /// The patterns that occur, with their weighted totals.
  let patterns: [Int]
  let successes: [Double]
  let trials: [Double]
  /// What weights are multiplied with.
  let weightFactor: Double
  private let usedPapers = OnDemand<UsedPapers>()

  /// The design.
  var design: DesignMatrix { prepared.design }

  init(
    _ prepared: PreparedDesign, outcome: BinaryOutcome,
    weighting: LogisticRegression.Weighting = .frequencies
  ) throws(LogisticRegressionError) {
    guard outcome.values.count == prepared.design.paperCount else {
      throw .dimensionMismatch("outcome")
    }
    let totals = prepared.patterns.totals(
      of: outcome.values, papers: prepared.design.papers, weights: prepared.weights)
    guard totals.paperCount > 0 else { throw .noPapers(outcome: outcome.name) }
    guard totals.eventCount > 0, totals.eventCount < totals.paperCount else {
      throw .oneClass(
        outcome: outcome.name, value: totals.eventCount > 0, papers: totals.paperCount)
    }
    paperCount = totals.paperCount
    eventCount = totals.eventCount
    let factor = weighting == .sampling ? prepared.kishFactor(of: outcome) : 1
    weightFactor = factor
    patterns = totals.trials.indices.filter { totals.trials[$0] > 0 }
    successes = patterns.map { factor * totals.successes[$0] }
    trials = patterns.map { factor * totals.trials[$0] }
    self.prepared = prepared
    self.outcome = outcome
  }

  /// The arrays with an element for each used paper.
  var papers: UsedPapers { usedPapers.value { UsedPapers(self) } }
  /// The rows of the design that are used.
  var rows: [Int] { papers.rows }
  /// The outcome of the used rows.
  var isYes: [Bool] { papers.isYes }
  /// The weights of the used rows.
  var weights: [Double] { papers.weights }

  /// The rank of the columns over the patterns that occur; found once for all outcomes that are
  /// defined for some paper of every pattern.
  var rankCheck: RankCheck {
    if patterns.count == prepared.patterns.count { return prepared.rankCheck }
    let all = Array(0..<design.columnCount)
    return RankCheck(
      prepared.patterns.values.selecting(rows: patterns, columns: all),
      names: design.columnNames)
  }

  /// The likelihood on the given columns.
  func likelihood(columns: [Int], isPenalized: Bool) -> BinomialLikelihood {
    BinomialLikelihood(
      columns: prepared.patterns.values.selecting(rows: patterns, columns: columns),
      successes: successes, trials: trials,
      offset: patterns.map { prepared.patterns.offset[$0] }, isPenalized: isPenalized)
  }

  /// The smallest weighted cell of any yes-or-no column by the outcome.
  func smallestCell(columns: [Int]) -> Double {
    var smallest = Double.infinity
    let values = prepared.patterns.values
    let binary = prepared.isBinary
    for column in columns.dropFirst() where binary[column] {
      var cells = SIMD4<Double>.zero
      for (index, pattern) in patterns.enumerated() {
        let isOne = values.elements[column * values.rows + pattern] == 1
        let (yes, no) = (successes[index], trials[index] - successes[index])
        cells += isOne ? SIMD4(yes, no, 0, 0) : SIMD4(0, 0, yes, no)
      }
      smallest = min(smallest, cells.min())
    }
    return smallest
  }
}
