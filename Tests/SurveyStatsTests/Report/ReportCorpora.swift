import SurveyStats

/// The corpora on which reports are tested.
enum ReportCorpora: String, CaseIterable, Sendable {
  case simulated, threePapers, oneItem, nothingApplies, noMetadata, foreignText, weighted

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

  /// The report on the matrix with all sections.
  func report(
    replicates: Int = 199, seed: UInt64 = 1, jobs: Int = 2, earlier: BinaryMatrix? = nil
  ) async throws -> Report {
    let matrix = try matrix
    var input = ReportInput(
      matrix: matrix,
      settings: ReportSettings(
        title: "Report on \(rawValue) \(Self.foreign)", replicates: replicates, seed: seed,
        jobs: jobs, command: ["metastat", "report", "it's <here>"], version: "0"),
      design: { matrix in
        let isWeighted = matrix.papers.contains { $0.weight != nil }
        return try SamplingDesign(
          paperCount: matrix.papers.count,
          weights: isWeighted ? matrix.papers.map { $0.weight ?? 1 } : nil)
      })
    input.pairs = ItemPairs(pairs: [
      ItemPairs.Pair(
        visible: "artifacts.code_released", invisible: "artifacts.reproduction_instructions")
    ])
    if let earlier {
      let old = try await ReportAnalysis(
        ReportInput(
          matrix: earlier, settings: input.settings,
          design: { SamplingDesign(paperCount: $0.papers.count) }))
      let rates = Table(rates: [(nil, old.rates)], by: nil, level: 0.95)
      input.earlier = try EarlierReport(
        matrix: try MatrixCSV().write(earlier), rates: CSVWriter().write(rates))
    }
    return try await Report(
      try await ReportAnalysis(input), choices: ReportSection.all.map { Report.Choice(id: $0.id) })
  }
}
