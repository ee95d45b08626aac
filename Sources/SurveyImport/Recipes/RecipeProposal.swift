import SurveyStats

/// Proposes a recipe for a table: what each column is, and why.
///
/// Keys are found by their names and by being unique, items by their values, and what could be one or
/// the other is left undecided. What a person has said always goes before.
public struct RecipeProposal: Sendable {
  /// What a person has said.
  public var choices: ImportChoices

  /// Creates a proposer.
  public init(_ choices: ImportChoices = ImportChoices()) { self.choices = choices }

  /// The recipe proposed for a table whose source is known.
  public func recipe(for grid: TableGrid, source: Recipe.Source) -> Recipe {
    var recipe = Recipe(source: source)
    recipe.layout.header = Self.header(of: grid)
    var table = NamedTable(grid, header: recipe.layout.header)
    choices.codebook?.annotate(&table)
    var reader = WordReader()
    reader.decimal = choices.decimal ?? Self.decimal(of: table, delimiter: source.delimiter)
    if reader.decimal == .comma { recipe.source.decimal = .comma }
    let texts = Set(table.columns.flatMap(\.texts).map(WordForm.trimmed))
    for (cell, words) in said(in: texts) {
      for word in words {
        reader.declared[reader.normal(word)] = cell
        reader.texts[reader.normal(word)] = word
      }
    }
    for rule in choices.credit {
      switch rule {
      case .word(let word, let share):
        reader.credit[reader.normal(word)] = share
        reader.texts[reader.normal(word)] = word
      case .scale(let scale): reader.scale = scale
      }
    }
    var draft = Draft(
      table: table, reader: reader, choices: choices, isNested: source.format == .json)
    draft.assign()
    recipe.layout.kind = draft.layout
    recipe.columns = draft.rules
    recipe.rows = draft.rowRules
    recipe.words = draft.words
    return recipe
  }

  /// The words that were said, lists with commas divided unless the data have them whole.
  private func said(in texts: Set<String>) -> [(Cell, [String])] {
    func split(_ words: [String]) -> [String] {
      words.flatMap { word -> [String] in
        let isWhole = texts.contains(word) || !word.contains(",") || Comparison(word) != nil
        return isWhole
          ? [word] : word.split(separator: ",").map { WordForm.trimmed(String($0)) }
      }
    }
    return [
      (.yes, split(choices.yes)), (.no, split(choices.no)), (.notApplicable, split(choices.na)),
      (.absent, split(choices.absent)),
    ]
  }

  /// What the first rows are.
  static func header(of grid: TableGrid) -> [Recipe.Layout.HeaderRow] {
    guard !grid.hasNames, grid.rowCount >= 3 else { return [.name] }
    let first = grid.row(0).map(WordForm.trimmed)
    let second = grid.row(1).map(WordForm.trimmed)
    if grid.row(2).contains(where: { $0.hasPrefix("{\"ImportId\"") }) {
      return [.name, .label, .skip]
    }
    let filled = first.filter { !$0.isEmpty }
    // SurveyMonkey's second row.
    if second.contains(where: { ["Response", "Open-Ended Response"].contains($0) }) {
      return [.category, .name]
    }
    if isLabels(second, of: grid, row: 1), Set(filled).count == first.count {
      return [.name, .label]
    }
    let hasGroups = Set(filled).count < filled.count || first.dropFirst().contains("")
    guard hasGroups, first.count > 2 else { return [.name] }
    let vocabulary = Vocabulary.builtIn
    let isData = second.contains { text in
      let normal = WordForm.normal(text)
      return !text.isEmpty
        && (vocabulary.cell(normal) != nil || WordForm.number(text, decimal: .point) != nil)
    }
    let isNamed = second.filter { !$0.isEmpty }.count * 2 > second.count
    var category = ""
    let names = zip(first, second).map { top, below in
      if !top.isEmpty { category = top }
      return below.isEmpty ? top : "\(category).\(below)"
    }
    guard !isData, isNamed, Set(names).count == names.count else { return [.name] }
    return isLabels(grid.row(2).map(WordForm.trimmed), of: grid, row: 2)
      ? [.category, .name, .label] : [.category, .name]
  }

  /// Whether a row below the names holds questions: it names no paper, unlike the next row, and says
  /// something else in every column that has no answers.
  private static func isLabels(_ texts: [String], of grid: TableGrid, row: Int) -> Bool {
    guard grid.rowCount > row + 2, texts.count > 1, texts[0].isEmpty,
      !WordForm.trimmed(grid[row + 1, 0]).isEmpty
    else { return false }
    let filled = texts.filter { !$0.isEmpty }
    guard filled.count >= 2, filled.count * 2 > texts.count - 1, Set(filled).count == filled.count
    else { return false }
    return filled.allSatisfy { text in
      Vocabulary.builtIn.cell(WordForm.normal(text)) == nil
        && WordForm.number(text, decimal: .point) == nil
    }
  }

  /// A comma where numbers have commas and none a point, and the comma divides no fields.
  static func decimal(of table: NamedTable, delimiter: String?) -> DecimalSign {
    guard delimiter != ",", delimiter != nil else { return .point }
    var commas = 0
    for column in table.columns {
      for text in column.texts.prefix(10_000) where text.utf8.count < 30 {
        let text = WordForm.trimmed(text)
        if text.contains(","), WordForm.number(text, decimal: .comma) != nil { commas += 1 }
        if text.contains("."), !text.contains(","), WordForm.number(text, decimal: .point) != nil {
          return .point
        }
      }
    }
    return commas > 0 ? .comma : .point
  }
}

/// A rule for numbers, such as `>= 0.5`.
struct Comparison {
  enum Sign: String { case atLeast = ">=", atMost = "<=", above = ">", below = "<" }
  let sign: Sign
  let limit: Double

  init?(_ text: String) {
    for sign in [Sign.atLeast, .atMost, .above, .below] where text.hasPrefix(sign.rawValue) {
      let number = WordForm.trimmed(String(text.dropFirst(sign.rawValue.count)))
      guard
        let limit = WordForm.number(number, decimal: .point)
          ?? WordForm.number(number, decimal: .comma)
      else { return nil }
      self.sign = sign
      self.limit = limit
      return
    }
    return nil
  }

  func holds(_ number: Double) -> Bool {
    switch sign {
    case .atLeast: number >= limit
    case .atMost: number <= limit
    case .above: number > limit
    case .below: number < limit
    }
  }
}

/// A proposal under way.
private struct Draft {
  let table: NamedTable
  let reader: WordReader
  let choices: ImportChoices
  private(set) var profiles: [ColumnProfile]
  let names: [String]
  /// The words of labels, which may say more than the names.
  let labels: [String]
  var rules: [Recipe.ColumnRule]
  var rowRules: [Recipe.RowRule] = []
  var words = Recipe.Words()
  var layout = Recipe.Layout.Kind.wide
  var isDone: [Bool]
  private var isMatrixForm: Bool { table.columns.first?.name == "paper" }
  /// Whether dots in names are those of nested records.
  let isNested: Bool
  /// Whether names start with a code, as LimeSurvey writes them: `q1. Is the code released?`.
  let isNumbered: Bool

  init(table: NamedTable, reader: WordReader, choices: ImportChoices, isNested: Bool) {
    self.table = table
    self.isNested = isNested
    let codes = table.columns.map { ColumnNames.numbered($0.name) }
    isNumbered = codes.count > 2 && codes.count { $0 != nil } * 2 > codes.count
    self.reader = reader
    self.choices = choices
    profiles = table.columns.map { ColumnProfile($0, reading: reader) }
    let isNumbered = isNumbered
    names = zip(table.columns, codes).map { column, numbered in
      let words = ColumnNames.words(isNumbered ? numbered?.code ?? column.name : column.name)
      guard isNested, ColumnNames.metadata(words) == nil,
        let last = column.name.split(separator: ".").last
      else { return words }
      let own = ColumnNames.words(String(last))
      return ColumnNames.metadata(own) != nil ? own : words
    }
    labels = table.columns.map { ColumnNames.words($0.label ?? "") }
    rules = table.columns.map { column in
      var rule = Recipe.ColumnRule(column: column.name, role: .undecided)
      if column.occurrence > 1 { rule.occurrence = column.occurrence }
      return rule
    }
    isDone = table.columns.map { _ in false }
  }

  private mutating func set(_ column: Int, _ role: Recipe.Role, _ reason: String) {
    rules[column].role = role
    rules[column].reason = reason
    isDone[column] = true
  }

  private func matches(_ column: Int, _ patterns: [GlobPattern]) -> Bool {
    let column = table.columns[column]
    let full = column.category.map { "\($0).\(column.name)" }
    return patterns.contains { $0.matches(column.name) || full.map($0.matches) == true }
  }

  mutating func assign() {
    let ignored = choices.ignore.map(GlobPattern.init)
    for column in rules.indices {
      let name = table.columns[column].name
      if choices.paper == name {
        set(column, .paper, "by `paper:`")
      } else if choices.rater == name {
        set(column, .rater, "by `rater:`")
      } else if matches(column, ignored) {
        set(column, .ignore, "by `ignore:`")
      } else if choices.metadata.contains(name) {
        set(column, .metadata, "by `metadata:`")
        nameMetadata(column)
      }
    }
    findLayout()
    if layout != .transposed {
      if layout == .wide { assignNamedItems(byPattern: false) }
      findRater()
      findKey()
      if layout == .wide { assignNamedItems(byPattern: true) }
    }
    switch layout {
    case .wide:
      assignItems()
      assignRaterMarks()
    case .long, .transposed: assignRest()
    }
    collectWords()
  }

  /// If items are named, these columns and no others are items.
  private mutating func assignNamedItems(byPattern: Bool) {
    let patterns = choices.items.filter { byPattern == ($0.contains("*") || $0.contains("?")) }
      .map(GlobPattern.init)
    guard !patterns.isEmpty else { return }
    for column in rules.indices where !isDone[column] && matches(column, patterns) {
      setItem(column, "by `items:`")
    }
  }

  // MARK: Layout

  private mutating func findLayout() {
    func first(_ known: Set<String>, where fits: (Int) -> Bool = { _ in true }) -> Int? {
      rules.indices.first { !isDone[$0] && known.contains(names[$0]) && fits($0) }
    }
    let answered = rules.indices.filter { column in
      !isDone[column] && isAnswers(profiles[column])
    }
    if choices.transposes {
      layout = .transposed
      let leading = rules.indices.filter { !isDone[$0] && !answered.contains($0) }
      let question =
        leading.first { ColumnNames.questions.contains(names[$0]) }
        ?? leading.last { profiles[$0].isUnique && !hasAnswers($0) }
        ?? leading.first { profiles[$0].isUnique } ?? leading.last
      takeRows(question: question)
      transpose(question)
      return
    }
    guard choices.items.isEmpty, let question = first(ColumnNames.questions) else { return }
    if let answer = first(
      ColumnNames.answers,
      where: { column in
        let profile = profiles[column]
        return isAnswers(profile) || profile.words.contains { $0.cell == .yes }
          || profile.words.count <= 8 && profile.words.count * 2 <= profile.filledCount
      }),
      !profiles[question].isUnique || table.rowCount < 3
    {
      layout = .long
      takeRows(question: question, answer: answer)
      set(question, .question, "its name, beside a column of answers")
      set(answer, .answer, "its name and its words")
      if let category = first(ColumnNames.categories) {
        set(category, .category, "its name")
      }
    } else if choices.paper == nil, profiles[question].isUnique,
      !rules.indices.contains(where: { isKeyName(names[$0]) })
    {
      let whole = (profiles, rowRules)
      takeRows(question: question)
      // Rows about papers are rows of text too, when their names do not tell them.
      let answers = rules.indices.filter {
        !isDone[$0] && (rowRules.isEmpty ? isAnswers(profiles[$0]) : hasAnswers($0))
      }
      if answers.count >= 2, answers.count + 3 >= rules.count {
        layout = .transposed
        transpose(question)
      } else {
        (profiles, rowRules) = whole
      }
    }
  }

  private func hasAnswers(_ column: Int) -> Bool { profiles[column].answerCount > 0 }

  /// Takes the rows out that tell of papers, by what names them, so that the rest are items.
  private mutating func takeRows(question: Int?, answer: Int? = nil) {
    guard let question else { return }
    var textsOfName: [String: [String]] = [:]
    if let answer {
      for row in 0..<table.rowCount {
        textsOfName[WordForm.trimmed(table.columns[question].text(row)), default: []]
          .append(WordForm.trimmed(table.columns[answer].text(row)))
      }
    }
    let ignored = choices.ignore.map(GlobPattern.init)
    let others = rules.indices.filter {
      $0 != question && !isDone[$0] && !ColumnNames.categories.contains(names[$0])
    }
    var taken: Set<Int> = []
    for row in 0..<table.rowCount {
      let name = WordForm.trimmed(table.columns[question].text(row))
      let known = ColumnNames.words(name)
      let texts =
        textsOfName[name] ?? others.map { WordForm.trimmed(table.columns[$0].text(row)) }
      let isAnswered = texts.contains {
        let cell = reader.cell(normal: reader.normal($0), meaning: nil)
        return cell == .yes || cell == .no
      }
      var rule: Recipe.RowRule?
      if choices.metadata.contains(name) {
        rule = Recipe.RowRule(row: name, role: .metadata, reason: "by `metadata:`")
      } else if ignored.contains(where: { $0.matches(name) }) {
        rule = Recipe.RowRule(row: name, role: .ignore, reason: "by `ignore:`")
      } else if let kind = ColumnNames.metadata(known), !isAnswered || kind == .title {
        rule = Recipe.RowRule(row: name, role: .metadata, name: kind.rawValue, reason: "its name")
      } else if ColumnNames.remarks.contains(known) || ColumnNames.clerical.contains(known),
        !isAnswered
      {
        rule = Recipe.RowRule(row: name, role: .ignore, reason: "remarks")
      } else if answer == nil, !name.isEmpty, texts.allSatisfy(\.isEmpty), row + 1 < table.rowCount,
        !rules.contains(where: { ColumnNames.categories.contains(ColumnNames.words($0.column)) })
      {
        rule = Recipe.RowRule(row: name, role: .category, reason: "a heading: no cell has a text")
      } else if choices.items.isEmpty, !isAnswered,
        texts.contains(where: { !$0.isEmpty }),
        texts.allSatisfy({
          $0.isEmpty || WordForm.number($0, decimal: reader.decimal) != nil
        }),
        texts.contains(where: {
          // Whole numbers up to ten may be a scale, and a half a partial answer.
          guard let number = WordForm.number($0, decimal: reader.decimal) else { return false }
          return number > 10 || Int(exactly: number) == nil && number != 0.5
        })
      {
        rule = Recipe.RowRule(row: name, role: .metadata, reason: "numbers")
      }
      guard var rule else { continue }
      taken.insert(row)
      if rule.name == rule.row { rule.name = nil }
      if !rowRules.contains(where: { $0.row == name }) { rowRules.append(rule) }
    }
    guard !taken.isEmpty else { return }
    let items = table.removing(rows: taken)
    profiles = items.columns.map { ColumnProfile($0, reading: reader) }
  }

  private mutating func transpose(_ question: Int?) {
    let answered = Set(rules.indices.filter { !isDone[$0] && isAnswers(profiles[$0]) })
    for column in rules.indices where !isDone[column] {
      if column == question {
        set(column, .question, "its rows are items")
      } else if column < question ?? 0, profiles[column].words.count < table.rowCount,
        !rules.contains(where: { $0.role == .category && $0.reason != nil })
      {
        set(column, .category, "it stands before the items and repeats")
      } else if answered.contains(column) || profiles[column].answerCount > 0 {
        set(column, .answer, "a paper: its cells are answers")
      } else {
        set(column, .ignore, profiles[column].filledCount == 0 ? "empty" : "no answers")
      }
    }
  }

  // MARK: Keys and raters

  private func isKeyName(_ name: String) -> Bool { ColumnNames.keys.contains(name) }

  private mutating func findRater() {
    guard choices.rater == nil else { return }
    if let column = rules.indices.first(where: {
      !isDone[$0] && ColumnNames.raters.contains(names[$0]) && profiles[$0].filledCount > 0
        && !(names[$0] == "source" && layout == .wide)
    }) {
      set(column, .rater, "its name")
    }
  }

  /// Whether a column, with the raters, names every row once.
  private func isKey(_ column: Int) -> Bool {
    if profiles[column].emptyCount > 0 { return false }
    if layout == .long || profiles[column].isUnique { return true }
    let others = rules.indices.filter { rules[$0].role == .rater || names[$0] == "version" }
    guard !others.isEmpty else { return false }
    var seen: Set<[Int32]> = []
    return (0..<table.rowCount).allSatisfy { row in
      seen.insert(
        ([column] + others).map {
          let codes = table.columns[$0].codes
          return codes[codes.startIndex + row]
        }
      ).inserted
    }
  }

  private mutating func findKey() {
    guard choices.paper == nil else {
      if let column = rules.firstIndex(where: { $0.role == .paper }) { nameKey(column) }
      return
    }
    let free = rules.indices.filter {
      !isDone[$0] && profiles[$0].filledCount > 0 && !ColumnNames.clerical.contains(names[$0])
    }
    let ranked = free.compactMap { column in rank(asKey: column).map { ($0, column) } }
      .sorted { $0 < $1 }.map(\.1)
    if let column = ranked.first(where: { isKey($0) }) {
      let isAlone = layout == .long || profiles[column].isUnique
      set(
        column, .paper,
        layout == .long
          ? "its name"
          : isAlone
            ? "its name, and no text twice" : "its name; with the rater it names every row")
      return nameKey(column)
    }
    if let column = ranked.first {
      set(column, .paper, "its name")
      findRaterOfEvents(column)
      return nameKey(column)
    }
    let told = ["paper", "study", "title", "doi", "article", "record"]
    if let column = free.first(where: { column in
      profiles[column].isUnique && !isAnswers(profiles[column])
        && told.contains { word in
          (names[column] + " " + labels[column]).split(separator: " ").contains(word[...])
        }
    }) {
      set(column, .paper, "its name, and no text twice")
      return nameKey(column)
    }
    if let column = free.first, column == rules.indices.first, profiles[column].isUnique,
      !profiles[column].isNumeric, !isAnswers(profiles[column]), !names[column].isEmpty
    {
      set(column, .paper, "the first column, and no text twice")
      nameKey(column)
    }
  }

  /// Double data entry: events of one paper that are named after raters.
  private mutating func findRaterOfEvents(_ key: Int) {
    guard choices.rater == nil, !rules.contains(where: { $0.role == .rater }) else { return }
    let words = ["rater", "reviewer", "coder", "extractor", "annotator", "assessor"]
    for column in rules.indices
    where !isDone[column] && ["redcap event name", "event name"].contains(names[column])
      && profiles[column].words.allSatisfy({ word in
        words.contains { word.text.lowercased().contains($0) }
      })
    {
      set(column, .rater, "its events are named after raters")
      return
    }
  }

  /// How telling the name of a column is for a key; numbers from 1 on are more likely a form's.
  private func rank(asKey column: Int) -> Int? {
    let places = [names[column], labels[column]].compactMap(ColumnNames.keys.firstIndex)
    return places.min().map { isIndex(column) ? $0 + ColumnNames.keys.count : $0 }
  }

  private mutating func nameKey(_ column: Int) {
    guard layout == .wide || layout == .long else { return }
    switch ColumnNames.metadata(names[column]) {
    case .title: rules[column].name = "title"
    case .doi: rules[column].name = "doi"
    case .arxivID: rules[column].name = "arxiv_id"
    default:
      if names[column] == "pmid" || names[column] == "pubmed id" { rules[column].name = "pmid" }
    }
  }

  // MARK: Items

  private func isAnswers(_ profile: ColumnProfile) -> Bool {
    profile.answerCount > 0 && profile.unknownCount == 0
  }

  private mutating func setItem(_ column: Int, _ reason: String) {
    set(column, .item, reason)
    let source = table.columns[column]
    if let category = source.category { rules[column].category = category }
    if let label = source.label, label != source.name { rules[column].label = label }
    if let module = source.module { rules[column].module = module }
    if let (code, question) = ColumnNames.numbered(source.name), isNumbered {
      rules[column].name = code
      rules[column].label = question
    }
    if !source.notes.valueLabels.isEmpty {
      // A label says what a code is; only codes that occur are worth a line.
      let used = Set(profiles[column].words.flatMap { [$0.text, reader.normal($0.text)] })
      let labels = source.notes.valueLabels.filter { used.contains($0.key) }
      if !labels.isEmpty { rules[column].labels = labels }
    }
    if let (grid, option) = ColumnNames.grid(source.name), !isNumbered,
      table.columns.count(where: { ColumnNames.grid($0.name)?.question == grid }) > 1
    {
      rules[column].category = source.category ?? grid
      rules[column].name = option
    }
    if isMatrixForm || isNested, let dot = source.name.lastIndex(of: "."),
      dot != source.name.startIndex
    {
      rules[column].category = String(source.name[..<dot])
      rules[column].name = String(source.name[source.name.index(after: dot)...])
    }
  }

  private mutating func assignItems() {
    var scale = sharedScale()
    let hasItems = rules.indices.contains {
      rules[$0].role == .item
        || !isDone[$0] && itemReason($0, isOfScale: scale.contains($0)) != nil
    }
    if scale.isEmpty, choices.items.isEmpty, !hasItems { scale = loneScales() }
    let shared = sharedWords()
    for column in rules.indices where !isDone[column] {
      if shared.contains(column), choices.items.isEmpty {
        setItem(column, "its words are those of other columns: " + sample(profiles[column].words))
      } else {
        assignItem(column, isOfScale: scale.contains(column))
      }
    }
  }

  /// Items of raters that stand side by side.
  private mutating func assignRaterMarks() {
    let columns = rules.indices.filter { rules[$0].role == .item || rules[$0].role == .undecided }
    let titles = columns.map { raterTitle($0) }
    let found: RaterMarks? =
      if !choices.raterMarks.isEmpty {
        RaterMarks(choices.raterMarks, in: titles.map(\.text))
      } else if !rules.contains(where: { $0.role == .rater }) {
        RaterMarks(foundIn: titles.map(\.text))
      } else {
        nil
      }
    guard let found else { return }
    for (place, column) in columns.enumerated() {
      guard let part = found.parts[place] else { continue }
      var item = part.item
      if titles[place].holdsCategory {
        let dot = isMatrixForm || isNested ? item.lastIndex(of: ".") : nil
        rules[column].category = dot.map { String(item[..<$0]) } ?? ""
        if let dot { item = String(item[item.index(after: dot)...]) }
      }
      rules[column].name = item
      rules[column].rater = part.rater
      rules[column].reason =
        (rules[column].reason.map { $0 + "; " } ?? "")
        + (choices.raterMarks.isEmpty
          ? "of rater \(part.rater), as its name and those beside it say" : "as was said")
    }
  }

  /// The name of an item in which a rater may stand; with its category where the name alone is a rater.
  private func raterTitle(_ column: Int) -> (text: String, holdsCategory: Bool) {
    let name = rules[column].name ?? rules[column].column
    let category = rules[column].category ?? table.columns[column].category ?? ""
    let isMark =
      choices.raterMarks.contains(name) || choices.raterMarks.isEmpty && RaterMarks.isMark(name)
    return isMark && !category.isEmpty ? ("\(category).\(name)", true) : (name, false)
  }

  /// Columns of small whole numbers that have their largest value in common with two others.
  private func sharedScale() -> Set<Int> {
    var byTop: [Int: [Int]] = [:]
    for column in rules.indices where !isDone[column] {
      let profile = profiles[column]
      guard profile.isNumeric, profile.unknownCount > 0, ColumnNames.metadata(names[column]) == nil
      else { continue }
      let numbers = profile.numbers.compactMap { Int(exactly: $0) }
      guard numbers.count == profile.numbers.count, numbers.allSatisfy({ 0...7 ~= $0 }),
        let top = numbers.max(), top > 1
      else { continue }
      byTop[top, default: []].append(column)
    }
    return Set(byTop.values.filter { $0.count >= 3 }.joined())
  }

  /// Columns of small whole numbers, in a table that has nothing else to be items.
  private func loneScales() -> Set<Int> {
    Set(
      rules.indices.filter { column in
        let profile = profiles[column]
        guard !isDone[column], profile.isNumeric, ColumnNames.metadata(names[column]) == nil,
          !ColumnNames.indices.contains(names[column]),
          !ColumnNames.clerical.contains(names[column])
        else { return false }
        return profile.numbers.allSatisfy { 0...10 ~= $0 && Int(exactly: $0) != nil }
      })
  }

  /// Whether the rules that were stated say what every number of a column is.
  private func isRuled(_ column: Int) -> Bool {
    let rules = reader.declared.keys.compactMap { Comparison($0) }
    guard reader.scale != nil || !rules.isEmpty else { return false }
    return profiles[column].words.allSatisfy { word in
      if word.cell == .notApplicable || word.cell == .absent { return true }
      guard let number = word.number else { return word.cell != nil }
      return reader.scale?.share(number) != nil || rules.contains { $0.holds(number) }
    }
  }

  /// Columns of few words that are no answers, of which two others have two as well.
  private func sharedWords() -> Set<Int> {
    var columns: [String: [Int]] = [:]
    for column in rules.indices where !isDone[column] {
      let profile = profiles[column]
      guard profile.unknownCount > 0, !profile.isNumeric, profile.words.count <= 6,
        profile.longest <= 30, ColumnNames.metadata(names[column]) == nil,
        !ColumnNames.clerical.contains(names[column]), profile.words.count < profile.filledCount
      else { continue }
      let words = profile.words.filter { $0.cell != .absent && $0.cell != .notApplicable }
        .map { reader.normal($0.meaning) }.sorted()
      for (number, first) in words.enumerated() {
        for second in words.dropFirst(number + 1) {
          columns[first + "\u{0}" + second, default: []].append(column)
        }
      }
    }
    return Set(columns.values.filter { $0.count >= 3 }.joined())
  }

  /// Whether every cell that is filled repeats the name of its column, as ticked boxes do.
  private func isTicked(_ column: Int) -> Bool {
    let profile = profiles[column]
    let source = table.columns[column]
    guard profile.words.count == 1, profile.emptyCount > 0 else { return false }
    let text = profile.words[0].text
    return text == source.name && source.category != nil
      || source.label.map { $0 != text && $0.hasSuffix(text) } == true
  }

  private mutating func assignItem(_ column: Int, isOfScale: Bool) {
    let profile = profiles[column]
    let name = names[column]
    let mayBeItem = choices.items.isEmpty
    guard profile.filledCount > 0 else { return set(column, .ignore, "empty") }
    if ColumnNames.clerical.contains(name) {
      return set(column, .ignore, "a column that forms write by themselves")
    }
    if name.hasSuffix(" complete") || name == "complete",
      profile.words.allSatisfy({ ["0", "1", "2"].contains($0.text) || $0.cell == nil })
    {
      return set(column, .ignore, "whether the form is complete")
    }
    if ColumnNames.indices.contains(name), isIndex(column) {
      return set(column, .ignore, "row numbers")
    }
    if let kind = ColumnNames.metadata(name), fits(kind, profile) {
      set(column, .metadata, "its name")
      return nameMetadata(column)
    }
    if let kind = ColumnNames.metadata(name), [.year, .weight, .version].contains(kind),
      isMatrixForm || profile.words.contains(where: { $0.number != nil })
    {
      // What is no number there is told with its place, rather than the column left out.
      set(column, .metadata, "its name")
      return nameMetadata(column)
    }
    if ColumnNames.remarks.contains(name), profile.answerCount == 0 {
      return set(column, .ignore, "remarks")
    }
    if mayBeItem, isTicked(column) {
      setItem(column, "a box: its cells repeat its name, and empty is no")
      rules[column].words = Recipe.Words()
      rules[column].words?.yes = [profile.words[0].text]
      rules[column].words?.no = [""]
      return
    }
    if mayBeItem, isOfScale, isRuled(column) {
      return setItem(column, "a scale (\(sample(profile.words))), read by the rule that was stated")
    }
    if mayBeItem, let reason = itemReason(column, isOfScale: isOfScale) {
      return setItem(column, reason)
    }
    if mayBeItem, let separator = listSeparator(column) {
      rules[column].separator = separator
      return set(
        column, .choices, "several of a few answers in a cell; each becomes an item")
    }
    if mayBeItem, let reason = doubt(column, isOfScale: isOfScale) {
      return set(column, .undecided, reason)
    }
    if profile.isNumeric {
      set(column, .metadata, "numbers")
      return nameMetadata(column)
    }
    if profile.unknownCount == 0 {
      if profile.answerCount > 0 {
        set(column, .metadata, "not among `items:`")
        return nameMetadata(column)
      }
      return set(column, .ignore, "no answers")
    }
    let isShort = profile.longest <= 80 && !profile.hasLineBreaks
    let repeats = profile.words.count * 2 <= profile.filledCount || profile.words.count <= 12
    if isShort && repeats && profile.words.count < profile.filledCount || isDates(profile)
      || name.contains("author") || name.contains("url") || name.contains("link")
    {
      set(column, .metadata, isDates(profile) ? "dates" : "text")
      return nameMetadata(column)
    }
    set(column, .ignore, "free text")
  }

  /// Why a column is an item; `nil` when it is none.
  private func itemReason(_ column: Int, isOfScale: Bool) -> String? {
    let profile = profiles[column]
    guard profile.answerCount > 0 else { return nil }
    let unknown = profile.unknownWords
    if unknown.isEmpty {
      return "its words are answers: " + sample(profile.words)
    }
    if isOfScale { return nil }
    if profile.isNumeric {
      let cells = Set(profile.words.compactMap { $0.number == nil ? nil : $0.cell })
      let isShare =
        profile.numbers.allSatisfy { 0...1 ~= $0 }
        && profile.numbers.contains { $0 == 0 || $0 == 1 }
      guard cells.contains(.yes) && cells.contains(.no) || isShare, unknown.count <= 2 else {
        return nil
      }
    } else {
      guard profile.unknownCount <= profile.filledCount / 2 || profile.unknownCount <= 2,
        unknown.count <= 20
      else { return nil }
    }
    return "most of its words are answers; undecided: " + sample(unknown)
  }

  private func sample(_ words: [ColumnProfile.Word]) -> String {
    words.prefix(4).map { DisplayText.truncated($0.text, to: 30) }.joined(separator: ", ")
      + (words.count > 4 ? ", …" : "")
  }

  /// Why a person must say whether a column is an item.
  private func doubt(_ column: Int, isOfScale: Bool) -> String? {
    let profile = profiles[column]
    let values = profile.words.filter { $0.cell != .notApplicable && $0.cell != .absent }
    if isOfScale, values.count > 2 || Set(values.map(\.number)).contains(0) {
      let top = NumberFormat.shortest(profile.numbers.max() ?? 0)
      let worst = NumberFormat.shortest(min(0, profile.numbers.min() ?? 0))
      return
        "a scale (\(sample(profile.words))): an item by a rule such as `yes:` '>= \(top)' `no:` '< \(top)' "
        + "or `credit:` \(worst)..\(top), or metadata"
    }
    if values.count == 2, profile.filledCount >= 4 || isOfScale, profile.longest <= 30,
      values.allSatisfy({ $0.count >= 1 }), profile.words.count < profile.filledCount,
      !isDates(profile), ColumnNames.metadata(names[column]) == nil,
      profile.isNumeric
        ? values.allSatisfy({ ($0.number ?? 100).magnitude < 10 }) : true
    {
      return "two values (\(sample(values))): an item, if one means yes; else metadata or ignore"
    }
    if profile.answerCount > 0, !profile.isNumeric {
      return "answers and other text (\(sample(profile.unknownWords))): an item, or ignore"
    }
    return nil
  }

  private func isIndex(_ column: Int) -> Bool {
    let profile = profiles[column]
    guard profile.isUnique, profile.isNumeric else { return false }
    let numbers = profile.numbers
    return zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }
  }

  private func isDates(_ profile: ColumnProfile) -> Bool {
    let filled = profile.words.filter { $0.cell == nil }
    return !filled.isEmpty
      && filled.allSatisfy { word in
        let digits = word.text.utf8.prefix(10).count { $0 >= 0x30 && $0 <= 0x39 }
        let signs = word.text.utf8.prefix(10).count {
          $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".")
        }
        return digits >= 5 && signs == 2 && word.text.utf8.count <= 40
      }
  }

  private func fits(_ kind: MetadataColumn, _ profile: ColumnProfile) -> Bool {
    switch kind {
    case .year: profile.isNumeric && profile.numbers.allSatisfy { 1500...2200 ~= $0 }
    case .version: profile.isNumeric
    case .weight: profile.isNumeric && profile.numbers.allSatisfy { $0 >= 0 }
    default: !(isAnswers(profile) && profile.words.count > 1)
    }
  }

  /// What divides the answers of a column whose cells are lists of a few answers.
  private func listSeparator(_ column: Int) -> String? {
    let profile = profiles[column]
    guard profile.longest <= 400, !profile.isNumeric, !profile.hasLineBreaks else { return nil }
    for separator in [";", ",", "|"] {
      var tokens: [String: Int] = [:]
      var lists = 0
      var total = 0
      for word in profile.words where word.cell == nil {
        let parts = word.text.split(separator: Character(separator)).map {
          WordForm.trimmed(String($0))
        }
        if parts.count > 1 { lists += 1 }
        for part in parts where !part.isEmpty {
          tokens[part, default: 0] += word.count
          total += word.count
        }
        if tokens.count > 12 { break }
      }
      if lists >= 1, tokens.count >= 2, tokens.count <= 12, total >= 2 * tokens.count,
        tokens.keys.allSatisfy({ $0.count <= 40 }), tokens.values.allSatisfy({ $0 >= 1 }),
        tokens.values.count(where: { $0 >= 2 }) * 2 >= tokens.count
      {
        return separator
      }
    }
    return nil
  }

  // MARK: Metadata and the rest

  private mutating func nameMetadata(_ column: Int) {
    let kind = ColumnNames.metadata(names[column])
    if let kind,
      fits(kind, profiles[column]) || [.year, .weight, .version].contains(kind),
      !rules.contains(where: { $0.role == .metadata && $0.name == kind.rawValue })
    {
      if table.columns[column].name != kind.rawValue { rules[column].name = kind.rawValue }
    } else if table.columns[column].name.isEmpty {
      rules[column].name = "column_\(column + 1)"
    }
  }

  /// The columns of a long or transposed table that are left.
  private mutating func assignRest() {
    for column in rules.indices where !isDone[column] {
      let profile = profiles[column]
      if profile.filledCount == 0 {
        set(column, .ignore, "empty")
      } else if ColumnNames.clerical.contains(names[column])
        || ColumnNames.remarks.contains(names[column])
      {
        set(column, .ignore, "remarks")
      } else if let kind = ColumnNames.metadata(names[column]), fits(kind, profile) {
        set(column, .metadata, "its name")
        nameMetadata(column)
      } else {
        set(column, .ignore, "it says nothing of papers by its name")
      }
    }
  }

  /// The words of all items, and what they mean; what is not known is undecided.
  private mutating func collectWords() {
    var taken: Set<String> = []
    var hasNo = false
    var hasEmpty = false
    for (normal, cell) in reader.declared.sorted(by: { $0.key < $1.key }) {
      guard taken.insert(normal).inserted else { continue }
      list(reader.texts[normal] ?? normal, cell)
      if cell == .no { hasNo = true }
    }
    for (normal, share) in reader.credit where taken.insert(normal).inserted {
      words.credit[reader.texts[normal] ?? normal] = share
    }
    words.scale = reader.scale
    let rulesOfNumbers = reader.declared.compactMap { Comparison($0.key) }
    for column in rules.indices
    where (rules[column].role == .item || rules[column].role == .answer)
      && rules[column].words == nil
    {
      let profile = profiles[column]
      hasEmpty = hasEmpty || profile.emptyCount > 0
      for word in profile.words {
        if let number = word.number,
          reader.scale?.share(number) != nil || rulesOfNumbers.contains(where: { $0.holds(number) })
        {
          hasNo = true
          continue
        }
        let normal = reader.normal(word.meaning)
        if word.cell == .no { hasNo = true }
        guard taken.insert(normal).inserted else { continue }
        if let cell = word.cell {
          list(word.meaning, cell)
        } else {
          words.undecided.append(word.meaning)
        }
      }
    }
    guard hasEmpty, taken.insert("").inserted else { return }
    // Where nobody ever wrote no, an empty cell may well be one.
    if hasNo { words.absent.append("") } else { words.undecided.append("") }
  }

  private mutating func list(_ word: String, _ cell: Cell) {
    switch cell {
    case .yes: words.yes.append(word)
    case .no: words.no.append(word)
    case .notApplicable: words.na.append(word)
    case .absent: words.absent.append(word)
    }
  }
}
