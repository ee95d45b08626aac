/// What the trend of an item has beside the change: its answers seen in other ways.
public struct ItemTrend: Sendable {
  /// The number of papers with yes.
  var eventCount: Int
  /// The average change of the rate per unit, from the same fit.
  public internal(set) var effect: MarginalEffect?
  /// Cochran and Armitage's test, which assumes many yes and no (papers drawn one by one).
  public internal(set) var armitage: CochranArmitageTest?
  /// The least-squares slope of the answers.
  public internal(set) var linear: LinearSlope?
}
