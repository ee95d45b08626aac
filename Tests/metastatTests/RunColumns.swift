extension Workspace.Run {
  /// The values of a column of the CSV on standard output, without quotes; empty without such a
  /// column.
  func column(_ name: String) -> [String] {
    let rows = output.split(separator: "\n").map(Self.fields)
    guard let position = rows.first?.firstIndex(of: name) else { return [] }
    return rows.dropFirst().map { $0.indices.contains(position) ? $0[position] : "" }
  }

  /// The fields of a line; a field between quotation marks may hold commas.
  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}
