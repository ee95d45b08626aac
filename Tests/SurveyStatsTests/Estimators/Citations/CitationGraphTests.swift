import Testing

@testable import SurveyStats

@Suite struct CitationGraphTests {
  private let papers = [
    Paper(slug: "a", title: "Scaling laws for language models", year: 2020, arxivID: "2001.08361"),
    Paper(slug: "b", title: "A study of code review by agents", year: 2023, doi: "10.1000/abc"),
    Paper(slug: "c", title: "Emergent abilities are a mirage", year: 2024),
  ]

  @Test func `works are matched by identifier, then by title`() {
    let graph = CitationGraph(
      papers,
      cited: [
        [],
        [
          CitedPaper(title: "whatever", arxivID: "2001.08361"),
          CitedPaper(title: "Scaling Laws for Language Models!"),
          CitedPaper(title: "A study of code review by agents"),
          CitedPaper(title: "Attention is all you need", year: 2017, arxivID: "1706.03762"),
        ],
        [
          CitedPaper(title: "Scaling laws for language models", doi: "10.48550/arXiv.2001.08361"),
          CitedPaper(title: "Other words", doi: "https://doi.org/10.1000/ABC"),
          CitedPaper(title: "Attention Is All You Need"), CitedPaper(title: "Introduction"),
          CitedPaper(title: "A study of code review by agents", arxivID: "2001.08361"),
        ],
      ])
    #expect(graph.edges.map(\.from) == [1, 2, 2] && graph.edges.map(\.to) == [0, 0, 1])
    #expect(graph.edges.map(\.matchedBy) == ["arxiv_id", "arxiv_id", "doi"])
    #expect(graph.entryCount == 9 && graph.selfCount == 1 && graph.repeatedCount == 2)
    #expect(graph.ambiguousCount == 1 && graph.namelessCount == 1)
    #expect(graph.works.map(\.title) == ["Attention is all you need"])
    #expect(graph.works[0].papers == [1, 2] && graph.works[0].arXivID == "1706.03762")
    #expect(graph.timesCited == [2, 1, 0] && graph.citesCounts == [0, 1, 2])
    #expect(graph.hasList == [false, true, true] && graph.exposures == [2, 1, 0])
    let table = Table(citations: graph, level: 0.95)
    #expect(table.rowCount == 12)
    #expect(Table(citedOutside: graph, level: 0.95)["n_papers"]?.values == .integer([2]))
    #expect(Table(citedInside: graph, scores: [50, 60, nil], level: 0.95).rowCount == 2)
  }

  @Test func `an identifier of two papers matches neither`() {
    let twice = [papers[0], Paper(slug: "d", title: "Another title of it", arxivID: "2001.08361")]
    let graph = CitationGraph(
      twice + [papers[1]],
      cited: [[], [], [CitedPaper(title: "x", arxivID: "2001.08361")]])
    #expect(graph.edges.isEmpty && graph.ambiguousCount == 1 && graph.works.isEmpty)
  }

  @Test func `GraphML escapes what XML takes for its own`() {
    let odd = [Paper(slug: "a<&>\"", title: "R&D <agents>"), papers[1]]
    let graph = CitationGraph(odd, cited: [[CitedPaper(title: "", doi: "10.1000/abc")], []])
    let text = graph.graphML(scores: [12.5, nil])
    #expect(
      text.contains(
        "<node id=\"a&lt;&amp;&gt;&quot;\"><data key=\"title\">R&amp;D &lt;agents&gt;</data>"))
    #expect(text.contains("<data key=\"score\">12.5</data>"))
    #expect(text.contains("source=\"a&lt;&amp;&gt;&quot;\" target=\"b\""))
  }

  @Test func `assortativity is that of networkx, and chance is seen as such`() async throws {
    let scores = RegressionGolden.rows("questions", "scores").map { Double($0["score"] ?? "") }
    let edges = RegressionGolden.rows("questions", "citations").map {
      (Int($0["from"] ?? "") ?? 0, Int($0["to"] ?? "") ?? 0)
    }
    let papers = scores.indices.map {
      Paper(slug: "p\($0)", year: 2020, doi: "10.1000/p\($0)")
    }
    var cited = [[CitedPaper]](repeating: [], count: papers.count)
    for (from, to) in edges { cited[from].append(CitedPaper(title: "", doi: "10.1000/p\(to)")) }
    let graph = CitationGraph(papers, cited: cited)
    #expect(graph.edges.count == edges.count)
    let matrix = BinaryMatrix(text: papers.map { _ in "1" }, papers: papers)
    let run = Run(seed: 1, replicates: 499)
    let rows = try await run(CitationScores(graph, scores: scores), of: Study(matrix))
    let row = try #require(rows.last)
    let expected = QuestionGolden()("assortativity", "scores")
    #expect(abs((row.estimate.value ?? .nan) - expected) < 1e-10)
    #expect((row.pValue ?? 1) < 0.01 && (row.estimate.lower ?? 1) < expected)
    #expect(rows[1].term == "rate ratio for 10 points" && rows[1].estimate.count == 60)
    let two = try await Run(seed: 1, replicates: 499, jobs: 2)(
      CitationScores(graph, scores: scores), of: Study(matrix))
    #expect(two.map(\.pValue) == rows.map(\.pValue))
    let none = try await run(
      CitationScores(CitationGraph(papers, cited: papers.map { _ in [] }), scores: scores),
      of: Study(matrix))
    #expect(none[2].estimate.notes.map(\.code) == ["too-few"])
  }

  @Test func `limits of assortativity hold zero where scores are independent of citations`()
    async throws
  {
    let papers = (0..<50).map { Paper(slug: "p\($0)", doi: "10.1000/p\($0)") }
    let matrix = BinaryMatrix(text: papers.map { _ in "1" }, papers: papers)
    var (held, clear) = (0, 0)
    for number in 0..<300 {
      var stream = RandomStream(seed: 11, stream: UInt64(number))
      var cited = [[CitedPaper]](repeating: [], count: 50)
      // Some papers are cited far more often than others, so that citations share papers.
      for paper in 1..<50 {
        for _ in 0..<4 {
          let target = min(stream.index(below: paper), stream.index(below: paper))
          cited[paper].append(CitedPaper(title: "", doi: "10.1000/p\(target)"))
        }
      }
      let scores = papers.map { _ in Optional(50 + 10 * stream.normal()) }
      let rows = try await Run(seed: 1, replicates: 99)(
        CitationScores(CitationGraph(papers, cited: cited), scores: scores), of: Study(matrix))
      let row = try #require(rows.last)
      if let low = row.estimate.lower, let high = row.estimate.upper, low <= 0, high >= 0 {
        held += 1
      }
      if let p = row.pValue, p <= 0.05 { clear += 1 }
    }
    #expect(held > 260 && clear < 28)
  }
}
