import FoundationEssentials

/// Some of the replicates of a run, with what is needed to join them with the others.
///
/// Replicate b depends on the seed and on b alone, so that a run can be split over processes or
/// machines, each drawing a range of replicates, and joined into the result of a single run, bit for
/// bit. A part says which run it belongs to: the command, the seed, the number of replicates, and a
/// hash of the data. Parts of different runs do not join.
///
/// As bytes, a part is a line of text naming the format, a line of JSON about the run, and for each
/// sample a line of JSON followed by doubles, least significant byte first: the original values,
/// then the replicates of each quantity. The last line is the SHA-256 hash of all before it.
public struct ReplicatePart: Sendable {
  /// The run that a part belongs to.
  public struct Run: Sendable, Equatable, Codable {
    /// The version of the program.
    public var version: String
    /// The command line, without the range and without what changes no results.
    public var arguments: [String]
    /// The seed.
    public var seed: UInt64
    /// The number of replicates of all parts together.
    public var replicates: Int
    /// A hash of the data.
    public var data: String

    /// Describes a run.
    public init(
      version: String, arguments: [String], seed: UInt64, replicates: Int, data: String
    ) {
      self.version = version
      self.arguments = arguments
      self.seed = seed
      self.replicates = replicates
      self.data = data
    }
  }

  /// The replicates of one of the statistics of a run, such as those of a group of papers.
  public struct Sample: Sendable {
    /// What was drawn.
    public var label: String
    /// The original values and the replicates of the part's range.
    public var values: BootstrapSample

    /// Names a sample.
    public init(label: String, values: BootstrapSample) {
      self.label = label
      self.values = values
    }
  }

  /// The run.
  public var run: Run
  /// The numbers of the replicates.
  public var range: Range<Int>
  /// The samples, in the order in which the run draws them.
  public var samples: [Sample]

  /// Creates a part.
  public init(run: Run, range: Range<Int>, samples: [Sample] = []) {
    self.run = run
    self.range = range
    self.samples = samples
  }
}

/// Why parts cannot be joined.
public enum ReplicatePartError: Error, Equatable, CustomStringConvertible {
  /// The bytes are not a part, or not a whole one.
  case unreadable(String, reason: String)
  /// There are no parts.
  case noParts
  /// A part belongs to another run than the first.
  case otherRun(String, than: String, difference: String)
  /// Two parts hold the same replicate.
  case overlap(String, String, replicate: Int)
  /// No part holds these replicates.
  case gap(Range<Int>)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let name, let reason): "\(name): \(reason)"
    case .noParts: "there are no parts to join"
    case .otherRun(let name, let first, let difference):
      "\(name) belongs to another run than \(first): \(difference)"
    case .overlap(let first, let second, let replicate):
      "\(first) and \(second) both hold replicate \(replicate)"
    case .gap(let range):
      "no part holds replicates \(range.lowerBound):\(range.upperBound); draw them with "
        + "`replicateRange: \(range.lowerBound):\(range.upperBound)`"
    }
  }
}

extension ReplicatePart {
  /// Joins parts, in any order, into one that holds all replicates of the run.
  ///
  /// - Parameter parts: The parts, each with the name by which messages call it.
  public static func joining(
    _ parts: [(name: String, part: ReplicatePart)]
  ) throws(ReplicatePartError) -> ReplicatePart {
    guard let first = parts.first else { throw .noParts }
    for (name, part) in parts {
      if let difference = first.part.difference(from: part) {
        throw .otherRun(name, than: first.name, difference: difference)
      }
    }
    let run = first.part.run
    let ordered = parts.sorted { $0.part.range.lowerBound < $1.part.range.lowerBound }
    var next = 0
    var before = ""
    for (name, part) in ordered {
      guard part.range.lowerBound >= next else {
        throw .overlap(before, name, replicate: part.range.lowerBound)
      }
      guard part.range.lowerBound == next else { throw .gap(next..<part.range.lowerBound) }
      next = part.range.upperBound
      before = name
    }
    guard next == run.replicates else { throw .gap(next..<run.replicates) }
    let samples = first.part.samples.enumerated().map { index, sample in
      let original = sample.values.original
      var replicates = DenseMatrix(rows: run.replicates, columns: original.count)
      for (_, part) in ordered {
        let rows = part.samples[index].values.replicates
        for column in original.indices {
          for (offset, value) in rows.column(column).enumerated() {
            replicates[part.range.lowerBound + offset, column] = value
          }
        }
      }
      return Sample(
        label: sample.label, values: BootstrapSample(original: original, replicates: replicates))
    }
    return ReplicatePart(run: run, range: 0..<run.replicates, samples: samples)
  }

  /// In what another part differs, if it belongs to another run.
  private func difference(from other: ReplicatePart) -> String? {
    if other.run.version != run.version { return "another version of the program" }
    if other.run.arguments != run.arguments { return "another command line" }
    if other.run.seed != run.seed { return "another seed" }
    if other.run.replicates != run.replicates { return "another number of replicates" }
    if other.run.data != run.data { return "other data" }
    guard
      samples.count == other.samples.count,
      zip(samples, other.samples).allSatisfy({ mine, theirs in
        mine.label == theirs.label && mine.values.hasSameOriginal(as: theirs.values)
      })
    else { return "other values of the whole sample" }
    return nil
  }
}

extension BootstrapSample {
  /// Whether two samples have the same original values, bit for bit.
  public func hasSameOriginal(as other: BootstrapSample) -> Bool {
    original.map(\.bitPattern) == other.original.map(\.bitPattern)
  }
}

extension ReplicatePart {
  private static let format = "metastat replicates 1\n"
  private static let hashLength = 65

  private struct Header: Codable {
    var run: Run
    var lower: Int
    var upper: Int
    var samples: Int
  }

  private struct SampleHeader: Codable {
    var label: String
    var quantities: Int
  }

  /// The bytes of the part.
  public func encoded() -> [UInt8] {
    let header = Header(
      run: run, lower: range.lowerBound, upper: range.upperBound, samples: samples.count)
    var bytes = Array(Self.format.utf8) + Self.line(header)
    for sample in samples {
      precondition(sample.values.replicateCount == range.count)
      let original = sample.values.original
      bytes += Self.line(SampleHeader(label: sample.label, quantities: original.count))
      for values in [original, sample.values.replicates.elements] {
        for value in values {
          unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) { unsafe bytes += $0 }
        }
      }
    }
    return bytes + Array((SHA256.hexDigest(of: bytes) + "\n").utf8)
  }

  /// Reads a part from its bytes.
  ///
  /// - Parameters:
  ///   - bytes: What ``encoded()`` gave.
  ///   - name: The name by which an error calls the part.
  public init(decoding bytes: [UInt8], name: String) throws(ReplicatePartError) {
    guard bytes.starts(with: Self.format.utf8) else {
      throw .unreadable(name, reason: "this is not a part of a run, as `part:` writes it")
    }
    let end = bytes.count - Self.hashLength
    guard end > 0,
      Array((SHA256.hexDigest(of: Array(bytes[..<end])) + "\n").utf8) == Array(bytes[end...])
    else { throw .unreadable(name, reason: "the part is damaged or incomplete; draw it again") }
    var rest = bytes[Self.format.utf8.count..<end]
    do {
      let header: Header = try Self.decode(&rest)
      guard header.lower >= 0, header.lower < header.upper,
        header.upper <= header.run.replicates, header.samples >= 0
      else { throw Malformed() }
      range = header.lower..<header.upper
      run = header.run
      samples = []
      for _ in 0..<header.samples {
        let sample: SampleHeader = try Self.decode(&rest)
        guard sample.quantities >= 0 else { throw Malformed() }
        let original = try Self.doubles(sample.quantities, from: &rest)
        let (count, overflow) = sample.quantities.multipliedReportingOverflow(by: range.count)
        guard !overflow else { throw Malformed() }
        let replicates = DenseMatrix(
          rows: range.count, columns: sample.quantities,
          elements: try Self.doubles(count, from: &rest))
        samples.append(
          Sample(
            label: sample.label,
            values: BootstrapSample(original: original, replicates: replicates)))
      }
      guard rest.isEmpty else { throw Malformed() }
    } catch {
      throw .unreadable(name, reason: "the part says one thing and holds another")
    }
  }

  /// The contents contradict each other.
  private struct Malformed: Error {}

  /// A value as one line of JSON.
  private static func line(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("strings and whole numbers can always be written")
    }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  /// Takes a line of JSON from the front.
  private static func decode<Value: Decodable>(_ bytes: inout ArraySlice<UInt8>) throws -> Value {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw Malformed() }
    defer { bytes = bytes[(end + 1)...] }
    return try JSONDecoder().decode(Value.self, from: Data(bytes[..<end]))
  }

  /// Takes doubles from the front.
  private static func doubles(
    _ count: Int, from bytes: inout ArraySlice<UInt8>
  ) throws(Malformed) -> [Double] {
    guard bytes.count / 8 >= count else { throw Malformed() }
    defer { bytes = bytes.dropFirst(8 * count) }
    return unsafe bytes.withUnsafeBytes { raw in
      (0..<count).map { index in
        unsafe Double(
          bitPattern: UInt64(
            littleEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
      }
    }
  }
}
