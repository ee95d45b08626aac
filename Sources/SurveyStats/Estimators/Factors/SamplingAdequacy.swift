/// Whether correlations are fit for factors: the Kaiser-Meyer-Olkin measure and Bartlett's test.
///
/// KMO is `sum r² / (sum r² + sum q²)` over off-diagonal correlations r and partial correlations q
/// given all other items; per item the sums go over its row. Bartlett's test of sphericity asks
/// whether the items are uncorrelated: `-(N-1-(2p+5)/6) ln|R|` is chi-square with p(p-1)/2 degrees
/// of freedom for normal data; with pairwise NA, N is the harmonic mean of the pair counts and the
/// test approximate.
///
/// Both need the inverse of the matrix and throw for one that is not positive definite, or that a
/// repair made so only just. A matrix that had to be repaired has no test, and its measure is that of
/// the repaired matrix, which every row says: where correlations were shrunk by as much as a tenth, it
/// says more of the shrinkage than of the data. Papers that are weighted, clustered or stratified have no
/// test.
///
/// Reference: Kaiser and Rice (1974), Educational and Psychological Measurement 34:111; Bartlett
/// (1951), Biometrika 38:337.
public struct SamplingAdequacy: Sendable, Equatable {
  /// The names of the items.
  public let names: [String]
  /// The measure over all items; `nil` where all correlations are zero.
  public let overall: Double?
  /// The measure of each item; `nil` where its correlations are zero.
  public let items: [Double?]
  /// Bartlett's chi-square; `nil` for a matrix that had to be repaired.
  public let chiSquare: Double?
  /// Its degrees of freedom.
  public let degreesOfFreedom: Int
  /// Its p-value; `nil` for fewer than two items or too few papers.
  public let pValue: Double?
  /// The number of papers that the test uses.
  let sampleSize: Double
  /// The repair of the matrix, if it needed one.
  public let repair: CorrelationRepair?
  /// How the papers were sampled.
  public let sampling: PaperSampling

  /// Measures a correlation matrix; the sample size is the harmonic mean of the pair counts unless
  /// given.
  public init(
    _ correlations: CorrelationMatrix, sampleSize: Double? = nil
  ) throws(FactorError) {
    do throws(CorrelationMatrixError) {
      try correlations.checkInverse()
    } catch {
      throw .correlations(error)
    }
    let count = correlations.count
    let values = correlations.values
    let (inverse, logDeterminant) = try FactorError.wrapping { () throws(LinearAlgebraError) in
      (try values.positiveDefiniteInverse(), try values.logDeterminant())
    }
    var squares = [Double](repeating: 0, count: count)
    var partials = squares
    for i in 0..<count {
      for j in 0..<count where j != i {
        squares[i] += values[i, j] * values[i, j]
        partials[i] += inverse[i, j] * inverse[i, j] / (inverse[i, i] * inverse[j, j])
      }
    }
    func measure(_ square: Double, _ partial: Double) -> Double? {
      square > 0 ? square / (square + partial) : nil
    }
    names = correlations.names
    items = zip(squares, partials).map { measure($0, $1) }
    overall = measure(squares.reduce(0, +), partials.reduce(0, +))
    let papers = sampleSize ?? correlations.harmonicMeanCount ?? 0
    let factor = papers - 1 - Double(2 * count + 5) / 6
    degreesOfFreedom = count * (count - 1) / 2
    repair = correlations.repair
    sampling = correlations.sampling
    let hasTest = correlations.repair == nil && correlations.sampling.isAlike
    let chiSquare = hasTest ? max(-factor * logDeterminant, 0) : nil
    self.chiSquare = chiSquare
    self.sampleSize = papers
    let distribution = ChiSquared(degreesOfFreedom: Double(max(degreesOfFreedom, 1)))
    pValue =
      factor > 0 && degreesOfFreedom > 0 ? chiSquare.map { distribution.survival($0) } : nil
  }

  /// The measures of all items together and of each, and Bartlett's test.
  public func table() -> Table {
    let terms = ["overall"] + names + ["bartlett_chi_square"]
    func testOnly<Value>(_ value: Value?) -> [Value?] {
      terms.indices.map { $0 == terms.count - 1 ? value : nil }
    }
    let repaired = repair.map { repair in
      "repaired-matrix: \(NumberFormat.readable(repair.largestChange))"
    }
    let measures = ([overall] + items).map { measure -> String? in
      let notes = [measure == nil ? "no-correlation" : nil, repaired].compactMap { $0 }
      return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
    let test: String? =
      repaired ?? (sampling.isAlike ? pValue == nil ? "too-few-papers" : nil : "dependent-papers")
    return Table(
      name: "sampling_adequacy",
      caption: "Kaiser-Meyer-Olkin measure of sampling adequacy (near 1 is good, below 0.5 bad), "
        + "and Bartlett's test of sphericity.",
      columns: [
        Column("term", .text(terms)),
        Column("estimate", .real([overall] + items + [chiSquare])),
        Column("degrees_of_freedom", .integer(testOnly(degreesOfFreedom))),
        Column("p_value", .real(testOnly(pValue)), style: .pValue),
        Column("n", .real(terms.map { _ in sampleSize })),
        Column("note", .text(measures + [test])),
      ],
      notes: repair.map { repair in
        [
          "The measures are those of a repaired matrix (\(repair.method.rawValue)), whose correlations "
            + "differ by up to \(NumberFormat.readable(repair.largestChange)) from those of the data"
            + (repair.largestChange >= Self.doubtfulChange
              ? "; they say more of the repair than of the data, which are too few for them." : ".")
        ]
      } ?? [])
  }

  /// From this change of a correlation on the measures are those of the repair.
  static let doubtfulChange = 0.1
}
