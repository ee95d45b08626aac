extension DifferenceStatistic.Difference {
  /// The difference of two scores of papers, between 0 and 1: in the papers that have both, or each in
  /// its own.
  init(_ first: [Double?], _ second: [Double?], basis: Pairs.Basis = .joint) {
    func side(_ own: [Double?], _ other: [Double?]) -> [(paper: Int, value: Double)] {
      own.indices.compactMap { paper in
        guard let value = own[paper], basis == .own || other[paper] != nil else { return nil }
        return (paper, value)
      }
    }
    self.init(first: side(first, second), second: side(second, first), mix: nil)
  }

  /// The difference of two items: in the papers to which both apply, or each in its own.
  public init(
    _ matrix: BinaryMatrix, pair: (first: Int, second: Int), basis: Pairs.Basis = .joint
  ) {
    func side(_ item: Int, _ other: Int) -> [(paper: Int, value: Double)] {
      matrix.papers.indices.filter {
        matrix.applies[$0, item] && (basis == .own || matrix.applies[$0, other])
      }.map { ($0, matrix.yes[$0, item] ? 1 : 0) }
    }
    first = side(pair.first, pair.second)
    second = side(pair.second, pair.first)
  }
}
