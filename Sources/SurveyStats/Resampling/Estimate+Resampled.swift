extension Estimate {
  /// Sets the limits, and the standard error where there is none, from bootstrap replicates.
  ///
  /// What is doubtful about the limits, or why there are none, goes into the notes. The replicates must
  /// be those of the same quantity: where the statistic of the whole sample differs from the value by
  /// more than 10⁻⁶ max(1, |value|), there are no limits and the note `replicates-of-another-estimate`.
  ///
  /// - Parameters:
  ///   - sample: The replicates.
  ///   - quantity: The position of this quantity in the sample.
  ///   - interval: The interval, with what it needs besides the replicates.
  ///   - method: Its name.
  ///   - level: The confidence level.
  public mutating func setLimits(
    _ sample: BootstrapSample, _ quantity: Int, by interval: BootstrapInterval,
    method: MethodName, level: Double
  ) {
    guard let value else { return }
    let original = sample.original[quantity]
    guard abs(original - value) <= 1e-6 * max(1, abs(value)) else {
      notes.append(.replicatesOfAnotherEstimate)
      return
    }
    if standardError == nil { standardError = sample.standardError(of: quantity) }
    do throws(IntervalFailure) {
      let limits = try interval.limits(
        estimate: value, replicates: sample.values(of: quantity), level: level)
      (lower, upper) = (limits.lower, limits.upper)
      (self.level, self.method) = (level, method)
      notes += limits.doubts
      if value < limits.lower || value > limits.upper { notes.append(.estimateOutsideInterval) }
    } catch {
      notes.append(error.typedNote)
    }
  }
}

extension IntervalFailure {
  /// The reason as a note of a row without limits.
  var typedNote: Note {
    switch self {
    case .tooManyUndefinedReplicates(let share): .undefinedReplicates(share, effect: .noLimits)
    default:
      Note(note, effect: self == .undefinedEstimate ? .noValue : .noLimits, words: description)
    }
  }
}

extension BootstrapLimits {
  /// What is doubtful about the limits.
  ///
  /// `undefined-replicates: 2.1%` when replicates were left out, so that the limits are those of the
  /// distribution given that the statistic is defined; `too-few-replicates` when a limit is the
  /// smallest or largest replicate.
  var doubts: [Note] {
    var doubts: [Note] = []
    if undefinedReplicates > 0 {
      let share = Double(undefinedReplicates) / Double(undefinedReplicates + replicates)
      doubts.append(.undefinedReplicates(share, effect: .doubt))
    }
    if usesExtremeReplicates { doubts.append(.tooFewReplicates) }
    return doubts
  }
}

extension Note {
  /// A limit is the smallest or largest replicate.
  public static let tooFewReplicates = Note(
    "too-few-replicates", effect: .doubt, words: "more resamples are needed")

  /// The share of the replicates in which the statistic is undefined, in percent with one decimal.
  static func undefinedReplicates(_ share: Double, effect: Effect) -> Note {
    let percent = "\((share * 1000).rounded() / 10)%"
    return Note(
      "undefined-replicates", detail: percent, effect: effect,
      words: "undefined in \(percent) of the resamples")
  }
}
