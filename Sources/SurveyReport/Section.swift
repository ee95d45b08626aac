public import SurveyFigures
public import SurveyStats

/// A part of a report: what it says, shows and lists.
public struct Section: Sendable, Equatable {
  /// The name in anchors, file names and on the command line.
  public var id: String
  /// The heading.
  public var title: String
  /// The opening: one or more sentences made from the numbers.
  public var sentences: [Sentence]
  /// The pictures.
  public var figures: [Figure]
  /// The tables.
  public var tables: [SectionTable]
  /// Remarks below the tables, a paragraph each.
  public var paragraphs: [Sentence]
  /// A command or a citation, to be copied.
  public var code: String?
  /// How the numbers of the section were estimated, for the paragraphs on methods.
  public var methods: [Sentence]
  /// The works cited.
  public var references: [String]
  /// What a post could lead with.
  public var findings: [Finding]
  /// Why there is no such section for these data.
  public var skipped: String?

  /// Creates a section.
  public init(
    id: String, title: String, sentences: [Sentence] = [], figures: [Figure] = [],
    tables: [SectionTable] = [], paragraphs: [Sentence] = [], code: String? = nil,
    methods: [Sentence] = [], references: [String] = [], findings: [Finding] = [],
    skipped: String? = nil
  ) {
    self.id = id
    self.title = title
    self.sentences = sentences
    self.figures = figures
    self.tables = tables
    self.paragraphs = paragraphs
    self.code = code
    self.methods = methods
    self.references = references
    self.findings = findings
    self.skipped = skipped
  }

  /// Every number that the section states, once each, in order.
  public var facts: [Fact] {
    var seen: Set<String> = []
    let all =
      sentences + figures.flatMap { [$0.caption, $0.alternativeText] } + tables.map(\.caption)
      + paragraphs
    return all.flatMap(\.facts).filter { seen.insert("\($0.term) \($0.text)").inserted }
  }
}

/// A table of a section, and how much of it the page shows.
public struct SectionTable: Sendable, Equatable {
  /// The table; its name is that of its CSV file.
  public var table: Table
  /// What the table shows, with its denominators.
  public var caption: Sentence
  /// The most rows that the page shows; the CSV has all.
  var shownRows: Int

  /// Creates a table of a section; the caption becomes that of the table.
  public init(_ table: Table, caption: Sentence, shownRows: Int = 200) {
    self.table = table
    self.table.caption = caption.text
    self.caption = caption
    self.shownRows = shownRows
  }

  /// Whether pages have a link to its CSV instead of its rows: pictures show what is in it, or it is for those who
  /// check the work.
  public var isLinked: Bool { Self.linkedTables.contains(table.name) }

  /// The names of the tables that are linked.
  private static let linkedTables: Set<String> = [
    "cells", "changed-counts", "corpus", "eigenvalues", "factor-basis", "factor-fit",
    "factor-variances", "growth", "headline", "item-check", "item-eigenvalues", "items-to-fix",
    "layers", "logit-fit", "map-parts", "options", "papers-to-read-again", "score-bins",
  ]

  /// How a page writes the table: constant columns stay, but for the confidence level.
  public static let options = TableOptions(constantColumns: ["conf_level"])

  /// The rows that a page shows, at most so many, with the notes of programs in words.
  public func rows(atMost limit: Int = .max) -> Table {
    table.prefix(min(shownRows, limit)).inWords
  }
}

/// A picture: a specification with its words.
public struct Figure: Sendable, Equatable {
  /// The name of its files.
  public var id: String
  /// The heading of the picture.
  public var title: String
  /// What the picture shows, with n and the definition.
  public var caption: Sentence
  /// What the picture says, for readers who do not see it.
  public var alternativeText: Sentence
  /// The name of the table that holds its numbers.
  public var source: String
  /// How to draw it.
  public var specification: VegaLite

  /// Creates a picture; title and alternative text become part of the specification.
  public init(
    id: String, title: String, caption: Sentence, alternativeText: Sentence, source: String,
    specification: VegaLite
  ) {
    self.id = id
    self.title = title
    self.caption = caption
    self.alternativeText = alternativeText
    self.source = source
    self.specification = specification.titled(title, description: alternativeText.text)
  }
}

/// The reason for which a section cannot be made from these data.
public struct SectionSkipped: Error, Equatable {
  /// One phrase.
  public let reason: String

  /// Creates a reason.
  public init(_ reason: String) { self.reason = reason }
}
