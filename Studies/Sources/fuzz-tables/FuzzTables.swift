import ArgumentParser
import Foundation
import SurveyImport
import SurveyStats

/// Reads damaged tables of every format, and checks that each becomes a matrix or is refused.
@main
struct FuzzTables: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz-tables",
    abstract: "Reads damaged tables and checks that none crashes the reader or loses a row unsaid.",
    discussion: """
      Small tables of every format are damaged at random, and read with the recipe proposed for them. \
      Every mutant must become a matrix of all its rows, or be refused with a reason. Exits with 1 if \
      one does neither; a crash ends the program as crashes do.
      """)

  @Argument(help: "The folder of the tables of formats that need libraries.")
  var folder = "Tests/SurveyImportTests/Files"

  @Option(help: "The number of mutants of each format.")
  var mutations = 100_000

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "Formats to damage (default: all).")
  var format: [String] = []

  @Option(help: "The program metastat-formats.")
  var reader = ".build/release/metastat-formats"

  func run() throws {
    var formats = FormatReader()
    formats.program = reader
    formats.timeLimit = 5
    formats.memoryLimit = 256
    formats.unpackedLimit = 64
    var failures = 0
    for (name, bytes) in try seeds() where format.isEmpty || format.contains(name) {
      var outcome = Outcome()
      let start = ContinuousClock().now
      for number in 0..<mutations {
        var random = Random(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
        let mutant = random.mutant(of: bytes)
        outcome.add(mutant, number: number, reader: formats)
      }
      print("\(name): \(outcome.summary), \(ContinuousClock().now - start)")
      for failure in outcome.failures.prefix(10) { print("  \(failure)") }
      failures += outcome.failures.count
    }
    if failures > 0 { throw ExitCode.failure }
  }

  private func seeds() throws -> [(String, [UInt8])] {
    let wide = """
      study,year,rater,"Is it open?",blind,score,notes
      s-1,2020,A,Yes,no,0.5,"a, remark"
      s-1,2020,B,No,n/a,0.7,
      s-2,2021,A,Yes,yes,1.5,"said ""so"", twice"
      s-3,2022,A,No,no,2.5,

      """
    let long = """
      study;question;answer
      a;open;ja
      a;blind;nein
      b;open;entfällt
      b;blind;ja

      """
    var sixteen: [UInt8] = [0xFF, 0xFE]
    for unit in wide.replacing(",", with: "\t").utf16 {
      sixteen += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    let records = """
      {"id": "a", "open": true, "n": {"x": 1}, "tags": ["p", "q"]}
      {"id": "b", "open": false, "n": null, "tags": []}

      """
    var seeds: [(String, [UInt8])] = [
      ("csv", Array(wide.utf8)), ("long", Array(long.utf8)), ("utf-16", sixteen),
      ("jsonl", Array(records.utf8)),
      ("header rows", Array("Paper,A,A,B\n,x,y,z\np,x,,-\nq,,x,x\nr,x,x,x\n".utf8)),
      (
        "raters",
        Array("id,code_A,code_B,data_A,data_B\np,yes,no,no,no\nq,yes,,no,n/a\nr,,,yes,\n".utf8)
      ),
      ("transposed", Array("Domain,Item,M,N\nUp,a,1,0\nUp,b,0,NA\nDown,c,1,1\n".utf8)),
    ]
    for name in [
      "extraction.xlsx", "sheet.ods", "coded.sav", "coded.dta", "table.por", "table.sas7bdat",
      "table.xpt",
    ] {
      let url = URL(filePath: folder).appending(path: name)
      seeds.append((url.pathExtension, [UInt8](try Data(contentsOf: url))))
    }
    for (name, program) in [("gzip", "/usr/bin/gzip"), ("zstd", "/usr/bin/zstd")] {
      if let packed = try? pack(Array(wide.utf8), by: program) { seeds.append((name, packed)) }
    }
    return seeds
  }

  private func pack(_ bytes: [UInt8], by program: String) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["-c"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(bytes))
    try input.fileHandleForWriting.close()
    return [UInt8](output.fileHandleForReading.readDataToEndOfFile())
  }
}

/// What came of reading mutants.
private struct Outcome {
  var count = 0
  var read = 0
  var refused = 0
  var failures: [String] = []

  mutating func add(_ bytes: [UInt8], number: Int, reader: FormatReader) {
    count += 1
    let file = TableFile(bytes, name: "mutant", reader: reader)
    let recipe = RecipeProposal().recipe(for: file.grid, source: file.source)
    let imported = ImportedMatrix(recipe, to: file.grid, file: "mutant")
    let problems = file.problems + imported.problems
    func expect(_ isKept: Bool, _ promise: String) {
      if !isKept { failures.append("mutant \(number): \(promise)") }
    }
    expect(
      problems.allSatisfy { !$0.description.contains(where: \.isNewline) }, "a problem is one line")
    expect((try? Recipe(json: recipe.json)) == recipe, "the recipe reads back")
    guard let matrix = imported.matrix, !problems.contains(where: { $0.severity == .refused })
    else {
      refused += 1
      return expect(
        problems.contains { $0.severity == .refused }, "what gives no matrix is refused")
    }
    read += 1
    if recipe.layout.kind == .wide {
      // Raters side by side have a row each.
      let rows = file.grid.rowCount - recipe.layout.header.count
      expect(
        recipe.ratersOfColumns.isEmpty
          ? matrix.papers.count == rows : matrix.papers.count >= rows, "no row is lost")
    }
    let names = imported.metadata
    guard let csv = try? MatrixCSV(metadata: names).write(matrix) else {
      return expect(false, "the matrix is written")
    }
    expect((try? MatrixCSV(metadata: names).read(csv)) != nil || hasRaters(matrix), "it reads back")
  }

  private func hasRaters(_ matrix: BinaryMatrix) -> Bool {
    matrix.papers.contains { $0.rater != nil }
  }

  var summary: String {
    "\(count) mutants, \(read) read, \(refused) refused, \(failures.count) broken promises"
  }
}

/// Damages bytes.
private struct Random {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func below(_ limit: Int) -> Int { limit > 0 ? Int(next() % UInt64(limit)) : 0 }

  mutating func mutant(of bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) {
      guard !bytes.isEmpty else { break }
      let place = below(bytes.count)
      let end = min(bytes.count, place + 1 + below(20))
      switch below(9) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
      case 1: bytes[place] ^= 1 << UInt8(below(8))
      case 2: bytes.removeSubrange(place..<end)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
      case 4: bytes.removeSubrange(place...)
      case 5: bytes.insert([0x22, 0x2C, 0x0A, 0x3B, 0x00, 0xFF, 0x0D][below(7)], at: place)
      case 6: for index in place..<end { bytes[index] = bytes[below(bytes.count)] }
      case 7: bytes.swapAt(place, below(bytes.count))
      default: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][below(5)]
      }
    }
    return bytes
  }
}
