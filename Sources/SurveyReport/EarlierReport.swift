public import SurveyStats

/// An earlier report of the same corpus: its papers and answers, and what it concluded.
public struct EarlierReport: Sendable, Equatable {
  /// The papers and answers.
  public let matrix: BinaryMatrix
  /// The rates by level and name.
  public let rates: [String: Estimate]
  /// The quantities of the distribution of scores by name, if the report had them.
  public let scores: [String: Estimate]
  /// The prevalence of patterns by name, if the report had them.
  public let patterns: [String: Estimate]
  /// Whether a conjunction counts over the papers to which all its parts apply, as it does now.
  let countsPatternsWhereAllApply: Bool
  /// The differences of pairs by ``pairKey(visible:invisible:)``, if the report had them.
  public let pairs: [String: Estimate]

  /// Reads the tables of a report.
  ///
  /// - Parameters:
  ///   - matrix: The bytes of `tables/matrix.csv`.
  ///   - rates: The bytes of `tables/rates.csv`.
  ///   - distribution: The bytes of `tables/distribution.csv`, if there is one.
  ///   - tiers: The bytes of `tables/tiers.csv`, if there is one.
  ///   - patterns: The bytes of `tables/patterns.csv`, if there is one.
  ///   - pairs: The bytes of `tables/pairs.csv`, if there is one.
  public init(
    matrix: [UInt8], rates: [UInt8], distribution: [UInt8]? = nil, tiers: [UInt8]? = nil,
    patterns: [UInt8]? = nil, pairs: [UInt8]? = nil
  ) throws {
    self.matrix = try MatrixCSV().read(matrix)
    self.rates = try Self.read(rates, columns: ["level", "category", "term"]) { key in
      RateTarget(
        level: RateTarget.Level(rawValue: key[0]) ?? .item, category: key[1], term: key[2],
        items: []
      ).columnName
    }
    scores = try [distribution, tiers].compactMap { $0 }.reduce(into: [:]) { scores, table in
      scores.merge(try Self.read(table, columns: ["term"]) { $0[0] }) { first, _ in first }
    }
    self.patterns = try patterns.map { try Self.read($0, columns: ["term"]) { $0[0] } } ?? [:]
    countsPatternsWhereAllApply =
      try patterns.map { try CSVDocument($0).column("n_defined") != nil } ?? true
    self.pairs =
      try pairs.map {
        try Self.read($0, columns: ["visible_term", "invisible_term"]) {
          Self.pairKey(visible: $0[0], invisible: $0[1])
        }
      } ?? [:]
  }

  /// The name of the difference of a pair.
  static func pairKey(visible: String, invisible: String) -> String {
    "\(visible) | \(invisible)"
  }

  /// The numbers of a table by the name that some of its columns make.
  private static func read(
    _ bytes: [UInt8], columns: [String], name: ([String]) -> String
  ) throws -> [String: Estimate] {
    let document = try CSVDocument(bytes)
    let keys = columns.map { document.column($0) }
    let numbers = ["estimate", "conf_low", "conf_high"].map { document.column($0) }
    var published: [String: Estimate] = [:]
    for row in document.rows {
      let values = numbers.map { $0.flatMap { row[$0] }.flatMap { Double($0) } }
      published[name(keys.map { $0.flatMap { row[$0] } ?? "" })] = Estimate(
        values[0], lower: values[1], upper: values[2])
    }
    return published
  }
}
