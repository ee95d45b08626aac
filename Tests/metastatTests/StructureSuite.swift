import Foundation

/// Tests of commands on small matrices of answers.
protocol StructureSuite {
  var workspace: Workspace { get }
}

extension StructureSuite {
  /// Sixty papers and six items that go together, from a fixed recurrence.
  static func plain(papers: Int = 60, items: Int = 6) -> [[String]] {
    var state = 1
    func uniform() -> Double {
      state = (state &* 1_103_515_245 &+ 12_345) % 2_147_483_648
      return Double(state) / 2_147_483_648
    }
    return (0..<papers).map { _ in
      let ability = uniform()
      return (0..<items).map { _ in uniform() < 0.15 + (ability > 0.5 ? 0.7 : 0) ? "1" : "0" }
    }
  }

  func matrix(_ rows: [[String]]) throws -> String {
    var text = "paper," + (1...(rows.first?.count ?? 1)).map { "i\($0)" }.joined(separator: ",")
    for (index, row) in rows.enumerated() {
      text += "\np\(index + 1)," + row.joined(separator: ",")
    }
    return try workspace.write(text + "\n", to: "matrix.csv")
  }

  /// Runs a command on a matrix, with few replicates.
  func run(_ command: String, _ rows: [[String]], _ more: String...) throws -> Workspace.Run {
    var arguments = [command, try matrix(rows)] + more
    if command == "pca" { arguments += ["--parallel-replicates", "20"] }
    if command == "pca" || command == "factor", !more.contains("--bootstrap-replicates") {
      arguments += ["--bootstrap-replicates", "39"]
    }
    return try workspace.run(arguments)
  }

  /// The rows of a table as dictionaries by column.
  func records(_ run: Workspace.Run) -> [[String: String]] {
    guard let header = run.rows.first else { return [] }
    return run.rows.dropFirst().map { row in
      Dictionary(zip(header, row), uniquingKeysWith: { first, _ in first })
    }
  }

  func value(_ run: Workspace.Run, _ term: String, _ column: String = "estimate") -> Double? {
    records(run).first { $0["term"] == term }.flatMap { $0[column] }.flatMap(Double.init)
  }

  /// Dimensions A of the first three of six items and B of the others, as a file.
  func dimensions() throws -> String {
    try workspace.write(
      """
      {"dimensions": [{"name": "A", "categories": ["i1", "i2", "i3"]},
        {"name": "B", "categories": ["i4", "i5", "i6"]}]}
      """, to: "dimensions.json")
  }
}
