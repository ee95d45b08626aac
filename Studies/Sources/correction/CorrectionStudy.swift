import ArgumentParser
import Foundation
import RealModule
import SurveySimulation
import SurveyStats

/// How often corrected rates hold the truth.
@main
struct CorrectionStudy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correction",
    abstract: "Measures coverage and length of intervals of rates corrected for rater error.",
    discussion: """
      Papers with two readings are drawn, and corrected by every method. Results depend on the seed only.

      EXAMPLE
        swift run -c release --package-path Studies correction --csv docs/raters.csv
      """)

  @Argument(help: "items, cells (of several items at once) or chosen (unequal probabilities).")
  var scenarios = ["items", "cells", "chosen"]

  @Option(help: "The number of simulated corpora of each situation.")
  var repetitions = 200

  @Option(parsing: .upToNextOption, help: "Numbers of papers.")
  var papers = [200, 1_000, 10_000]

  @Option(parsing: .upToNextOption, help: "Numbers of re-answered papers.")
  var reread = [8, 20, 50, 200, 500, 2_000]

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  /// Methods beside the default and power-tuned inference are tried in every fifth corpus.
  static let allMethodsEvery = 5

  @Option(help: "Where to write the CSV; standard output without it.")
  var csv: String?

  func run() async throws {
    NumericCore.prepare()
    var lines = [
      "scenario,level,term,rate,errors,papers,reread,method,corpora,coverage,length,none"
    ]
    for scenario in scenarios {
      let readings = Self.readings(scenario)
      let truth = readings.truth()
      for count in papers {
        for again in reread where again < count {
          var tallies = Tallies()
          // With many papers one corpus says more, and costs more.
          let corpora = max(1, count >= 10_000 ? repetitions / 4 : repetitions)
          for repetition in 0..<corpora {
            var random = RandomStream(
              seed: seed, stream: UInt64(repetition), substream: UInt64(count * 10_000 + again))
            let matrix = readings.matrix(papers: count, reread: again, &random)
            try await tallies.add(
              matrix, scenario: scenario, truth: truth,
              hasAllMethods: repetition % Self.allMethodsEvery == 0)
          }
          lines += tallies.lines(scenario, readings, truth, papers: count, reread: again)
          FileHandle.standardError.write(Data("\(scenario) \(count) \(again)\n".utf8))
        }
      }
    }
    let text = lines.joined(separator: "\n") + "\n"
    if let csv {
      try Data(text.utf8).write(to: URL(filePath: csv))
    } else {
      print(text, terminator: "")
    }
  }

  static func readings(_ scenario: String) -> SimulatedReadings {
    let rates = [0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95]
    if scenario == "items" {
      return SimulatedReadings(
        items: RaterErrors.all.flatMap { errors in
          rates.map { SimulatedItem(rate: $0, errors: errors) }
        }, notApplicable: 0.3, isCorrelated: false)
    }
    // Four categories of five items.
    return SimulatedReadings(
      items: (0..<20).map {
        SimulatedItem(rate: rates[($0 * 3) % 7], errors: RaterErrors.all[[1, 2, 3, 6][$0 / 5]])
      }, notApplicable: 0.3, isCorrelated: true, choosesPapers: scenario == "chosen")
  }
}

/// What came of the corpora of a situation.
private struct Tallies {
  struct Key: Hashable {
    var level: String
    var term: String
    var method: String
  }
  struct Tally {
    var corpora = 0
    var held = 0
    var length = 0.0
    var none = 0
  }
  var found: [Key: Tally] = [:]
  var order: [Key] = []

  mutating func add(_ key: Key, _ low: Double?, _ high: Double?, truth: Double) {
    if found[key] == nil { order.append(key) }
    var tally = found[key] ?? Tally()
    tally.corpora += 1
    if let low, let high {
      if low <= truth && truth <= high { tally.held += 1 }
      tally.length += high - low
    } else {
      tally.none += 1
    }
    found[key] = tally
  }

  mutating func add(
    _ matrix: BinaryMatrix, scenario: String, truth: [String: Double], hasAllMethods: Bool
  ) async throws {
    let levels: Set<RateTarget.Level> =
      scenario == "items" ? [.item] : [.item, .category, .overall]
    if scenario != "items" {
      let question = CorrectedScores(
        better: "better", probability: scenario == "chosen" ? "chance" : nil)
      for row in try await Run()(question, of: Study(matrix)) {
        guard let value = truth["score " + row.term] else { continue }
        func add(_ name: String, _ found: Estimate) {
          // Points as shares, so that lengths compare.
          self.add(
            Key(level: "score", term: row.term, method: name), found.lower.map { $0 / 100 },
            found.upper.map { $0 / 100 }, truth: value)
        }
        add("ppi++", row.estimate)
        add("naive", row.naive)
        add("better alone", row.gold)
      }
    }
    for method in CorrectionMethod.allCases {
      let isUsual = method == .doubleSampling || method == .ppiPlusPlus
      guard isUsual || hasAllMethods else { continue }
      if scenario != "items", method == .borrowing || method == .roganGladen { continue }
      var question = CorrectedRates(better: "better", levels: levels, method: method)
      if scenario == "chosen" { question.probability = "chance" }
      for row in try await Run()(question, of: Study(matrix)) {
        let (level, term) = (row.target.level.rawValue, row.target.term)
        guard let value = truth[term] else { continue }
        func key(_ name: String) -> Key { Key(level: level, term: term, method: name) }
        add(key(method.rawValue), row.estimate.lower, row.estimate.upper, truth: value)
        guard method == .doubleSampling else { continue }
        add(key("naive"), row.naive.lower, row.naive.upper, truth: value)
        add(key("better alone"), row.gold.lower, row.gold.upper, truth: value)
      }
    }
  }

  func lines(
    _ scenario: String, _ readings: SimulatedReadings, _ truth: [String: Double], papers: Int,
    reread: Int
  ) -> [String] {
    order.map { key in
      let tally = found[key] ?? Tally()
      let place = key.level == "item" ? Int(key.term.dropFirst()) : nil
      let answered = tally.corpora - tally.none
      func text(_ value: Double) -> String { String(format: "%.4f", value) }
      return [
        scenario, key.level, key.term,
        text(truth[key.level == "score" ? "score " + key.term : key.term] ?? 0),
        place.map { readings.items[$0].errors.name } ?? "mixed", "\(papers)", "\(reread)",
        key.method,
        "\(tally.corpora)", answered > 0 ? text(Double(tally.held) / Double(answered)) : "NA",
        answered > 0 ? text(tally.length / Double(answered)) : "NA",
        text(Double(tally.none) / Double(tally.corpora)),
      ].joined(separator: ",")
    }
  }
}
