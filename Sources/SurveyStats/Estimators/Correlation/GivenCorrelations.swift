/// Correlations that were published, or estimated elsewhere, in place of answers.
///
/// Components and factors need no more than them and the number of papers behind them. What needs papers, such
/// as scores, reliability of sums and bootstrap limits, there is not.
public struct GivenCorrelations: Sendable, Hashable {
  /// The names of the variables.
  public let names: [String]
  /// The number of papers.
  public let paperCount: Int
  /// The correlations, one column after the other.
  private let elements: [Double]

  /// What a table of correlations is not, each with its place.
  public struct Faults: Error, Equatable, CustomStringConvertible {
    /// A sentence each.
    public let faults: [String]
    /// All sentences.
    public var description: String { faults.joined(separator: "; ") }
  }

  /// Takes a square table: its first row names the columns after the first, its first column the rows; or pairs, a
  /// row each, with columns `a`, `b` and `estimate` (or `coefficient`), as they are written here.
  public init(header: [String], rows: [[String]], paperCount: Int) throws(Faults) {
    let isOfPairs =
      header.contains("a") && header.contains("b")
      && (header.contains("estimate") || header.contains("coefficient"))
    try self.init(
      paperCount: paperCount,
      isOfPairs ? Self.pairs(header, rows) : Self.square(header, rows))
  }

  private init(
    paperCount: Int, _ table: (names: [String], cells: [[Double?]], faults: [String])
  ) throws(Faults) {
    var (names, cells, faults) = table
    if names.count < 2 { faults.append("there are fewer than two variables") }
    let repeated = Set(names.filter { name in names.count { $0 == name } > 1 }).sorted()
    if !repeated.isEmpty { faults.append("names stand twice: \(repeated.briefly())") }
    if paperCount < 3 { faults.append("three papers or more are needed") }
    if faults.isEmpty {
      for row in names.indices {
        for column in names.indices where row >= column {
          // A triangle is enough, and where both are there they say the same.
          let pair = [cells[row][column], cells[column][row]].compactMap { $0 }
          let place = "\(names[row]) and \(names[column])"
          if row == column {
            if let value = pair.first, abs(value - 1) > 1e-6 {
              faults.append("\(names[row]) correlates with itself by \(value)")
            }
            cells[row][column] = 1
            continue
          }
          guard let value = pair.first else {
            faults.append("\(place) have no correlation")
            continue
          }
          if abs(value) > 1 { faults.append("\(place) correlate by \(value), beyond 1") }
          if pair.count == 2, abs(pair[0] - pair[1]) > 1e-6 {
            faults.append("\(place) correlate by \(pair[0]) and by \(pair[1])")
          }
          (cells[row][column], cells[column][row]) = (value, value)
        }
      }
    }
    guard faults.isEmpty else { throw Faults(faults: faults) }
    self.names = names
    self.paperCount = paperCount
    elements = names.indices.flatMap { column in names.indices.map { cells[$0][column] ?? 0 } }
  }

  /// The cells of a square table; an empty one, or NA, has no value.
  private static func square(
    _ header: [String], _ rows: [[String]]
  ) -> (names: [String], cells: [[Double?]], faults: [String]) {
    let names = Array(header.dropFirst())
    guard rows.count == names.count else {
      return (
        names, [], ["the table has \(names.count) columns of correlations and \(rows.count) rows"]
      )
    }
    var faults: [String] = []
    for (row, name) in zip(rows, names) where row[0] != name {
      faults.append("row '\(row[0])' stands where '\(name)' should, as the columns are ordered")
    }
    let cells = rows.map { row in
      row.dropFirst().enumerated().map { column, text in
        number(text, "row \(row[0]), column \(names[column])", &faults)
      }
    }
    return (names, cells, faults)
  }

  /// The cells of pairs.
  private static func pairs(
    _ header: [String], _ rows: [[String]]
  ) -> (names: [String], cells: [[Double?]], faults: [String]) {
    guard let first = header.firstIndex(of: "a"), let second = header.firstIndex(of: "b"),
      let value = header.firstIndex(of: "estimate") ?? header.firstIndex(of: "coefficient")
    else { return ([], [], []) }
    var names: [String] = []
    var place: [String: Int] = [:]
    for name in rows.flatMap({ [$0[first], $0[second]] }) where place[name] == nil {
      place[name] = names.count
      names.append(name)
    }
    var faults: [String] = []
    var cells = [[Double?]](
      repeating: [Double?](repeating: nil, count: names.count), count: names.count)
    for row in rows {
      guard let one = place[row[first]], let other = place[row[second]] else { continue }
      let found = number(row[value], "\(row[first]) and \(row[second])", &faults)
      if let known = cells[one][other], let found, abs(known - found) > 1e-6 {
        faults.append("\(row[first]) and \(row[second]) correlate by \(known) and by \(found)")
      }
      cells[one][other] = found
    }
    return (names, cells, faults)
  }

  private static func number(
    _ text: String, _ place: String, _ faults: inout [String]
  ) -> Double? {
    if text.isEmpty || text == "NA" { return nil }
    guard let value = Double(text), value.isFinite else {
      faults.append("\(place): \(ScanProblem.quoted(text)) is no number")
      return nil
    }
    return value
  }

  /// The matrix.
  public var matrix: CorrelationMatrix {
    CorrelationMatrix(
      names: names,
      values: DenseMatrix(rows: names.count, columns: names.count, elements: elements),
      coefficient: "given", count: paperCount)
  }
}
