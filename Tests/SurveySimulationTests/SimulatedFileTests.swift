import Foundation
import Testing

@testable import SurveySimulation
@testable import SurveyStats

@Suite struct SimulatedFileTests {
  /// Simulates papers of one version, or of all in turn.
  private func simulation(
    versions: DiscreteDistribution<Int> = [1: 1, 2: 1, 3: 1, 4: 1, 5: 1],
    change: (inout CorpusSimulation.Parameters) -> Void = { _ in }
  ) throws -> CorpusSimulation {
    var parameters = CorpusSimulation.Parameters(paperCount: 60, seed: 5)
    parameters.versions = versions
    change(&parameters)
    return try CorpusSimulation(parameters)
  }

  private func document(_ file: SimulatedFile) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(file.bytes))
    return try #require(value as? [String: Any])
  }

  /// The answers of a checklist, as `category.item`.
  private func answers(_ checklist: Any?) throws -> [String: Answer] {
    let categories = try #require(checklist as? [String: [String: [String: Any]]])
    var result: [String: Answer] = [:]
    for (category, items) in categories {
      for (name, item) in items {
        result["\(category).\(name)"] = Answer(
          applies: try #require(item["applies"] as? Bool),
          answer: try #require(item["answer"] as? Bool), source: item["source"] as? String)
        #expect(item["justification"] is String)
      }
    }
    return result
  }

  private struct Answer {
    let applies: Bool
    let answer: Bool
    let source: String?

    var cell: Cell { applies ? (answer ? .yes : .no) : .notApplicable }
  }

  @Test(arguments: [CorpusSimulation.TextLength.short, .realistic])
  func `every file is the JSON of its cells`(length: CorpusSimulation.TextLength) throws {
    let simulation = try simulation {
      $0.severalVersionsRate = 0.5
      $0.duplicateRate = 0.5
      $0.textLength = length
    }
    let matrix = simulation.matrix()
    for index in 0..<60 {
      let files = simulation.files(ofPaper: index)
      #expect(files[0].paper == matrix.papers[index])
      #expect(files[0].cells == matrix.items.indices.map { matrix[index, $0] })
      for file in files {
        let scan = try document(file)
        var stated = try answers(scan["checklist"])
        if let module = scan["type_checklist"] {
          stated.merge(try answers(module)) { first, _ in first }
        }
        for (item, cell) in zip(matrix.items, file.cells) {
          #expect(stated[item.id.description]?.cell ?? .absent == cell)
        }
        let raters = Set(stated.values.compactMap(\.source)).sorted().joined(separator: "+")
        #expect(raters == file.paper.rater ?? "")
        #expect(stated.count == file.cells.count { $0 != .absent })
        let paper = try #require(scan["paper"] as? [String: Any])
        #expect(paper["title"] as? String == file.paper.title)
        #expect(paper["year"] as? Int == file.paper.year)
        #expect(paper["arxiv_id"] as? String == file.paper.arxivID)
        #expect(scan["methodology_tags"] as? [String] == file.paper.tags)
      }
    }
  }

  @Test(arguments: 1...5) func `files have the layout of their version`(version: Int) throws {
    let simulation = try simulation(versions: [version: 1])
    for index in 0..<20 {
      let file = try #require(simulation.files(ofPaper: index).first)
      let scan = try document(file)
      #expect(scan["scan_version"] as? Int == (version == 1 ? nil : version))
      #expect((scan["active_modules"] != nil) == [2, 3].contains(version))
      #expect((scan["engagement_factors"] != nil) == (version >= 3))
      for key in ["paper_type", "type_checklist", "hn_data"] {
        #expect((scan[key] != nil) == (version >= 4))
      }
      for key in ["claims", "key_findings", "red_flags", "cited_papers"] {
        #expect(scan[key] != nil)
      }
      let sources = try answers(scan["checklist"]).values.map(\.source)
      #expect(sources.allSatisfy { ($0 != nil) == (version >= 4) })
      if version == 5 { #expect(Set(sources) == ["haiku"]) }
      let name = version <= 3 ? "scan.json" : "scan-v\(version).json"
      #expect(file.relativePath == "papers/\(file.paper.slug)/\(name)")
    }
  }

  @Test func `papers cite earlier ones, the better the more`() throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 300, seed: 3)
    parameters.citationMean = 4
    parameters.citationSlope = 0.4
    let simulation = try CorpusSimulation(parameters)
    let plain = try CorpusSimulation(CorpusSimulation.Parameters(paperCount: 300, seed: 3))
    var (cited, citable) = ([Double](), [Double]())
    for index in 0..<300 {
      let citing = simulation.draw(index)
      let papers = simulation.citedPapers(of: citing)
      #expect(plain.citedPapers(of: citing).isEmpty)
      #expect(Set(papers.map(\.slug)).count == papers.count)
      for paper in papers {
        let number = try #require(Int(paper.slug.split(separator: "-")[1]))
        #expect(number < index && (paper.year ?? 0) <= citing.year + 2020)
        cited.append(try #require(score(simulation.paper(at: number).cells)))
      }
      citable += [score(simulation.paper(at: index).cells)].compactMap { $0 }
    }
    #expect(abs(Double(cited.count) / 300 - 4) < 0.5)
    // exp(0.4) for ten points moves the mean by about 0.04 of the variance.
    #expect(Moments(cited).mean - Moments(citable).mean > 5)
    let text = String(decoding: simulation.files(ofPaper: 299)[0].bytes, as: UTF8.self)
    for paper in simulation.citedPapers(of: simulation.draw(299)) {
      #expect(text.contains(paper.title ?? "?"))
    }
    parameters.citationSlope = 2
    #expect(throws: SimulationError.citations) { try CorpusSimulation(parameters) }
  }

  private func score(_ cells: [Cell]) -> Double? {
    let (yes, no) = (cells.count { $0 == .yes }, cells.count { $0 == .no })
    return yes + no > 0 ? 100 * Double(yes) / Double(yes + no) : nil
  }

  @Test func `active modules are those with answers`() throws {
    let simulation = try simulation(versions: [2: 1, 3: 1])
    for index in 0..<60 {
      let scan = try document(simulation.files(ofPaper: index)[0])
      let active = try #require(scan["active_modules"] as? [String])
      let categories = try #require(scan["checklist"] as? [String: Any])
      #expect(
        active == ["experimental_rigor", "data_leakage"].filter { categories[$0] != nil })
    }
  }

  @Test func `the same seed gives the same bytes`() throws {
    func files(_ count: Int) throws -> [[SimulatedFile]] {
      let simulation = try simulation {
        $0.paperCount = count
        $0.severalVersionsRate = 0.3
        $0.duplicateRate = 0.3
        $0.defectRate = 0.3
      }
      return (0..<20).map(simulation.files(ofPaper:))
    }
    #expect(try files(20) == files(500))
  }

  @Test func `the length of text changes no answer`() throws {
    let short = try simulation { $0.duplicateRate = 0.5 }
    let long = try simulation {
      $0.duplicateRate = 0.5
      $0.textLength = .realistic
    }
    for index in 0..<20 {
      let cells = short.files(ofPaper: index).map(\.cells)
      #expect(cells == long.files(ofPaper: index).map(\.cells))
    }
  }

  @Test func `realistic files are as large as real ones`() throws {
    let simulation = try simulation(versions: [2: 1, 3: 1]) { $0.textLength = .realistic }
    let sizes = (0..<60).map { simulation.files(ofPaper: $0)[0].bytes.count }
    let mean = sizes.reduce(0, +) / sizes.count
    #expect(mean > 20_000 && mean < 32_000)
  }

  @Test func `duplicates share identifiers but not the slug`() throws {
    let simulation = try simulation {
      $0.duplicateRate = 1
      $0.disagreementRate = 0
    }
    for index in 0..<20 {
      let files = simulation.files(ofPaper: index)
      #expect(files.count == 2)
      #expect(files[1].paper.slug == files[0].paper.slug + "-2")
      #expect(files[1].duplicateOf == files[0].paper.slug)
      #expect(files[1].paper.arxivID == files[0].paper.arxivID)
      #expect(files[1].paper.title == files[0].paper.title)
      #expect(files[1].cells == files[0].cells)
    }
  }

  @Test func `second scans disagree as often as told`() throws {
    let simulation = try simulation {
      $0.severalVersionsRate = 1
      $0.disagreementRate = 0.2
    }
    var common = 0.0
    var different = 0.0
    for index in 0..<500 {
      let files = simulation.files(ofPaper: index)
      #expect(files[0].paper.version != files[1].paper.version)
      #expect(files[0].relativePath != files[1].relativePath)
      #expect(files[0].paper.slug == files[1].paper.slug)
      for (first, second) in zip(files[0].cells, files[1].cells) {
        let answered = [Cell.yes, .no]
        guard answered.contains(first), answered.contains(second) else { continue }
        common += 1
        if first != second { different += 1 }
      }
    }
    #expect(abs(different / common - 0.2) < 4 * (0.16 / common).squareRoot())
  }

  @Test func `contradictions say yes where the item does not apply`() throws {
    let simulation = try simulation(versions: [2: 1]) { $0.contradictionRate = 1 }
    for index in 0..<10 {
      let file = simulation.files(ofPaper: index)[0]
      let stated = try answers(document(file)["checklist"]).values
      #expect(stated.filter { !$0.applies }.allSatisfy { $0.answer })
      #expect(file.contradictionCount == file.cells.count { $0 == .notApplicable })
    }
  }

  @Test(arguments: FileDefect.allCases) func `defects break files`(defect: FileDefect) throws {
    let whole = try simulation()
    let broken = try simulation {
      $0.defectRate = 1
      $0.defects = [defect]
    }
    for index in 0..<30 {
      let file = broken.files(ofPaper: index)[0]
      let sound = whole.files(ofPaper: index)[0]
      #expect(file.defect == defect)
      #expect(sound.defect == nil)
      #expect(file.bytes != sound.bytes)
      #expect(file.cells == sound.cells)
      switch defect {
      case .truncated, .notJSON, .empty, .deepNesting:
        #expect(throws: (any Error).self) { _ = try document(file) }
      case .notUTF8:
        #expect(String(validating: file.bytes, as: UTF8.self) == nil)
      case .wrongType:
        let categories = try #require(
          document(file)["checklist"] as? [String: [String: [String: Any]]])
        let answers = categories.values.flatMap { $0.values.map { $0["answer"] } }
        #expect(answers.count { $0 as? String == "yes" } == 1)
      case .duplicateKey:
        let text = String(decoding: file.bytes, as: UTF8.self)
        #expect(text.components(separatedBy: "\"checklist\":").count == 3)
      }
    }
  }

  @Test func `defects are as frequent as told`() throws {
    let simulation = try simulation { $0.defectRate = 0.25 }
    let files = (0..<2_000).flatMap(simulation.files(ofPaper:))
    let damaged = Double(files.count { $0.defect != nil })
    #expect(abs(damaged / 2_000 - 0.25) < 4 * (0.25 * 0.75 / 2_000).squareRoot())
    #expect(Set(files.compactMap(\.defect)) == Set(FileDefect.allCases))
  }
}
