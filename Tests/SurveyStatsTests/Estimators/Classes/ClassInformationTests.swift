import Foundation
import Testing

@testable import SurveyStats

@Suite struct ClassInformationTests {
  /// The log-likelihood of logits: of shares against the last class, then of the rates of each class.
  private static func logLikelihood(_ logits: [Double], classes: Int, of matrix: BinaryMatrix)
    -> Double
  {
    let width = matrix.items.count
    let odds = logits.prefix(classes - 1).map { exp($0) } + [1]
    let whole = odds.reduce(0, +)
    return matrix.papers.indices.reduce(0) { sum, paper in
      let parts = (0..<classes).map { index in
        matrix.items.indices.reduce(odds[index] / whole) { product, item in
          guard matrix.applies[paper, item] else { return product }
          let rate = 1 / (1 + exp(-logits[classes - 1 + index * width + item]))
          return product * (matrix.yes[paper, item] ? rate : 1 - rate)
        }
      }
      return sum + log(parts.reduce(0, +))
    }
  }

  @Test(arguments: [2, 3])
  func `the information is that of second differences of the likelihood`(classes: Int) async throws
  {
    let matrix = QuestionGolden.matrix("partial")
    let fit = try #require(
      try await Run(jobs: 2)(LatentClasses([classes], starts: 60), of: Study(matrix)).first)
    func logit(_ rate: Double) -> Double { log(rate / (1 - rate)) }
    let rates = fit.rates.flatMap { $0 }
    #expect(rates.allSatisfy { $0 > 0.001 && $0 < 0.999 })
    let point =
      (0..<classes - 1).map { log(fit.shares[$0] / fit.shares[classes - 1]) } + rates.map(logit)
    let size = point.count
    let step = 1e-3
    func value(_ i: Int, _ a: Double, _ j: Int, _ b: Double) -> Double {
      var moved = point
      moved[i] += a * step
      moved[j] += b * step
      return Self.logLikelihood(moved, classes: classes, of: matrix)
    }
    var information = DenseMatrix(rows: size, columns: size)
    for i in 0..<size {
      for j in 0...i {
        let second =
          value(i, 1, j, 1) - value(i, 1, j, -1) - value(i, -1, j, 1) + value(i, -1, j, -1)
        information[i, j] = -second / (4 * step * step)
        information[j, i] = information[i, j]
      }
    }
    let inverse = try information.positiveDefiniteInverse()
    for index in 0..<classes {
      let share = fit.shares[index]
      let slopes = (0..<classes - 1).map { other -> Double in
        let own: Double = other == index ? 1 : 0
        return share * (own - fit.shares[other])
      }
      var variance = 0.0
      for i in slopes.indices {
        for j in slopes.indices { variance += slopes[i] * slopes[j] * inverse[i, j] }
      }
      let count = share * (1 - share) / variance
      #expect(abs(fit.shareCounts[index] / count - 1) < 1e-3)
      for item in fit.items.indices {
        let place = classes - 1 + index * fit.items.count + item
        let rate = fit.rates[index][item]
        let count = 1 / (inverse[place, place] * rate * (1 - rate))
        #expect(abs(fit.rateCounts[index][item] / min(count, fit.counts[index][item]) - 1) < 1e-3)
      }
    }
    // Less than if classes were known.
    #expect(fit.shareCounts.allSatisfy { $0 < 500 })
  }

  @Test func `more parameters than papers have limits with a note`() async throws {
    var stream = RandomStream(seed: 3)
    let rows = (0..<24).map { paper in
      String(
        (0..<30).map { _ in stream.uniform() < (paper < 12 ? 0.8 : 0.2) ? "1" : "0" as Character })
    }
    let fits = try await Run()(LatentClasses([2], starts: 40), of: Study(BinaryMatrix(text: rows)))
    let table = Table(classesOf: fits[0])
    guard case .text(let notes)? = table["note"]?.values else { return }
    #expect(notes.allSatisfy { $0?.contains("more-parameters-than-papers") == true })
    #expect(fits[0].shareCounts.allSatisfy { $0 > 0 && $0 <= 24 })
  }

  @Test func `classes that overlap in few papers have a note`() async throws {
    func codes(distance: Double) async throws -> [String] {
      var stream = RandomStream(seed: 5)
      let rows = (0..<100).map { paper in
        let rate = 0.5 + (paper < 40 ? distance : -distance)
        return String((0..<20).map { _ in stream.uniform() < rate ? "1" : "0" as Character })
      }
      let fits = try await Run()(
        LatentClasses([2], starts: 40), of: Study(BinaryMatrix(text: rows)))
      return fits[0].notes.map(\.code)
    }
    #expect(try await codes(distance: 0.1).contains("overlapping-classes"))
    #expect(try await !codes(distance: 0.4).contains("overlapping-classes"))
  }
}
