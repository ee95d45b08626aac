/// The counts of papers by their answers to two items.
///
/// Only papers to which both items apply are counted.
public struct FourfoldTable: Sendable, Equatable {
  /// Papers with yes on both items.
  public var n11: Int
  /// Papers with yes on the first item and no on the second.
  public var n10: Int
  /// Papers with no on the first item and yes on the second.
  public var n01: Int
  /// Papers with no on both items.
  public var n00: Int

  /// Creates a table from its four counts.
  public init(n11: Int, n10: Int, n01: Int, n00: Int) {
    self.n11 = n11
    self.n10 = n10
    self.n01 = n01
    self.n00 = n00
  }

  /// Papers to which both items apply.
  public var count: Int { n11 + n10 + n01 + n00 }
}
