import SurveyFigures
import SurveyReport
import SurveySimulation
import SurveyStats

/// The corpora on which reports are tested.
enum ReportCorpora: String, CaseIterable, Sendable {
  case simulated, threePapers, oneItem, nothingApplies, noMetadata, foreignText, weighted
  case scannedTwice, clustered

  /// Text that tries to leave its place in any format.
  static let foreign =
    "=cmd()|\"'<script>alert(1)</script>\n\r|pipe| \u{202E}rtl `code` [a](b) & $x$"

  /// The matrix.
  var matrix: BinaryMatrix {
    get throws {
      switch self {
      case .simulated: return try Self.simulation(papers: 60)
      case .threePapers: return try Self.simulation(papers: 3)
      case .oneItem:
        return BinaryMatrix(
          papers: (0..<12).map { Paper(slug: "p\($0)", year: 2020 + $0 % 3) },
          items: [Item(id: ItemID("only"))]
        ) { paper, _ in paper < 5 ? .yes : .no }
      case .nothingApplies:
        return BinaryMatrix(
          papers: (0..<12).map { Paper(slug: "p\($0)") },
          items: [Item(id: ItemID("a.x")), Item(id: ItemID("b.y"))]
        ) { paper, _ in paper < 6 ? .notApplicable : .absent }
      case .noMetadata:
        return BinaryMatrix(
          papers: (0..<40).map { Paper(slug: "paper-\($0)") },
          items: ["a.x", "a.y", "b.z", "w"].map { Item(id: ItemID($0)) }
        ) { paper, item in
          Cell(rawValue: UInt8((paper * 7 + item * 3 + paper / 5) % 4)) ?? .absent
        }
      case .foreignText:
        return BinaryMatrix(
          papers: (0..<30).map { index in
            Paper(
              slug: "\(Self.foreign) \(index)", title: Self.foreign, year: 2024,
              venue: Self.foreign, type: Self.foreign + "\(index % 2)", tags: [Self.foreign])
          },
          items: ["<i>a", "</script>|b", Self.foreign].enumerated().map { index, name in
            Item(
              id: ItemID(category: index == 0 ? "<b>" : "c|d", name: name),
              label: index == 2 ? nil : Self.foreign)
          }
        ) { paper, item in (paper + item) % 3 == 0 ? .yes : .no }
      case .scannedTwice:
        let matrix = try Self.simulation(papers: 30)
        return BinaryMatrix(
          papers: (0..<50).map { row in
            var paper = matrix.papers[row % 30]
            paper.version = row < 30 ? 2 : 3
            paper.rater = row < 30 ? "one" : "other"
            return paper
          }, items: matrix.items
        ) { row, item in
          let cell = matrix[row % 30, item]
          guard row >= 30, (row * 7 + item) % 5 == 0 else { return cell }
          return cell == .yes ? .no : cell == .no ? .notApplicable : .yes
        }
      case .clustered:
        let matrix = try Self.simulation(papers: 60)
        return matrix.replacing(
          papers: matrix.papers.enumerated().map { index, paper in
            var paper = paper
            paper.cluster = "c\(index % 25)"
            paper.type = ["empirical", "survey", "<b>&|"][index % 3]
            return paper
          })
      case .weighted:
        let matrix = try Self.simulation(papers: 40)
        return matrix.replacing(
          papers: matrix.papers.enumerated().map { index, paper in
            var paper = paper
            paper.weight = Double(1 + index % 3)
            return paper
          })
      }
    }
  }

  private static func simulation(papers: Int) throws -> BinaryMatrix {
    try CorpusSimulation(CorpusSimulation.Parameters(paperCount: papers)).matrix()
  }

  /// The report on the matrix with all sections, made once for all tests.
  func cached() async throws -> Report { try await ReportCache.shared.report(on: self) }

  /// The report on the matrix with all sections.
  func report(
    replicates: Int = 199, seed: UInt64 = 1, jobs: Int = 2, earlier: BinaryMatrix? = nil
  ) async throws -> Report {
    let matrix = try matrix
    var input = ReportInput(
      matrix: matrix,
      settings: ReportSettings(
        title: "Report on \(rawValue) \(Self.foreign)", replicates: replicates, seed: seed,
        jobs: jobs, cluster: self == .clustered ? "cluster" : nil,
        command: ["metastat", "report", "it's <here>"], version: "0"),
      design: { matrix in
        let isWeighted = matrix.papers.contains { $0.weight != nil }
        let isGrouped = self == .scannedTwice || self == .clustered
        return try SamplingDesign(
          paperCount: matrix.papers.count,
          clusters: isGrouped ? matrix.papers.map { $0.cluster ?? $0.slug } : nil,
          weights: isWeighted ? matrix.papers.map { $0.weight ?? 1 } : nil)
      })
    input.pairs = ItemPairs(pairs: [
      ItemPairs.Pair(
        visible: "artifacts.code_released", invisible: "artifacts.reproduction_instructions")
    ])
    input.patterns = NamedPatterns(patterns: [
      try NamedPatterns.Pattern(
        name: "theater", label: "Theater \(Self.foreign)",
        expression: "artifacts.code_released and not artifacts.reproduction_instructions"),
      try NamedPatterns.Pattern(name: "unknown", label: "Unknown", expression: "no.such"),
    ])
    let choices = ReportSection.all.map { Report.Choice(id: $0.id) }
    if let earlier {
      var past = input
      past.matrix = earlier
      let old = try await Report(try await ReportAnalysis(past), choices: choices)
      var tables: [String: [UInt8]] = [:]
      for table in old.sections.flatMap(\.tables).map(\.table) + old.furtherTables {
        tables[table.name] = CSVWriter().write(table)
      }
      input.earlier = try EarlierReport(
        matrix: try MatrixCSV().write(earlier), rates: tables["rates"] ?? [],
        distribution: tables["distribution"], tiers: tables["tiers"], patterns: tables["patterns"],
        pairs: tables["pairs"])
    }
    return try await Report(try await ReportAnalysis(input), choices: choices)
  }
}

/// Reports that several tests look at.
actor ReportCache {
  static let shared = ReportCache()
  private var reports: [ReportCorpora: Task<Report, any Error>] = [:]

  func report(on corpus: ReportCorpora) async throws -> Report {
    let task = reports[corpus] ?? Task { try await corpus.report() }
    reports[corpus] = task
    return try await task.value
  }
}
