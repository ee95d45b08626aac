/// Whether the headline numbers of a survey settle as papers come in.
///
/// Each number after ever more papers, in the order in which they came; beside it the median and the band of the same
/// number over random orders (the ranges that hold ``level`` of them at each size). A survey whose papers came in no
/// particular order stays within the band most of the time; one that took easy papers first leaves it, which the row
/// says. At the full size all orders agree.
///
/// Numbers are those of `HeadlineNumbers`: scores in percent, shares and rates as fractions. Cost: papers × orders.
public struct GrowthStability: Analysis {
  /// The papers in the order in which they came; `nil` for that of the matrix.
  public var order: [Int]?
  /// The number of sizes, the last being all papers.
  public var steps: Int
  /// The bands of scores.
  public var tiers: Tiers
  /// The share of random orders that the band holds.
  public var level: Double

  /// One row a number and size.
  public typealias Result = [GrowthStabilityRow]

  /// Asks how numbers settle.
  public init(
    order: [Int]? = nil, steps: Int = 10, tiers: Tiers = .standard, level: Double = 0.95
  ) {
    self.order = order
    self.steps = steps
    self.tiers = tiers
    self.level = level
  }

  /// 999 random orders.
  public static var usualReplicates: Int { 999 }

  /// Papers come one by one: features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Follows the papers in their order, and asks for random orders.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let numbers = HeadlineNumbers(matrix, tiers: tiers)
    let papers = (order ?? Array(matrix.papers.indices)).map(Int32.init)
    let count = papers.count
    let sizes = Set((1...max(1, steps)).map { max(1, count * $0 / max(1, steps)) }).sorted()
    let own = numbers.values(along: papers, at: sizes)
    let terms = sizes.flatMap { size in numbers.terms.map { "\($0) at \(size)" } }
    let draw = Draw("random orders", terms: terms) { run, range, progress in
      let drawn = try await concurrentMap(Array(range), jobs: run.jobs) { number -> [Double] in
        try Task.checkCancellation()
        var stream = RandomStream(seed: run.seed, stream: UInt64(number), substream: 31)
        var order = papers
        stream.shuffle(&order)
        progress?(1)
        return numbers.values(along: order, at: sizes)
      }
      var replicates = DenseMatrix(rows: range.count, columns: terms.count)
      for (row, values) in drawn.enumerated() {
        for (column, value) in values.enumerated() { replicates[row, column] = value }
      }
      return BootstrapSample(original: own, replicates: replicates)
    }
    let level = level
    let notes = sample.notes
    return Prepared(draws: [draw]) { samples in
      var rows: [GrowthStabilityRow] = []
      for term in numbers.terms.indices {
        for (place, size) in sizes.enumerated() {
          let column = place * numbers.terms.count + term
          let drawn = samples[0].values(of: column).filter { !$0.isNaN }.sorted()
          func quantile(_ share: Double) -> Double? {
            guard !drawn.isEmpty else { return nil }
            // The rank (B + 1) q, so that a further order lies beyond it as often as said.
            let position = max(0, Double(drawn.count + 1) * share - 1)
            let below = min(Int(position), drawn.count - 1)
            let above = min(below + 1, drawn.count - 1)
            return drawn[below] + (position - Double(below)) * (drawn[above] - drawn[below])
          }
          let value = own[column].isNaN ? nil : own[column]
          let tail = ConfidenceLevel.tail(level)
          let (low, high) = (quantile(tail), quantile(1 - tail))
          var own = notes
          if let value, let low, let high {
            let slack = 1e-9 * max(1, abs(value))
            if value < low - slack || value > high + slack {
              own.append(
                Note(
                  "outside-random-orders", effect: .doubt,
                  words: "outside the band of random orders"))
            }
          } else if value == nil {
            own.append(Note("never-applicable", effect: .noValue))
          }
          rows.append(
            GrowthStabilityRow(
              term: numbers.terms[term], size: size, whole: count, value: value,
              middle: quantile(0.5), low: low, high: high, notes: own))
        }
      }
      return rows
    }
  }
}

/// A headline number after so many papers.
public struct GrowthStabilityRow: Sendable, Equatable {
  /// The number.
  public let term: String
  /// The papers.
  public let size: Int
  /// All papers.
  public let whole: Int
  /// The number in the order of the papers.
  public let value: Double?
  /// The median over random orders.
  public let middle: Double?
  /// The lower end of the band of random orders.
  public let low: Double?
  /// The upper end of the band of random orders.
  public let high: Double?
  /// What is remarkable.
  public let notes: [Note]
}

extension Table {
  /// How numbers settle: `term`, `n`, `estimate`, `random_median`, `band_low`, `band_high`, `band_level`, `note`.
  public init(growthStability rows: [GrowthStabilityRow], level: Double) {
    self.init(
      name: "growth_stability",
      caption: """
        Headline numbers after ever more papers in their order, and the band of the same numbers over \
        random orders.
        """,
      columns: [
        Column("term", .text(rows.map(\.term))), Column("n", .integer(rows.map(\.size))),
        Column("estimate", .real(rows.map(\.value))),
        Column("random_median", .real(rows.map(\.middle))),
        Column("random_low", .real(rows.map(\.low)), style: .lowerLimit(of: "random_median")),
        Column("random_high", .real(rows.map(\.high)), style: .upperLimit(of: "random_median")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column.notes(rows.map(\.notes)),
      ])
  }
}
