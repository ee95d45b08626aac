import CKernels

/// Correlation matrices of independent normal variables, many at a time.
///
/// A matrix comes from the Bartlett (1933) factor of a Wishart matrix, chi variates on the diagonal
/// and normal ones below, so that the cost does not depend on the number of papers. The factors of
/// eight matrices lie side by side, and so do the matrices, until their eigenvalues are found.
struct NormalCorrelations: Sendable {
  /// The number of variables.
  let count: Int
  /// The number of papers.
  let papers: Int

  /// The eigenvalues, largest first, of the matrix that each stream gives.
  ///
  /// All processors give the same bits, and a stream gives the same bits in any company.
  func eigenvalues(
    from streams: [RandomStream], path: KernelPath = .best
  ) throws(LinearAlgebraError) -> [[Double]] {
    var results: [[Double]] = []
    results.reserveCapacity(streams.count)
    let factors = LaneStorage(vectors: count * (count + 1) / 2)
    for start in stride(from: 0, to: streams.count, by: EigenvalueBatch.capacity) {
      let streams = streams[start..<min(start + EigenvalueBatch.capacity, streams.count)]
      let batch = draw(streams, factors: factors, path: path)
      for (stream, values) in zip(streams, batch.eigenvalues(path: path)) {
        if let values {
          results.append(values)
        } else {
          results.append(
            try correlations(from: stream, path: path).symmetricEigen(vectors: false).values)
        }
      }
    }
    return results
  }

  /// The matrix that a stream gives.
  func correlations(from stream: RandomStream, path: KernelPath = .best) -> DenseMatrix {
    let factors = LaneStorage(vectors: count * (count + 1) / 2)
    let batch = draw([stream], factors: factors, path: path)
    var result = DenseMatrix(rows: count, columns: count)
    var element = unsafe UnsafePointer(batch.group(0))
    for row in 0..<count {
      for column in 0...row {
        result[row, column] = unsafe element.pointee
        result[column, row] = unsafe element.pointee
        unsafe element += EigenvalueBatch.laneCount
      }
    }
    return result
  }

  /// Draws the matrices of at most sixteen streams; `factors` is written over.
  private func draw(
    _ streams: ArraySlice<RandomStream>, factors: borrowing LaneStorage, path: KernelPath
  ) -> EigenvalueBatch {
    let batch = EigenvalueBatch(size: count, count: streams.count)
    for group in 0..<batch.groupCount {
      for lane in 0..<EigenvalueBatch.laneCount {
        // A lane without a stream repeats the last one's.
        let index = group * EigenvalueBatch.laneCount + lane
        let stream = streams[min(streams.startIndex + index, streams.endIndex - 1)]
        unsafe drawFactor(from: stream, to: factors.numbers + lane)
      }
      unsafe ck_factor_correlations(path.rawValue, factors.numbers, count, batch.group(group))
    }
    return batch
  }

  /// Sets the lower triangle in one lane, column after column.
  private func drawFactor(from stream: RandomStream, to start: UnsafeMutablePointer<Double>) {
    var random = stream
    let freedom = max(papers - 1, 1)
    let step = EigenvalueBatch.laneCount
    var element = unsafe start
    for column in 0..<count {
      let below = count - column - 1
      if column < freedom {
        unsafe element.pointee =
          (2 * random.gamma(shape: Double(freedom - column) / 2)).squareRoot()
        unsafe random.fillNormal(element + step, count: below, step: step)
      } else {
        for row in 0...below { unsafe element[row * step] = 0 }
      }
      unsafe element += step * (below + 1)
    }
  }
}
