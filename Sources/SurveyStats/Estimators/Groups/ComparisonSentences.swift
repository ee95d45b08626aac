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
          + sentenceEnd(stratified?.pValue ?? stratifiedScores?.pValue)
      } ?? ""
    return "\(name) \(Trend.points(difference)) points, "
      + "\(NumberFormat.percent(firstMean)) of \(firstCount) against "
      + "\(NumberFormat.percent(secondMean)) of \(secondCount)\(sentenceEnd(pValue))\(within)"
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
    return "\(name) \(Trend.points(difference)) points at a common mix\(observed), "
      + "n = \(firstCount) and \(secondCount)\(sentenceEnd(pValue))"
  }
}

extension PairDifference {
  /// One line for prose: `code_released 56.5%, data_released 52.9%: difference 3.6 points (-3.5 to
  /// 10.7), n = 276, p = 0.320`.
  public var sentence: String {
    guard let firstRate, let secondRate, estimate != nil
    else { return "\(first), \(second): no difference\(note.map { " (\($0))" } ?? "")" }
    let size =
      basis == .joint ? "n = \(jointCount)" : "n = \(firstCount) and \(secondCount)"
    return "\(first) \(NumberFormat.percent(firstRate)), \(second) "
      + "\(NumberFormat.percent(secondRate)): difference \(Trend.points(difference)) points, "
      + size + sentenceEnd(pValue)
  }
}

/// `, p = 0.189`, or `, p <0.001`.
private func sentenceEnd(_ pValue: Double?) -> String {
  guard let pValue else { return "" }
  let text = NumberFormat.pValue(pValue)
  return text.hasPrefix("<") ? ", p \(text)" : ", p = \(text)"
}
