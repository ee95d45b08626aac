/// An analysis of every group of papers that share a value of a column.
///
/// A paper with several values (tags) is in several groups, one without a value in none.
public struct Grouped<Base: Analysis>: Analysis {
  /// The analysis of each group.
  public var base: Base
  /// The column of the groups; `nil` for all papers as one group without a name.
  public var by: String?

  /// One answer a group, in ascending order of their names.
  public typealias Result = [GroupResult<Base.Result>]

  /// Groups an analysis.
  init(_ base: Base, by: String?) {
    self.base = base
    self.by = by
  }

  /// The number of replicates of the base.
  public static var usualReplicates: Int { Base.usualReplicates }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling { base.handling(of: feature) }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    var parts: [(name: String?, prepared: Prepared<Base.Result>)] = []
    var draws: [Draw] = []
    for (name, papers) in try groups(of: sample.matrix) {
      let study = name == nil ? sample.study : sample.study.selecting(papers: papers)
      let prepared = try await run.prepare(base, of: study)
      parts.append((name, prepared))
      draws += prepared.draws.map { draw in
        guard let by, let name else { return draw }
        var draw = draw
        draw.label = draw.label.isEmpty ? name : draw.label + " " + name
        draw.group = (by, name)
        return draw
      }
    }
    return Prepared(draws: draws) { [parts] samples in
      var results: Result = []
      var next = samples.startIndex
      for (name, prepared) in parts {
        let end = next + prepared.draws.count
        results.append(
          GroupResult(group: name, result: try await prepared.finish(Array(samples[next..<end]))))
        next = end
      }
      return results
    }
  }

  private func groups(
    of matrix: BinaryMatrix
  ) throws -> [(name: String?, papers: [Int])] {
    guard let by else { return [(nil, Array(matrix.papers.indices))] }
    return try matrix.groups(of: by).map { ($0.name, $0.papers) }
  }
}

/// The answer for one group of papers.
public struct GroupResult<Result: Sendable>: Sendable {
  /// The name of the group; `nil` when papers are not grouped.
  public let group: String?
  /// The answer.
  public let result: Result

  /// The answer for a group.
  public init(group: String?, result: Result) {
    self.group = group
    self.result = result
  }
}

extension Analysis {
  /// The same question about every group of papers that share a value of a column.
  public func grouped(by column: String?) -> Grouped<Self> { Grouped(self, by: column) }
}
