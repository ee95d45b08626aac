import Testing

@testable import SurveyStats

@Suite struct DriftTests {
  private func drift(errors: (Int) -> Int) -> Drift {
    let count = 400
    let papers = (0..<2 * count).map {
      Paper(slug: "p\(1000 + $0 % count)", rater: $0 < count ? "a" : "b")
    }
    let items = (0..<10).map { Item(id: ItemID("i\($0)")) }
    let matrix = BinaryMatrix(papers: papers, items: items) { row, item in
      row >= count && item < errors(row - count) ? .no : .yes
    }
    let ratings = Ratings(matrix)
    return Drift(
      ratings, raters: (0, 1),
      batchOf: ratings.papers.map { paper in
        let number = (Int(paper.slug.dropFirst()) ?? 0) - 1000
        return "\(2020 + number / 100)"
      })
  }

  @Test func `a rater that changes is found out, one that does not is not`() {
    let steady = drift { $0 % 3 == 0 ? 2 : 0 }
    #expect(steady.batches.map(\.name) == ["2020", "2021", "2022", "2023"])
    #expect(steady.batches.allSatisfy { !$0.hasDrifted })
    #expect(steady.batches.map(\.laterCount) == [0, 100, 200, 300])
    let worse = drift { $0 < 200 ? 0 : 8 }
    #expect(!worse.batches[1].hasDrifted && worse.batches[3].hasDrifted)
    #expect(abs((worse.batches[3].share ?? 0) - 0.8) < 1e-12)
  }
}
