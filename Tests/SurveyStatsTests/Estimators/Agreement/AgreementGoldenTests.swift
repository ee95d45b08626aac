import Foundation
import Testing

@testable import SurveyStats

/// Values of irrCAC, krippendorff and statsmodels for three states.
@Suite struct AgreementGoldenTests {
  private struct Golden {
    let rows: [[String]]

    init(_ name: String) throws {
      let url = try #require(
        Bundle.module.url(
          forResource: name, withExtension: "csv", subdirectory: "Golden/agreement"))
      rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst(2)
        .map { $0.split(separator: ",").map(String.init) }
    }
  }

  /// The ratings of some raters, of one item.
  private func matrix(raters: [Int], isComplete: Bool) throws -> BinaryMatrix {
    let rows = try Golden("ratings").rows
    var papers: [Paper] = []
    var cells: [Cell] = []
    for (number, row) in rows.enumerated() {
      if isComplete, raters.contains(where: { row[$0] == "NA" }) { continue }
      for rater in raters {
        papers.append(Paper(slug: "p\(100 + number)", rater: "r\(rater)"))
        cells.append(["0": .no, "1": .notApplicable, "2": .yes][row[rater]] ?? .absent)
      }
    }
    return BinaryMatrix(papers: papers, items: [Item(id: ItemID("a.x"))]) { row, _ in cells[row] }
  }

  private func rows(_ raters: String) async throws -> [AgreementRow] {
    let places = raters.hasSuffix("r3") ? [0, 1, 2] : [0, 1]
    let matrix = try matrix(raters: places, isComplete: raters != "r1 r2 r3")
    return try await Run()(Agreement(levels: [.item], parts: [.states]), of: Study(matrix)).rows
  }

  @Test(arguments: ["r1 r2 r3", "complete r1 r2 r3", "complete r1 r2", "cohen r1 r2"])
  func `coefficients and errors are those of the packages`(raters: String) async throws {
    let rows = try await rows(raters)
    let golden = try Golden("coefficients").rows.filter { $0[0] == raters }
    #expect(!golden.isEmpty)
    for reference in golden {
      let coefficient = try #require(AgreementCoefficient(rawValue: reference[1]))
      let estimate = try #require(rows.first { $0.coefficient == coefficient }?.estimate)
      let value = try #require(estimate.value)
      let expected = try #require(Double(reference[2]))
      #expect(abs(value - expected) < 1e-10, "\(raters) \(reference[1])")
      guard let error = Double(reference[3]) else { continue }
      // κ of two raters has the error of Fleiss, Cohen & Everitt, weighted κ that of irrCAC.
      if raters == "complete r1 r2", coefficient == .kappa { continue }
      if raters == "cohen r1 r2", coefficient == .weightedKappa { continue }
      let found = try #require(estimate.standardError)
      #expect(abs(found - error) < 1e-10, "\(raters) \(reference[1])")
    }
  }

  @Test func `tests of bias are those of statsmodels`() throws {
    let golden = try Golden("tests").rows
    let exact = RaterBias.mcNemar(4, 11)
    let p = try #require(exact.pValue)
    #expect(exact.statistic == Double(golden[0][1]))
    #expect(abs(p - (Double(golden[0][3]) ?? 0)) < 1e-12)
    let ratings = Ratings(try matrix(raters: [0, 1], isComplete: true))
    let stuart = RaterBias.stuartMaxwell(
      StateTable(ratings.readings[0], ratings.readings[1], item: 0))
    #expect(stuart.degreesOfFreedom == 2)
    #expect(abs((stuart.statistic ?? 0) - (Double(golden[1][1]) ?? 0)) < 1e-12)
    #expect(abs((stuart.pValue ?? 0) - (Double(golden[1][3]) ?? 0)) < 1e-12)
  }
}
