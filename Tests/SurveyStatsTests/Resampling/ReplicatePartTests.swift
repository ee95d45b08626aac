import SurveyStats
import Testing

@Suite struct ReplicatePartTests {
  static let run = ReplicatePart.Run(
    version: "1.0.0", arguments: ["rates", "papers", "--by", "year"], seed: .max,
    replicates: 1_000, data: "ab12")

  /// A part whose values say to which replicate and quantity they belong.
  static func part(
    _ range: Range<Int>, run: ReplicatePart.Run = run, labels: [String] = ["2023", "2024"],
    original: [Double] = [0.5, .nan, -0.0]
  ) -> ReplicatePart {
    let samples = labels.enumerated().map { group, label in
      var replicates = DenseMatrix(rows: range.count, columns: 3)
      for (row, replicate) in range.enumerated() {
        for quantity in 0..<3 {
          replicates[row, quantity] =
            replicate % 7 == 3 ? .nan : Double(replicate * 10 + quantity) / 3 + Double(group)
        }
      }
      return ReplicatePart.Sample(
        label: label, values: BootstrapSample(original: original, replicates: replicates))
    }
    return ReplicatePart(run: run, range: range, samples: samples)
  }

  static func bits(_ part: ReplicatePart) -> [[UInt64]] {
    part.samples.map {
      ($0.values.original + $0.values.replicates.elements).map(\.bitPattern)
    }
  }

  @Test func `bytes are read back as they were written`() throws {
    let part = Self.part(320..<651)
    let read = try ReplicatePart(decoding: part.encoded(), name: "part")
    #expect(read.run == part.run && read.range == part.range)
    #expect(read.samples.map(\.label) == part.samples.map(\.label))
    #expect(Self.bits(read) == Self.bits(part))
    #expect(read.encoded() == part.encoded())
  }

  @Test(arguments: [[0, 1_000], [0, 1, 999, 1_000], [0, 64, 640, 1_000]])
  func `parts in any order join into the whole`(bounds: [Int]) throws {
    let parts = zip(bounds, bounds.dropFirst()).map { (name: "\($0)", part: Self.part($0..<$1)) }
    let joined = try ReplicatePart.joining(parts.reversed())
    #expect(joined.range == 0..<1_000)
    #expect(Self.bits(joined) == Self.bits(Self.part(0..<1_000)))
  }

  @Test func `a missing part is named with the way to draw it`() {
    let parts = [(name: "a", part: Self.part(0..<64)), (name: "b", part: Self.part(128..<1_000))]
    #expect(throws: ReplicatePartError.gap(64..<128)) { try ReplicatePart.joining(parts) }
    #expect(throws: ReplicatePartError.gap(0..<128)) { try ReplicatePart.joining([parts[1]]) }
    #expect(throws: ReplicatePartError.gap(64..<1_000)) { try ReplicatePart.joining([parts[0]]) }
    #expect(throws: ReplicatePartError.noParts) { try ReplicatePart.joining([]) }
    #expect(
      "\(ReplicatePartError.gap(64..<128))"
        == "no part holds replicates 64:128; draw them with `replicateRange: 64:128`")
  }

  @Test func `parts that overlap are named`() {
    let parts = [(name: "b", part: Self.part(60..<1_000)), (name: "a", part: Self.part(0..<64))]
    #expect(throws: ReplicatePartError.overlap("a", "b", replicate: 60)) {
      try ReplicatePart.joining(parts)
    }
    let twice = [(name: "a", part: Self.part(0..<64)), (name: "b", part: Self.part(0..<64))]
    #expect(throws: ReplicatePartError.overlap("a", "b", replicate: 0)) {
      try ReplicatePart.joining(twice)
    }
  }

  @Test func `a part of another run is refused with the difference`() {
    func joining(_ other: ReplicatePart) -> ReplicatePartError? {
      do throws(ReplicatePartError) {
        _ = try ReplicatePart.joining([
          (name: "a", part: Self.part(0..<500)), (name: "b", part: other),
        ])
        return nil
      } catch {
        return error
      }
    }
    func other(_ change: (inout ReplicatePart.Run) -> Void) -> ReplicatePart {
      var run = Self.run
      change(&run)
      return Self.part(500..<1_000, run: run)
    }
    let expected: [(ReplicatePart, String)] = [
      (other { $0.seed = 2 }, "another seed"),
      (other { $0.arguments = ["rates"] }, "another command line"),
      (other { $0.replicates = 2_000 }, "another number of replicates"),
      (other { $0.version = "0.9" }, "another version of the program"),
      (other { $0.data = "cd" }, "other data"),
      (Self.part(500..<1_000, labels: ["2023"]), "other values of the whole sample"),
      (Self.part(500..<1_000, labels: ["2024", "2023"]), "other values of the whole sample"),
      (Self.part(500..<1_000, original: [0.5, .nan, 0]), "other values of the whole sample"),
    ]
    for (part, difference) in expected {
      #expect(joining(part) == .otherRun("b", than: "a", difference: difference))
    }
    #expect(joining(Self.part(500..<1_000)) == nil)
  }

  @Test func `damaged and foreign bytes are refused`() {
    let bytes = Self.part(0..<3, labels: ["all"]).encoded()
    var damaged = [[], Array("paper,item\n".utf8), Array(bytes.dropLast()), bytes + [0]]
    for index in bytes.indices {
      var flipped = bytes
      flipped[index] ^= 1
      damaged.append(flipped)
    }
    for bytes in damaged {
      #expect(throws: ReplicatePartError.self) {
        try ReplicatePart(decoding: bytes, name: "part")
      }
    }
  }

  @Test func `contents that contradict the header are refused`() {
    var part = Self.part(0..<3)
    part.run.replicates = 2
    #expect(throws: ReplicatePartError.self) {
      try ReplicatePart(decoding: part.encoded(), name: "part")
    }
  }
}
