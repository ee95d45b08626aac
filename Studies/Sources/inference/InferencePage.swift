import SurveyStats

/// The page of results in Markdown.
struct InferencePage {
  let results: [InferenceResult]
  let plan: InferencePlan

  /// The page.
  var text: String {
    let scenarios = InferenceScenario.allCases.filter { scenario in
      results.contains { $0.situation.scenario == scenario }
    }
    return
      (["# Errors of tests and coverage of intervals", preface, "## In short"] + conclusions
      + ["## How to read the tables", legend]
      + scenarios.flatMap { ["## \($0.title)", $0.explanation, table($0)] })
      .joined(separator: "\n\n") + "\n"
  }

  /// The tally of a method in a situation.
  func tally(
    _ scenario: InferenceScenario, _ unitCount: Int, _ hasEffect: Bool, _ method: Method
  ) -> InferenceTally? {
    results.first {
      $0.situation.scenario == scenario && $0.situation.unitCount == unitCount
        && $0.situation.hasEffect == hasEffect && $0.method == method
    }?.tally
  }

  private func table(_ scenario: InferenceScenario) -> String {
    var methods: [Method] = []
    for result in results where result.situation.scenario == scenario {
      if !methods.contains(result.method) { methods.append(result.method) }
    }
    let header =
      ["quantity", "method"]
      + scenario.unitCounts.flatMap { ["\($0): error", "coverage", "none"] }
    let rows = methods.indices.map { index -> [String] in
      let method = methods[index]
      let isFirst = index == 0 || methods[index - 1].quantity != method.quantity
      return [isFirst ? method.quantity : "", method.name]
        + scenario.unitCounts.flatMap { count -> [String] in
          let null = tally(scenario, count, false, method)
          let effect = tally(scenario, count, true, method)
          return [
            Self.percent(null?.rejected, isBad: { $0 > 0.075 }),
            Self.percent(effect?.coverage, isBad: { $0 < 0.925 }),
            Self.percent(effect?.withoutInterval, isBad: { _ in false }),
          ]
        }
    }
    return Self.table(header, rows)
  }

  /// A share in percent, bold when it is bad.
  static func percent(_ share: Double?, isBad: (Double) -> Bool) -> String {
    guard let share else { return "–" }
    let text = NumberFormat.fixed(share * 100, digits: 1)
    return isBad(share) ? "**\(text)**" : text
  }

  /// A Markdown table with its columns in line.
  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column < 2 ? cell.0 + space : space + cell.0
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = widths.enumerated().map { column, width in
      column < 2
        ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    return ([line(header), line(rule)] + rows.map(line)).joined(separator: "\n")
  }
}
