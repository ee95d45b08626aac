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
