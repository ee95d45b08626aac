/// What is known of each paper of a fit.
final class UsedPapers: Sendable {
  /// The rows of the design that are used.
  let rows: [Int]
  /// The papers of these rows, as positions in the corpus.
  let papers: [Int]
  /// Their outcome.
  let isYes: [Bool]
  /// Their weights.
  let weights: [Double]
  /// The place of their pattern among those that occur.
  let patternOfRow: [Int]

  init(_ data: LogisticData) {
    let prepared = data.prepared
    let values = data.outcome.values
    let used = prepared.design.papers.indices.filter { row in
      values[prepared.design.papers[row]] != nil && prepared.weights?[row] != 0
    }
    rows = used
    papers = used.map { prepared.design.papers[$0] }
    isYes = used.map { values[prepared.design.papers[$0]] ?? false }
    weights = used.map { data.weightFactor * (prepared.weights?[$0] ?? 1) }
    var position = [Int](repeating: 0, count: prepared.patterns.count)
    for (index, pattern) in data.patterns.enumerated() { position[pattern] = index }
    patternOfRow = used.map { position[prepared.patterns.patternOfRow[$0]] }
  }
}
