/// A part of the question whether raters agree.
public enum AgreementPart: String, Sendable, Hashable, CaseIterable {
  /// Yes, no and does not apply, as three states.
  case states
  /// Whether the item applies.
  case applies
  /// Yes or no, of the raters who say that the item applies.
  case answers

  /// The number of categories, whether they occur or not.
  var categoryCount: Int { self == .states ? 3 : 2 }

  /// Whether a paper that a single rater has put into a category counts for how common the categories
  /// are; a rater who alone says that an item applies has nobody to agree with.
  var countsSingleRatings: Bool { self != .answers }

  /// The category of a cell; `nil` when it is in none.
  ///
  /// States stand in the order no, does not apply, yes, for coefficients that weigh how far apart
  /// two of them are.
  func category(of cell: Cell) -> Int? {
    switch (self, cell) {
    case (_, .absent), (.answers, .notApplicable): nil
    case (.states, .no), (.answers, .no), (.applies, .notApplicable): 0
    case (.states, .notApplicable), (.answers, .yes), (.applies, .no), (.applies, .yes): 1
    case (.states, .yes): 2
    }
  }
}
