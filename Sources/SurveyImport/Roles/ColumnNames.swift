import SurveyStats

/// What the names of columns say about them.
enum ColumnNames {
  /// The words of a name in lower case: `Paper.Title`, `paper_title` and `paperTitle` are
  /// `paper title`.
  static func words(_ name: String) -> String {
    var result = ""
    var last: Character = " "
    for character in name {
      if character.isLetter || character.isNumber {
        if character.isUppercase, last.isLowercase { result.append(" ") }
        result += character.lowercased()
      } else if result.last != " ", !result.isEmpty {
        result.append(" ")
      }
      last = character
    }
    if result.last == " " { result.removeLast() }
    return result
  }

  /// The code and the question of a name such as `q1[SQ002]. Is the code released?`.
  static func numbered(_ name: String) -> (code: String, question: String)? {
    guard let end = name.firstRange(of: ". ") else { return nil }
    let code = name[..<end.lowerBound]
    let question = WordForm.trimmed(String(name[end.upperBound...]))
    guard !code.isEmpty, code.utf8.count <= 40, !question.isEmpty,
      code.utf8.allSatisfy({
        $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x41 && $0 <= 0x5A || $0 >= 0x61 && $0 <= 0x7A
          || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]")
      })
    else { return nil }
    return (String(code), question)
  }

  /// The question and the option of a column of a grid, `Reporting [Error bars]`, or of boxes,
  /// `Shared? (choice=Code)`.
  static func grid(_ name: String) -> (question: String, option: String)? {
    for (start, end) in [(" [", "]"), (" (choice=", ")")] {
      guard name.hasSuffix(end), let mark = name.firstRange(of: start) else { continue }
      let question = WordForm.trimmed(String(name[..<mark.lowerBound]))
      let option = WordForm.trimmed(String(name[mark.upperBound...].dropLast()))
      if !question.isEmpty, !option.isEmpty { return (question, option) }
    }
    return nil
  }

  /// Names of keys, the most telling first.
  static let keys = [
    "paper", "paper id", "paperid", "paper key", "study id", "studyid", "study", "studie",
    "studien id", "étude", "etude", "estudio", "record id", "recordid", "record", "covidence",
    "citekey", "cite key", "citation key", "bibtex key", "slug", "key", "id", "article id",
    "article", "artikel", "doi", "pmid", "pubmed id", "pmcid", "arxiv id", "arxiv", "openalex id",
    "openalex", "reference", "ref", "citation", "publication", "title", "paper title",
    "study title", "article title", "titel", "titre", "título", "titolo", "author year",
    "first author",
  ]
  static let raters: Set = [
    "rater", "rater id", "reviewer", "reviewer id", "reviewer name", "coder", "coder id",
    "annotator", "annotator id", "extractor", "assessor", "judge", "screener", "evaluator",
    "bewerter", "gutachter", "email address", "username", "email", "rated by", "coded by",
    "extracted by",
    "reviewed by", "source",
  ]
  static let questions: Set = [
    "question", "question id", "item", "item id", "item name", "criterion", "criteria",
    "indicator", "variable", "check", "checklist item", "kriterium", "frage", "question text",
  ]
  static let answers: Set = [
    "answer", "answers", "response", "value", "rating", "cell", "judgement", "judgment", "score",
    "antwort", "decision", "choice",
  ]
  static let categories: Set = [
    "category", "domain", "section", "dimension", "topic", "kategorie", "bereich", "area",
    "subdomain", "group", "module",
  ]
  /// Columns that a form or database writes of its own accord.
  static let clerical: Set = [
    "timestamp", "zeitstempel", "horodateur", "marca temporal", "start date", "end date",
    "recorded date", "submit date", "submission date", "submitted at", "start time",
    "completion time", "ip address", "response id", "respondent id", "collector id",
    "response type", "progress", "duration in seconds", "finished", "status",
    "distribution channel", "user language", "external reference", "external data reference",
    "event name", "repeat instrument", "repeat instance", "recipient email", "recipient first name",
    "recipient last name", "location latitude",
    "location longitude", "redcap event name", "redcap repeat instrument",
    "redcap repeat instance", "redcap survey identifier", "survey timestamp", "last modified time",
    "date created", "date modified", "seed", "ipaddress", "ipaddr", "uuid", "submission time",
    "start", "end", "deviceid", "today", "validation status", "submitdate", "startdate",
    "datestamp", "lastpage", "startlanguage", "refurl", "token", "submission id", "responder id",
  ]
  /// Free text about the answers.
  static let remarks: Set = [
    "comment", "comments", "note", "notes", "remark", "remarks", "anything else",
    "additional comments", "any other comments", "kommentar", "bemerkung", "bemerkungen",
    "anmerkungen", "justification", "evidence", "quote",
  ]
  /// Row numbers.
  static let indices: Set = [
    "", "unnamed 0", "index", "nr", "no", "row", "row number", "x", "x1", "1", "n", "rownames",
    "row names", "lfd nr",
  ]

  /// The metadata that a name means.
  static func metadata(_ words: String) -> MetadataColumn? {
    switch words {
    case "title", "paper title", "study title", "article title", "titel", "titre", "título",
      "titolo":
      .title
    case "year", "pub year", "publication year", "year of publication", "pubyear", "jahr",
      "année", "annee", "año", "anno", "ano", "erscheinungsjahr", "year published":
      .year
    case "venue", "journal", "conference", "zeitschrift", "revue", "journal name",
      "publication venue", "container title":
      .venue
    case "type", "paper type": .type
    case "tags", "methodology tags": .tags
    case "version", "scan version": .version
    case "group", "redcap data access group", "gruppe": .group
    case "cluster": .cluster
    case "weight", "sampling weight": .weight
    case "doi": .doi
    case "arxiv id", "arxiv", "arxivid": .arxivID
    case "pmid", "pubmed id": .pmid
    case "openalex", "openalex id": .openAlexID
    default: nil
    }
  }
}
