/// Logistic regression of yes-or-no outcomes on the columns of a design.
///
/// Estimated are the coefficients β of logit P(yes) = x'β + offset; exp β_j is the odds ratio of
/// one more unit of column j with the others held fixed. An outcome that is not defined for a paper
/// (the item does not apply, or was not asked) leaves that paper out, as does a weight of zero.
/// Constant and collinear columns are named and left out. Papers with equal covariates are
/// collapsed; the likelihood is maximised by iteratively reweighted least squares with step
/// halving.
///
/// Before fitting, separation is looked for (see ``Separation``), unless the fit itself proves that
/// there is none to be found. With ``Estimation/automatic``,
/// Firth's penalised likelihood is taken when the outcome is separated, or when a yes-or-no column
/// and the outcome have a cell of fewer than five papers; otherwise maximum likelihood.
///
/// Weights multiply each paper's contribution to the likelihood (prior weights as in R's `glm`).
/// As ``Weighting/frequencies`` they count papers; as ``Weighting/sampling`` weights, which say
/// how many papers of a population one stands for, they are scaled to add up to Kish's effective
/// number of papers (Σw)²/Σw², so that their unit does not matter and likelihoods weigh as much as
/// so many papers; standard errors should then be robust ones. Errors: ``LogisticRegressionError``. Cost of a fit:
/// O(papers) + iterations × O(patterns × columns²); plain fits are made eight at a time.
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
  static let smallestCell = 5.0

  /// Fits one outcome; outcome, weights and offset have one value a paper of the corpus.
  public func fit(
    _ design: DesignMatrix, outcome: BinaryOutcome, weights: [Double]? = nil,
    offset: [Double]? = nil
  ) throws(LogisticRegressionError) -> LogisticFit {
    let prepared = try PreparedDesign(design, weights: weights, offset: offset)
    let data = try LogisticData(prepared, outcome: outcome, weighting: weighting)
    if let plain = plainFits([data])[0] { return fit(data, found: plain) }
    return try fitAlone(data)
  }

  /// Fits several outcomes on one design, whose covariate patterns are found once.
  ///
  /// An outcome that has no estimate is in its place as an error; only wrong dimensions of weights
  /// and offset throw.
  public func fits(
    _ design: DesignMatrix, outcomes: [BinaryOutcome], weights: [Double]? = nil,
    offset: [Double]? = nil
  ) throws(LogisticRegressionError) -> [Result<LogisticFit, LogisticRegressionError>] {
    let prepared = try PreparedDesign(design, weights: weights, offset: offset)
    let data = LogisticData.all(prepared, outcomes: outcomes, weighting: weighting)
    var plain = plainFits(data.compactMap { try? $0.get() })[...]
    return data.map { data in
      data.flatMap { data in
        if let found = plain.removeFirst() { return .success(fit(data, found: found)) }
        if let found = sharedFit(data) { return .success(found) }
        return Result { () throws(LogisticRegressionError) in try fitAlone(data) }
      }
    }
  }

  /// The fits of one design that need no special care; `nil` for the others.
  private func plainFits(_ data: [LogisticData]) -> [LaneFit?] {
    guard let rows = data.first?.prepared.sparseRows else {
      return [LaneFit?](repeating: nil, count: data.count)
    }
    return LogisticLanes(rows).fits(data, by: self)
  }

  private func fit(_ data: LogisticData, found: LaneFit) -> LogisticFit {
    LogisticFit(
      data: data, found: found,
      notes: notes(
        data, dropped: [], separation: found.separation, names: data.design.columnNames,
        isSparse: found.isPenalized))
  }

  /// A maximum-likelihood fit in the coordinates that all outcomes share, where these serve; `nil` leaves it
  /// to all care.
  private func sharedFit(_ data: LogisticData) -> LogisticFit? {
    guard estimation != .firth, data.weightFactor == 1, let shared = data.prepared.sharedColumns,
      data.smallestCell(columns: Array(0..<data.design.columnCount)) >= Self.smallestCell
        || estimation == .maximumLikelihood,
      let found = shared.fit(data)
    else { return nil }
    return LogisticFit(
      data: data, found: found,
      notes: notes(
        data, dropped: [], separation: nil, names: data.design.columnNames, isSparse: false))
  }

  /// Fits one outcome with all care: rank, separation, then whole and half steps.
  func fitAlone(_ data: LogisticData) throws(LogisticRegressionError) -> LogisticFit {
    let check = data.rankCheck
    let outcome = data.outcome
    let ordinary = data.likelihood(columns: check.kept, isPenalized: false)
    let plain = Self.unseparatedOptimum(ordinary)
    let separation = plain == nil ? Separation.find(in: ordinary) : nil
    let names = check.kept.map { data.design.columnNames[$0] }
    let isSparse = data.smallestCell(columns: check.kept) < Self.smallestCell
    let usesFirth: Bool
    switch estimation {
    case .firth: usesFirth = true
    case .automatic: usesFirth = separation != nil || isSparse
    case .maximumLikelihood:
      if let separation {
        throw .separated(
          outcome: outcome.name, terms: separation.causes.map { names[$0.column] })
      }
      usesFirth = false
    }
    let likelihood =
      usesFirth ? data.likelihood(columns: check.kept, isPenalized: true) : ordinary
    let optimum: BinomialLikelihood.Optimum
    do throws(LogisticRegressionError) {
      if let plain, !usesFirth {
        optimum = plain
      } else {
        optimum = try likelihood.maximized(from: likelihood.start)
      }
    } catch {
      guard case .notConverged(_, let iterations) = error else { throw error }
      throw .notConverged(outcome: outcome.name, iterations: iterations)
    }
    return LogisticFit(
      data: data, columns: check.kept, likelihood: likelihood, optimum: optimum,
      separation: separation, dropped: check.dropped,
      notes: notes(
        data, dropped: check.dropped, separation: separation, names: names, isSparse: isSparse))
  }

  /// The maximum of a plain likelihood, where it is soon found and proves that nothing is separated.
  ///
  /// Along a separating direction a step of Newton's method moves the predictors of its papers by about
  /// one. Where these are below 30 their weights are above 10⁻¹³, so that the step is far longer than
  /// that of iterations that have ended.
  private static func unseparatedOptimum(
    _ likelihood: BinomialLikelihood
  ) -> BinomialLikelihood.Optimum? {
    guard let optimum = try? likelihood.maximized(from: likelihood.start, iterations: 20),
      likelihood.linearPredictors(optimum.beta).allSatisfy({ abs($0) < 30 })
    else { return nil }
    return optimum
  }

  /// Columns left out, weights, separation and sparse cells, one remark each.
  private func notes(
    _ data: LogisticData, dropped: [DroppedColumn], separation: Separation?, names: [String],
    isSparse: Bool
  ) -> [String] {
    var notes = dropped.map(\.description)
    if data.weightFactor != 1 {
      let size = NumberFormat.fixed(data.trials.reduce(0, +), digits: 1)
      notes.append("weighted, effective n \(size)")
    }
    if let separation {
      let terms = separation.causes.map { term in
        let sign = term.sign.map { $0 == .plus ? " (+)" : " (-)" } ?? ""
        return names[term.column] + sign
      }
      notes.append(
        "\(separation.isComplete ? "completely" : "quasi-completely") separated by "
          + terms.briefly() + "; Firth's penalty")
    } else if estimation == .automatic, isSparse {
      notes.append("fewer than 5 papers in a cell; Firth's penalty")
    }
    return notes
  }
}
