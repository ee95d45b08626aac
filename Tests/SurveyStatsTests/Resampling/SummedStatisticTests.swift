import SurveyStats
import Testing

@Suite struct SummedStatisticTests {
  @Test(arguments: ExampleDesign.allCases)
  func `the sample and the jackknife are those of the unit weights`(example: ExampleDesign) throws {
    // Enough units for a second block when units are papers.
    let matrix = BinaryMatrix.random(papers: example == .plain ? 4_200 : 90, items: 4)
    let design = try example.design(papers: matrix.papers.count)
    let statistic = RateStatistic(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item, .category]), design: design,
      includesStandardErrors: example != .plain)
    let generic = Unsummed(base: statistic)
    for (a, b) in zip(statistic.original(), generic.original()) { #expect(abs(a - b) < 1e-13) }
    guard example != .plain else { return }
    let (short, long) = (statistic.jackknife(), generic.jackknife())
    #expect(short.rows == design.unitCount && short.columns == statistic.valueCount)
    for (a, b) in zip(short.elements, long.elements) { #expect(abs(a - b) < 1e-12) }
  }

  @Test func `the jackknife of a mean has its standard error`() throws {
    let matrix = BinaryMatrix(text: ["1", "1", "0", "-", "0", "1", "0", "0"])
    let statistic = RateStatistic(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]),
      design: SamplingDesign(paperCount: 8))
    let values = statistic.jackknife().column(0)
    // Seven papers take part, three of them with yes: the jackknife error is √(pq/(n − 1)).
    let known = values.enumerated().filter { $0.offset != 3 }.map(\.element)
    let mean = known.reduce(0, +) / 7
    let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * 6 / 7
    let (p, q) = (3.0 / 7, 4.0 / 7)
    #expect(abs(variance - p * q / 6) < 1e-15)
    #expect(values[3] == 3.0 / 7)
    #expect(abs(values[0] - 2.0 / 6) < 1e-15)
  }

  @Test func `a rate of one paper is undefined without it`() {
    let matrix = BinaryMatrix(text: ["1", "-", "-"])
    let statistic = RateStatistic(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]),
      design: SamplingDesign(paperCount: 3))
    let values = Array(statistic.jackknife().column(0))
    #expect(values[0].isNaN && values[1] == 1 && values[2] == 1)
  }
}
