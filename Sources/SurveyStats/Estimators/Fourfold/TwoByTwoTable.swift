/// The joint answers of the papers to which two items apply.
///
/// `n10` counts the papers with yes to the first item and no to the second. This is a
/// ``FourfoldTable`` whose cells are real numbers, so that papers can carry weights and empty cells
/// can be filled.
public struct TwoByTwoTable: Sendable, Equatable {
  /// Both yes.
  public let n11: Double
  /// Yes to the first, no to the second.
  public let n10: Double
  /// No to the first, yes to the second.
  public let n01: Double
  /// Both no.
  public let n00: Double

  /// Creates a table from its cells, none of them negative.
  public init(n11: Double, n10: Double, n01: Double, n00: Double) {
    self.n11 = n11
    self.n10 = n10
    self.n01 = n01
    self.n00 = n00
  }

  /// Creates a table of counts.
  public init(_ n11: Int, _ n10: Int, _ n01: Int, _ n00: Int) {
    self.init(n11: Double(n11), n10: Double(n10), n01: Double(n01), n00: Double(n00))
  }

  /// Creates a table from counts of papers.
  init(_ counts: FourfoldTable) {
    self.init(counts.n11, counts.n10, counts.n01, counts.n00)
  }

  /// The number of papers.
  public var total: Double { n11 + n10 + n01 + n00 }
  /// The papers with yes to the first item.
  public var first: Double { n11 + n10 }
  /// The papers with yes to the second item.
  public var second: Double { n11 + n01 }
  /// Whether one of the items has the same answer in all papers.
  var hasConstantItem: Bool {
    first == 0 || second == 0 || n01 + n00 == 0 || n10 + n00 == 0
  }
  /// The determinant `n11 n00 − n10 n01`, positive when the answers go together.
  ///
  /// What is left of weighted counts by rounding is zero.
  public var determinant: Double {
    let (alike, unlike) = (n11 * n00, n10 * n01)
    let difference = alike - unlike
    return abs(difference) > 1e-13 * (alike + unlike) ? difference : 0
  }
  /// The smallest cell.
  public var smallestCell: Double { min(min(n11, n10), min(n01, n00)) }

  /// The table with the two items exchanged.
  public var transposed: TwoByTwoTable {
    TwoByTwoTable(n11: n11, n10: n01, n01: n10, n00: n00)
  }

  /// Adds up a function of the two answers over the papers.
  func sum(_ term: (_ first: Double, _ second: Double) -> Double) -> Double {
    n11 * term(1, 1) + n10 * term(1, 0) + n01 * term(0, 1) + n00 * term(0, 0)
  }
}

extension TwoByTwoTable {
  /// Phi; NaN when an item is constant.
  var phi: Double {
    // One root of both products, so that equal items have exactly 1.
    let scale = ((first * (n01 + n00)) * (second * (n10 + n00))).squareRoot()
    return max(-1, min(1, determinant / scale))
  }
}
