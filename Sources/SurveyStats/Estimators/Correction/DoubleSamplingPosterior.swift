/// What is known about a rate when one rater has read all papers and a better one some of them.
///
/// Estimated is `q_yes / (q_yes + q_no)` with `q_t = Σ_f W_f G_ft`: W, how often the rater says yes, no or
/// does not apply, is known from all papers, and G, what the better rater says given that, from those
/// that both have read (Tenenbein 1970, *JASA* 65:1350; of several states Hochberg 1977, *JASA* 72:914).
/// The likelihood is a product of the two, so that W and the rows of G have independent Dirichlet
/// posteriors: ½ a cell is added to the counts of W, ⅕ to those of G.
///
/// The posterior is taken at the points of ``CorrectionLattice``: nothing is drawn. Its limits agree with
/// those of 10⁷ draws to a few thousandths (docs/raters.md). Counts may be real numbers, so that
/// effective ones can be used. Cost: about 0.5 ms.
struct DoubleSamplingPosterior: Sendable {
  /// The rate at the points.
  let values: [Double]

  /// What is added to each count of a row of G.
  static let cellPrior = 0.2
  /// What is added to each count of W.
  static let sharePrior = 0.5

  /// The posterior of counts.
  ///
  /// - Parameters:
  ///   - rater: How often the rater says yes, no and does not apply.
  ///   - table: How often the rater says one thing and the better rater another.
  init(rater: [Double], table: StateTable) {
    let (half, prior) = (Self.sharePrior, Self.cellPrior)
    let shares = rater.map { $0 + half }
    var lists = [
      CorrectionLattice.quantiles(shares[0] + shares[1], shares[2]),
      CorrectionLattice.quantiles(shares[0], shares[1]),
    ]
    for state in AnswerState.allCases {
      let row = AnswerState.allCases.map { table[state, $0] + prior }
      lists.append(CorrectionLattice.quantiles(row[0] + row[1], row[2]))
      lists.append(CorrectionLattice.quantiles(row[0], row[1]))
    }
    let places = CorrectionLattice.places
    func at(_ coordinate: Int, _ point: Int) -> Double {
      lists[coordinate][Int(places[coordinate][point])]
    }
    values = (0..<CorrectionLattice.count).map { point in
      let (applies, share) = (at(0, point), at(1, point))
      let weights = (applies * share, applies * (1 - share), 1 - applies)
      let yes = weights.0 * at(2, point)
      let no = weights.1 * at(4, point)
      let rest = weights.2 * at(6, point)
      return (yes * at(3, point) + no * at(5, point) + rest * at(7, point)) / (yes + no + rest)
    }
  }

  /// The mean and the standard deviation.
  var moments: (mean: Double, deviation: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / count).squareRoot())
  }

  /// The values that are not exceeded with the given probabilities.
  func quantiles(_ probabilities: [Double]) -> [Double] {
    let count = Double(values.count)
    let positions = probabilities.map { min(max($0 * count - 0.5, 0), count - 1) }
    let found = OrderStatistics(values).values(
      atRanks: positions.flatMap { [Int($0) + 1, min(Int($0) + 2, values.count)] })
    return positions.indices.map { index in
      let share = positions[index] - positions[index].rounded(.down)
      return found[2 * index] + share * (found[2 * index + 1] - found[2 * index])
    }
  }
}
