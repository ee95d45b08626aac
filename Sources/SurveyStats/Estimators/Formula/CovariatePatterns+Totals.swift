import CKernels

extension CovariatePatterns {
  /// How many outcomes are counted at a time: fewer where there are many patterns.
  private var outcomesAtOnce: Int { max(16, min(128, (1 << 20) / max(count, 1))) }
  /// With so many patterns, of which none has more papers than a byte holds, totals are bytes.
  private static let fewestPatternsOfBytes = 4_096

  /// Whether a `Bool?` is a byte that is 0 for no, 1 for yes and 2 for neither, as kernels read it.
  private static let areAnswersBytes =
    unsafe MemoryLayout<Bool?>.stride == 1
    && [false, true, nil].withUnsafeBytes { unsafe $0.elementsEqual([0, 1, 2]) }

  /// The totals of several outcomes in one pass over the papers; each has a value for every one of
  /// `paperCount` papers, and counts once.
  func totals(
    of outcomes: [[Bool?]], papers: [Int], paperCount: Int, path: KernelPath = .best
  ) -> [Totals] {
    guard Self.areAnswersBytes, outcomes.count > 1 else {
      return outcomes.map { totals(of: $0, papers: papers, weights: nil) }
    }
    // Papers without a row of the design count in a pattern of their own.
    var patternOfPaper = patternOfRow
    if papers.count < paperCount {
      patternOfPaper = [Int](repeating: count, count: paperCount)
      for (row, paper) in papers.enumerated() { patternOfPaper[paper] = patternOfRow[row] }
    }
    return stride(from: 0, to: outcomes.count, by: outcomesAtOnce).flatMap { first in
      let part = outcomes[first..<min(first + outcomesAtOnce, outcomes.count)]
      return unsafe Self.withBytes(of: part) { bytes in
        unsafe counted(bytes, patternOfPaper: patternOfPaper, path: path)
      }
    }
  }

  private func counted(
    _ answers: [UnsafePointer<UInt8>?], patternOfPaper: [Int], path: KernelPath
  ) -> [Totals] {
    let items = unsafe answers.count
    let size = ck_answer_totals_work(items, count + 1)
    let stride = ck_answer_stride(items)
    var yes = [UInt32](repeating: 0, count: (count + 1) * stride)
    var none = yes
    var all = [UInt32](repeating: 0, count: count + 1)
    unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { work in
      unsafe ck_answer_totals(
        path.rawValue, answers, items, patternOfPaper, patternOfPaper.count,
        count + 1, &yes, &none, &all, work.bindMemory(to: UInt8.self).baseAddress)
    }
    let isSmall = count >= Self.fewestPatternsOfBytes && all[..<count].allSatisfy { $0 < 256 }
    return (0..<items).map { item in
      var totals = Totals()
      if isSmall {
        let successes = (0..<count).map { UInt8(truncatingIfNeeded: yes[$0 * stride + item]) }
        let trials = (0..<count).map {
          UInt8(truncatingIfNeeded: all[$0] - none[$0 * stride + item])
        }
        totals.eventCount = successes.reduce(0) { $0 + Int($1) }
        totals.paperCount = trials.reduce(0) { $0 + Int($1) }
        totals.small = (successes, trials)
        return totals
      }
      totals.successes.reserveCapacity(count)
      totals.trials.reserveCapacity(count)
      for pattern in 0..<count {
        let events = yes[pattern * stride + item]
        let papers = all[pattern] - none[pattern * stride + item]
        totals.successes.append(Double(events))
        totals.trials.append(Double(papers))
        totals.eventCount += Int(events)
        totals.paperCount += Int(papers)
      }
      return totals
    }
  }

  /// Gives the first bytes of several arrays to a function.
  private static func withBytes<Result>(
    of outcomes: ArraySlice<[Bool?]>, _ body: ([UnsafePointer<UInt8>?]) -> Result
  ) -> Result {
    var found: [UnsafePointer<UInt8>?] = unsafe []
    unsafe found.reserveCapacity(outcomes.count)
    return unsafe withBytes(of: outcomes, after: &found, body)
  }

  private static func withBytes<Result>(
    of outcomes: ArraySlice<[Bool?]>, after found: inout [UnsafePointer<UInt8>?],
    _ body: ([UnsafePointer<UInt8>?]) -> Result
  ) -> Result {
    guard let first = outcomes.first else { return unsafe body(found) }
    return unsafe first.withUnsafeBytes { bytes in
      unsafe found.append(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
      return unsafe withBytes(of: outcomes.dropFirst(), after: &found, body)
    }
  }
}
