/// How hard and how telling items are, and how able papers: an item response model.
///
/// See ``ItemResponseModel``. Nothing is drawn.
public struct ItemResponse: Analysis {
  /// The model.
  public var model: ItemResponseModel

  /// The fitted model.
  public typealias Result = ItemResponseFit

  /// Asks for a model of the items.
  public init(_ model: ItemResponseModel) { self.model = model }

  /// All features of a sample are honoured.
  public func handling(of feature: SamplingFeature) -> Handling { .honoured }

  /// Estimates, and says which replicates are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let fit = try model.fit(sample.matrix, design: sample.design)
    return Prepared(draws: []) { _ in fit }
  }
}
