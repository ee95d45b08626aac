public import SurveyStats

/// What is true of one item in a simulated corpus.
public struct SimulatedItem: Sendable, Equatable {
  /// The item; its module says when it is asked.
  public var item: Item
  /// The share of yes among the papers to which the item applies.
  public var passRate: Double
  /// The share of papers, among those asked, to which the item applies.
  public var applicability: Double
  /// The name of the items that apply together.
  ///
  /// Where an item of a block applies, so does every item of it that is at least as often
  /// applicable. An item without block applies by itself.
  public var block: String?
  /// How strongly the latent answer depends on each factor, in the order of the factors; the
  /// squares sum to at most 1.
  public var loadings: [Double]
  /// The change of the logit of the pass rate per year.
  public var yearSlope: Double
  /// The first instrument version that asks the item.
  var firstVersion: Int
  /// Where the pass rate comes from.
  public var source: String

  /// Creates an item; without loadings it is independent of every other item.
  public init(
    item: Item, passRate: Double, applicability: Double = 1, block: String? = nil,
    loadings: [Double] = [], yearSlope: Double = 0, firstVersion: Int = 1, source: String = ""
  ) {
    self.item = item
    self.passRate = passRate
    self.applicability = applicability
    self.block = block
    self.loadings = loadings
    self.yearSlope = yearSlope
    self.firstVersion = firstVersion
    self.source = source
  }
}
