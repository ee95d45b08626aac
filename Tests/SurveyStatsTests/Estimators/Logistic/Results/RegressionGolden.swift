import Foundation

@testable import SurveyStats

/// Reference values and data sets of `scripts/golden/logistic.R` and its companions.
struct RegressionGolden {
  /// The rows of a file as dictionaries from column to text; the first line is a comment.
  static func rows(_ folder: String, _ name: String) -> [[String: String]] {
    guard
      let url = Bundle.module.url(
        forResource: name, withExtension: "csv", subdirectory: "Golden/\(folder)"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { return [] }
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    let header = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return lines.dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Dictionary(uniqueKeysWithValues: zip(header, cells))
    }
  }

  /// A data set as covariates; a column that does not read as numbers is categorical.
  static func data(_ folder: String, _ name: String) -> CovariateColumns {
    let rows = rows(folder, name)
    let names = rows.first.map { $0.keys.sorted() } ?? []
    return CovariateColumns(
      names.map { name in
        let texts = rows.map { $0[name] ?? "" }
        let numbers = texts.compactMap(Double.init)
        let values: VariableValues =
          numbers.count == texts.count ? .numeric(numbers) : .categorical(texts)
        return (name: name, values: values)
      })
  }

  private let values: [String: [(term: String, value: Double)]]

  /// Reads the reference values `model, quantity, term, value` of a folder.
  init(_ folder: String) {
    var values: [String: [(term: String, value: Double)]] = [:]
    for row in Self.rows(folder, "values") {
      let key = "\(row["model"] ?? "")/\(row["quantity"] ?? "")"
      let term = (row["term"] ?? "").replacing(";", with: ",")
      values[key, default: []].append((term, Double(row["value"] ?? "") ?? .nan))
    }
    self.values = values
  }

  /// The values of a quantity by term.
  func values(_ model: String, _ quantity: String) -> [(term: String, value: Double)] {
    values["\(model)/\(quantity)"] ?? []
  }

  /// A quantity without terms.
  func value(_ model: String, _ quantity: String) -> Double {
    values(model, quantity).first?.value ?? .nan
  }

  /// The largest distance, relative where values exceed one, from the values named; infinite when
  /// a term is missing on either side.
  func largestError(
    _ model: String, _ quantity: String, names: [String], values found: [Double]
  ) -> Double {
    let expected = values(model, quantity)
    guard expected.count == names.count, !names.isEmpty else { return .infinity }
    var largest = 0.0
    for (term, value) in expected {
      guard let index = names.firstIndex(of: term) else { return .infinity }
      let error = abs(found[index] - value) / max(1, abs(value))
      largest = error.isNaN ? .infinity : max(largest, error)
    }
    return largest
  }
}

extension CovariateColumns {
  /// A 0/1 column as an outcome.
  func outcome(_ name: String) -> BinaryOutcome {
    guard case .numeric(let values)? = covariate(named: name) else {
      return BinaryOutcome(name: name, values: [])
    }
    return BinaryOutcome(name: name, values: values.map { $0.map { $0 == 1 } })
  }

  /// A numeric column.
  func numbers(_ name: String) -> [Double] {
    guard case .numeric(let values)? = covariate(named: name) else { return [] }
    return values.map { $0 ?? .nan }
  }
}
