/// Why a coefficient of association is undefined, at its limit, or not the plain estimate.
///
/// The raw values are what the `note` column of the tables says.
public enum AssociationNote: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// No paper has an answer to both items.
  case neverJointlyApplicable = "never-jointly-applicable"
  /// Only one paper has an answer to both.
  case fewerThanTwoPapers = "fewer-than-2-papers"
  /// Fewer papers than the caller's minimum have an answer to both.
  case belowMinimumCount = "below-minimum-n"
  /// One of the two does not vary among the papers that have both.
  case constantItem = "constant-item"
  /// The coefficient is at −1 or 1, where it has no standard error.
  case boundaryCorrelation = "boundary-correlation"
  /// An empty cell was filled by the continuity policy before estimating.
  case zeroCellAdjusted = "zero-cell-adjusted"
  /// An empty cell leaves the estimate without a standard error.
  case emptyCell = "empty-cell"
  /// The item's rate is too close to 0 or 1 for a matrix of correlations.
  case extremeRate = "extreme-rate"
  /// The coefficient exists but there are too few papers for a standard error.
  case tooFewForInterval = "too-few-for-interval"
  /// The coefficient comes from a matrix that had to be repaired, and has no standard error.
  case repairedMatrix = "repaired-matrix"
  /// The papers are weighted, clustered or stratified, and the coefficient has no error for that.
  case dependentPapers = "dependent-papers"
  /// The coefficient has no known standard error.
  case withoutError = "no-standard-error"

  /// The text of the `note` column.
  public var description: String { rawValue }

  /// Whether a coefficient with this note has no value that a matrix could hold.
  public var isUndefined: Bool {
    switch self {
    case .neverJointlyApplicable, .fewerThanTwoPapers, .belowMinimumCount, .constantItem,
      .extremeRate:
      true
    case .boundaryCorrelation, .zeroCellAdjusted, .emptyCell, .tooFewForInterval, .repairedMatrix,
      .dependentPapers, .withoutError:
      false
    }
  }

  /// The note that comes most often, of equals the one declared first; `nil` for none.
  static func mostFrequent(_ notes: [AssociationNote]) -> AssociationNote? {
    var most: (note: AssociationNote, count: Int)?
    for candidate in allCases {
      let count = notes.count { $0 == candidate }
      if count > most?.count ?? 0 { most = (candidate, count) }
    }
    return most?.note
  }

  /// How often each note comes, in the order of their declaration: `3 below-minimum-n, 1 …`.
  public static func counts(of notes: [AssociationNote]) -> String {
    allCases.compactMap { candidate in
      let count = notes.count { $0 == candidate }
      return count > 0 ? "\(count) \(candidate)" : nil
    }.joined(separator: ", ")
  }
}
