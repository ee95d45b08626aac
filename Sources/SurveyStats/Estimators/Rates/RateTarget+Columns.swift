extension Column {
  /// The columns that name what rows are about: `level`, `category`, `term`.
  static func columns(naming targets: [RateTarget]) -> [Column] {
    [
      Column("level", .text(targets.map(\.level.rawValue))),
      Column("category", .text(targets.map(\.shownCategory))),
      Column("term", .text(targets.map(\.term))),
    ]
  }
}
