import Testing

@testable import SurveyStats

/// Duplicates of papers that are rows of a table are those of papers that are not.
@Suite struct PaperFingerprintsTests {
  private let text = """
    paper,title,doi,arxiv_id,pmid,a
    p1,On the reuse of software artifacts,10.5555/ab.1,,,1
    p2,Another long enough title,https://doi.org/10.5555/AB.1,,,1
    p3,Learning C++ in a day or two,,2401.00001,,0
    p4,Learning C# in a day or two,,arXiv:2401.00001v3,,0
    p5,Titles & their ampersands,10.48550/arXiv.2402.00002,,,1
    p6,Something else altogether,,2402.00002,,1
    p7,Introduction,,,,0
    p8,Introduction,,,,0
    p9,"TITLES and their, ampersands",,,,1
    q1,A question of identity papers,10.1145/nnnnnnn.nnnnnnn,N/A,PMID: 12,1
    q2,A question of other papers,10.1145/nnnnnnn.nnnnnnn,N/A,012,1
    q3,Études of reproducible science,,,,1
    q4,études of reproducible science,,,,1
    """

  @Test func `duplicates do not depend on how a file was read`() throws {
    let bytes = Array(text.utf8)
    let table = try #require(MatrixStream().read(bytes)).papers
    let plain = try MatrixCSV().read(bytes).papers
    #expect(table.allSatisfy { $0.source != nil } && plain.allSatisfy { $0.source == nil })
    let expected = Duplicates(of: plain) { "\($0)" }
    #expect(Duplicates(of: table) { "\($0)" } == expected)
    #expect(
      expected.groups.map(\.slugs) == [
        ["p1", "p2"], ["p3", "p4"], ["p5", "p6", "p9"], ["q1", "q2"], ["q3", "q4"],
      ])
    for kind in PaperKey.Kind.allCases {
      for (row, other) in zip(table, plain) where PaperKey(kind, of: other) != nil {
        #expect(PaperKey.fingerprint(kind, of: row) == PaperKey.fingerprint(kind, of: other))
      }
    }
  }

  /// The kernel against the plain reading of identifiers and titles.
  @Test func `prints of identifiers and titles are those of their normal forms`() throws {
    let seeds = [
      "10.1234/abc.def", "10.1145/1122445.1122456", "10.1145/nnnnnnn", "10.5555/00.1",
      "10.48550/arxiv.2401.00001", "10.1/1234567.8", "2401.00001", "2413.00001", "2401.1234",
      "Cs/0112017", "A title: of some length", "C++ & C#, again***", "Ünïcode in a title of it",
      "x",
      "10.1/a%2Fb", "10.1/aXb", "10.1/a.", "*", "", "PMID: 12",
    ]
    var random = RandomStream(seed: 5, stream: 1)
    func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
    var texts = seeds
    for _ in 0..<3_000 {
      var bytes = Array(seeds[below(seeds.count)].utf8)
      for _ in 0..<below(3) where !bytes.isEmpty {
        let place = below(bytes.count)
        switch below(3) {
        case 0: bytes[place] = Array("0123456789./axnN%*& ".utf8)[below(20)]
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<bytes.count], at: place)
        }
      }
      if let text = String(validating: bytes, as: UTF8.self) { texts.append(text) }
    }
    texts.append(String(repeating: "A long title, ", count: 100))
    let lines = texts.enumerated().map { number, text in
      let field = "\"" + text.replacing("\"", with: "\"\"") + "\""
      let known = (0..<3).map { _ in below(4) == 0 ? "NA" : field }
      return "p\(10_000 + number),\(known.joined(separator: ",")),1"
    }
    let bytes = Array(("paper,arxiv_id,doi,title,a\n" + lines.joined(separator: "\n")).utf8)
    let table = try #require(MatrixStream().read(bytes)).papers
    let plain = try MatrixCSV().read(bytes).papers
    for kind in PaperKey.Kind.allCases {
      let whole = PaperKey.fingerprints(kind, of: table)
      for (row, paper) in plain.enumerated() {
        let print = PaperKey.fingerprint(kind, of: table[row])
        #expect(print == PaperKey.fingerprint(kind, of: paper), "\(kind): \(lines[row])")
        #expect(whole.isEmpty ? print == 0 : print == whole[row])
      }
    }
    let (found, expected) = (Duplicates(of: table) { _ in "" }, Duplicates(of: plain) { _ in "" })
    #expect(found == expected && found.groups.count > 10)
  }

  @Test func `a random table has the same order and numbers of slugs`() throws {
    let names = ["b", "a", "a,b", "ä", "a\u{308}", "B", "aa"]
    let lines = names.map { $0.contains(",") ? "\"\($0)\",1" : "\($0),1" }
    for ascii in [true, false] {
      let kept = zip(names, lines).filter { !ascii || $0.0.utf8.allSatisfy { $0 < 0x80 } }
        .filter { $0.0 != "a\u{308}" }.map(\.1)
      let bytes = Array(("paper,a\n" + kept.joined(separator: "\n") + "\n").utf8)
      let table = try #require(MatrixStream().read(bytes)).papers
      let plain = try MatrixCSV().read(bytes).papers
      #expect(table.sortedRows == plain.sortedRows)
      #expect(SlugNumbers(table) == SlugNumbers(plain))
    }
  }
}
