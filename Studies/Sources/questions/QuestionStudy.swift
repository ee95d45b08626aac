import Foundation
import SurveyStats

/// A quantity of a table with its limits.
struct Reading: Hashable {
  let question: String
  let quantity: String
  let estimate: Double
  let lower: Double?
  let upper: Double?

  /// The same under another name.
  func named(_ name: String) -> Reading {
    Reading(question: question, quantity: name, estimate: estimate, lower: lower, upper: upper)
  }
}

/// How often limits of quantities held the truth, by number of papers.
struct QuestionStudy {
  private struct Key: Hashable {
    let question: String
    let quantity: String
    let papers: Int
  }

  private struct Tally {
    var held = 0
    var below = 0
    var above = 0
    var withoutLimits = 0
    var length = 0.0
  }

  private let seed: UInt64
  private var truths: [String: Double]?
  private var order: [Key] = []
  private var tallies: [Key: Tally] = [:]

  init(seed: UInt64) { self.seed = seed }

  mutating func add(count: Int, samples: Int, slowSamples: Int) async throws {
    if truths == nil { truths = try await Self.truths(seed: seed) }
    let truths = truths ?? [:]
    let (shifts, population) = (try WeightPopulation(seed: seed), count)
    var shortForms: [[Reading]] = []
    for sample in 0..<samples {
      var stream = RandomStream(
        seed: seed, stream: UInt64(sample), substream: UInt64(population))
      let papers = QuestionPapers(count: count, stream: &stream, drawsCitations: true)
      for reading in try await QuestionTables(papers).readings {
        tally(reading, truth: truths[reading.question + reading.quantity], count: count)
      }
      for band in try await QuestionTables(papers).bands(seed: UInt64(sample)) {
        tally(band, truth: band.estimate, count: count)
      }
      guard sample < slowSamples else { continue }
      for (reading, truth) in try shifts.readings(of: papers.matrix) {
        tally(reading, truth: truth, count: count)
      }
      if count >= 60 {
        for reading in try await QuestionTables(papers).components(seed: UInt64(sample)) {
          tally(reading, truth: truths[reading.question + reading.quantity], count: count)
        }
        shortForms.append(try await QuestionTables(papers).shortForm(seed: UInt64(sample)))
        for distance in [2.0, 1.2] {
          let classes = ClassPapers(count: count, distance: distance, stream: &stream)
          for (reading, truth) in try await ClassTables(classes, distance: distance).readings {
            tally(reading, truth: truth, count: count)
          }
        }
      }
    }
    // What is estimated is the mean over samples: of items chosen in so many papers.
    for quantity in shortForms.first?.map(\.quantity) ?? [] {
      let own = shortForms.compactMap { $0.first { $0.quantity == quantity } }
      let mean = own.reduce(0) { $0 + $1.estimate } / Double(own.count)
      for reading in own { tally(reading, truth: mean, count: count) }
    }
  }

  /// What the tables say of 200,000 papers, and of 1,000 times 228 where orders of papers matter.
  private static func truths(seed: UInt64) async throws -> [String: Double] {
    var stream = RandomStream(seed: seed, stream: 1_000_000)
    let papers = QuestionPapers(count: 200_000, stream: &stream, drawsCitations: false)
    var truths: [String: Double] = [:]
    for reading in try await QuestionTables(papers).readings {
      truths[reading.question + reading.quantity] = reading.estimate
    }
    for reading in try await QuestionTables(papers).components(seed: nil) {
      truths[reading.question + reading.quantity] = reading.estimate
    }
    truths["citations" + "rate ratio for 10 points"] = 0.3
    truths["citations" + "assortativity"] = 0
    // Citations are few for each paper, so that rank correlations depend on how many there are.
    var sums: [Double] = []
    for number in 0..<40 {
      var stream = RandomStream(seed: seed, stream: 2_000_000 + UInt64(number))
      let papers = QuestionPapers(count: 1_000, stream: &stream, drawsCitations: true)
      sums += try await QuestionTables(papers).citations.filter { $0.quantity == "spearman" }
        .map(\.estimate)
    }
    truths["citations" + "spearman"] = sums.reduce(0, +) / Double(sums.count)
    return truths
  }

  private mutating func tally(_ reading: Reading, truth: Double?, count: Int) {
    guard let truth else { return }
    let key = Key(question: reading.question, quantity: reading.quantity, papers: count)
    if tallies[key] == nil { order.append(key) }
    var tally = tallies[key] ?? Tally()
    if let lower = reading.lower, let upper = reading.upper {
      let slack = 1e-9 * max(1, abs(truth))
      tally.length += upper - lower
      if truth < lower - slack {
        tally.below += 1
      } else if truth > upper + slack {
        tally.above += 1
      } else {
        tally.held += 1
      }
    } else {
      tally.withoutLimits += 1
    }
    tallies[key] = tally
  }

  /// One row a quantity and number of papers.
  var table: Table {
    let rows = order.map { ($0, tallies[$0] ?? Tally()) }
    func share(_ value: (Tally) -> Double) -> Column.Values {
      .real(
        rows.map { _, tally in
          let count = tally.held + tally.below + tally.above
          return count > 0 ? (value(tally) / Double(count) * 1e4).rounded() / 1e4 : nil
        })
    }
    return Table(
      name: "questions",
      columns: [
        Column("question", .text(rows.map(\.0.question))),
        Column("quantity", .text(rows.map(\.0.quantity))),
        Column("papers", .integer(rows.map(\.0.papers))),
        Column("coverage", share { Double($0.held) }),
        Column("missed_below", share { Double($0.below) }),
        Column("missed_above", share { Double($0.above) }),
        Column("mean_length", share(\.length)),
        Column("limits", .integer(rows.map { $0.1.held + $0.1.below + $0.1.above })),
        Column("without", .integer(rows.map(\.1.withoutLimits))),
      ])
  }
}
