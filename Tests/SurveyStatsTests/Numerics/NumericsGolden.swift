import Foundation
import Testing

/// Rows of reference values under `Golden/numerics`.
struct NumericsGolden {
  /// One row, by column name.
  struct Row: CustomStringConvertible {
    let fields: [String: String]
    let description: String

    subscript(column: String) -> String { fields[column] ?? "" }

    func number(_ column: String) throws -> Double { try #require(Double(self[column])) }
  }

  let rows: [Row]

  init(_ name: String) throws {
    let url = try #require(
      Bundle.module.url(
        forResource: name, withExtension: "csv", subdirectory: "Golden/numerics"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    try #require(lines.count > 2 && lines[0].hasPrefix("#"))
    let header = lines[1].split(separator: ",").map(String.init)
    rows = lines.dropFirst(2).map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Row(
        fields: Dictionary(zip(header, fields)) { first, _ in first }, description: String(line))
    }
  }
}

/// The distance between two numbers relative to the reference; zero where both are equal.
func relativeError(_ value: Double, _ reference: Double) -> Double {
  value == reference ? 0 : abs(value - reference) / max(abs(reference), .leastNonzeroMagnitude)
}
