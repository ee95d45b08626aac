import SurveyStats
import Testing

private func document(_ text: String) throws(CSVError) -> CSVDocument {
  try CSVDocument(Array(text.utf8))
}

@Suite struct CSVReaderTests {
  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4", "a,b\n1,2\n3,4",
    "\u{FEFF}a,b\n1,2\n3,4", "\n\na,b\n\n1,2\n\r\n3,4\n\n", "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",4",
  ]) func `line ends, byte order mark and empty lines do not matter`(text: String) throws {
    let read = try document(text)
    #expect(read.header == ["a", "b"])
    #expect(read.rows == [["1", "2"], ["3", "4"]])
  }

  @Test func `quoted fields hold anything`() throws {
    let read = try document("a,b\n\"x,\"\"y\"\"\nz\",\" \"\n\"\",\"\"\"\"\n")
    #expect(read.rows == [["x,\"y\"\nz", " "], ["", "\""]])
    #expect(read.lines == [2, 4])
  }

  @Test func `quoted is told from unquoted`() throws {
    var reader = try CSVReader(Array("a,b,c,d\nNA,\"NA\",,\"\"\n".utf8))
    #expect(try reader.next())
    #expect(reader.isUndefined(0) && !reader.isUndefined(1))
    #expect(!reader.isQuoted(0) && reader.isQuoted(1) && !reader.isQuoted(2) && reader.isQuoted(3))
    #expect(reader.isEmpty(2) && reader.isEmpty(3))
    #expect(try !reader.next())
    #expect(try !reader.next())
    #expect(try document("a,b,c\nNA,\"NA\",\n").rows == [[nil, "NA", ""]])
  }

  @Test func `trailing commas are empty fields`() throws {
    #expect(try document("a,b\n,\n1,").rows == [["", ""], ["1", ""]])
  }

  @Test(arguments: [
    ("", CSVError.empty), ("\u{FEFF}\n\n", .empty),
    ("a,b\n1\n", .raggedRow(line: 2, found: 1, expected: 2)),
    ("a,b\n\"1\n\",2\n1,2,3", .raggedRow(line: 4, found: 3, expected: 2)),
    ("a,b\r\n1,\"2\r\n\r\n", .unterminatedQuote(line: 2, column: 2)),
    ("a,b\n1,2\"\n", .strayQuote(line: 2, column: 2)),
    ("a,b\n\"1\n\"x,2\n", .strayQuote(line: 3, column: 1)),
    ("a,b,a\n", .duplicateHeader(name: "a", column: 3, firstColumn: 1)),
  ]) func `what does not fit has a place`(text: String, error: CSVError) {
    #expect(throws: error) { try document(text) }
    #expect(!error.description.isEmpty)
  }

  @Test(arguments: [
    ([0xFF, 0xFE, 0x61, 0x00], 1, 1), (Array("a,b\n1,\u{e9}".utf8.dropLast()), 2, 2),
    (Array("a,b\n\"x\ny".utf8) + [0xC0] + Array("\",1\n".utf8), 3, 1),
    (Array("a,b\n1,".utf8) + [0xED, 0xA0, 0x80] + Array("\"".utf8), 2, 2),
  ]) func `bytes that are not UTF-8 have a place`(bytes: [UInt8], line: Int, column: Int) {
    #expect(throws: CSVError.notUTF8(line: line, column: column)) { try CSVDocument(bytes) }
  }

  @Test(arguments: 0..<100) func `random bytes never crash`(seed: Int) {
    var random = NastyText(seed: seed)
    let alphabet: [UInt8] = Array("a1,,\"\"\n\r".utf8) + [0xEF, 0xBB, 0xBF, 0]
    let bytes = (0..<random.below(60)).map { _ in alphabet[random.below(alphabet.count)] }
    _ = try? CSVDocument(bytes)
    _ = try? MatrixCSV().read(Array("paper,a\n".utf8) + bytes)
    _ = try? Covariates(csv: Array("paper,a\n".utf8) + bytes)
  }
}
