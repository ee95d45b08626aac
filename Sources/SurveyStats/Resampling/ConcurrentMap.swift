/// The results of a transformation of many inputs, in the order of the inputs, worked out by at
/// most `jobs` tasks at a time.
///
/// - Throws: What the transformation throws first; the other tasks are then cancelled.
package func concurrentMap<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], jobs: Int, transform: @escaping @Sendable (Input) throws -> Output
) async throws -> [Output] {
  guard jobs > 1, inputs.count > 1 else { return try inputs.map(transform) }
  var results = [Output?](repeating: nil, count: inputs.count)
  try await withThrowingTaskGroup(of: (Int, Output).self) { group in
    var next = 0
    func startNext() {
      guard next < inputs.count else { return }
      let (index, input) = (next, inputs[next])
      group.addTask { (index, try transform(input)) }
      next += 1
    }
    for _ in 0..<min(jobs, inputs.count) { startNext() }
    while let (index, output) = try await group.next() {
      results[index] = output
      startNext()
    }
  }
  return results.compactMap { $0 }
}
