/// An earlier report of the same corpus: its papers and answers, and what it concluded.
public struct EarlierReport: Sendable, Equatable {
  /// A rate as it was published.
  public struct Published: Sendable, Equatable {
    /// The rate.
    public let estimate: Double?
    /// The lower limit.
    public let lower: Double?
    /// The upper limit.
    public let upper: Double?
  }

  /// The papers and answers.
  public let matrix: BinaryMatrix
  /// The rates by level and name.
  public let rates: [String: Published]

  /// Reads the tables of a report.
  ///
  /// - Parameters:
  ///   - matrix: The bytes of `tables/matrix.csv`.
  ///   - rates: The bytes of `tables/rates.csv`.
  public init(matrix: [UInt8], rates: [UInt8]) throws {
    self.matrix = try MatrixCSV().read(matrix)
    let document = try CSVDocument(rates)
    let columns = ["level", "category", "term", "estimate", "conf_low", "conf_high"].map {
      document.column($0)
    }
    var published: [String: Published] = [:]
    for row in document.rows {
      let cells = columns.map { $0.flatMap { row[$0] } }
      let target = RateTarget(
        level: RateTarget.Level(rawValue: cells[0] ?? "") ?? .item, category: cells[1] ?? "",
        term: cells[2] ?? "", items: [])
      published[target.columnName] = Published(
        estimate: cells[3].flatMap { Double($0) }, lower: cells[4].flatMap { Double($0) },
        upper: cells[5].flatMap { Double($0) })
    }
    self.rates = published
  }
}
