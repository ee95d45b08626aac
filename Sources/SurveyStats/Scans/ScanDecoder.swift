/// Where a scan comes from.
struct ScanOrigin: Sendable, Equatable {
  /// The path, with `:line` for a line of a `.jsonl`.
  let file: String
  /// The name of the paper's folder; `nil` when the scan itself must name the paper.
  let slug: String?
  /// The version that the file name states.
  let version: Int?
}

/// Makes scans of parsed documents, one after another.
struct ScanDecoder {
  let details: ScanReader.Details
  private var walk = ChecklistWalk()
  private var venues = TextMemo<String?>()
  private var nameLists = TextMemo<NameList>()
  private var covariates = CovariateGatherer()
  /// Names of covariates, by the keys that they are made of.
  var engagementNames = TextMemo<String>()
  var attentionNames = TextMemo<String>()
  /// Support levels of claims as they stand in names of covariates.
  var supportLevels = TextMemo<String>()

  init(details: ScanReader.Details) {
    self.details = details
    walk.keepsJustifications = details.contains(.justifications)
  }

  /// The items and sources of all scans so far.
  var items: ItemTable { walk.items }

  /// The problems of the latest scan.
  var problems: [ScanProblem] { walk.log.problems }

  /// Makes a scan; `nil` after reporting why the document is none.
  mutating func decode(_ root: JSONValue, from origin: ScanOrigin, log: ScanProblemLog) -> Scan? {
    let repeated = RepeatedKeys(in: root)
    walk.beginScan(log: log, repeated: repeated.members)
    guard root.kind == .object else {
      leaveOut(.wrongType, "expected an object, found \(root.summary)")
      return nil
    }
    guard let paper = part("paper", of: root), let checklist = part("checklist", of: root) else {
      return nil
    }
    for place in repeated.places(in: root, limit: ScanProblemLog.limit) {
      walk.log.report(
        .duplicateKey, at: place, "the key occurs twice in its object",
        remedy: "the first is used; remove one", .note)
    }
    let type = text(root["paper_type"], "paper_type")
    walk.walk(checklist, named: "checklist")
    if let typeChecklist = object(root["type_checklist"], "type_checklist") {
      walk.walk(
        typeChecklist, named: "type_checklist", category: root["paper_type"]?.text,
        typeModule: type)
    }
    guard !walk.answers.isEmpty else {
      leaveOut(.missingPart, "the checklist has no usable item")
      return nil
    }
    return scan(root, paper: paper, type: type, from: origin)
  }

  private mutating func scan(
    _ root: JSONValue, paper: JSONValue, type: String?, from origin: ScanOrigin
  ) -> Scan {
    let version = version(root["scan_version"], fileVersion: origin.version)
    let modules = names(root["active_modules"], "active_modules")
    let slug =
      origin.slug ?? text(root["slug"], "slug") ?? text(root["paper_id"], "paper_id")
      ?? origin.file
    var covariates = CovariateGatherer()
    swap(&covariates, &self.covariates)
    covariates.add(String(walk.contradictionCount), as: "contradictory_answers")
    if !modules.names.isEmpty { covariates.add(modules.joined, as: "active_modules") }
    let claims = claims(root["claims"], into: &covariates)
    let redFlags = redFlags(root["red_flags"], into: &covariates)
    let citedPapers = citedPapers(root["cited_papers"], into: &covariates)
    addEngagement(root["engagement_factors"], to: &covariates)
    addAttention(root["hn_data"], to: &covariates)
    let described = Paper(
      slug: slug, title: text(paper["title"], "paper.title"),
      year: year(paper["year"], "paper.year"), venue: venue(paper["venue"]), type: type,
      tags: names(root["methodology_tags"], "methodology_tags").names, version: version,
      rater: rater, arxivID: arXivID(paper["arxiv_id"]), doi: doi(paper["doi"]),
      covariates: covariates.gathered())
    swap(&covariates, &self.covariates)
    return Scan(
      paper: described, file: origin.file, version: version, activeModules: modules.names,
      answers: walk.answers.withUnsafeBufferPointer(Array.init),
      contradictionCount: walk.contradictionCount, authors: authors(paper["authors"]),
      claims: claims, redFlags: redFlags, citedPapers: citedPapers,
      keyFindings: keyFindings(root["key_findings"]), justifications: walk.justifications)
  }
}

extension ScanDecoder {
  private mutating func leaveOut(
    _ kind: ScanProblem.Kind, at place: String = "", _ message: String
  ) {
    walk.log.report(
      kind, at: place, message, remedy: "the scan is left out; scan the paper again", .leftOut,
      wholeFile: true)
  }

  /// An object that no scan can do without.
  private mutating func part(_ key: StaticString, of root: JSONValue) -> JSONValue? {
    guard let value = root[key], value.kind != .null else {
      walk.log.report(
        .missingPart, "this is no scan: it has no '\(key)'",
        remedy: "the file is left out; a scan has a 'paper' and a 'checklist'", .leftOut,
        wholeFile: true)
      return nil
    }
    guard value.kind == .object else {
      leaveOut(.wrongType, at: "\(key)", "expected an object, found \(value.summary)")
      return nil
    }
    return value
  }

  /// Notes that something cannot be what it should.
  mutating func reportWrongType(_ value: JSONValue, _ place: String, expected: String) {
    walk.log.report(
      .wrongType, at: place, "expected \(expected), found \(value.summary)",
      remedy: "it counts as not stated; correct it", .note)
  }

  /// The object, or `nil` if it is not stated or is none.
  mutating func object(_ value: JSONValue?, _ place: String) -> JSONValue? {
    guard let value, value.kind != .null else { return nil }
    if value.kind == .object { return value }
    reportWrongType(value, place, expected: "an object")
    return nil
  }

  /// The trimmed text, or `nil` if it is empty, not stated or no text.
  mutating func text(_ value: JSONValue?, _ place: @autoclosure () -> String) -> String? {
    guard let value, value.kind != .null else { return nil }
    guard let text = value.text else {
      reportWrongType(value, place(), expected: "text")
      return nil
    }
    let trimmed = text.string.trimmed
    return trimmed.isEmpty ? nil : trimmed
  }

  /// The elements of a list, or `nil` if it is not stated or is none.
  mutating func elements(_ value: JSONValue?, _ place: String) -> JSONValue.Elements? {
    guard let value, value.kind != .null else { return nil }
    if value.kind == .array { return value.elements }
    reportWrongType(value, place, expected: "a list")
    return nil
  }

  /// The objects in a list and their number; other elements are reported.
  mutating func objects(
    _ value: JSONValue?, _ place: String
  ) -> (count: Int, all: LazyFilterSequence<JSONValue.Elements>)? {
    guard let elements = elements(value, place) else { return nil }
    var count = 0
    for (index, element) in elements.enumerated() {
      if element.kind == .object {
        count += 1
      } else {
        reportWrongType(element, "\(place)[\(index)]", expected: "an object")
      }
    }
    return (count, elements.lazy.filter { $0.kind == .object })
  }

  private mutating func names(_ value: JSONValue?, _ place: String) -> NameList {
    guard let elements = elements(value, place) else { return NameList([]) }
    if let joined = value?.joinedTexts {
      return nameLists.value(of: joined) { _ in NameList(elements.compactMap { $0.text?.string }) }
    }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      if let text = text(element, "\(place)[\(index)]") { texts.append(text) }
    }
    return NameList(texts)
  }

  private mutating func version(_ value: JSONValue?, fileVersion: Int?) -> Int {
    let fallback = fileVersion ?? 1
    guard let value, value.kind != .null else {
      if fileVersion != nil {
        walk.log.report(
          .versionMismatch, at: "scan_version", "the version is not stated",
          remedy: "version \(fallback) is taken from the file name; add it", .note)
      }
      return fallback
    }
    guard let version = value.integer ?? digits(value, "scan_version"), (1...999).contains(version)
    else {
      walk.log.report(
        value.kind == .number ? .invalidValue : .wrongType, at: "scan_version",
        "expected a version from 1 to 999, found \(value.summary)",
        remedy: "taken as version \(fallback); correct it", .note)
      return fallback
    }
    if let fileVersion, fileVersion != version {
      walk.log.report(
        .versionMismatch, at: "scan_version",
        "the scan says version \(version), its file name version \(fileVersion)",
        remedy: "taken as version \(version); rename the file or correct it", .note)
    }
    return version
  }

  private mutating func venue(_ value: JSONValue?) -> String? {
    guard let text = value?.text else { return text(value, "paper.venue") }
    return venues.value(of: text) { Venue.normalized($0.string.trimmed) }
  }

  /// The distinct sources of the answers, in order, joined by `+`.
  private var rater: String? {
    var sources: Set<Int> = []
    var latest: Int?
    for answer in walk.answers where answer.source != latest {
      latest = answer.source
      if let latest { sources.insert(latest) }
    }
    if sources.isEmpty { return nil }
    return sources.map { walk.items.sources[$0] }.sorted().joined(separator: "+")
  }
}

extension ScanDecoder {
  /// The number that text of one to four digits spells, which is noted.
  private mutating func digits(_ value: JSONValue, _ place: String) -> Int? {
    guard let text = value.text?.string.trimmed, (1...4).contains(text.utf8.count),
      text.utf8.allSatisfy(\.isASCIIDigit), let number = Int(text)
    else { return nil }
    walk.log.report(
      .wrongType, at: place, "the number \(number) stands in quotes",
      remedy: "it is taken as a number; remove the quotes", .note)
    return number
  }

  private mutating func year(_ value: JSONValue?, _ place: String) -> Int? {
    guard let value, value.kind != .null else { return nil }
    let number = value.integer ?? digits(value, place)
    guard value.kind == .number || number != nil else {
      reportWrongType(value, place, expected: "a year")
      return nil
    }
    guard let year = number, (1500...2200).contains(year) else {
      walk.log.report(
        .invalidValue, at: place, "\(value.summary) is no year",
        remedy: "it counts as not stated; correct it", .note)
      return nil
    }
    return year
  }

  private mutating func reportIdentifier(_ place: String, _ text: String, _ what: String) {
    walk.log.report(
      .invalidIdentifier, at: place, "\(ScanProblem.quoted(text)) is \(what)",
      remedy: "it counts as not stated; correct or remove it", .note)
  }

  private mutating func arXivID(_ value: JSONValue?) -> String? {
    guard let text = text(value, "paper.arxiv_id") else { return nil }
    if let identifier = ArXivIdentifier.normalized(text) { return identifier }
    reportIdentifier("paper.arxiv_id", text, "no arXiv identifier")
    return nil
  }

  private mutating func doi(_ value: JSONValue?) -> String? {
    guard let text = text(value, "paper.doi") else { return nil }
    switch DOI.read(text) {
    case .identifier(let identifier): return identifier
    case .missing: break
    case .placeholder: reportIdentifier("paper.doi", text, "a template's placeholder")
    case .invalid: reportIdentifier("paper.doi", text, "no DOI")
    }
    return nil
  }

  private mutating func authors(_ value: JSONValue?) -> [String] {
    guard let elements = elements(value, "paper.authors"), details.contains(.authors) else {
      return []
    }
    return elements.compactMap { $0.text?.string }
  }
}
