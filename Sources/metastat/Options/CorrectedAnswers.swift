import ArgumentParser
import SurveyStats

extension CorrectionOptions {
  /// How means and coefficients are corrected.
  var powered: PoweredMethod {
    correction.flatMap { PoweredMethod(rawValue: $0.rawValue) } ?? .ppiPlusPlus
  }

  /// Refuses what corrected results do not have, each with its option.
  ///
  /// - Parameters:
  ///   - what: What is corrected, in words.
  ///   - given: The options that are of uncorrected results, and whether they were given.
  func refuse(_ given: KeyValuePairs<String, Bool>, for what: String) throws {
    for (name, isGiven) in given where isGiven {
      throw ValidationError("\(name) is not for corrected \(what); leave out \(name) or --correct.")
    }
  }

  /// Refuses what only rates have.
  func validatePowered(_ what: String) throws {
    guard known == nil else {
      throw ValidationError(
        "--sensitivity and --specificity correct rates; \(what) need papers that a better rater has "
          + "answered: --correct BETTER.")
    }
    if betterError != nil {
      throw ValidationError("--better-error has a band for rates, not for \(what); leave it out.")
    }
    if let correction, PoweredMethod(rawValue: correction.rawValue) == nil {
      throw ValidationError(
        "--correction \(correction.rawValue) corrects rates; \(what) take ppi, ppi++ (default) or "
          + "cross-ppi.")
    }
  }
}

extension Ask {
  /// The answer to a question about corrected results.
  func corrected<A: Analysis>(
    _ question: A, _ options: CorrectionOptions
  ) async throws -> A.Result {
    if let name = options.probability {
      do throws(VariableError) {
        _ = try study.matrix.variables.numbers(name)
      } catch { throw CommandFailure(error, option: "--probability") }
    }
    do {
      return try await self(question)
    } catch let error as ReanswerProbabilityError {
      throw CommandFailure(.invalidInput, "--probability: \(error)")
    } catch let error as AnswersAsPredictors {
      throw CommandFailure(.usage, "--on: \(error)")
    }
  }

  /// Fails where nothing was corrected.
  nonisolated func check(_ estimates: [Estimate], better: String) throws(CommandFailure) {
    guard estimates.contains(where: { $0.value != nil }) else {
      let reasons = Set(estimates.flatMap(\.notes).filter { $0.effect == .noValue }.map(\.words))
      throw CommandFailure(
        .estimation,
        "nothing could be corrected by \(better)"
          + (reasons.isEmpty ? "" : ": \(reasons.sorted().joined(separator: "; "))"))
    }
  }
}
