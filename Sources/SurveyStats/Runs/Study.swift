/// The data of an analysis: papers with their answers, and how the papers were sampled.
public struct Study: Sendable {
  /// The papers and answers.
  public var matrix: BinaryMatrix
  /// How the papers were sampled.
  public var plan: SamplingPlan

  /// Creates a study.
  public init(_ matrix: BinaryMatrix, plan: SamplingPlan = SamplingPlan()) {
    self.matrix = matrix
    self.plan = plan
  }

  /// The study of some of the papers, in the given order.
  public func selecting(papers: [Int]) -> Study {
    Study(matrix.selecting(papers: papers), plan: plan)
  }
}
