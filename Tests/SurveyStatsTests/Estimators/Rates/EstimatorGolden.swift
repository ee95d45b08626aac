import Foundation
import SurveyStats
import Testing

/// Rows of reference values under `Golden/estimators`.
struct EstimatorGolden {
  /// The rows, each with its fields in the order of the header.
  let rows: [[String]]
  private let header: [String]

  init(_ name: String) throws {
    let url = try #require(
      Bundle.module.url(
        forResource: name, withExtension: "csv", subdirectory: "Golden/estimators"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    try #require(lines.count > 2 && lines[0][0].hasPrefix("#"))
    header = lines[1]
    rows = Array(lines.dropFirst(2))
  }

  /// The texts of a column.
  func texts(_ name: String) throws -> [String] {
    let column = try #require(header.firstIndex(of: name))
    return rows.map { $0[column] }
  }

  /// The numbers of a column.
  func numbers(_ name: String) throws -> [Double] {
    try texts(name).map { try #require(Double($0)) }
  }
}
