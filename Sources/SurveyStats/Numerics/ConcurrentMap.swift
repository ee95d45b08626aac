/// The results of a transformation of many inputs, in the order of the inputs, worked out by at
/// most `jobs` tasks at a time.
///
/// - Throws: What the transformation throws first; the other tasks are then cancelled.
package func concurrentMap<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], jobs: Int, transform: @escaping @Sendable (Input) throws -> Output
) async throws -> [Output] {
  var results = [Output?](repeating: nil, count: inputs.count)
  try await concurrentForEach(inputs, jobs: jobs, transform: transform) { index, output in
    results[index] = output
  }
  return results.compactMap { $0 }
}

/// Hands over the results of a transformation of many inputs as they come, with the number of their
/// input, worked out by at most `jobs` tasks at a time.
///
/// Only results that were not yet handed over are kept in memory.
///
/// - Throws: What the transformation throws first; the other tasks are then cancelled.
package func concurrentForEach<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], jobs: Int, transform: @escaping @Sendable (Input) throws -> Output,
  receive: (_ index: Int, _ output: Output) -> Void
) async throws {
  guard jobs > 1, inputs.count > 1 else {
    for (index, input) in inputs.enumerated() { receive(index, try transform(input)) }
    return
  }
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
      receive(index, output)
      startNext()
    }
  }
}
