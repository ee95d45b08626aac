import RealModule
import SurveyStats

extension CorpusSimulation {
  /// Keeps the random numbers of citations apart from those of papers.
  private static let citationSubstream: UInt64 = 0x6369_7465_73

  /// The papers of the corpus that a paper cites.
  ///
  /// A Poisson number of papers before it in the corpus and not of a later year, each with a chance proportional to
  /// `exp(slope · score / 10)`: of two papers that could be cited by the same papers, the one with ten points more is
  /// cited `exp(slope)` times as often on average.
  func citedPapers(of citing: PaperDraw) -> [Paper] {
    guard parameters.citationMean > 0, citing.index > 0 else { return [] }
    var stream = RandomStream(
      seed: parameters.seed, stream: UInt64(citing.index), substream: Self.citationSubstream)
    var (count, product) = (0, stream.uniform())
    while product > Double.exp(-parameters.citationMean) {
      count += 1
      product *= stream.uniform()
    }
    let slope = parameters.citationSlope
    var found: [Int: Paper] = [:]
    var order: [Int] = []
    // Proposals are accepted with their chance relative to that of the best score there can be.
    for _ in 0..<1_000 * count where order.count < min(count, citing.index) {
      let index = stream.index(below: citing.index)
      let accepted = stream.uniform()
      guard found[index] == nil else { continue }
      let draw = draw(index)
      let cells = cells(draw, version: draw.version)
      let (yes, no) = (cells.count { $0 == .yes }, cells.count { $0 == .no })
      let years = parameters.years.values
      guard years[draw.year] <= years[citing.year], yes + no > 0 else { continue }
      let score = 100 * Double(yes) / Double(yes + no)
      guard accepted < Double.exp((slope * score - max(0, slope * 100)) / 10) else { continue }
      found[index] = paper(draw, version: draw.version)
      order.append(index)
    }
    return order.compactMap { found[$0] }
  }
}
