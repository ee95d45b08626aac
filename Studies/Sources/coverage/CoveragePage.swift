import SurveyStats

/// The page of results in Markdown.
struct CoveragePage {
  let results: [CoverageResult]
  let plan: StudyPlan

  /// The page.
  var text: String {
    let scenarios = Scenario.allCases.filter { scenario in
      results.contains { $0.scenario == scenario }
    }
    return
      ([
        "# Coverage of the intervals", preface, "## In short", conclusions, "## How it was done",
        method, "## All intervals at a glance", lowestCoverage, meanCoverage,
      ] + scenarios.flatMap(section)).joined(separator: "\n\n") + "\n"
  }

  /// The results of an interval in a scenario, where the number of units is in a range.
  func results(
    of interval: String, in scenarios: [Scenario], units: ClosedRange<Int> = 0...Int.max
  ) -> [CoverageResult] {
    results.filter {
      $0.interval == interval && scenarios.contains($0.scenario) && units.contains($0.unitCount)
    }
  }

  /// The lowest coverage of an interval, in percent.
  func lowest(
    _ interval: String, in scenarios: [Scenario], units: ClosedRange<Int> = 0...Int.max
  ) -> String {
    let coverages = results(of: interval, in: scenarios, units: units).map(\.tally.coverage)
    return coverages.min().map(Self.percent) ?? "–"
  }

  /// A share as percent without the sign.
  static func percent(_ share: Double) -> String {
    NumberFormat.fixed(share * 100, digits: 1)
  }

  private static let intervals = RateInterval.all.map(\.description)

  /// The groups of situations that are summed up.
  private static let groups: [(scenario: Scenario, units: ClosedRange<Int>, name: String)] = [
    (.item, 3...10, "item, 3–10"), (.item, 20...1000, "item, 20–1000"),
    (.itemWithNA, 20...1000, "item with NA, 20–1000"),
    (.category, 3...10, "category, 3–10"), (.category, 20...1000, "category, 20–1000"),
    (.clusters, 3...15, "3–15 clusters"), (.clusters, 20...100, "20–100 clusters"),
  ]

  /// The lowest coverage of every interval over all rates.
  private var lowestCoverage: String {
    """
    The lowest coverage over all rates and numbers of papers in the range, in percent:

    \(summary { lowest($0, in: [$1.scenario], units: $1.units) })
    """
  }

  /// The mean coverage and length of every interval over all rates.
  private var meanCoverage: String {
    """
    The mean coverage, in percent, and the mean length relative to that of `auto`:

    \(summary { interval, group in
      let found = results(of: interval, in: [group.scenario], units: group.units)
      let automatic = results(of: "auto", in: [group.scenario], units: group.units)
      guard !found.isEmpty else { return "–" }
      let coverage = Self.mean(found.map(\.tally.coverage))
      let length = Self.mean(zip(found, automatic).map { $0.tally.meanLength / $1.tally.meanLength })
      return "\(Self.percent(coverage)) / \(NumberFormat.fixed(length, digits: 2))"
    })
    """
  }

  private func summary(
    _ cell: (String, (scenario: Scenario, units: ClosedRange<Int>, name: String)) -> String
  ) -> String {
    let groups = Self.groups.filter { group in results.contains { $0.scenario == group.scenario } }
    return Self.table(
      ["interval"] + groups.map(\.name),
      Self.intervals.map { interval in [interval] + groups.map { cell(interval, $0) } })
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The part of the page about one scenario.
  private func section(_ scenario: Scenario) -> [String] {
    guard scenario != .bands else {
      return ["## \(scenario.title)", Self.filled(scenario.explanation), bands]
    }
    let legend = """
      Coverage in percent / mean length in percentage points, by the true rate. Coverage below 92.5
      is bold.
      """
    let tables = scenario.unitCounts.flatMap { unitCount in
      ["### \(unitCount) \(scenario.unitName)", coverageTable(scenario, unitCount)]
    }
    return ["## \(scenario.title)", Self.filled(scenario.explanation), legend] + tables + [
      "### Misses of the default", missTable(scenario),
    ]
  }

  private func coverageTable(_ scenario: Scenario, _ unitCount: Int) -> String {
    let rows = scenario.intervals.map(\.description).map { interval in
      [interval]
        + results(of: interval, in: [scenario], units: unitCount...unitCount).map { result in
          let coverage = Self.percent(result.tally.coverage)
          let isLow = result.tally.coverage < 0.925
          return (isLow ? "**\(coverage)**" : coverage)
            + " / \(Self.percent(result.tally.meanLength))"
        }
    }
    return Self.table(["interval"] + Scenario.rates.map { "\($0)" }, rows)
  }

  /// How often the default missed on either side.
  private func missTable(_ scenario: Scenario) -> String {
    let rows = scenario.unitCounts.map { unitCount in
      ["\(unitCount)"]
        + results(of: "auto", in: [scenario], units: unitCount...unitCount).map { result in
          Self.percent(result.tally.missedBelow) + " / " + Self.percent(result.tally.missedAbove)
        }
    }
    return """
      The share of intervals of `auto` that the truth lay below / above, in percent; 2.5 / 2.5 would
      be even.

      \(Self.table([scenario.unitName] + Scenario.rates.map { "\($0)" }, rows))
      """
  }

  private var bands: String {
    let rows = results(of: "max-t", in: [.bands]).flatMap { band -> [[String]] in
      let pointwise = results(of: "wilson", in: [.bands], units: band.unitCount...band.unitCount)
      return ([band] + pointwise).map { result in
        [
          "\(result.unitCount)", result.interval == "max-t" ? "simultaneous" : "one by one",
          Self.percent(result.tally.coverage), Self.percent(result.tally.missedBelow),
          Self.percent(result.tally.missedAbove), Self.percent(result.tally.meanLength),
          Self.percent(result.tally.analyticShare),
        ]
      }
    }
    return """
      All numbers are in percent; coverage is the share of samples in which all intervals held their
      rate.

      \(Self.table(
        ["papers", "intervals", "coverage", "one below", "one above", "mean length", "analytic"], rows))
      """
  }

  /// A Markdown table with its columns in line.
  static func table(_ header: [String], _ rows: [[String]]) -> String {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = widths.enumerated().map { column, width in
      column == 0
        ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    return ([line(header), line(rule)] + rows.map(line)).joined(separator: "\n")
  }
}
