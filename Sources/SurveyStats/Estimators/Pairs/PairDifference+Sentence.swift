extension PairDifference {
  /// One line for prose: `code_released 56.5%, data_released 52.9%: difference 3.6 points (-3.5 to
  /// 10.7), n = 276, p = 0.320`.
  public var sentence: String {
    guard let firstRate, let secondRate, estimate != nil
    else { return "\(first), \(second): no difference\(note.map { " (\($0))" } ?? "")" }
    let size =
      basis == .joint ? "n = \(jointCount)" : "n = \(firstCount) and \(secondCount)"
    return "\(first) \(NumberFormat.percent(firstRate)), \(second) "
      + "\(NumberFormat.percent(secondRate)): difference \(difference.points) points, "
      + size + Estimate.clause(pValue: pValue)
  }
}
