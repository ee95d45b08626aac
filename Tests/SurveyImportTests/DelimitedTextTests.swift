import SurveyStats
import Testing

@testable import SurveyImport

@Suite struct DelimitedTextTests {
  private func read(
    _ text: String, _ delimiter: Character = ","
  ) -> (rows: [[String]], places: [Int], problems: [ScanProblem]) {
    let (grid, problems) = DelimitedText(delimiter: delimiter.asciiValue ?? 0, file: "f")
      .read(Array(text.utf8))
    return ((0..<grid.rowCount).map(grid.row), grid.places, problems)
  }

  @Test(arguments: [
    ("a,b\n1,2\n", ","), ("a;b\n1,5;2\n", ";"), ("a\tb\n1\t2\n", "\t"), ("a|b\n1|2\n", "|"),
    ("sep=;\na,b;c\n", ";"), ("a\n1\n", ","), ("\"a;b\",c\n\"x;y\",d\n", ","),
    ("# made by; hand; on; a; day\na,b\n1,2\n", ","),
  ]) func `the delimiter is the one whose lines agree`(text: String, delimiter: String) {
    #expect(DelimitedText.sniffed(Array(text.utf8)) == delimiter.utf8.first)
  }

  @Test func `quotes hold delimiters, breaks and quotes`() {
    let read = read("a,b\r\n\"x,\ny\",\"say \"\"so\"\"\"\r\nlast,\"\"\n")
    #expect(read.rows == [["a", "b"], ["x,\ny", "say \"so\""], ["last", ""]])
    #expect(read.places == [1, 2, 4] && read.problems.isEmpty)
  }

  @Test func `comments, empty lines and delimiters too many are no rows`() {
    let read = read("# a comment\n\na,b,,\n1,2,,\n,,,\n\n3,4\n")
    #expect(read.rows == [["a", "b"], ["1", "2"], ["3", "4"]])
    #expect(read.problems.map(\.kind) == [.emptyRows] && read.problems[0].severity == .note)
  }

  @Test func `all faults are told, with their places`() {
    let read = read("a,b\n1\n2,3,4\n5,x\"y\n6,\"open\n")
    #expect(
      read.problems.map(\.kind) == [.raggedRow, .raggedRow, .strayQuote, .unterminatedQuote])
    #expect(
      read.problems.map(\.place) == ["line 2", "line 3", "line 4, column 2", "line 5, column 2"])
    #expect(read.rows.count == 5)
  }

  @Test func `a field beyond the limit is refused and not kept`() {
    let long = String(repeating: "x", count: DelimitedText.fieldLimit + 1)
    let read = read("a,b\n1,\(long)\n")
    #expect(read.problems.map(\.kind) == [.fieldTooLong])
  }
}
