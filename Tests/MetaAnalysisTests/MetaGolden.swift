import Foundation
import MetaAnalysis
import SurveyStats
import Testing

/// Data and references of `Golden`, made by scripts/golden/meta.R.
enum MetaGolden {
  private static func lines(_ name: String) throws -> [[String]] {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "csv", subdirectory: "Golden"))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The studies of a data set as a measure takes them.
  static func studies(_ data: String, _ measure: EffectMeasure) throws -> StudyEffects {
    let rows = try lines("studies")
    let names = try #require(rows.first)
    let own = rows.dropFirst().filter { $0[0] == data }
    let columns = names.indices.dropFirst().filter { column in own.contains { !$0[column].isEmpty }
    }
    let table = StudyTable(
      names: columns.map { names[$0] }, cells: columns.map { column in own.map { $0[column] } },
      places: Array(own.indices))
    return try table.studies(measure, roles: [:]).studies
  }

  /// A column of a data set.
  static func column(_ data: String, _ name: String) throws -> [Double] {
    let rows = try lines("studies")
    let index = try #require(rows.first?.firstIndex(of: name))
    return rows.dropFirst().filter { $0[0] == data }.compactMap { Double($0[index]) }
  }

  /// The references by data, model and quantity; NA is absent.
  static func values(
    of file: String = "values"
  ) throws -> [String: [String: [String: Double]]] {
    var result: [String: [String: [String: Double]]] = [:]
    for row in try lines(file).dropFirst() {
      if let value = Double(row[3]) {
        result[row[0], default: [:]][row[1], default: [:]][row[2]] = value
      }
    }
    return result
  }

  /// The references of a model.
  static func values(_ data: String, _ model: String) throws -> [String: Double] {
    try #require(try values()[data]?[model], "\(data) \(model)")
  }

  /// The references of effects in clusters, made by scripts/golden/meta_clusters.R.
  static func clusters(_ data: String, _ model: String) throws -> [String: Double] {
    try #require(try values(of: "clusters")[data]?[model], "\(data) \(model)")
  }
}

/// Whether a value is a reference, within a tolerance relative to its size where that is above one.
func isClose(_ value: Double?, _ reference: Double?, _ tolerance: Double) -> Bool {
  guard let value, let reference else { return false }
  return abs(value - reference) <= tolerance * max(1, abs(reference))
}
