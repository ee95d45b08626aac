/// A table whose header rows have become the names of its columns.
struct NamedTable {
  struct Column {
    var name: String
    /// Which of several columns of that name, from 1.
    var occurrence = 1
    var category: String?
    var label: String?
    /// The module, if a codebook gives one.
    var module: String?
    /// The place in the file.
    let index: Int
    let texts: [String]
    /// The number of each data row's text.
    private(set) var codes: ArraySlice<Int32>
    var notes: TableGrid.Notes

    /// The name, with which of several it is.
    var title: String { occurrence == 1 ? name : "\(name) (\(occurrence))" }

    func text(_ row: Int) -> String { texts[Int(codes[codes.startIndex + row])] }

    fileprivate mutating func remove(_ rows: Set<Int>) {
      let start = codes.startIndex
      codes = codes.indices.filter { !rows.contains($0 - start) }.map { codes[$0] }[...]
    }
  }

  var columns: [Column]
  private(set) var places: ArraySlice<Int>
  let unit: TableGrid.PlaceUnit

  var rowCount: Int { places.count }

  func place(_ row: Int) -> Int { places[places.startIndex + row] }

  /// The table without some of its rows.
  func removing(rows: Set<Int>) -> NamedTable {
    guard !rows.isEmpty else { return self }
    var table = self
    for column in table.columns.indices { table.columns[column].remove(rows) }
    table.places =
      places.indices.filter { !rows.contains($0 - places.startIndex) }
      .map { places[$0] }[...]
    return table
  }

  /// Takes the first rows as what the layout says they are.
  init(_ grid: TableGrid, header: [Recipe.Layout.HeaderRow]) {
    let count = min(header.count, grid.rowCount)
    let kinds = header.prefix(count)
    func texts(_ kind: Recipe.Layout.HeaderRow) -> [String]? {
      kinds.firstIndex(of: kind).map { row in
        grid.columns.map { WordForm.trimmed($0[row]) }
      }
    }
    var names = texts(.name) ?? grid.columns.map { _ in "" }
    var categories = texts(.category)
    if var filled = categories {
      for column in filled.indices.dropFirst() where filled[column].isEmpty {
        filled[column] = filled[column - 1]
      }
      for column in names.indices where names[column].isEmpty {
        names[column] = categories?[column] ?? ""
        filled[column] = ""
      }
      // A form names the only column of a question so.
      for column in names.indices
      where ["response", "open-ended response"].contains(names[column].lowercased())
        && !filled[column].isEmpty
      {
        names[column] = filled[column]
        filled[column] = ""
      }
      categories = filled
    }
    let labels = texts(.label)
    var seen: [String: Int] = [:]
    columns = grid.columns.indices.map { index in
      let occurrence = seen[names[index], default: 0] + 1
      seen[names[index]] = occurrence
      let column = grid.columns[index]
      let notes = grid.notes[index] ?? TableGrid.Notes()
      func filled(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
      return Column(
        name: names[index], occurrence: occurrence, category: filled(categories?[index]),
        label: filled(labels?[index]) ?? notes.label, index: index, texts: column.texts,
        codes: column.codes.dropFirst(count), notes: notes)
    }
    places = grid.places.dropFirst(count)
    unit = grid.placeUnit
  }
}
