/// In which order studies join a cumulative meta-analysis or stand in a forest.
public enum CumulativeOrder: String, Sendable, CaseIterable {
  /// As they stand in the data.
  case input
  /// The most precise first.
  case precision
  /// The greatest effect first.
  case effect

  /// Some studies in this order; those without an effect last.
  func sorted(_ positions: [Int], of studies: StudyEffects) -> [Int] {
    func key(_ position: Int) -> Double {
      let effect = studies.effects[position]
      return switch self {
      case .input: 0
      case .precision: effect.variance ?? .infinity
      case .effect: -(effect.value ?? -.infinity)
      }
    }
    return positions.sorted { left, right in
      let (a, b) = (key(left), key(right))
      return a != b ? a < b : left < right
    }
  }
}
