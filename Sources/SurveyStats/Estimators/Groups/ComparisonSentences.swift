extension GroupDifference {
  /// One line for prose: `code_released: 2 against 3 -7.8 points (-19.2 to 3.9), 52.9% of 174
  /// against 60.7% of 117, p = 0.189`.
  public var sentence: String {
    let name = "\(target.term): \(contrast.first) against \(contrast.second)"
    guard estimate != nil, let firstMean, let secondMean else {
      return "\(name): no difference\(note.map { " (\($0))" } ?? "")"
    }
    let within =
      stratifiedDifference.map {
        "; within strata \(NumberFormat.fixed(100 * $0.estimate, digits: 1)) points"
          + Estimate.clause(pValue: stratifiedPValue)
      } ?? ""
    return "\(name) \(difference.points) points, "
      + "\(NumberFormat.percent(firstMean)) of \(firstCount) against "
      + "\(NumberFormat.percent(secondMean)) of \(secondCount)\(Estimate.clause(pValue: pValue))\(within)"
  }
}

extension StandardizedDifference {
  /// One line for prose: `code_released: 2 against 3 -7.8 points (-19.2 to 3.9) at a common mix,
  /// -8.1 as observed, n = 174 and 117, p = 0.189`.
  public var sentence: String {
    let name = "\(target.term): \(contrast.first) against \(contrast.second)"
    guard estimate != nil else {
      return "\(name): no standardised difference\(note.map { " (\($0))" } ?? "")"
    }
    let observed = crude.map { ", \(NumberFormat.fixed(100 * $0, digits: 1)) as observed" } ?? ""
    return "\(name) \(difference.points) points at a common mix\(observed), "
      + "n = \(firstCount) and \(secondCount)\(Estimate.clause(pValue: pValue))"
  }
}
