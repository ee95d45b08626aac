/// How the rate of everything settles as more and more papers are counted.
///
/// Papers count in the order of their scan dates when all have one, else in an order drawn by the seed of
/// the run. The rate after each tenth of them is that of ``Rates``. Where papers were asked different items
/// the mix of items is held fixed (``ItemMix``, weighted as in all papers): over the items that apply
/// among the papers so far, from the step on from which these hold nine tenths of all answers; earlier steps are
/// left out.
public struct Growth: Analysis {
  /// The number of steps.
  var stepCount = 10
  /// The confidence level.
  public var level: Double

  /// Asks for the growth of the rate of everything.
  public init(level: Double = 0.95) { self.level = level }

  /// What is found.
  public struct Answer: Sendable {
    /// The rate after so many papers, in ascending order; parts to which nothing applies are left out.
    public let steps: [(papers: Int, rate: Rate)]
    /// The column of the dates; `nil` when the order was drawn.
    public let column: String?
  }

  /// The result.
  public typealias Result = Answer

  /// The metadata column that says when a paper was scanned, as text that sorts by time.
  static let dateColumn = "scan_date"

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .strata, .repeatedPapers: .honoured
    }
  }

  /// The rows in the order in which they count, and the column of the order.
  public func order(of matrix: BinaryMatrix, seed: UInt64) -> (rows: [Int], column: String?) {
    let papers = matrix.papers
    let dates = papers.compactMap { $0.covariates[Self.dateColumn] }.filter { !$0.isEmpty }
    if !papers.isEmpty, dates.count == papers.count {
      return (
        papers.indices.sorted { (dates[$0], $0) < (dates[$1], $1) }, Self.dateColumn
      )
    }
    var random = RandomStream(seed: seed, stream: 0x67_726f_7774_68)
    var order = Array(papers.indices)
    random.shuffle(&order)
    return (order, nil)
  }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let (order, column) = order(of: matrix, seed: run.seed)
    let prefixes = (1...stepCount).map { step in
      order.prefix(step == stepCount ? order.count : order.count * step / stepCount).sorted()
    }.filter { !$0.isEmpty }
    let mix = mix(of: matrix, prefixes: prefixes, design: sample.design)
    var rates = Rates(levels: [.overall], level: level)
    if let mix, !mix.mix.isCrude { rates.unlimited = [0] }
    var parts: [Prepared<[Rate]>] = []
    var draws: [Draw] = []
    for papers in prefixes {
      let prepared = try await run.prepare(rates, of: sample.study.selecting(papers: papers))
      parts.append(prepared)
      draws += prepared.draws.map { draw in
        var draw = draw
        draw.label = "\(papers.count)"
        draw.checkpoint = papers.count
        return draw
      }
    }
    return Prepared(draws: draws) { [parts, rates] samples in
      var steps: [(papers: Int, rate: Rate)] = []
      var next = samples.startIndex
      for (position, part) in parts.enumerated() {
        let end = next + part.draws.count
        let found = try await part.finish(Array(samples[next..<end]))
        next = end
        guard var rate = found.first, rate.estimate != nil else { continue }
        if let mix {
          guard position >= mix.first else { continue }
          rate = rates.fixing(rate, to: mix.mix, group: position - mix.first, of: matrix)
        }
        steps.append((prefixes[position].count, rate))
      }
      return Answer(steps: steps, column: column)
    }
  }

  /// The mix of items, and the first part of which it is held; `nil` where every paper was asked the same,
  /// or where too much would be left out.
  private func mix(
    of matrix: BinaryMatrix, prefixes: [[Int]], design: SamplingDesign
  ) -> (first: Int, mix: ItemMix)? {
    let items = Array(matrix.items.indices)
    guard items.contains(where: { matrix.asked.count(column: $0) < matrix.papers.count }) else {
      return nil
    }
    for first in prefixes.indices.dropLast() {
      let groups = Array(prefixes[first...])
      let mix = ItemMix(
        matrix, items: items, groups: groups, design: design, standard: groups.count - 1)
      if mix.commonShare >= 0.9 { return (first, mix) }
    }
    return nil
  }
}
