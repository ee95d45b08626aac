public import SurveyStats

/// What a recipe makes of a table: a matrix, or everything that stands in its way.
public struct ImportedMatrix: Sendable {
  /// The matrix; `nil` while anything is refused.
  public let matrix: BinaryMatrix?
  /// The names of metadata that a matrix file does not know by itself.
  public let metadata: [String]
  /// What is wrong, in the order of the recipe.
  public let problems: [ScanProblem]
  /// How many lines of the recipe a person must decide.
  let undecidedCount: Int

  /// Applies a recipe to a table.
  ///
  /// - Parameters:
  ///   - recipe: What the rows, columns and words are.
  ///   - grid: The table.
  ///   - file: Its name, for problems.
  ///   - codebook: Labels, categories and codes besides those of the recipe.
  public init(
    _ recipe: Recipe, to grid: TableGrid, file: String, codebook: Codebook? = nil
  ) {
    var table = NamedTable(grid, header: recipe.layout.header)
    codebook?.annotate(&table)
    var work = Application(recipe: recipe, table: table, file: file, codebook: codebook)
    work.resolve()
    if let codebook { work.note(unusedOf: codebook) }
    let matrix: BinaryMatrix? =
      switch recipe.layout.kind {
      case .wide: work.wide()
      case .long: work.long()
      case .transposed: work.transposed()
      }
    problems = work.log.problems
    undecidedCount = recipe.undecidedCount
    metadata = work.covariateNames
    self.matrix = problems.contains { $0.severity == .refused } ? nil : matrix
  }
}

/// A recipe being applied.
private struct Application {
  let recipe: Recipe
  var table: NamedTable
  let decimal: DecimalSign
  var log: ImportLog
  /// The rule of each column of the table.
  var ruleOfColumn: [Int?]
  var covariateNames: [String] = []

  private let codebook: Codebook?

  init(recipe: Recipe, table: NamedTable, file: String, codebook: Codebook?) {
    self.codebook = codebook
    self.recipe = recipe
    self.table = table
    decimal = recipe.source.decimal ?? .point
    log = ImportLog(file: file)
    ruleOfColumn = table.columns.map { _ in nil }
  }

  // MARK: Columns

  mutating func resolve() {
    var columns: [String: Int] = [:]
    for (index, column) in table.columns.enumerated() {
      columns["\(column.occurrence)\u{0}\(column.name)"] = index
    }
    var unknown: [Int] = []
    for (number, rule) in recipe.columns.enumerated() {
      if let column = columns["\(rule.occurrence ?? 1)\u{0}\(rule.column)"] {
        ruleOfColumn[column] = number
      } else if rule.role != .ignore {
        unknown.append(number)
      }
    }
    for number in unknown.prefix(20) {
      let name = recipe.columns[number].column
      let nearest = table.columns.count > 1_000 ? [] : table.columns.map(\.name)
      log.report(
        .unknownColumn, at: "columns[\(number)].column of the recipe",
        "the file has no column \(ScanProblem.quoted(name))",
        remedy: "name one that it has"
          + NearestNames.suggestion(of: NearestNames(nearest).nearest(to: name)))
    }
    let new = table.columns.indices.filter { ruleOfColumn[$0] == nil }
    if !new.isEmpty {
      let listed = new.prefix(5).map { ScanProblem.quoted(table.columns[$0].title) }
      log.report(
        .unknownColumn, at: "columns of the recipe",
        "it says nothing of \(listed.joined(separator: ", "))"
          + (new.count > 5 ? " and \(new.count - 5) more" : "")
          + ", which \(new.count == 1 ? "is" : "are") left out",
        remedy: "add them to the recipe if they matter", .note)
    }
    for column in table.columns.indices {
      guard let number = ruleOfColumn[column], recipe.columns[number].role == .undecided else {
        continue
      }
      let reason = recipe.columns[number].reason.map { ": \($0)" } ?? ""
      log.report(
        .undecidedColumn,
        at: Places.column(column, unit: table.unit) + " (\(table.columns[column].title))",
        "nobody has said what the column is\(reason)",
        remedy: "give columns[\(number)] of the recipe the role item, metadata or ignore; or use "
          + "`items:`, `metadata:` or `ignore:`")
    }
  }

  func columns(_ roles: Recipe.Role...) -> [Int] {
    ruleOfColumn.indices.filter { column in
      ruleOfColumn[column].map { roles.contains(recipe.columns[$0].role) } ?? false
    }
  }

  func rule(_ column: Int) -> Recipe.ColumnRule {
    ruleOfColumn[column].map { recipe.columns[$0] }
      ?? Recipe.ColumnRule(column: table.columns[column].name, role: .ignore)
  }

  private mutating func single(_ role: Recipe.Role, isNeeded: Bool) -> Int? {
    let found = columns(role)
    if found.count > 1 {
      log.report(
        .recipe, at: "columns of the recipe",
        "\(found.count) columns have the role \(role.rawValue)", remedy: "leave one of them")
    } else if found.isEmpty, isNeeded {
      log.report(
        .recipe, at: "columns of the recipe", "no column has the role \(role.rawValue)",
        remedy: "give it to one")
    }
    return found.first
  }

  /// Items in the order of the codebook, then in that of the table.
  private func order(_ column: Int) -> Int {
    codebook?.place(ofColumn: table.columns[column].name)
      ?? (codebook?.names.count ?? 0) + column
  }

  /// Says which names of a codebook the table does not have.
  mutating func note(unusedOf codebook: Codebook) {
    let used = Set(table.columns.compactMap { codebook.place(ofColumn: $0.name) })
    let unused = codebook.names.enumerated().filter { !used.contains($0.offset) }.map(\.element)
    guard !unused.isEmpty else { return }
    log.report(
      .unknownColumn, at: "the codebook",
      "\(unused.count) of its \(codebook.names.count) names are no columns of the table: "
        + unused.prefix(5).map { ScanProblem.quoted($0) }.joined(separator: ", ")
        + (unused.count > 5 ? ", …" : ""),
      remedy: "check that it is the codebook of this table", .note)
  }

  // MARK: Words

  /// The meaning of words: of one column, or of all.
  struct Meaning {
    var cells: [String: Answer] = [:]
    var rules: [(Comparison, Cell)] = []
    var scale: Recipe.Scale?
    var undecided: [String: String] = [:]

    init(_ words: Recipe.Words?, path: String, decimal: DecimalSign) {
      guard let words else { return }
      let lists: [(Cell, [String])] = [
        (.yes, words.yes), (.no, words.no), (.notApplicable, words.na), (.absent, words.absent),
      ]
      for (cell, list) in lists {
        for word in list {
          if let rule = Comparison(WordForm.trimmed(word)) {
            rules.append((rule, cell))
          } else {
            cells[WordForm.normal(word, decimal: decimal)] = Answer(cell)
          }
        }
      }
      for (word, share) in words.credit {
        cells[WordForm.normal(word, decimal: decimal)] = Answer(share: share)
      }
      scale = words.scale
      for (number, word) in words.undecided.enumerated() {
        undecided[WordForm.normal(word, decimal: decimal)] = "\(path).undecided[\(number)]"
      }
    }

    func answer(_ normal: String, _ number: Double?) -> Answer? {
      if let answer = cells[normal] { return answer }
      guard let number else { return nil }
      if let share = scale?.share(number) { return Answer(share: share) }
      return (rules.first { $0.0.holds(number) }?.1).map { Answer($0) }
    }
  }

  /// What the texts of a column mean; those that mean nothing are told, with all places.
  private mutating func answers(of column: Int) -> [Answer?] {
    let source = table.columns[column]
    let own = Meaning(
      rule(column).words, path: "columns[\(ruleOfColumn[column] ?? 0)].words", decimal: decimal)
    let all = Meaning(recipe.words, path: "words", decimal: decimal)
    var labels = source.notes.valueLabels
    if let more = rule(column).labels { labels.merge(more) { $1 } }
    var places: [String: [Int]] = [:]
    var result = [Answer?](repeating: nil, count: source.texts.count)
    var failed: [String] = []
    var failedCode = [String?](repeating: nil, count: source.texts.count)
    for (code, text) in source.texts.enumerated() {
      let trimmed = WordForm.trimmed(text)
      let normal = WordForm.normal(trimmed, decimal: decimal)
      let number = WordForm.number(trimmed, decimal: decimal)
      let meaning = (labels[trimmed] ?? labels[normal]).map {
        WordForm.normal($0, decimal: decimal)
      }
      result[code] =
        own.answer(normal, number) ?? meaning.flatMap { own.answer($0, nil) }
        ?? meaning.flatMap { all.answer($0, nil) } ?? all.answer(normal, number)
      if result[code] == nil { failedCode[code] = trimmed }
    }
    note(scale: own.scale ?? all.scale, of: column)
    guard failedCode.contains(where: { $0 != nil }) else { return result }
    for (row, code) in source.codes.enumerated() {
      guard let word = failedCode[Int(code)] else { continue }
      if places[word] == nil { failed.append(word) }
      places[word, default: []].append(table.place(row))
    }
    let columnPlace = Places.column(column, unit: table.unit) + " (\(source.title))"
    for word in failed {
      let lines = places[word] ?? []
      let label = labels[word].map { ", which the file calls \(ScanProblem.quoted($0))," } ?? ""
      let normal = WordForm.normal(word, decimal: decimal)
      let path =
        own.undecided[normal] ?? all.undecided[normal]
        ?? labels[word].flatMap { all.undecided[WordForm.normal($0, decimal: decimal)] }
      log.report(
        word.isEmpty ? .undecidedWord : .notAnAnswer,
        at: "\(Places.lines(lines, unit: table.unit)), \(columnPlace)",
        word.isEmpty
          ? "\(lines.count) empty cell\(lines.count == 1 ? "" : "s"), and nobody has said whether empty is no or never asked"
          : "\(ScanProblem.quoted(word))\(label) is not known to be an answer",
        remedy: word.isEmpty
          ? "say `no: ''` or `absent: ''`" + (path.map { ", or move \($0) of the recipe" } ?? "")
          : remedy(for: word, path: path))
    }
    return result
  }

  private func remedy(for word: String, path: String?) -> String {
    let quoted = word.contains("'") || word.contains(" ") ? "\"\(word)\"" : word
    let isNumber = WordForm.number(word, decimal: decimal) != nil
    let share = WordForm.number(word, decimal: decimal).map { 0...1 ~= $0 } ?? true
    let credit =
      share ? ", or `credit:` '\(word)\(isNumber ? "" : "=0.5")'" : ", or `credit:` '0..4'"
    let rule =
      credit + (isNumber ? ", or a rule for numbers such as `yes: '>= 1'` `no: '< 1'`" : "")
    return "say `yes:`, `no:`, `na:` or `absent:` \(quoted)"
      + (path.map { ", or move \($0) of the recipe to the list that it belongs to" } ?? "") + rule
  }

  /// Says which columns of zeros and ones a scale reads.
  private mutating func note(scale: Recipe.Scale?, of column: Int) {
    guard let scale, max(scale.worst, scale.best) > 1 else { return }
    let source = table.columns[column]
    let used = Set(source.codes)
    let numbers = source.texts.indices.filter { used.contains(Int32($0)) }
      .compactMap { WordForm.number(WordForm.trimmed(source.texts[$0]), decimal: decimal) }
    guard !numbers.isEmpty, numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else { return }
    log.report(
      .undecidedWord, at: Places.column(column, unit: table.unit) + " (\(source.title))",
      "the column holds no number but 0 and 1, and is read on the scale of the others",
      remedy: "if it says no and yes, give the column words of its own in the recipe", .note)
  }

  // MARK: Papers

  /// Texts that say that nothing is known.
  private static let unknown: Set<String> = [
    "", "na", "n/a", "nan", "<na>", "#n/a", "null", "none",
  ]

  static func isUnknown(_ text: String) -> Bool {
    text.utf8.count <= 5 && unknown.contains(text.lowercased())
  }

  /// Sets a metadata column of a paper; false when the text is not of its kind.
  private func set(_ name: String, _ text: String, of paper: inout Paper) -> Bool {
    let number = WordForm.number(text, decimal: decimal)
    let plain =
      decimal == .comma && number != nil && text.contains(",")
      ? String(text.map { $0 == "," ? "." : $0 }) : text
    if let kind = MetadataColumn(rawValue: name) { return kind.set(plain, of: &paper) }
    paper.covariates[name] = plain
    return true
  }

  struct Field {
    let column: Int
    let name: String
    let isBuiltIn: Bool
    var faults: [String: [Int]] = [:]
  }

  private mutating func metadataFields() -> [Field] {
    var fields: [Field] = []
    var taken: Set<String> = ["paper"]
    for column in columns(.metadata) {
      let rule = rule(column)
      let name = rule.name ?? rule.column
      guard !name.isEmpty, taken.insert(name).inserted else {
        log.report(
          .nameClash,
          at: Places.column(column, unit: table.unit) + " (\(table.columns[column].title))",
          name.isEmpty
            ? "the metadata have no name"
            : "the metadata \(ScanProblem.quoted(name)) are there twice",
          remedy: "give columns[\(ruleOfColumn[column] ?? 0)] of the recipe another name")
        continue
      }
      let isBuiltIn = MetadataColumn(rawValue: name) != nil
      if !isBuiltIn { covariateNames.append(name) }
      fields.append(Field(column: column, name: name, isBuiltIn: isBuiltIn))
    }
    return fields
  }

  private mutating func report(_ fields: [Field]) {
    for field in fields {
      for (text, places) in field.faults.sorted(by: { $0.value[0] < $1.value[0] }) {
        log.report(
          .invalidValue,
          at: Places.lines(places, unit: table.unit) + ", "
            + Places.column(field.column, unit: table.unit)
            + " (\(table.columns[field.column].title))",
          text.isEmpty
            ? "\(places.count == 1 ? "a paper has" : "\(places.count) papers have") no weight where others have one"
            : "\(ScanProblem.quoted(text)) is no \(field.name)",
          remedy: field.name == MetadataColumn.weight.rawValue
            ? "write a finite number of at least 0, or NA to count as 1"
            : "write NA if it is unknown, or give columns[\(ruleOfColumn[field.column] ?? 0)] of "
              + "the recipe another name")
      }
    }
  }

  /// Describes the paper of a row.
  private func fill(_ paper: inout Paper, row: Int, _ fields: inout [Field]) {
    for index in fields.indices {
      let text = WordForm.trimmed(table.columns[fields[index].column].text(row))
      // What is not written is no weight of 1; NA says that it counts as one.
      let isBlankWeight = text.isEmpty && fields[index].name == MetadataColumn.weight.rawValue
      guard !Self.isUnknown(text) || isBlankWeight else { continue }
      if !set(fields[index].name, text, of: &paper) {
        fields[index].faults[text, default: []].append(table.place(row))
      }
    }
  }

  private mutating func key(_ column: Int?, row: Int, missing: inout [Int]) -> String {
    guard let column else { return "row-\(table.place(row))" }
    let text = WordForm.trimmed(table.columns[column].text(row))
    if Self.isUnknown(text) { missing.append(table.place(row)) }
    return text
  }

  private mutating func report(missing: [Int], _ column: Int?) {
    guard !missing.isEmpty, let column else { return }
    log.report(
      .unnamedPaper,
      at: Places.lines(missing, unit: table.unit) + ", " + Places.column(column, unit: table.unit)
        + " (\(table.columns[column].title))",
      "\(missing.count) row\(missing.count == 1 ? " has" : "s have") no name of a paper",
      remedy: "name the papers, or choose another column with `paper:`")
  }

  // MARK: Layouts

  mutating func wide() -> BinaryMatrix? {
    let keyColumn = single(.paper, isNeeded: false)
    let raterColumn = single(.rater, isNeeded: false)
    if keyColumn == nil {
      log.report(
        .unnamedPaper, at: "columns of the recipe",
        "no column names papers; rows are named by their "
          + "\(table.unit.rawValue)s", remedy: "choose one with `paper:` if there is one", .note)
    }
    let raters = recipe.ratersOfColumns
    if !raters.isEmpty {
      return sideBySide(raters, keyColumn: keyColumn, raterColumn: raterColumn)
    }
    var items: [Item] = []
    var readers: [(column: Int, answers: [Answer?])] = []
    for column in columns(.item).sorted(by: { order($0) < order($1) }) {
      items.append(item(column))
      readers.append((column, answers(of: column)))
    }
    for column in columns(.choices) {
      let (options, answers) = choices(of: column)
      items += options
      readers += answers.map { (column, $0.map { $0.map { Answer($0) } }) }
    }
    checkNames(items)
    if items.isEmpty, columns(.undecided).isEmpty {
      log.report(
        .recipe, at: "columns of the recipe", "no column is an item",
        remedy: "name items with `items:`, or give columns of the recipe the role item")
    }
    let papers = papers(keyColumn, raterColumn)
    guard !log.problems.contains(where: { $0.severity == .refused }) else { return nil }
    let planes = readers.map { (table.columns[$0.column].codes, $0.answers) }
    return Self.matrix(papers, items) { paper, item in
      let (codes, answers) = planes[item]
      return answers[Int(codes[codes.startIndex + paper])]
    }
  }

  /// The matrix of raters who stand side by side: a row for each rater of a paper.
  ///
  /// Columns without a rater, and choices, are those of a further row without one. A rater who answered
  /// nothing of a paper has no row of it, unless no other has.
  private mutating func sideBySide(
    _ raters: [String], keyColumn: Int?, raterColumn: Int?
  ) -> BinaryMatrix? {
    if let raterColumn {
      log.report(
        .recipe, at: Places.column(raterColumn, unit: table.unit),
        "raters stand in this column and side by side (\(raters.joined(separator: ", ")))",
        remedy: "give it another role, or take the raters out of the other columns")
    }
    struct Source {
      let codes: ArraySlice<Int32>
      let answers: [Answer?]
    }
    var items: [Item] = []
    var places: [String: Int] = [:]
    /// For each rater, the last of whom is none, the source of each item.
    var sources: [[Int: Source]] = [[Int: Source]](repeating: [:], count: raters.count + 1)
    func add(_ item: Item, _ source: Source, of rater: Int) -> Bool {
      let place = places[item.id.description] ?? items.count
      if place == items.count {
        places[item.id.description] = place
        items.append(item)
      }
      return sources[rater].updateValue(source, forKey: place) == nil
    }
    for column in columns(.item).sorted(by: { order($0) < order($1) }) {
      let rater = rule(column).rater.flatMap { raters.firstIndex(of: $0) } ?? raters.count
      let source = Source(codes: table.columns[column].codes, answers: answers(of: column))
      let item = item(column)
      if !add(item, source, of: rater) {
        log.report(
          .nameClash, at: Places.column(column, unit: table.unit),
          "\(ScanProblem.quoted(item.id.description))"
            + (rater < raters.count ? " of rater \(ScanProblem.quoted(raters[rater]))" : "")
            + " is there twice",
          remedy: "give columns[\(ruleOfColumn[column] ?? 0)] of the recipe another name or rater")
      }
    }
    for column in columns(.choices) {
      let (options, answers) = choices(of: column)
      for (item, cells) in zip(options, answers) {
        let source = Source(
          codes: table.columns[column].codes, answers: cells.map { $0.map { Answer($0) } })
        if !add(item, source, of: raters.count) { checkNames([item, item]) }
      }
    }
    let rows = papers(keyColumn, nil)
    guard !log.problems.contains(where: { $0.severity == .refused }) else { return nil }
    func answer(_ row: Int, _ rater: Int, _ item: Int) -> Answer? {
      sources[rater][item].flatMap { source in
        source.answers[Int(source.codes[source.codes.startIndex + row])]
      }
    }
    var papers: [Paper] = []
    var origins: [(row: Int, rater: Int)] = []
    var silent = [Int](repeating: 0, count: raters.count)
    for row in rows.indices {
      let known = sources.indices.filter { rater in
        sources[rater].keys.contains { item in
          answer(row, rater, item).map { $0 != Answer(.absent) } ?? false
        }
      }
      for rater in known.isEmpty ? [0] : known {
        var paper = rows[row]
        if rater < raters.count { paper.rater = raters[rater] }
        papers.append(paper)
        origins.append((row, rater))
      }
      for rater in raters.indices where !known.contains(rater) { silent[rater] += 1 }
    }
    for (rater, count) in zip(raters, silent) where count > 0 {
      log.report(
        .emptyRows, at: "rater \(rater)",
        "of \(count) paper\(count == 1 ? "" : "s") no answer is there, so that the matrix has no row of "
          + "\(count == 1 ? "it" : "them") by this rater",
        remedy: "check that nothing is missing", .note)
    }
    return Self.matrix(papers, items) { paper, item in
      answer(origins[paper].row, origins[paper].rater, item)
    }
  }

  /// A matrix of answers, some of them partial.
  private static func matrix(
    _ papers: [Paper], _ items: [Item], answer: (_ paper: Int, _ item: Int) -> Answer?
  ) -> BinaryMatrix {
    var credits: [PartialCredit] = []
    let matrix = BinaryMatrix(papers: papers, items: items) { paper, item in
      guard let answer = answer(paper, item) else { return .absent }
      if let share = answer.share {
        credits.append(PartialCredit(paper: paper, item: item, share: share))
      }
      return answer.cell
    }
    return credits.isEmpty ? matrix : matrix.crediting(credits)
  }

  private mutating func papers(_ keyColumn: Int?, _ raterColumn: Int?) -> [Paper] {
    var fields = metadataFields()
    var missing: [Int] = []
    var papers: [Paper] = []
    papers.reserveCapacity(table.rowCount)
    let keyName = keyColumn.flatMap { rule($0).name }
    if let keyName, MetadataColumn(rawValue: keyName) == nil,
      !fields.contains(where: { $0.name == keyName })
    {
      covariateNames.append(keyName)
    }
    var seen: [[String]: Int] = [:]
    for row in 0..<table.rowCount {
      var paper = Paper(slug: key(keyColumn, row: row, missing: &missing))
      fill(&paper, row: row, &fields)
      if let keyName, !Self.isUnknown(paper.slug) { _ = set(keyName, paper.slug, of: &paper) }
      if let raterColumn {
        let text = WordForm.trimmed(table.columns[raterColumn].text(row))
        if !Self.isUnknown(text) { paper.rater = text }
      }
      let identity = [paper.slug, paper.version.map(String.init) ?? "", paper.rater ?? ""]
      if let first = seen[identity] {
        log.report(
          .repeatedRow, at: "\(table.unit.rawValue) \(table.place(row))",
          "\(ScanProblem.quoted(paper.slug))\(paper.rater.map { " by \(ScanProblem.quoted($0))" } ?? "")"
            + " is already on \(table.unit.rawValue) \(first)",
          remedy: "remove one, or name the column that tells them apart with `rater:` or `paper:`")
      } else {
        seen[identity] = table.place(row)
      }
      papers.append(paper)
    }
    report(missing: missing, keyColumn)
    report(fields)
    return papers
  }

  private func item(_ column: Int) -> Item {
    let rule = rule(column)
    let source = table.columns[column]
    let category = rule.category ?? source.category ?? ""
    var name = rule.name ?? rule.column
    if name.isEmpty { name = "column \(column + 1)" }
    return Self.item(
      category: category, name: name, label: rule.label ?? source.label,
      module: rule.module ?? source.module)
  }

  /// An item whose name can be read back: a dot divides categories and names, so that a name has none.
  static func item(
    category: String, name: String, label: String?, module: String? = nil
  ) -> Item {
    let isDivided = !category.isEmpty && name.contains(".")
    let id = ItemID(
      category: category, name: isDivided ? String(name.map { $0 == "." ? "_" : $0 }) : name)
    return Item(
      id: id, label: label ?? (isDivided ? name : nil), module: module ?? Item.baseModule)
  }

  private mutating func checkNames(_ items: [Item]) {
    var seen: Set<String> = []
    for item in items where !seen.insert(item.id.description).inserted {
      log.report(
        .nameClash, at: "columns of the recipe",
        "two items are called \(ScanProblem.quoted(item.id.description))",
        remedy: "give one of them another name in the recipe, or ignore it")
    }
  }

  /// The items of a column of lists.
  private mutating func choices(of column: Int) -> (items: [Item], answers: [[Cell?]]) {
    let source = table.columns[column]
    let rule = rule(column)
    let separator = rule.separator ?? ","
    var options: [String] = []
    var numbers: [String: Int] = [:]
    var lists: [Set<Int>?] = []
    // The first texts are those of the header.
    let used = Set(source.codes)
    for (code, text) in source.texts.enumerated() {
      let trimmed = WordForm.trimmed(text)
      guard used.contains(Int32(code)), !Self.isUnknown(trimmed) else {
        lists.append(nil)
        continue
      }
      var list: Set<Int> = []
      for part in trimmed.split(separator: Character(separator)) {
        let option = WordForm.trimmed(String(part))
        guard !option.isEmpty else { continue }
        let number = numbers[option] ?? options.count
        if number == options.count {
          numbers[option] = number
          options.append(option)
        }
        list.insert(number)
      }
      lists.append(list)
    }
    if options.count > 200 {
      log.report(
        .recipe, at: "columns[\(ruleOfColumn[column] ?? 0)].role of the recipe",
        "the column has \(options.count) different choices", remedy: "give it the role ignore")
      return ([], [])
    }
    let category = rule.name ?? rule.column
    let items = options.map { Self.item(category: category, name: $0, label: nil) }
    let answers = options.indices.map { option in
      lists.map { list -> Cell? in list.map { $0.contains(option) ? .yes : .no } ?? .absent }
    }
    return (items, answers)
  }

  mutating func long() -> BinaryMatrix? {
    let keyColumn = single(.paper, isNeeded: true)
    let raterColumn = single(.rater, isNeeded: false)
    let categoryColumn = single(.category, isNeeded: false)
    guard let question = single(.question, isNeeded: true),
      let answer = single(.answer, isNeeded: true)
    else { return nil }
    let described = takeRows(question: question)
    let meanings = answers(of: answer)
    var fields = metadataFields()
    var missing: [Int] = []
    var papers: [Paper] = []
    var rowOfPaper: [[String]: Int] = [:]
    var items: [Item] = []
    var itemNumbers: [String: Int] = [:]
    struct Place: Hashable { let paper, item: Int }
    var answers: [Place: (answer: Answer?, place: Int)] = [:]
    var unnamed: [Int] = []
    for row in 0..<table.rowCount {
      var paper = Paper(slug: key(keyColumn, row: row, missing: &missing))
      fill(&paper, row: row, &fields)
      if let raterColumn {
        let text = WordForm.trimmed(table.columns[raterColumn].text(row))
        if !Self.isUnknown(text) { paper.rater = text }
      }
      let identity = [paper.slug, paper.version.map(String.init) ?? "", paper.rater ?? ""]
      let number = rowOfPaper[identity] ?? papers.count
      if number == papers.count {
        rowOfPaper[identity] = number
        papers.append(paper)
      }
      let name = WordForm.trimmed(table.columns[question].text(row))
      if name.isEmpty { unnamed.append(table.place(row)) }
      var category = categoryColumn.map { WordForm.trimmed(table.columns[$0].text(row)) } ?? ""
      if Self.isUnknown(category) { category = "" }
      // Tables of this program name an item as category.item.
      let isFull = !category.isEmpty && name.hasPrefix(category + ".")
      let item = Self.item(
        category: category, name: isFull ? String(name.dropFirst(category.count + 1)) : name,
        label: nil)
      let itemNumber = itemNumbers[item.id.description] ?? items.count
      if itemNumber == items.count {
        itemNumbers[item.id.description] = itemNumber
        items.append(item)
      }
      let codes = table.columns[answer].codes
      let said = meanings[Int(codes[codes.startIndex + row])]
      let place = Place(paper: number, item: itemNumber)
      if let earlier = answers[place] {
        log.report(
          .repeatedRow, at: "\(table.unit.rawValue) \(table.place(row))",
          "\(ScanProblem.quoted(item.id.description)) of \(ScanProblem.quoted(paper.slug)) is answered already on \(table.unit.rawValue) \(earlier.place)",
          remedy: earlier.answer == said
            ? "remove one" : "remove one, or name the column of raters with `rater:`")
      } else {
        answers[place] = (said, table.place(row))
      }
    }
    var rowsOfSlug: [String: [Int]] = [:]
    for (number, paper) in papers.enumerated() {
      rowsOfSlug[paper.slug, default: []].append(number)
    }
    for (row, name) in described.metadata {
      func text(_ column: Int?) -> String? {
        column.map { WordForm.trimmed(described.table.columns[$0].text(row)) }
      }
      let rater = text(raterColumn)
      let owners = (rowsOfSlug[text(keyColumn) ?? ""] ?? []).filter {
        rater == nil || papers[$0].rater == rater
      }
      describe(
        &papers, name, place: "\(table.unit.rawValue) \(described.table.place(row))",
        owners.map { ($0, text(answer) ?? "") })
    }
    report(missing: missing, keyColumn)
    report(fields)
    if !unnamed.isEmpty {
      log.report(
        .recipe, at: Places.lines(unnamed, unit: table.unit), "the item has no name",
        remedy: "name it, or remove the row")
    }
    guard !log.problems.contains(where: { $0.severity == .refused }) else { return nil }
    return Self.matrix(papers, items) { paper, item in
      answers[Place(paper: paper, item: item)]?.answer
    }
  }

  /// Takes the rows out of the table that are no items, by what names them.
  ///
  /// - Returns: The table as it was, and the rows of metadata with their names.
  private mutating func takeRows(
    question: Int
  ) -> (table: NamedTable, metadata: [(row: Int, name: String)], headings: [Int: String]) {
    let whole = table
    guard !recipe.rows.isEmpty else { return (whole, [], [:]) }
    let rules = Dictionary(
      recipe.rows.map { (WordForm.trimmed($0.row), $0) }, uniquingKeysWith: { first, _ in first })
    var taken: Set<Int> = []
    var used: Set<String> = []
    var metadata: [(row: Int, name: String)] = []
    var headings: [Int: String] = [:]
    for row in 0..<table.rowCount {
      guard let rule = rules[WordForm.trimmed(table.columns[question].text(row))] else { continue }
      taken.insert(row)
      used.insert(rule.row)
      if rule.role == .metadata { metadata.append((row, rule.name ?? rule.row)) }
      if rule.role == .category { headings[row - taken.count + 1] = rule.name ?? rule.row }
    }
    for (number, rule) in recipe.rows.enumerated() where !used.contains(rule.row) {
      log.report(
        .recipe, at: "rows[\(number)].row of the recipe",
        "no row is called \(ScanProblem.quoted(rule.row))", remedy: "name one that is there")
    }
    for name in metadata.map(\.name)
    where MetadataColumn(rawValue: name) == nil && !covariateNames.contains(name) {
      covariateNames.append(name)
    }
    table = whole.removing(rows: taken)
    return (whole, metadata, headings)
  }

  /// Describes papers by a row of metadata.
  private mutating func describe(
    _ papers: inout [Paper], _ name: String, place: String, _ texts: [(paper: Int, text: String)]
  ) {
    for (paper, text) in texts {
      let text = WordForm.trimmed(text)
      let isBlankWeight = text.isEmpty && name == MetadataColumn.weight.rawValue
      guard !Self.isUnknown(text) || isBlankWeight else { continue }
      guard !set(name, text, of: &papers[paper]) else { continue }
      log.report(
        .invalidValue, at: place,
        "\(ScanProblem.quoted(text)) of \(ScanProblem.quoted(papers[paper].slug)) is no \(name)",
        remedy: "write NA if it is unknown, or give the row another name in the recipe")
    }
  }

  mutating func transposed() -> BinaryMatrix? {
    let categoryColumn = single(.category, isNeeded: false)
    guard let question = single(.question, isNeeded: true) else { return nil }
    let paperColumns = columns(.answer)
    if paperColumns.isEmpty {
      log.report(
        .recipe, at: "columns of the recipe", "no column is a paper's answers",
        remedy: "give the papers' columns the role answer")
    }
    let described = takeRows(question: question)
    var items: [Item] = []
    var category = ""
    for row in 0..<table.rowCount {
      if let categoryColumn {
        let text = WordForm.trimmed(table.columns[categoryColumn].text(row))
        // Merged cells leave the category of the next rows empty.
        if !text.isEmpty { category = text }
      }
      if let heading = described.headings[row] { category = heading }
      items.append(
        Self.item(
          category: category, name: WordForm.trimmed(table.columns[question].text(row)),
          label: nil))
    }
    checkNames(items)
    var papers: [Paper] = []
    var planes: [(ArraySlice<Int32>, [Answer?])] = []
    var seen: Set<String> = []
    for column in paperColumns {
      let slug = rule(column).name ?? table.columns[column].name
      if Self.isUnknown(slug) || !seen.insert(slug).inserted {
        log.report(
          .unnamedPaper, at: Places.column(column, unit: table.unit),
          slug.isEmpty
            ? "the paper has no name" : "the paper \(ScanProblem.quoted(slug)) is there twice",
          remedy: "name every paper once")
      }
      papers.append(Paper(slug: slug))
      planes.append((table.columns[column].codes, answers(of: column)))
    }
    for (row, name) in described.metadata {
      describe(
        &papers, name, place: "\(table.unit.rawValue) \(described.table.place(row))",
        paperColumns.enumerated().map { ($0, described.table.columns[$1].text(row)) })
    }
    guard !log.problems.contains(where: { $0.severity == .refused }) else { return nil }
    return Self.matrix(papers, items) { paper, item in
      let (codes, answers) = planes[paper]
      return answers[Int(codes[codes.startIndex + item])]
    }
  }
}
