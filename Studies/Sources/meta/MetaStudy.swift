import ArgumentParser
import Foundation
import MetaAnalysis
import SurveyStats

/// Studies of pooled estimates: coverage by method, outcomes on random tables, speed.
@main
struct MetaStudy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "meta", abstract: "Studies of meta-analyses.",
    subcommands: [CoverageCommand.self, TablesCommand.self, SpeedCommand.self])
}

/// How often intervals of a pooled rate, of a further study and of τ² hold the truth.
struct CoverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage", abstract: "Coverage of pooled rates by method and number of studies.")

  @Option(help: "The samples of a situation.")
  var samples = 1_000

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "Where to write the CSV; standard output without it.")
  var csv: String?

  /// One way to pool.
  private struct Way {
    var name: String
    var pooling: Pooling
  }

  private struct Tally {
    var held = 0
    var estimated = 0
    var width = 0.0
    var predictionHeld = 0.0
    var predictions = 0
    var varianceHeld = 0
    var variances = 0
  }

  func run() throws {
    NumericCore.prepare()
    let ways = [
      Way(name: "binomial-normal z", pooling: Pooling(model: .binomialNormal, test: .normal)),
      Way(name: "binomial-normal t", pooling: Pooling(model: .binomialNormal, test: .t)),
      Way(
        name: "binomial-normal profile",
        pooling: Pooling(model: .binomialNormal, test: .t, interval: .profile)),
      Way(name: "REML z", pooling: Pooling(model: .inverseVariance, test: .normal)),
      Way(name: "REML knha", pooling: Pooling(model: .inverseVariance, test: .knappHartung)),
      Way(
        name: "REML adhoc", pooling: Pooling(model: .inverseVariance, test: .boundedKnappHartung)),
      Way(
        name: "DL z",
        pooling: Pooling(model: .inverseVariance, method: .derSimonianLaird, test: .normal)),
      Way(name: "beta-binomial t", pooling: Pooling(model: .betaBinomial, test: .t)),
    ]
    var lines = [
      "k,rate,tau,method,samples,coverage,width,prediction_coverage,tau2_coverage,undefined"
    ]
    var situation: UInt64 = 0
    for k in [3, 5, 10, 30] {
      for rate in [0.05, 0.3] {
        for tau in [0.0, 0.5, 1.0] {
          situation += 1
          var tallies = [Tally](repeating: Tally(), count: ways.count)
          let center = log(rate / (1 - rate))
          for sample in 0..<samples {
            var stream = RandomStream(seed: seed, stream: situation, substream: UInt64(sample))
            let counts = (0..<k).map { _ -> StudyCounts in
              let size = Int((10 * exp(stream.uniform() * log(10))).rounded())
              let logit = center + tau * stream.normal()
              let events = stream.binomial(
                trials: size, probability: 1 / (1 + exp(-logit)))
              return .events(Double(events), of: Double(size))
            }
            let studies = try StudyEffects(
              .logit, labels: (0..<k).map(String.init), counts: counts)
            for (index, way) in ways.enumerated() {
              let row = try way.pooling.estimate(studies)
              if let lower = row.estimate.lower, let upper = row.estimate.upper {
                tallies[index].estimated += 1
                tallies[index].width += upper - lower
                // A beta-binomial pools the mean rate, the others the median.
                let truth =
                  way.pooling.model == .betaBinomial ? Self.meanRate(center, tau) : rate
                if lower <= truth, truth <= upper { tallies[index].held += 1 }
              }
              if let prediction = row.prediction {
                tallies[index].predictions += 1
                tallies[index].predictionHeld += Self.content(
                  prediction.lower, prediction.upper, center, tau)
              }
              if let lower = row.tau2.lower {
                tallies[index].variances += 1
                if lower <= tau * tau, tau * tau <= row.tau2.upper ?? .infinity {
                  tallies[index].varianceHeld += 1
                }
              }
            }
          }
          for (way, tally) in zip(ways, tallies) {
            func share(_ value: Double, _ count: Int) -> String {
              count > 0 ? NumberFormat.fixed(value / Double(count), digits: 4) : ""
            }
            lines.append(
              [
                "\(k)", "\(rate)", "\(tau)", way.name, "\(samples)",
                share(Double(tally.held), tally.estimated), share(tally.width, tally.estimated),
                share(tally.predictionHeld, tally.predictions),
                share(Double(tally.varianceHeld), tally.variances),
                "\(samples - tally.estimated)",
              ].joined(separator: ","))
          }
          FileHandle.standardError.write(Data("k \(k), rate \(rate), tau \(tau)\n".utf8))
        }
      }
    }
    let bytes = Data((lines.joined(separator: "\n") + "\n").utf8)
    if let csv {
      try bytes.write(to: URL(filePath: csv))
    } else {
      FileHandle.standardOutput.write(bytes)
    }
  }

  /// The probability that the rate of a further study lies between two limits.
  private static func content(
    _ lower: Double, _ upper: Double, _ center: Double, _ tau: Double
  ) -> Double {
    func below(_ rate: Double) -> Double {
      let logit = log(rate / (1 - rate))
      if tau == 0 { return logit >= center - 1e-12 ? 1 : 0 }
      return Normal().cumulativeProbability((logit - center) / tau)
    }
    if tau == 0 {
      let rate = 1 / (1 + exp(-center))
      return lower <= rate + 1e-12 && rate <= upper + 1e-12 ? 1 : 0
    }
    return below(upper) - below(lower)
  }

  private static func meanRate(_ center: Double, _ tau: Double) -> Double {
    var (sum, weight) = (0.0, 0.0)
    for step in -800...800 {
      let z = Double(step) / 100
      let density = exp(-z * z / 2)
      sum += density / (1 + exp(-center - tau * z))
      weight += density
    }
    return sum / weight
  }
}

/// Whether every model has an outcome for whatever table, and a good one.
struct TablesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tables", abstract: "Random tables through every model.")

  @Option(help: "The number of tables.")
  var count = 100_000

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  func run() throws {
    NumericCore.prepare()
    var faults = 0
    var fits = 0
    for number in 0..<count {
      let table = RandomStudies(seed: seed, number: number)
      for (name, fault) in table.outcomes() {
        fits += 1
        guard let fault else { continue }
        faults += 1
        if faults <= 20 { print("table \(number), \(name): \(fault); \(table.text)") }
      }
    }
    print("\(count) tables, \(fits) fits, \(faults) faults")
    if faults > 0 { throw ExitCode.failure }
  }
}

/// How long the models take on 64 items in 40 venues.
struct SpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed",
    abstract:
      "Processor time of 64 items in 40 venues and of questions of 13 studies, least of 9 runs."
  )

  @Option(help: "Where to write the counts, for Benchmarks/peers/meta.R.")
  var counts: String?

  func run() throws {
    NumericCore.prepare()
    var lines = ["item,venue,events,total"]
    let items = try (0..<64).map { item in
      var stream = RandomStream(seed: 7, stream: UInt64(item))
      let center = -2 + 4 * stream.uniform()
      return try StudyEffects(
        .logit, labels: (0..<40).map(String.init),
        counts: (0..<40).map { venue in
          let size = 5 + stream.index(below: 60)
          let logit = center + 0.7 * stream.normal()
          let events = stream.binomial(trials: size, probability: 1 / (1 + exp(-logit)))
          lines.append("\(item),\(venue),\(events),\(size)")
          return .events(Double(events), of: Double(size))
        })
    }
    if let counts {
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: counts))
    }
    // Of the processor, so that what else the machine does plays no part.
    func time(_ name: String, _ work: () throws -> Void) rethrows {
      var best = Double.infinity
      for _ in 0..<9 {
        let start = clock()
        try work()
        best = min(best, Double(clock() - start) / 1e3)
      }
      print("\(name): \(best) ms")
    }
    try time("REML, adhoc, prediction, Q profile") {
      for item in items { _ = try Pooling(model: .inverseVariance).estimate(item) }
    }
    try time("binomial-normal fit") {
      for item in items { _ = try Pooling(model: .binomialNormal).fit(item) }
    }
    try time("binomial-normal with limits of tau2") {
      for item in items { _ = try Pooling(model: .binomialNormal).estimate(item) }
    }
    let vaccine = try StudyEffects(
      .riskRatio, labels: (1...13).map(String.init),
      counts: Self.vaccine.map { .twoByTwo($0.0, of: $0.1, against: $0.2, ofOther: $0.3) })
    let odds = try StudyEffects(.oddsRatio, labels: vaccine.labels, counts: vaccine.counts)
    let moderators = CovariateColumns([
      (name: "latitude", values: .numeric(Self.latitudes)),
      (name: "year", values: .numeric(Self.years)),
    ])
    try time("10,000 permutations of one moderator, REML") {
      _ = try MetaRegression(try ModelFormula("latitude"), permutations: 10_000).fit(
        vaccine, moderators: moderators)
    }
    try time("10,000 permutations of two moderators, REML") {
      _ = try MetaRegression(try ModelFormula("latitude + year"), permutations: 10_000).fit(
        vaccine, moderators: moderators)
    }
    try time("all 8,191 subsets, REML") { _ = try SubsetPooling(vaccine, model: RandomEffects()) }
    try time("36 averaged models of 13 studies") { _ = try ModelAverage(vaccine) }
    try time("12 averaged models of 13 studies, exact likelihood") {
      _ = try ModelAverage(odds, likelihood: .exact)
    }
  }

  /// Events and sizes of thirteen trials of a vaccine, as in `data/bcg.csv`.
  private static let vaccine: [(Double, Double, Double, Double)] = [
    (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867),
    (
      33,
      5069, 47, 5808
    ), (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391),
    (29, 7499, 45, 7277), (17, 1716, 65, 1665), (186, 50634, 141, 27338),
    (
      5, 2498, 3,
      2341
    ), (27, 16913, 29, 17854),
  ]

  private static let years: [Double?] = [
    1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976,
  ]
  private static let latitudes: [Double?] = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
}
