/// Which columns of a table a line has room for, and whether a row takes one line or two.
///
/// The key of a row and its estimate are always shown, and whole. The number of papers, the note and then
/// the other columns, from the left, are shown as long as there is room. Where not even key and estimate
/// stand side by side, the key has a line of its own and the values stand below it.
struct TextLayout {
  /// The columns of the first line, or of all where a row has one; keys that are too long for one have several.
  var first: [[Int]]
  /// The columns of the second line; empty where a row has one.
  var second: [Int] = []
  /// The columns for which there is no room.
  var hidden: [Int] = []

  /// How far the second line is indented.
  static let indent = 4

  /// The layout of columns of these widths, two cells apart.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - widths: The width of each of its columns.
  ///   - limit: The cells of a line; `nil` for as many as it takes.
  init(_ table: ReadableTable, widths: [Int], limit: Int?) {
    let all = Array(widths.indices)
    first = [all]
    func width(_ shown: [Int]) -> Int {
      shown.reduce(0) { $0 + widths[$1] } + 2 * max(0, shown.count - 1)
    }
    guard let limit, width(all) > limit else { return }
    let keys = table.keys
    let values = all.filter { !keys.contains($0) }
    let estimate = table.estimate(among: values)
    let count = values.first { table.columns[$0].isCount }
    let note = values.first { table.columns[$0].name == "note" }
    func filled(_ start: [Int], to limit: Int) -> [Int] {
      var shown = start
      for index in [estimate, count, note].compactMap({ $0 }) + values
      where !shown.contains(index) && (shown.isEmpty || width(shown + [index]) <= limit) {
        shown.append(index)
      }
      return shown.sorted()
    }
    let needed = keys + [estimate].compactMap { $0 }
    if width(needed) <= limit {
      first = [filled(needed, to: limit)]
    } else {
      first = keys.reduce(into: []) { lines, key in
        if let last = lines.last, width(last + [key]) <= limit {
          lines[lines.count - 1].append(key)
        } else {
          lines.append([key])
        }
      }
      second = filled([], to: limit - Self.indent)
    }
    hidden = all.filter { !first.joined().contains($0) && !second.contains($0) }
  }
}
