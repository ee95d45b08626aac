public import SurveyStats

extension SimulatedItem {
  /// Why a table describes no items.
  public enum TableError: Error, Equatable, CustomStringConvertible {
    /// The file is no CSV.
    case csv(CSVError)
    /// A column that must be there is missing.
    case missingColumn(String)
    /// A cell is not a number.
    case notANumber(line: Int, column: String, value: String)

    /// One line with the remedy.
    public var description: String {
      switch self {
      case .csv(let error): "\(error)"
      case .missingColumn(let name):
        "there is no column '\(name)'; an item table has term, pass_rate, and if wanted "
          + "applicability, module, block, year_slope, first_version, loading_<factor>"
      case .notANumber(let line, let column, let value):
        "line \(line): '\(value)' in column \(column) is not a number"
      }
    }
  }

  /// Reads items from a CSV in the columns of the truth that a simulation writes.
  ///
  /// `term` and `pass_rate` must be there; `applicability` is 1, `module` is `base`, slopes and
  /// loadings are 0 where they are missing. Other columns are passed over.
  public static func read(
    csv bytes: [UInt8]
  ) throws(TableError) -> (factors: [String], items: [SimulatedItem]) {
    let document: CSVDocument
    do { document = try CSVDocument(bytes) } catch { throw .csv(error) }
    guard let term = document.column("term") else { throw .missingColumn("term") }
    guard let rate = document.column("pass_rate") else { throw .missingColumn("pass_rate") }
    let factorColumns = document.header.indices.filter {
      document.header[$0].hasPrefix("loading_")
    }
    func number(_ row: Int, _ column: Int?) throws(TableError) -> Double? {
      guard let column, let text = document.rows[row][column], !text.isEmpty else { return nil }
      guard let value = Double(text) else {
        throw .notANumber(
          line: document.lines[row], column: document.header[column], value: text)
      }
      return value
    }
    var items: [SimulatedItem] = []
    for row in document.rows.indices {
      var loadings: [Double] = []
      for column in factorColumns { loadings.append(try number(row, column) ?? 0) }
      let text = { (name: String) in document.column(name).flatMap { document.rows[row][$0] } }
      guard let passRate = try number(row, rate) else {
        throw .notANumber(line: document.lines[row], column: "pass_rate", value: "")
      }
      let module = text("module").flatMap { $0.isEmpty ? nil : $0 }
      items.append(
        SimulatedItem(
          item: Item(
            id: ItemID(document.rows[row][term] ?? ""), module: module ?? Item.baseModule),
          passRate: passRate,
          applicability: try number(row, document.column("applicability")) ?? 1,
          block: text("block").flatMap { $0.isEmpty ? nil : $0 }, loadings: loadings,
          yearSlope: try number(row, document.column("year_slope")) ?? 0,
          firstVersion: Int(try number(row, document.column("first_version")) ?? 1),
          source: text("source") ?? ""))
    }
    return (factorColumns.map { String(document.header[$0].dropFirst(8)) }, items)
  }
}
