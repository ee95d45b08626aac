import Testing

@testable import SurveyReport
@testable import SurveyStats

@Suite struct ScoresTests {
  private var study: Study {
    Study(
      BinaryMatrix(
        text: (0..<60).map { paper in
          (paper / 2 % 5 < 3 ? "1" : "0") + (paper % 2 == 0 ? "." : paper % 20 == 1 ? "1" : "0")
        },
        papers: (0..<60).map {
          Paper(slug: "p\($0)", year: $0 % 2 == 0 ? 2023 : 2024)
        },
        items: ["base.shared", "more.hard"]))
  }

  private func means(_ table: Table, _ column: String = "estimate") throws -> [Double?] {
    guard case .real(let values) = table[column]?.values,
      case .text(let terms) = table["term"]?.values
    else {
      Issue.record("no column \(column)")
      return []
    }
    return zip(values, terms).filter { $1 == "mean" }.map(\.0)
  }

  @Test func `groups are scored on the items that all were asked`() async throws {
    var question = Scores(by: "year")
    let run = Run(replicates: 99)
    let found = try await run(question, of: study)
    let table = Table(scores: found)
    #expect(try means(table) == [60, 60])
    let crude = try means(table, "crude")
    #expect(isClose(crude[0], 60) && isClose(crude[1], 35))
    #expect(found.remarks.first?.contains("1 of 2 items") ?? false)
    question.mix = .crude
    let plain = Table(scores: try await run(question, of: study))
    #expect(isClose(try means(plain)[1], 35) && plain["crude"] == nil)
    question.mix = .model
    await #expect(throws: Scores.ScoresError.self) { try await run(question, of: study) }
    question.mix = .common
    question.names = ["more"]
    let lost = Table(scores: try await run(question, of: study))
    #expect(try means(lost) == [nil, nil])
    guard case .text(let notes) = lost["note"]?.values else { return }
    #expect(notes[0] == "no-scores" && notes.last == "no-common-item")
  }

  @Test func `a growing corpus is scored on the items that all parts were asked`() async throws {
    var question = Scores()
    question.checkpoints = .counts([20])
    question.order = (0..<60).sorted { ($0 % 2, $0) < ($1 % 2, $1) }
    let found = try await Run(replicates: 99)(question, of: study)
    let table = Table(scores: found)
    #expect(table["checkpoint"] != nil)
    #expect(try means(table, "crude").last.flatMap { $0 }.map { $0 < 60 } ?? false)
    question.checkpoints = .every(25)
    #expect(
      try means(Table(scores: try await Run(replicates: 9)(question, of: study))).count == 3)
  }

  @Test func `a score that there is not is refused with the nearest`() async throws {
    var question = Scores()
    question.names = ["bas"]
    do {
      _ = try await Run()(question, of: study)
      Issue.record("no error")
    } catch let error as Scores.UnknownScore {
      #expect(error.description.contains("base"))
    }
    question.names = ["category:base"]
    #expect(
      try await Run(replicates: 9)(question, of: study).distributions.first?.hasEstimate ?? false)
  }

  @Test func `no two columns of papers have one name`() {
    let matrix = BinaryMatrix(
      text: ["101010", "011101"],
      papers: (0..<2).map { Paper(slug: "p\($0)", title: "T\($0)", year: 2020 + $0) },
      items: ["score.x", "tier.y", "n_yes.z", "paper.w", "title.v", "year.u"])
    let table = Table(scores: PaperScores(matrix), of: matrix, tiers: .standard).namingColumnsOnce
    let names = table.columns.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("year_2") && names.contains("score_2"))
  }

  @Test func `the report answers as the analyses do`() async throws {
    let matrix = BinaryMatrix.random(papers: 40, items: 8)
    let settings = ReportSettings(title: "t", replicates: 199)
    let analysis = try await ReportAnalysis(
      ReportInput(
        matrix: matrix, settings: settings,
        design: { SamplingDesign(paperCount: $0.papers.count) }))
    let run = Run(replicates: 199)
    let rates = try await run(Rates(), of: Study(matrix))
    for rate in rates {
      #expect(analysis.rates.contains(rate), Comment(rawValue: rate.target.columnName))
    }
    #expect(
      analysis.distribution == Table(scores: try await run(Scores(), of: Study(matrix))))
    let growth = try await run(Growth(), of: Study(matrix))
    #expect(growth.steps.count > 1 && growth.column == nil)
    #expect(growth.steps.last?.papers == 40)
  }
}
