/// Finds the items of a checklist, whatever containers they are in.
///
/// Any object with `applies` and `answer` is an item, named by its key; its category is the key of
/// the nearest object around it that is not a mere wrapper (`sub_questions`, or a module around
/// whole categories). Where a scan answers two items of one category and name in different places,
/// the objects around the category are part of its name, in all scans of a corpus (``ItemTable``).
/// A category that is itself answered as an item loses its own answer when it
/// has `sub_questions`.
struct ChecklistWalk {
  /// All items and sources met since the walk was made.
  private(set) var items = ItemTable()
  /// The answers of the present scan.
  private(set) var answers: [Answer] = []
  /// Items of the present scan that do not apply but are answered yes.
  private(set) var contradictionCount = 0
  /// Why the answers of the present scan are what they are, if that is kept.
  private(set) var justifications: [String?] = []
  /// Whether justifications are kept.
  var keepsJustifications = false
  /// The problems of the present scan.
  var log = ScanProblemLog(file: "")

  private var repeated: Set<Int> = []
  private var root = ""
  private var keys: [JSONText] = []
  private var typeModule: String?
  /// The objects around the present one that are no mere wrappers.
  private var containers: [JSONText] = []
  /// The names of the objects around the category, joined by dots.
  private var outer: [UInt8] = []
  private var plainItems = PlainItems()

  /// Starts the next scan; members in `repeated` are passed over.
  mutating func beginScan(log: ScanProblemLog, repeated: Set<Int>) {
    self.log = log
    self.repeated = repeated
    items.beginScan()
    answers.removeAll(keepingCapacity: true)
    justifications = []
    contradictionCount = 0
  }

  /// Walks one checklist; items directly in it get `category`.
  mutating func walk(
    _ checklist: JSONValue, named root: String, category: JSONText? = nil,
    typeModule: String? = nil
  ) {
    self.root = root
    self.typeModule = typeModule
    for member in checklist.members where isFirst(member) {
      keys.append(member.key)
      switch member.value.kind {
      case .object: visit(member.value, root: category)
      case .null: break
      default: reportNoItem(member.value, "an object with the category's items")
      }
      keys.removeLast()
    }
  }

  private func isFirst(_ member: JSONValue.Member) -> Bool {
    repeated.isEmpty || !repeated.contains(member.identity)
  }

  /// Visits an object, named by the last of the keys, that may be an item or hold some.
  private mutating func visit(_ object: JSONValue, root category: JSONText?) {
    guard let key = keys.last else { return }
    if repeated.isEmpty, !keepsJustifications, !(key == "sub_questions"),
      object.readItems(into: &plainItems)
    {
      enter(key) { $0.addPlainItems(category: key) }
      return
    }
    var item = ItemMembers()
    for member in object.members where isFirst(member) { item.take(member) }
    if item.applies == nil, item.answer == nil {
      if key == "sub_questions" {
        visitMembers(of: object, root: category)
      } else {
        enter(key) { $0.visitMembers(of: object, root: category) }
      }
    } else if let questions = item.subQuestions, questions.kind == .object {
      log.report(
        .answeredCategory, at: place, "the category has an answer of its own beside its items",
        remedy: "its items are kept and its own answer is left out", .note)
      enter(key) { $0.visitMembers(of: questions, root: category) }
    } else {
      add(item, name: key, category: containers.last ?? category)
    }
  }

  /// Does something inside a container, which gives its items their category.
  private mutating func enter(_ container: JSONText, _ body: (inout Self) -> Void) {
    let before = outer
    if let category = containers.last {
      outer += (outer.isEmpty ? [] : [UInt8(ascii: ".")]) + category.bytes
    }
    containers.append(container)
    body(&self)
    containers.removeLast()
    outer = before
  }

  private mutating func visitMembers(of object: JSONValue, root category: JSONText?) {
    for member in object.members where isFirst(member) && !isRemark(member) {
      keys.append(member.key)
      if member.value.kind == .object, !member.value.isEmpty {
        visit(member.value, root: category)
      } else {
        reportNoItem(member.value, "an object with applies and answer")
      }
      keys.removeLast()
    }
  }

  /// Adds the items of a category that has no others.
  private mutating func addPlainItems(category: JSONText) {
    let place = items.place(outer: outer, category: category)
    for number in 0..<plainItems.count {
      let item = plainItems[number]
      let index = items.index(at: place, name: item.name)
      if items.claim(index, typeModule: typeModule) {
        let source = item.source.flatMap { items.source($0) }
        answers.append(Answer(item: index, cell: item.cell, source: source))
      } else {
        keys.append(item.name)
        reportRepeated(index)
        keys.removeLast()
      }
    }
  }

  private func isRemark(_ member: JSONValue.Member) -> Bool {
    member.value.kind == .string
      && (member.key == "justification" || member.key == "source" || member.key == "note"
        || member.key == "notes")
  }

  private mutating func add(_ item: ItemMembers, name: JSONText, category: JSONText?) {
    guard let cell = cell(of: item) else { return }
    guard name.count > 0 else {
      log.report(
        .incompleteItem, at: place, "an item without a name",
        remedy: "it is left out; name it", .leftOut)
      return
    }
    let index = items.index(at: items.place(outer: outer, category: category), name: name)
    guard items.claim(index, typeModule: typeModule) else {
      reportRepeated(index)
      return
    }
    if cell == .notApplicable, item.answer?.boolean == true {
      contradictionCount += 1
      log.report(
        .contradictoryAnswer, at: place, "applies is false but answer is true",
        remedy: "it counts as not applicable; correct one of the two", .note)
    }
    answers.append(Answer(item: index, cell: cell, source: item.source.flatMap { source($0) }))
    guard keepsJustifications else { return }
    let text = item.justification?.text?.string.trimmed ?? ""
    justifications.append(text.isEmpty ? nil : text)
  }

  private mutating func cell(of item: ItemMembers) -> Cell? {
    guard let applies = item.applies?.boolean else {
      reportUnusable(item.applies, "applies")
      return nil
    }
    let answer = item.answer?.boolean
    let mayBeMissing = !applies && (item.answer == nil || item.answer?.kind == .null)
    guard answer != nil || mayBeMissing else {
      reportUnusable(item.answer, "answer")
      return nil
    }
    guard applies else { return .notApplicable }
    return answer == true ? .yes : .no
  }

  private mutating func source(_ value: JSONValue) -> Int? {
    if let text = value.text { return items.source(text) }
    if value.kind != .null {
      log.report(
        .wrongType, at: place + ".source", "expected text, found \(value.summary)",
        remedy: "the answer is kept without its source", .note)
    }
    return nil
  }

  private mutating func reportUnusable(_ value: JSONValue?, _ key: String) {
    if let value, value.kind != .null {
      log.report(
        .wrongType, at: "\(place).\(key)", "expected true or false, found \(value.summary)",
        remedy: "the item counts as absent; write true or false", .leftOut)
    } else {
      log.report(
        .incompleteItem, at: place, "\(key) is missing",
        remedy: "the item counts as absent; add \(key)", .leftOut)
    }
  }

  private mutating func reportRepeated(_ item: Int) {
    log.report(
      .repeatedItem, at: place, "the scan has answered \(items.ids[item]) already",
      remedy: "the first answer is kept; remove one", .leftOut)
  }

  private mutating func reportNoItem(_ value: JSONValue, _ expected: String) {
    log.report(
      .wrongType, at: place, "expected \(expected), found \(value.summary)",
      remedy: "it is left out; give it applies and answer, or remove it", .leftOut)
  }

  private var place: String { ([root] + keys.map(\.shortened)).joined(separator: ".") }
}

/// The members of an object that matter if it is an item.
private struct ItemMembers {
  var applies: JSONValue?
  var answer: JSONValue?
  var source: JSONValue?
  var subQuestions: JSONValue?
  var justification: JSONValue?

  mutating func take(_ member: JSONValue.Member) {
    switch member.key.count {
    case 6 where member.key == "answer": answer = member.value
    case 6 where member.key == "source": source = member.value
    case 7 where member.key == "applies": applies = member.value
    case 13 where member.key == "sub_questions": subQuestions = member.value
    case 13 where member.key == "justification": justification = member.value
    default: break
    }
  }
}
