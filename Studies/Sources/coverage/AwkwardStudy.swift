import Foundation
import SurveyStats

/// What was found out about one way to make intervals in one situation.
struct AwkwardResult {
  /// The question: clusters, weights, means, mixes, populations.
  let topic: String
  /// The data.
  let situation: String
  /// What is varied within the situation, such as the correlation.
  let parameter: String
  /// The way.
  let method: String
  /// The tallies of the cells that the situation sums up, one a true value.
  var cells: [Tally]
  /// The mean error of the estimate, where that matters.
  var bias: Double?
  /// The samples of a cell; nil where coverage was summed over all samples.
  let samples: Int?

  /// The mean coverage over the cells.
  var mean: Double { cells.reduce(0) { $0 + $1.coverage } / Double(cells.count) }
  /// The lowest coverage of a cell.
  var lowest: Double { cells.map(\.coverage).min() ?? 0 }
  /// The mean length.
  var length: Double { cells.reduce(0) { $0 + $1.meanLength } / Double(cells.count) }
}

/// Coverage where units differ in size or weight, where what is measured has bounds, and where groups
/// were asked different items.
struct AwkwardStudy {
  let seed: UInt64
  /// The samples of a cell for closed forms; others take a share of it.
  let samples: Int

  static let level = 0.95
  static let rates = [0.05, 0.1, 0.3, 0.5]

  /// All results, topic by topic.
  func results(_ progress: (String) -> Void) -> [AwkwardResult] {
    var results: [AwkwardResult] = []
    progress("clusters")
    results += clusters()
    progress("weights")
    results += weights()
    progress("means")
    results += means()
    progress("mixes")
    results += mixes()
    progress("populations")
    return results + populations()
  }

  func stream(_ topic: UInt64, _ cell: Int) -> RandomStream {
    RandomStream(seed: seed, stream: topic << 32 | UInt64(cell), substream: 0x6177_6b77)
  }
}

extension Tally {
  /// Counts limits, which must lie within 0 and 1 to be as long as they look.
  mutating func add(_ limits: (lower: Double, upper: Double)?, truth: Double, weight: Double = 1) {
    guard let limits else { return }
    add(
      missesBelow: truth < limits.lower - 1e-9, missesAbove: truth > limits.upper + 1e-9,
      length: min(limits.upper, 1) - max(limits.lower, 0), analytic: 1, weight: weight)
  }
}

extension RandomStream {
  /// A number of the beta distribution of a mean and size a + b; the mean where the size is infinite.
  mutating func beta(mean: Double, size: Double) -> Double {
    guard size < .infinity else { return mean }
    let successes = gamma(shape: max(mean * size, 1e-12))
    let sum = successes + gamma(shape: max((1 - mean) * size, 1e-12))
    return sum > 0 ? successes / sum : mean
  }

  /// The number of yes answers of a cluster of papers whose answers are correlated.
  mutating func answers(of size: Int, rate: Double, correlation: Double) -> Double {
    let own =
      correlation > 0 ? beta(mean: rate, size: (1 - correlation) / correlation) : rate
    return Double(binomial(trials: size, probability: own))
  }
}

// MARK: Clusters and weights

extension AwkwardStudy {
  /// Sizes of clusters, from equal to one that has most papers.
  static let clusterSizes: [(name: String, sizes: [Int])] = [
    ("5 of 20", equal(5, of: 20)),
    ("10 of 10", equal(10, of: 10)),
    ("98 of 10", equal(98, of: 10)),
    ("30, Zipf", zipf(30, largest: 100, power: 1)),
    ("98, Zipf", zipf(98, largest: 200, power: 1)),
    ("98, Zipf^1.5", zipf(98, largest: 400, power: 1.5)),
    ("half in one of 60", [300] + equal(59, of: 5)),
    ("77 % in one of 98", [766] + equal(40, of: 2) + equal(51, of: 3) + equal(6, of: 1)),
  ]

  static func equal(_ count: Int, of size: Int) -> [Int] { [Int](repeating: size, count: count) }

  /// Sizes that fall with a power of the rank, each at least 1.
  static func zipf(_ count: Int, largest: Double, power: Double) -> [Int] {
    (1...count).map { max(1, Int(largest / pow(Double($0), power))) }
  }

  fileprivate func clusters() -> [AwkwardResult] {
    var results: [AwkwardResult] = []
    for (place, (name, sizes)) in Self.clusterSizes.enumerated() {
      for correlation in [0, 0.02, 0.1, 0.3] {
        results += clusters(name, sizes, correlation, cell: place)
      }
    }
    let zipf = Self.clusterSizes[4].sizes
    results += clusters(
      "98, Zipf, two strata", zipf, 0.02, cell: 20,
      strata: [49, 49], rateOfStratum: { $0 == 0 ? -0.3 : 0.3 })
    results += clusters(
      "98, Zipf, rates grow with size", zipf, 0.02, cell: 21,
      shift: { size in 0.15 * (Double(size).squareRoot() / 14 - 0.3) })
    return results
  }

  /// One situation over the rates.
  ///
  /// - Parameters:
  ///   - rateOfStratum: By how much of its distance to 0 or 1 the rate of a stratum differs.
  ///   - shift: By how much the rate of a cluster differs by its size.
  private func clusters(
    _ name: String, _ sizes: [Int], _ correlation: Double, cell: Int, strata: [Int]? = nil,
    rateOfStratum: (Int) -> Double = { _ in 0 }, shift: (Int) -> Double = { _ in 0 }
  ) -> [AwkwardResult] {
    let methods = ["auto", "wilson", "Korn–Graubard"]
    var tallies = [[Tally]](
      repeating: [Tally](repeating: Tally(), count: Self.rates.count), count: methods.count)
    let papers = sizes.reduce(0, +)
    // Every other cluster is in the first stratum.
    let order =
      strata == nil
      ? Array(sizes.indices)
      : sizes.indices.filter { $0 % 2 == 0 } + sizes.indices.filter { $0 % 2 == 1 }
    let ordered = order.map { sizes[$0] }
    for (place, rate) in Self.rates.enumerated() {
      var random = stream(1, cell * 1000 + place * 100 + Int(correlation * 100))
      let own = ordered.indices.map { unit in
        let stratum = strata.map { unit < $0[0] ? 0 : 1 } ?? 0
        let moved = rate * (1 + rateOfStratum(stratum)) + shift(ordered[unit])
        return min(max(moved, 0.005), 0.995)
      }
      let truth =
        zip(ordered, own).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(papers)
      for _ in 0..<samples {
        let yes = zip(ordered, own).map { size, rate in
          random.answers(of: size, rate: rate, correlation: correlation)
        }
        let ratio = RatioOfSums(
          numerators: yes, denominators: ordered.map(Double.init),
          stratumSizes: strata ?? [ordered.count], units: .clusters(effectiveCells: nil))
        tallies[0][place].add(
          ratio.limits(.clopperPearson, cells: papers, level: Self.level), truth: truth)
        tallies[1][place].add(
          ratio.limits(.wilson, cells: papers, level: Self.level), truth: truth)
        if let estimate = ratio.estimate, let error = ratio.standardError {
          tallies[2][place].add(
            KornGraubardInterval(
              proportion: estimate, standardError: error, trials: papers,
              clusters: ratio.unitCount, strata: strata?.count ?? 1
            ).limits(level: Self.level), truth: truth)
        }
      }
    }
    return zip(methods, tallies).map {
      AwkwardResult(
        topic: "clusters", situation: name, parameter: "\(correlation)", method: $0, cells: $1,
        samples: samples)
    }
  }

  fileprivate func weights() -> [AwkwardResult] {
    let methods = ["auto", "Korn–Graubard", "Wilson on Kish's number"]
    var results: [AwkwardResult] = []
    var spreads: [(name: String, sigma: Double, informs: Bool)] = []
    for sigma in [0, 0.5, 1, 1.5, 2] { spreads.append(("lognormal \(sigma)", sigma, false)) }
    spreads.append(("one × 100", -1, false))
    for sigma in [1.0, 2] { spreads.append(("lognormal \(sigma), informative", sigma, true)) }
    for (place, (name, sigma, informs)) in spreads.enumerated() {
      for (position, count) in [40, 200, 1_000].enumerated() {
        var tallies = [[Tally]](
          repeating: [Tally](repeating: Tally(), count: Self.rates.count), count: methods.count)
        for (cell, rate) in Self.rates.enumerated() {
          var random = stream(2, place * 100 + position * 10 + cell)
          // With informative weights the true rate is that of weighted papers, by simulation.
          let truth = informs ? weightedRate(rate, sigma: sigma, &random) : rate
          for _ in 0..<samples {
            var weights = (0..<count).map { _ in sigma > 0 ? exp(sigma * random.normal()) : 1 }
            if sigma < 0 { weights[0] = 100 }
            let yes = weights.map { weight in
              let own = informs ? Self.informed(rate, weight: weight, sigma: sigma) : rate
              return random.uniform() < own ? weight : 0
            }
            let kish = EffectiveNumber.kish(weights)
            let ratio = RatioOfSums(
              numerators: yes, denominators: weights, stratumSizes: [count],
              units: .weightedPapers(effectiveCells: kish))
            tallies[0][cell].add(
              ratio.limits(.wilson, cells: count, level: Self.level), truth: truth)
            guard let estimate = ratio.estimate else { continue }
            tallies[1][cell].add(
              KornGraubardInterval(
                proportion: estimate, standardError: ratio.standardError ?? 0, trials: count,
                clusters: count
              ).limits(level: Self.level), truth: truth)
            tallies[2][cell].add(
              ProportionInterval.wilson.limits(
                successes: estimate * kish, trials: kish, level: Self.level), truth: truth)
          }
        }
        results += zip(methods, tallies).map {
          AwkwardResult(
            topic: "weights", situation: name, parameter: "\(count)", method: $0, cells: $1,
            samples: samples)
        }
      }
    }
    return results
  }

  /// A rate whose logit rises by one half per standard deviation of the logarithm of the weight.
  private static func informed(_ rate: Double, weight: Double, sigma: Double) -> Double {
    let logit = log(rate / (1 - rate)) + 0.5 * log(weight) / sigma
    return 1 / (1 + exp(-logit))
  }

  private func weightedRate(
    _ rate: Double, sigma: Double, _ random: inout RandomStream
  ) -> Double {
    // The weights' distribution tilted by the weight itself is a lognormal of mean σ².
    var sum = 0.0
    for _ in 0..<200_000 {
      sum += Self.informed(
        rate, weight: exp(sigma * sigma + sigma * random.normal()), sigma: sigma)
    }
    return sum / 200_000
  }
}

// MARK: Means of scores

extension AwkwardStudy {
  private struct Population {
    let mean: Double
    let size: Double
    let items: Int

    /// The score of a paper, of a mean that its cluster has.
    func score(_ own: Double, _ random: inout RandomStream) -> Double {
      let rate = random.beta(mean: own, size: size)
      let applicable = max(1, random.binomial(trials: items, probability: 0.7))
      return Double(random.binomial(trials: applicable, probability: rate)) / Double(applicable)
    }
  }

  private static let populations = [0.02, 0.05, 0.1, 0.3, 0.5, 0.8, 0.95].flatMap { mean in
    [
      Population(mean: mean, size: 3, items: 4), Population(mean: mean, size: 3, items: 50),
      Population(mean: mean, size: 15, items: 12),
    ]
  }

  fileprivate func means() -> [AwkwardResult] {
    var results: [AwkwardResult] = []
    for (place, count) in [3, 5, 10, 20, 30, 50, 100, 200, 500].enumerated() {
      results += means("papers", "\(count)", cell: place, clusters: nil) { _ in
        [Double](repeating: 1, count: count)
      }
    }
    for (place, count) in [10, 40, 200].enumerated() {
      for (position, sigma) in [0.5, 1, 1.5, 2].enumerated() {
        results += means(
          "lognormal weights \(sigma)", "\(count)", cell: 20 + place * 10 + position, clusters: nil
        ) { random in (0..<count).map { _ in exp(sigma * random.normal()) } }
      }
      results += means("one × 100", "\(count)", cell: 28 + place * 10, clusters: nil) { _ in
        [100] + [Double](repeating: 1, count: count - 1)
      }
    }
    let clusters: [(String, [Int])] = [
      ("5 clusters of 6", Self.equal(5, of: 6)),
      ("10 clusters of 5", Self.equal(10, of: 5)),
      ("30 clusters of 5", Self.equal(30, of: 5)),
      ("30 clusters, Zipf", Self.zipf(30, largest: 60, power: 1)),
      ("half in one of 31", [60] + Self.equal(30, of: 2)),
      ("77 % in one of 61", [200] + Self.equal(60, of: 1)),
    ]
    for (place, (name, sizes)) in clusters.enumerated() {
      for (position, correlation) in [0, 0.1, 0.3].enumerated() {
        results += means(
          name, "\(correlation)", cell: 60 + place * 10 + position, clusters: (sizes, correlation)
        ) { _ in [Double](repeating: 1, count: sizes.reduce(0, +)) }
      }
    }
    return results
  }

  /// The means of scores of papers, or of clusters of papers, over all populations.
  private func means(
    _ name: String, _ parameter: String, cell: Int, clusters: (sizes: [Int], correlation: Double)?,
    weights draw: (inout RandomStream) -> [Double]
  ) -> [AwkwardResult] {
    let methods = ["auto", "Student's t", "percentile"]
    let samples = max(samples / 4, 1)
    var tallies = [[Tally]](
      repeating: [Tally](repeating: Tally(), count: Self.populations.count), count: methods.count)
    for (place, population) in Self.populations.enumerated() {
      var random = stream(3, cell * 100 + place)
      for _ in 0..<samples {
        let weights = draw(&random)
        var sums: [Double] = []
        var totals: [Double] = []
        if let clusters {
          for size in clusters.sizes {
            let own =
              clusters.correlation > 0
              ? random.beta(
                mean: population.mean, size: (1 - clusters.correlation) / clusters.correlation)
              : population.mean
            sums.append((0..<size).reduce(0) { sum, _ in sum + population.score(own, &random) })
            totals.append(Double(size))
          }
        } else {
          sums = weights.map { $0 * population.score(population.mean, &random) }
          totals = weights
        }
        let mean = BoundedMean(
          sums: sums, weights: totals, stratumSizes: [sums.count], areClusters: clusters != nil,
          bounds: 0...1)
        let percentile = Self.percentile(sums, totals, &random)
        let isFew = mean.effectiveUnitCount <= BoundedMean.mostEffectiveUnits
        tallies[0][place].add(
          isFew ? mean.limits(level: Self.level, draws: 999) : percentile,
          truth: population.mean)
        let estimate = sums.reduce(0, +) / totals.reduce(0, +)
        let reach =
          StudentT(degreesOfFreedom: Double(sums.count - 1)).upperQuantile(0.025)
          * (mean.standardError ?? 0)
        tallies[1][place].add(
          (lower: max(estimate - reach, 0), upper: min(estimate + reach, 1)),
          truth: population.mean)
        tallies[2][place].add(percentile, truth: population.mean)
      }
    }
    return zip(methods, tallies).map {
      AwkwardResult(
        topic: "means", situation: name, parameter: parameter, method: $0, cells: $1,
        samples: samples)
    }
  }

  /// Percentiles of 199 resamples.
  private static func percentile(
    _ sums: [Double], _ totals: [Double], _ random: inout RandomStream
  ) -> (lower: Double, upper: Double) {
    var means: [Double] = []
    for _ in 0..<199 {
      var (sum, total) = (0.0, 0.0)
      for _ in sums.indices {
        let unit = random.index(below: sums.count)
        sum += sums[unit]
        total += totals[unit]
      }
      means.append(sum / total)
    }
    means.sort()
    return (means[4], means[194])
  }
}

// MARK: Different items

extension AwkwardStudy {
  fileprivate func mixes() -> [AwkwardResult] {
    var results: [AwkwardResult] = []
    for (place, groups) in [2, 3].enumerated() {
      for (position, overlap) in [1.0, 0.6, 0.2].enumerated() {
        for (size, count) in [40, 150].enumerated() {
          results += mixes(
            groups: groups, overlap: overlap, count: count,
            cell: place * 100 + position * 10 + size)
        }
      }
    }
    return results
  }

  /// Groups of papers without a difference that were asked twenty items each, a share of them in
  /// all; items of the last group only are harder by one logit, and easy items apply half as often
  /// there.
  ///
  /// The last group less the first.
  private func mixes(groups: Int, overlap: Double, count: Int, cell: Int) -> [AwkwardResult] {
    var random = stream(4, cell)
    let shared = Int((20 * overlap).rounded())
    let own = 20 - shared
    let itemCount = shared + groups * own
    let samples = max(samples / 4, 1)
    var tallies = [ItemMix.Method: (tally: Tally, errors: Double)]()
    for _ in 0..<samples {
      var levels = (0..<itemCount).map { _ in 0.3 + 1.2 * random.normal() }
      for item in itemCount - own..<itemCount { levels[item] -= 1 }
      var cells = [[Cell]]()
      for group in 0..<groups {
        for _ in 0..<count {
          let effect = 0.7 * random.normal()
          cells.append(
            (0..<itemCount).map { item in
              let isAsked = item < shared || (item - shared) / max(own, 1) == group
              guard isAsked else { return .absent }
              let applies = group == groups - 1 && levels[item] > 0.3 ? 0.4 : 0.8
              guard random.uniform() < applies else { return .notApplicable }
              let chance = 1 / (1 + exp(-levels[item] - effect))
              return random.uniform() < chance ? .yes : .no
            })
        }
      }
      let matrix = BinaryMatrix(
        papers: cells.indices.map { Paper(slug: "p\($0)") },
        items: (0..<itemCount).map { Item(id: ItemID(category: "c", name: "i\($0)")) }
      ) { cells[$0][$1] }
      let members = (0..<groups).map { group in Array(group * count..<(group + 1) * count) }
      var coefficients = [Double](repeating: 0, count: groups)
      coefficients[0] = -1
      coefficients[groups - 1] = 1
      for method in ItemMix.Method.allCases {
        let mix = ItemMix(
          matrix, items: Array(0..<itemCount), groups: members,
          design: SamplingDesign(paperCount: matrix.papers.count), method: method)
        guard let contrast = mix.contrast(coefficients),
          let limits = contrast.limits(level: Self.level)
        else { continue }
        var entry = tallies[method] ?? (Tally(), 0)
        entry.tally.add(
          missesBelow: 0 < limits.lower, missesAbove: 0 > limits.upper,
          length: limits.upper - limits.lower, analytic: 1)
        entry.errors += contrast.value
        tallies[method] = entry
      }
    }
    return ItemMix.Method.allCases.compactMap { method in
      tallies[method].map { entry in
        AwkwardResult(
          topic: "mixes", situation: "\(groups) groups of \(count)",
          parameter: "\(Int(100 * overlap)) %", method: method.rawValue, cells: [entry.tally],
          bias: entry.errors / entry.tally.total, samples: samples)
      }
    }
  }
}

// MARK: Finite populations

extension AwkwardStudy {
  /// One item that applies to every paper; exact sums over the hypergeometric distribution.
  fileprivate func populations() -> [AwkwardResult] {
    var results: [AwkwardResult] = []
    for population in [50, 200, 1_000] {
      for share in [0.1, 0.5, 0.9] {
        let count = Int(Double(population) * share)
        var cells = [[Tally]](
          repeating: [Tally](repeating: Tally(), count: Self.rates.count), count: 2)
        for (place, rate) in Self.rates.enumerated() {
          let total = Int((Double(population) * rate).rounded())
          let truth = Double(total) / Double(population)
          for yes in max(0, count + total - population)...min(count, total) {
            let chance = exp(
              Self.logChoose(total, yes) + Self.logChoose(population - total, count - yes)
                - Self.logChoose(population, count))
            for (kind, fraction) in [share, 0].enumerated() {
              let scale = 1 / (1 - fraction)
              cells[kind][place].add(
                ProportionInterval.wilson.limits(
                  successes: Double(yes) * scale, trials: Double(count) * scale,
                  level: Self.level), truth: truth, weight: chance)
            }
          }
        }
        results += zip(["--population", "without"], cells).map {
          AwkwardResult(
            topic: "populations", situation: "\(population)", parameter: "\(count)", method: $0,
            cells: $1, samples: nil)
        }
      }
    }
    return results
  }

  private static func logChoose(_ n: Int, _ k: Int) -> Double {
    (0..<min(k, n - k)).reduce(0) { $0 + log(Double(n - $1) / Double($1 + 1)) }
  }
}
