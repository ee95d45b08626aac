@testable import SurveyStats

/// Data and reference values of `scripts/golden/questions.py`.
struct QuestionGolden {
  private let values: [String: Double]

  init() {
    var values: [String: Double] = [:]
    for row in RegressionGolden.rows("questions", "values") {
      values["\(row["quantity"] ?? "") \(row["term"] ?? "")"] = Double(row["value"] ?? "")
    }
    self.values = values
  }

  /// A value.
  func callAsFunction(_ quantity: String, _ term: String) -> Double {
    values["\(quantity) \(term)"] ?? .nan
  }

  /// The terms of a quantity.
  func terms(_ quantity: String) -> [String] {
    values.keys.filter { $0.hasPrefix(quantity + " ") }.map {
      String($0.dropFirst(quantity.count + 1))
    }.sorted()
  }

  /// The papers of a file, items being those whose names begin with i; empty cells do not apply.
  static func matrix(_ name: String) -> BinaryMatrix {
    let rows = RegressionGolden.rows("questions", name)
    let items = (0..<10).map { "i\($0)" }
    return BinaryMatrix(
      papers: rows.enumerated().map { index, row in
        Paper(
          slug: "p\(index)", group: row["group"], covariates: row["z"].map { ["z": $0] } ?? [:])
      }, items: items.map { Item(id: ItemID(category: "c", name: $0)) }
    ) { paper, item in
      let text = rows[paper][items[item]] ?? ""
      return text == "1" ? .yes : text == "0" ? .no : .notApplicable
    }
  }
}
