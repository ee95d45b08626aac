/// A field with a known number of papers, all or some of which were read.
///
/// If every paper is as likely to be read, the variance of a rate is `1 − n/N` times that of papers from
/// an unlimited field; when all were read nothing is left to sampling.
public struct FinitePopulation: Sendable, Equatable {
  /// The number of papers there are.
  public let size: Int
  /// The number of papers read, at most all.
  public let read: Int

  /// Describes a field.
  public init(size: Int, read: Int) {
    precondition(read <= size)
    self.size = size
    self.read = read
  }

  /// The share that was read.
  public var samplingFraction: Double { Double(read) / Double(size) }

  /// What intervals are about, in a sentence.
  public var sentence: String {
    read == size
      ? "All \(size) papers of the population were read: the rates are its own, without sampling error. "
        + "For what papers of this kind would show beyond these, leave the population out."
      : "\(read) of the \(size) papers of the population were read; intervals are about these \(size), "
        + "with the finite-population correction, if every paper was as likely to be read."
  }
}
