extension IntervalFailure {
  /// The reason as a short word for the `note` column of a table, which stays the same over time.
  public var note: String {
    switch self {
    case .undefinedEstimate: "undefined-estimate"
    case .tooManyUndefinedReplicates(let share): Self.note(undefinedShare: share)
    case .tooFewReplicates: "fewer-than-2-replicates"
    case .allReplicatesEqual: "all-replicates-equal"
    case .infiniteBiasCorrection: "estimate-beyond-replicates"
    case .undefinedAcceleration: "undefined-acceleration"
    case .accelerationOutOfRange: "acceleration-out-of-range"
    case .noStandardErrors: "no-standard-error"
    }
  }

  /// The note that says which share of the replicates is undefined, in percent with one decimal.
  static func note(undefinedShare share: Double) -> String {
    "undefined-replicates: \((share * 1000).rounded() / 10)%"
  }
}

extension BootstrapLimits {
  /// What is doubtful about the limits, as short words for the `note` column of a table.
  ///
  /// `undefined-replicates: 2.1%` when replicates were left out, so that the limits are those of the
  /// distribution given that the statistic is defined; `too-few-replicates` when a limit is the
  /// smallest or largest replicate.
  public var notes: [String] {
    var notes: [String] = []
    if undefinedReplicates > 0 {
      let share = Double(undefinedReplicates) / Double(undefinedReplicates + replicates)
      notes.append(IntervalFailure.note(undefinedShare: share))
    }
    if usesExtremeReplicates { notes.append("too-few-replicates") }
    return notes
  }
}
