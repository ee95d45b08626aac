import Testing

@testable import SurveyStats

/// Scores, coefficients, changes and differences that a better rater would have found.
@Suite struct CorrectedEffectTests {
  /// Papers of 2000 to 2009 whose rate of yes rises with the year, and a rater that finds a fifth of the
  /// no to be yes, more so in late years; the better one reads every `every`-th paper.
  private func matrix(papers: Int = 2_000, every: Int = 4, items: Int = 4) -> BinaryMatrix {
    var random = RandomStream(seed: 11)
    var rows: [Paper] = []
    var cells: [[Cell]] = []
    for paper in 0..<papers {
      let year = 2_000 + paper % 10
      let slug = "p\(paper)"
      let group = paper % 2 == 0 ? "even" : "odd"
      let truths = (0..<items).map { _ -> Cell in
        random.uniform() < 0.2
          ? .notApplicable : random.uniform() < 0.2 + 0.04 * Double(paper % 10) ? .yes : .no
      }
      rows.append(
        Paper(slug: slug, year: year, rater: "fast", covariates: ["kind": group]))
      cells.append(
        truths.map { truth in
          truth == .no && random.uniform() < 0.02 * Double(paper % 10) ? .yes : truth
        })
      if random.uniform() * Double(every) < 1 {
        rows.append(
          Paper(slug: slug, year: year, rater: "good", covariates: ["kind": group]))
        cells.append(truths)
      }
    }
    return BinaryMatrix(
      papers: rows, items: (0..<items).map { Item(id: ItemID("c\($0 / 2).i\($0)")) }
    ) { cells[$0][$1] }
  }

  @Test func `mean scores lose the rater's errors`() async throws {
    for method in PoweredMethod.allCases {
      let rows = try await Run()(
        CorrectedScores(better: "good", method: method), of: Study(matrix()))
      #expect(rows.map(\.term) == ["score", "c0", "c1"])
      for row in rows {
        let value = try #require(row.estimate.value)
        #expect(abs(value - 38) < 2.5, "\(method) \(row)")
        #expect(try #require(row.naive.lower) > 40)
        #expect(try #require(row.effectiveCount) > Double(row.reansweredCount))
        #expect(try #require(row.estimate.lower) < 38 && #require(row.estimate.upper) > 38)
        #expect(row.estimate.notes.isEmpty)
      }
    }
  }

  @Test func `slopes lose errors that grow with the year`() async throws {
    let study = Study(matrix())
    let logits = try await Run()(
      CorrectedLogits(better: "good", [.item(ItemID("c0.i0"))], on: "year:center"), of: study)
    let slope = try #require(logits.rows.last)
    // From .2 to .56 over nine years.
    #expect(abs(try #require(slope.estimate.value) - 0.18) < 0.05)
    #expect(try #require(slope.naive.value) > #require(slope.estimate.value) + 0.03)
    #expect(try #require(slope.pValue) < 1e-6)
    let trends = try await Run()(CorrectedTrends(better: "good"), of: study)
    #expect(trends.count == 7)
    for row in trends {
      #expect(row.span == 2_000...2_009)
      #expect(abs(try #require(row.effect.estimate.value) - 0.36) < 0.09, "\(row.target.term)")
      #expect(
        try #require(row.effect.naive.value) > #require(row.effect.estimate.value),
        "\(row.target.term)")
    }
  }

  @Test func `differences of corrected rates of groups`() async throws {
    let found = try await Run()(
      CorrectedDifferences(by: "kind", CorrectedRates(better: "good")), of: Study(matrix()))
    #expect(found.rows.count == 7)
    for row in found.rows {
      #expect(row.contrast.first == "even" && row.contrast.second == "odd")
      let value = try #require(row.estimate.value)
      // Odd papers are of odd years, one later on average.
      #expect(abs(value + 0.04) < 0.12)
      #expect(
        abs(value - (try #require(row.first.estimate.value) - #require(row.second.estimate.value)))
          < 1e-12)
      #expect(row.estimate.hasLimits && row.naive.hasLimits && row.gold.hasLimits)
    }
  }

  @Test func `predictors of answers are refused`() async throws {
    let study = Study(matrix(papers: 100))
    await #expect(throws: AnswersAsPredictors(formula: "score")) {
      _ = try await Run()(
        CorrectedLogits(better: "good", [.item(ItemID("c0.i0"))], on: "score"), of: study)
    }
    await #expect(throws: AnswersAsPredictors(formula: "score")) {
      _ = try await Run()(CorrectedTrends(better: "good", on: "score"), of: study)
    }
  }

  @Test func `few and no re-answered papers are named`() async throws {
    let few = try await Run()(
      CorrectedScores(better: "good", names: ["score"]), of: Study(matrix(papers: 40, every: 5)))
    #expect(few[0].estimate.notes.contains { $0.code == "few-re-answered" })
    let none = try await Run()(
      CorrectedScores(better: "nobody", names: ["score"]), of: Study(matrix(papers: 40)))
    #expect(none[0].estimate.value == nil)
    #expect(none[0].estimate.notes.contains { $0.code == "never-re-answered" })
    #expect(none[0].gold.value == nil && none[0].naive.value != nil)
  }

  @Test func `papers in another order change nothing`() async throws {
    let matrix = matrix(papers: 300)
    let turned = matrix.selecting(papers: matrix.papers.indices.reversed())
    let one = try await Run()(CorrectedScores(better: "good"), of: Study(matrix))
    let other = try await Run()(CorrectedScores(better: "good"), of: Study(turned))
    for (a, b) in zip(one, other) {
      #expect(abs(try #require(a.estimate.value) - #require(b.estimate.value)) < 1e-9)
      #expect(abs(try #require(a.estimate.lower) - #require(b.estimate.lower)) < 1e-9)
    }
  }
}
