extension Variables {
  /// What a paper is called among the groups of a variable: none when it has no value, several for
  /// labels such as tags.
  ///
  /// Answers make the groups `yes`, `no` and `does not apply`, conditions `yes` and `no`. Several variables
  /// with commas between them, `type,year`, make a group of each combination, `survey × 2024`.
  public func labels(_ text: String) throws(VariableError) -> [[String]] {
    let parts = Self.partsBetweenCommas(of: text)
    guard parts.count == 1 else {
      var crossed = matrix.papers.map { _ in [""] }
      for (place, part) in parts.enumerated() {
        for (paper, labels) in try labels(part).enumerated() {
          crossed[paper] = crossed[paper].flatMap { first in
            labels.map { place == 0 ? $0 : "\(first) × \($0)" }
          }
        }
      }
      return crossed
    }
    let expression = try expression(text)
    guard case .name(let name, _) = expression else {
      return try labels(of: expression)
    }
    let source = try source(of: name)
    switch source {
    case .metadata(let column): return matrix.papers.map { column.values(of: $0) }
    case .covariate(let name):
      let column = column(name)
      return column.texts.map { text in
        guard let text else { return [] }
        return column.kind == .labels ? TagList.split(text) : [text]
      }
    case .item(let item): return matrix.papers.indices.map { Self.words(of: matrix[$0, item]) }
    default: return try labels(of: expression)
    }
  }

  private func labels(of expression: Expression) throws(VariableError) -> [[String]] {
    switch try values(of: expression) {
    case .numeric(let values): values.map { $0.map { [NumberFormat.shortest($0)] } ?? [] }
    case .categorical(let values): values.map { $0.map { [$0] } ?? [] }
    case .labels(let values): values
    case .answers(let cells): cells.map { $0 == .yes ? ["yes"] : $0 == .no ? ["no"] : [] }
    }
  }

  /// The parts of a text between commas that stand in no parentheses and no quotation marks.
  private static func partsBetweenCommas(of text: String) -> [String] {
    guard text.utf8.contains(UInt8(ascii: ",")) else { return [text] }
    var parts = [""]
    var depth = 0
    var mark: Character?
    for character in text {
      if let open = mark {
        if character == open { mark = nil }
      } else if "'\"`".contains(character) {
        mark = character
      } else if character == "(" {
        depth += 1
      } else if character == ")" {
        depth -= 1
      } else if character == ",", depth == 0 {
        parts.append("")
        continue
      }
      parts[parts.count - 1].append(character)
    }
    return parts
  }

  private static func words(of cell: Cell) -> [String] {
    switch cell {
    case .yes: ["yes"]
    case .no: ["no"]
    case .notApplicable: ["does not apply"]
    case .absent: []
    }
  }

  /// The papers that share a value of a variable, groups in ascending order.
  ///
  /// Numbers are ordered as numbers and come before text. A paper with several values (tags) is in
  /// several groups, one without a value in none.
  public func groups(_ text: String) throws(VariableError) -> [(name: String, papers: [Int])] {
    var members: [String: [Int]] = [:]
    for (row, values) in try labels(text).enumerated() {
      if values.count == 1 {
        members[values[0], default: []].append(row)
      } else {
        for value in Set(values) { members[value, default: []].append(row) }
      }
    }
    guard !members.isEmpty else { throw .noValues(text) }
    let names = members.keys.sorted { left, right in
      let (a, b) = (Self.number(left), Self.number(right))
      return (a, left) < (b, right)
    }
    return names.map { ($0, members[$0] ?? []) }
  }

  /// The number that a value is written as; infinity for text.
  private static func number(_ text: String) -> Double {
    TypedColumn.number(text) ?? .infinity
  }

  /// What papers with the same values have in common, all of them where there are several; `nil`
  /// without a value.
  func joinedLabels(_ text: String) throws(VariableError) -> [String?] {
    let labels = try labels(text)
    guard labels.contains(where: { !$0.isEmpty }) else { throw .noValues(text) }
    return labels.map { $0.isEmpty ? nil : $0.sorted().joined(separator: ";") }
  }
}

extension BinaryMatrix {
  /// The papers that share a value of a variable, groups in ascending order.
  public func groups(of text: String) throws(VariableError) -> [(name: String, papers: [Int])] {
    try variables.groups(text)
  }

  /// The one group of every paper by a variable, for comparisons that need groups without common
  /// papers, and the number of papers whose further values are left aside.
  ///
  /// A paper with several values is in the group of the first, one without a value in none.
  public func disjointGroups(
    of text: String
  ) throws(VariableError) -> (labels: [String?], severalCount: Int) {
    let labels = try variables.labels(text)
    guard labels.contains(where: { !$0.isEmpty }) else { throw .noValues(text) }
    return (labels.map(\.first), labels.count { Set($0).count > 1 })
  }

  /// The cluster of every row, those of one label being drawn and counted together; `nil` when
  /// every row stands for itself.
  ///
  /// Rows of one paper are always one cluster. Papers with the same values of a variable, all of them
  /// where there are several, are one too, so that a cluster holds everything that is linked by
  /// either; a paper without a value is one by itself. Cost: near linear in the rows.
  public func clusters(of text: String?) throws(VariableError) -> [String]? {
    let slugs = slugNumbers
    let isRepeated = slugs.count < papers.count
    guard let text else { return isRepeated ? papers.map(\.slug) : nil }
    let labels = zip(papers, try variables.joinedLabels(text)).map { paper, label in
      label.map { "value " + $0 } ?? "missing " + paper.slug
    }
    guard isRepeated else { return labels }
    var union = DisjointSets(count: papers.count)
    var (firstOfLabel, firstOfSlug) = ([String: Int](), [Int?](repeating: nil, count: slugs.count))
    for row in papers.indices {
      if let first = firstOfLabel[labels[row]] { union.join(first, row) }
      if let first = firstOfSlug[slugs.ofRow[row]] { union.join(first, row) }
      firstOfLabel[labels[row]] = row
      firstOfSlug[slugs.ofRow[row]] = row
    }
    return papers.indices.map { labels[union.root($0)] }
  }

  /// The stratum of every paper: its values of a variable; those without a value are a stratum.
  public func strata(of text: String) throws(VariableError) -> [String] {
    try variables.joinedLabels(text).map { $0.map { "value " + $0 } ?? "missing" }
  }
}
