import SurveyStats

extension FactorCommand {
  /// The table of factors asked for.
  func factors(
    _ variables: CorrelatedVariables, _ purpose: Factors.Purpose?, _ ask: Ask
  ) async throws -> Answer {
    if table == .scores, case .categories = variables.coefficient {
      throw CommandFailure(.usage, "--table scores scores papers on items; leave out --of")
    }
    var question = Factors(variables)
    question.count = Int(factors).map { .exactly($0) } ?? .parallelAnalysis
    question.method = factorMethod
    question.repair = repair ?? .nearest
    question.shrinks = shrink
    question.purpose = purpose
    question.referenceSets = parallelReplicates
    let hasIntervals = [.loadings, .communalities, .correlations].contains(table)
    question.interval =
      hasIntervals && bootstrapReplicates != 0 ? interval.resampled ?? .percentile : nil
    question.level = resampling.level
    let result = try await ask(question)
    ask.console.note(result.remarks)
    if let test = result.test { return Answer(test.table()) }
    let solution = result.solution
    for item in solution.heywoodItems {
      ask.console.warning(
        "\(item) is a Heywood case: its communality is 1 or more; try fewer factors")
    }
    if !solution.rotated.converged {
      ask.console.warning("the rotation did not converge; choose another, or fewer factors")
    }
    var answer: Answer
    switch table {
    case .variances: answer = Answer(solution.variancesTable())
    case .fit:
      answer = Answer(
        FactorFit(solution, rmseaLevel: resampling.chosenLevel ?? 0.9).table())
    case .scores:
      answer = Answer(
        try solution.scores(
          of: result.values.matrix, method: scores, design: result.values.design
        ).table())
    case .communalities:
      answer = Answer(
        solution.communalitiesTable(
          intervals: result.intervals, withoutIntervals: result.withoutIntervals))
    case .correlations:
      answer = Answer(
        solution.correlationsTable(
          intervals: result.intervals, withoutIntervals: result.withoutIntervals))
    default:
      answer = Answer(
        solution.loadingsTable(
          intervals: result.intervals, withoutIntervals: result.withoutIntervals))
      answer.readable = solution.sparseLoadingsTable(
        cut: layout.cut, isSorted: !layout.inputOrder, intervals: result.intervals)
    }
    return answer
  }

  /// Tables of the correlation matrix alone.
  func ofMatrix(_ variables: CorrelatedVariables, _ ask: Ask) async throws -> Answer {
    let isOfAdequacy = table == .adequacy
    let found = try await ask(
      CorrelationMatrices(
        variables, repair: repair ?? (isOfAdequacy ? .shrinkage : .nearest),
        needsInverse: isOfAdequacy || extraction == .maximumLikelihood, level: resampling.level))
    ask.console.note(found.remarks)
    if isOfAdequacy { return Answer(try SamplingAdequacy(found.matrix).table()) }
    let omega = try Omega(try reliabilityQuestion(variables).solution(found.matrix))
    var answer = Answer(omega.table())
    answer.readable = omega.sparseTable(cut: layout.cut, isSorted: !layout.inputOrder)
    return answer
  }

  /// The eigenvalues of the matrix, with those that chance gives.
  func eigenvalues(_ variables: CorrelatedVariables, _ ask: Ask) async throws -> Answer {
    var question = Components(variables)
    question.repair = repair ?? .nearest
    question.referenceSets = parallelReplicates
    question.level = resampling.level
    let result = try await ask(question)
    ask.console.note(result.values.variables == variables ? result.correlations.remarks : [])
    return Answer(result.eigenvalueTable)
  }

  /// The reliability of the sum of the items, or what each item contributes to it.
  func reliability(_ variables: CorrelatedVariables, _ ask: Ask) async throws -> Answer {
    guard case .items = variables.coefficient else {
      throw CommandFailure(.usage, "reliability is that of a sum of items; leave out --of")
    }
    let result = try await ask(reliabilityQuestion(variables))
    ask.console.note(result.remarks)
    return Answer(table == .items ? result.reliability.itemsTable() : result.table)
  }

  private func reliabilityQuestion(_ variables: CorrelatedVariables) -> ScoreReliability {
    var question = ScoreReliability(variables)
    question.method = factorMethod
    question.factors = Int(factors)
    question.repair = repair ?? .nearest
    question.isOfItemsOnly = table == .items
    question.level = resampling.level
    question.interval =
      interval == .feldt
      ? .feldt
      : bootstrapReplicates == 0
        ? .automatic : .resampled(interval.resampled ?? .percentile)
    return question
  }
}
