import SurveyStats

extension Pooling {
  /// Pools the studies without each of them in turn.
  ///
  /// A study that is not pooled is not left out either. One study leaves none: its row says so.
  public func leavingOneOut(
    _ studies: StudyEffects
  ) throws(MetaError) -> [(study: String, pooled: PooledStudies)] {
    let positions = positions(of: studies)
    var rows: [(study: String, pooled: PooledStudies)] = []
    for left in positions {
      rows.append((studies.labels[left], try pooled(studies, positions.filter { $0 != left })))
    }
    guard !rows.isEmpty else { throw .noStudies }
    return rows
  }

  /// Pools the first study, the first two, and so on.
  public func accumulating(
    _ studies: StudyEffects, order: CumulativeOrder
  ) throws(MetaError) -> [(study: String, pooled: PooledStudies)] {
    let sorted = order.sorted(positions(of: studies), of: studies)
    var rows: [(study: String, pooled: PooledStudies)] = []
    for last in sorted.indices {
      rows.append((studies.labels[sorted[last]], try pooled(studies, Array(sorted[...last]))))
    }
    guard !rows.isEmpty else { throw .noStudies }
    return rows
  }

  private func pooled(
    _ studies: StudyEffects, _ members: [Int]
  ) throws(MetaError) -> PooledStudies {
    guard !members.isEmpty else {
      return PooledStudies(
        term: nil, measure: studies.measure, studyCount: 0, notes: [.noOtherStudy])
    }
    return try self.estimate(studies.selecting(members))
  }
}
