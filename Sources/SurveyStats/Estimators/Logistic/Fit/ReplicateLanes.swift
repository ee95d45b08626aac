import CKernels

/// The logistic fits of one design under changing weights of papers, eight at a time.
///
/// Answers are kept paper after paper, a byte a fit, so that one pass makes the totals of all fits. Each
/// fit starts from its estimates of the full sample. Fits that do not end within twelve whole steps
/// are left to the careful way.
struct ReplicateLanes: Sendable {
  /// The fits of eight lanes, by their positions; all with Firth's penalty, or all without.
  fileprivate struct Batch: Sendable {
    var fits: [Int]
    let isPenalized: Bool
    /// The estimates of the full sample, eight numbers a column, the last column first.
    var start: [Double]
    /// What leads to the standardised coefficients of each fit; zero for the intercept.
    var spreads: [Double]
  }

  private let rows: SparseRows
  private let batches: [Batch]
  /// The paper, row and weight of each row of the design, and what it answers: 3 for yes, 2 for no,
  /// 0 where the outcome is not defined.
  private let papers: [Int]
  private let rowOfPaper: [UInt32]
  private let weights: [Double]
  private let answers: [UInt8]
  /// The position of the first coefficient of each fit.
  private let firstValues: [Int]

  /// `nil` when no fit can be made with others.
  init?(_ fits: [LogisticFit]) {
    let prepared = fits.lazy.map(\.data.prepared).first { $0.sparseRows != nil }
    guard let prepared, let rows = prepared.sparseRows else { return nil }
    let chosen = fits.indices.filter { index in
      let fit = fits[index]
      return fit.data.prepared.sparseRows === rows && fit.columns.count == rows.columnCount
        && fit.data.weightFactor == 1 && fit.likelihood.basis == nil
    }
    guard !chosen.isEmpty else { return nil }
    var batches: [Batch] = []
    for method in [LogisticFit.Method.maximumLikelihood, .firth] {
      let own = chosen.filter { fits[$0].method == method }
      for first in stride(from: 0, to: own.count, by: 8) {
        batches.append(
          Batch(Array(own[first..<min(first + 8, own.count)]).map { ($0, fits[$0]) }, rows: rows))
      }
    }
    let patterns = prepared.patterns.patternOfRow
    papers = prepared.design.papers
    rowOfPaper = patterns.map { UInt32(rows.rowOfPattern[$0]) }
    weights = prepared.weights ?? [Double](repeating: 1, count: patterns.count)
    var answers = [UInt8](repeating: 0, count: 8 * batches.count * patterns.count)
    for (position, batch) in batches.enumerated() {
      for (lane, fit) in batch.fits.enumerated() {
        let values = fits[fit].data.outcome.values
        for (index, paper) in papers.enumerated() {
          guard let isYes = values[paper] else { continue }
          answers[8 * (index * batches.count + position) + lane] = isYes ? 3 : 2
        }
      }
    }
    self.answers = answers
    self.rows = rows
    self.batches = batches
    var next = 0
    firstValues = fits.map { fit in
      defer { next += fit.coefficients.count }
      return next
    }
  }

  /// Estimates coefficients into their places; returns whether each fit was made.
  func estimate(unitWeights: [Double], units: [Int], into values: inout [Double]) -> [Bool] {
    var isMade = [Bool](repeating: false, count: firstValues.count)
    let own = papers.indices.map { unitWeights[units[papers[$0]]] * weights[$0] }
    let size = 8 * batches.count * rows.count
    unsafe LogisticLanes(rows).withMemory(additional: 2 * size) { memory, successes in
      let trials = unsafe successes + size
      unsafe rows.withKernelRows { kernelRows in
        unsafe ck_lane_totals(
          KernelPath.best.rawValue, answers, papers.count, batches.count, rowOfPaper, own,
          rows.count, successes, trials)
        for (index, batch) in batches.enumerated() {
          let first = 8 * rows.count * index
          unsafe memory.beta.update(from: batch.start, count: batch.start.count)
          var iterations = [Int](repeating: 0, count: 8)
          let ended = unsafe ck_fit_logistic_lanes(
            KernelPath.best.rawValue, kernelRows, successes + first, trials + first,
            batch.isPenalized ? 1 : 0, 12, 1e-7, nil, memory.beta, nil, nil, &iterations, nil,
            memory.work)
          for (lane, fit) in batch.fits.enumerated() where ended >> UInt32(lane) & 1 == 1 {
            isMade[fit] = true
            unsafe store(memory.beta, lane: lane, of: batch, into: &values, at: firstValues[fit])
          }
        }
      }
    }
    return isMade
  }

  /// The coefficients of one lane; undefined where one is beyond what counts as finite.
  private func store(
    _ beta: UnsafePointer<Double>, lane: Int, of batch: Batch, into values: inout [Double],
    at first: Int
  ) {
    let width = rows.columnCount
    var intercept = unsafe beta[8 * (width - 1) + lane]
    var isFinite = true
    for column in 1..<max(width, 1) {
      let index = 8 * (width - 1 - column) + lane
      isFinite =
        unsafe isFinite
        && abs(beta[index] * batch.spreads[index]) <= LogisticStatistic.largestCoefficient
      let coefficient = unsafe beta[index] / rows.scales[column]
      intercept -= coefficient * rows.centers[column]
      values[first + column] = coefficient
    }
    values[first] = intercept
    if !isFinite { for column in 0..<width { values[first + column] = .nan } }
  }
}

extension ReplicateLanes.Batch {
  fileprivate init(_ lanes: [(position: Int, fit: LogisticFit)], rows: SparseRows) {
    let width = rows.columnCount
    fits = lanes.map(\.position)
    isPenalized = lanes[0].fit.method == .firth
    start = [Double](repeating: 0, count: 8 * width)
    spreads = start
    for (lane, entry) in lanes.enumerated() {
      let likelihood = entry.fit.likelihood
      let beta = rows.beta(entry.fit.optimum.beta, in: likelihood)
      for column in 0..<width {
        let index = 8 * (width - 1 - column) + lane
        start[index] = beta[column]
        spreads[index] = column == 0 ? 0 : likelihood.scales[column] / rows.scales[column]
      }
    }
  }
}
