import Testing

@testable import SurveyStats

@Suite struct LatentClassesTests {
  private let golden = QuestionGolden()

  @Test(arguments: [("answers", "complete"), ("partial", "partial")])
  func `the likelihood ends where that of stepmix does`(_ file: String, _ name: String)
    async throws
  {
    let matrix = QuestionGolden.matrix(file)
    let fits = try await Run(jobs: 2)(
      LatentClasses([1, 2, 3, 4], starts: 200), of: Study(matrix))
    for fit in fits {
      let expected = golden("log_likelihood_\(name)", "\(fit.classCount)")
      // Never below; a greater one would be one that stepmix did not find.
      #expect(fit.logLikelihood > expected - 1e-4 && fit.logLikelihood < expected + 1e-4)
    }
    #expect(fits[2].isBest)
    for (place, share) in fits[2].shares.sorted().enumerated() {
      #expect(abs(share - golden("share_\(name)", "\(place)")) < 1e-4)
    }
    #expect(
      fits[2].meanScores.compactMap { $0 } == fits[2].meanScores.compactMap { $0 }.sorted(by: >))
    #expect(fits[2].parameterCount == 32 && fits[2].paperCount == 500)
  }

  @Test func `the third step is that of stepmix`() async throws {
    let matrix = QuestionGolden.matrix("answers")
    let fit = try #require(
      try await Run(jobs: 2)(LatentClasses([3], starts: 200), of: Study(matrix)).first)
    let design = try DesignMatrix(try ModelFormula("z"), from: matrix)
    let model = try ClassCovariates(fit, design)
    #expect(model.rows.count == 4 && model.paperCount == 500)
    for row in model.rows {
      let quantity = row.term == "z" ? "three_step_slope" : "three_step_intercept"
      #expect(abs((row.estimate.value ?? .nan) - golden(quantity, "\(row.index)")) < 1e-3)
      #expect((row.estimate.standardError ?? 0) > 0.05)
    }
    let slopes = model.rows.filter { $0.term == "z" }
    #expect(slopes.count == 2 && slopes.contains { ($0.pValue ?? 1) < 0.001 })
  }

  @Test func `jobs and order change nothing`() async throws {
    let matrix = QuestionGolden.matrix("partial")
    let one = try await Run(jobs: 1)(LatentClasses([2], starts: 50), of: Study(matrix))
    let two = try await Run(jobs: 2)(LatentClasses([2], starts: 50), of: Study(matrix))
    #expect(one[0].logLikelihood == two[0].logLikelihood && one[0].shares == two[0].shares)
    let turned = matrix.selecting(papers: Array(matrix.papers.indices.reversed()))
    let other = try await Run()(LatentClasses([2], starts: 50), of: Study(turned))
    #expect(abs(other[0].logLikelihood - one[0].logLikelihood) < 1e-5)
  }

  @Test func `two classes are needed, a third is not`() async throws {
    var stream = RandomStream(seed: 3)
    let rows = (0..<200).map { index in
      String(
        (0..<8).map { _ in stream.uniform() < (index < 100 ? 0.85 : 0.15) ? "1" : "0" as Character }
      )
    }
    let run = Run(seed: 1, replicates: 39, jobs: 2)
    let fits = try await run(
      LatentClasses([2, 3], starts: 60, tests: true), of: Study(BinaryMatrix(text: rows)))
    #expect(fits.map(\.classCount) == [2, 3])
    #expect(fits[0].pValue == 1.0 / 40 && (fits[1].pValue ?? 0) > 0.05)
    #expect(fits[0].isBest && (fits[0].separation ?? 0) > 0.8)
    #expect(fits[0].distinctive(of: 0, most: 3).count == 3)
    let modal = (0..<200).count { fits[0].modalClass($0) == ($0 < 100 ? 0 : 1) }
    #expect(modal > 190)
    #expect(Table(classesOf: fits[0]).rowCount == 2 && Table(classFits: fits).rowCount == 2)
    #expect(Table(classItems: fits[0]).rowCount == 16)
  }

  @Test func `few papers and few items are refused`() async throws {
    await #expect(throws: LatentClasses.Failure.tooFewPapers(3, classes: 2)) {
      try await Run()(LatentClasses([2]), of: Study(BinaryMatrix(text: ["10", "01", "11"])))
    }
    await #expect(throws: LatentClasses.Failure.tooFewItems(1)) {
      try await Run()(LatentClasses([2]), of: Study(BinaryMatrix(text: ["10", "00", "10"])))
    }
  }
}
