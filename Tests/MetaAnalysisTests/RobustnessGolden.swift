import Foundation
import SurveyStats
import Testing

@testable import MetaAnalysis

/// Values of metafor for leave-one-out, influence, bias and selection models.
struct RobustnessGolden {
  /// By data, part, name and study; study 0 is the whole.
  private var values: [String: [Int: Double]] = [:]

  static let shared = RobustnessGolden()

  private init() {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/robustness.csv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n").dropFirst(2) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard let study = Int(fields[2]), let value = Double(fields[4]) else { continue }
      values["\(fields[0]),\(fields[1]),\(fields[3])", default: [:]][study] = value
    }
  }

  /// The values of all studies.
  func column(_ data: String, _ part: String, _ name: String) -> [Double] {
    let found = values["\(data),\(part),\(name)"] ?? [:]
    return found.keys.sorted().map { found[$0] ?? .nan }
  }

  /// The value of the whole.
  func value(_ data: String, _ part: String, _ name: String) -> Double? {
    values["\(data),\(part),\(name)"]?[0]
  }

  /// The studies of a data set.
  func studies(_ data: String) -> StudyEffects {
    let (effects, variances) = (column(data, "data", "yi"), column(data, "data", "vi"))
    return StudyEffects(
      measure: .generic, labels: effects.indices.map { "study \($0 + 1)" },
      counts: zip(effects, variances).map { .effect($0, variance: $1) },
      correction: .usual(of: .generic),
      effects: zip(effects, variances).map { StudyEffect(value: $0, variance: $1) })
  }

  static let data = ["bcg", "hackshaw", "egger", "baskerville"]
}

/// Whether two numbers agree to a relative difference, or an absolute one below one.
func agrees(_ value: Double?, _ reference: Double?, within tolerance: Double) -> Bool {
  guard let value, let reference else { return value == nil && reference == nil }
  return abs(value - reference) <= tolerance * max(1, abs(reference))
}
