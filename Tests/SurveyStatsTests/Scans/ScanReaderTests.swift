import Glibc
import SurveySimulation
import SurveyStats
import Testing

@Suite struct ScanReaderTests {
  @Test func `an empty folder is an empty corpus`() async throws {
    let folder = try TemporaryFolder()
    #expect(try await ScanReader().read([folder.path]) == Corpus())
  }

  @Test func `a missing input is an error`() async {
    await #expect(throws: ScanReadError.noSuchInput("/nowhere")) {
      try await ScanReader().read(["/nowhere"])
    }
    #expect(
      ScanReadError.noSuchInput("a\nb").description
        == #"a\nb: no such file or folder; check the path"#)
  }

  @Test(arguments: [1, 2, 5]) func `the corpus does not depend on the number of jobs`(
    jobs: Int
  ) async throws {
    let folder = try TemporaryFolder()
    for number in (0..<300).shuffled(seed: UInt64(jobs)) {
      let broken = number % 50 == 7
      let checklist = """
        {"a": {"i\(number % 7)": \(ScanText.yes)}, "b\(number % 3)": {"j": \(ScanText.no)},
        "a2": {"k": {"applies": true, "answer": true, "source": "rater\(number % 5)"}}}
        """
      let text = broken ? "{" : ScanText.make(checklist: checklist)
      try folder.write(text, to: "papers/p\(1000 + number)/scan.json")
    }
    let counts = Counts()
    let reader = ScanReader(jobs: jobs)
    let corpus = try await reader.read([folder.path]) { count in
      Task { await counts.add(count) }
    }
    #expect(corpus.filesFound == 300 && corpus.filesRead == 294)
    #expect(corpus.scans.map(\.paper.slug) == corpus.scans.map(\.paper.slug).sorted())
    #expect(corpus.files.count == 300)
    #expect(
      corpus.items.map(\.description) == [
        "a.i0", "a.i1", "a.i2", "a.i3", "a.i4", "a.i5", "a.i6", "b0.j", "a2.k", "b1.j", "b2.j",
      ])
    #expect(corpus.sources == ["rater0", "rater1", "rater2", "rater3", "rater4"])
    #expect(corpus == (try await ScanReader().read([folder.path])))
    for (index, scan) in corpus.scans.enumerated() {
      let number = Int(scan.paper.slug.dropFirst()).map { $0 - 1000 } ?? -1
      #expect(
        corpus.cells(index) == ["a.i\(number % 7)": .yes, "b\(number % 3).j": .no, "a2.k": .yes])
      #expect(scan.paper.rater == "rater\(number % 5)")
    }
  }

  @Test func `bad files are left out one line each`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(ScanText.make(), to: "good-2025/scan.json")
    try folder.write("{\"paper\": {}, \n \"checklist\": {\"a\"", to: "truncated-2025/scan.json")
    try folder.write("", to: "empty-2025/scan.json")
    try folder.makeFolder("folder-2025/scan.json")
    try folder.makeFolder("pipe-2025")
    #expect(mkfifo(folder.path("pipe-2025/scan.json"), 0o600) == 0)
    try folder.write(String(repeating: " ", count: 2_000), to: "large-2025/scan.json")
    let corpus = try await ScanReader(maximumFileSize: 1_500).read([folder.path])
    #expect(corpus.scans.map(\.paper.slug) == ["good-2025"])
    #expect(corpus.filesFound == 6 && corpus.filesRead == 1)
    #expect(
      corpus.problems.map { $0.description.dropFirst(folder.path.count + 1) } == [
        "empty-2025/scan.json: the file is empty; it is left out; scan the paper again",
        "folder-2025/scan.json: a folder, not a scan file; it is left out; rename or remove it",
        "large-2025/scan.json: 2000 bytes are more than the limit of 1500; "
          + "it is left out; a scan has some ten thousand bytes",
        "pipe-2025/scan.json: a named pipe, not a scan file; it is left out; rename or remove it",
        "truncated-2025/scan.json: line 2, column 19: the text ends inside an object; "
          + "it is left out; scan the paper again",
      ])
  }

  @Test func `a huge file is left out before it is read`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("{", to: "a-2025/scan.json")
    #expect(truncate(folder.path("a-2025/scan.json"), 1 << 30) == 0)
    let corpus = try await ScanReader().read([folder.path])
    #expect(corpus.problems.map(\.kind) == [.tooLarge])
    #expect(corpus.bytesRead == 0)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func `what may not be read is left out`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(ScanText.make(), to: "a-2025/scan.json")
    try folder.write(ScanText.make(), to: "b-2025/scan.json")
    chmod(folder.path("a-2025/scan.json"), 0)
    chmod(folder.path("b-2025"), 0)
    let corpus = try await ScanReader().read([folder.path])
    chmod(folder.path("b-2025"), 0o700)
    #expect(corpus.problems.map(\.kind) == [.unreadable, .unreadable])
    #expect(corpus.problems.allSatisfy { $0.message.contains("permission denied") })
  }

  @Test func `a cancelled reading stops`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(ScanText.make(), to: "a-2025/scan.json")
    let path = folder.path
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await ScanReader().read([path])
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `each line of a jsonl is a scan`() async throws {
    let folder = try TemporaryFolder()
    let lines = [
      ScanText.make(rest: #""slug": "a-2025""#), "", ScanText.make(rest: #""paper_id": "b-2025""#),
      "{\"paper\"", ScanText.make(paper: #"{"year": "x"}"#) + "\r",
      #"{"slug": "é", "paper": {"year": 1e999}, "checklist": {"a": {"b": \#(ScanText.no)}}}"#,
    ]
    try folder.write(lines.joined(separator: "\n"), to: "scans.jsonl")
    let path = folder.path("scans.jsonl")
    let corpus = try await ScanReader().read([path])
    #expect(corpus.scans.map(\.paper.slug) == ["a-2025", "b-2025", "\(path):5", "é"])
    #expect(corpus.filesFound == 5 && corpus.filesRead == 4)
    #expect(corpus.files == [path])
    #expect(corpus.problems.map(\.file) == [4, 5, 6].map { "\(path):\($0)" })
    #expect(corpus.places == ["column 9", "paper.year", "column 33"])
  }

  @Test func `a jsonl may be larger than any block`() async throws {
    let folder = try TemporaryFolder()
    let filler = String(repeating: "x", count: 100_000)
    var text = ""
    for number in 0..<60 {
      text += ScanText.make(rest: #""slug": "p\#(number)", "filler": "\#(filler)""#) + "\n"
      if number == 30 { text += String(repeating: " ", count: 5_000_000) + "1\n" }
    }
    try folder.write(text, to: "scans.jsonl")
    let reader = ScanReader(jobs: 2, maximumFileSize: 2_500_000)
    let corpus = try await reader.read([folder.path("scans.jsonl")])
    #expect(corpus.scans.map(\.paper.slug) == (0..<60).map { "p\($0)" })
    #expect(corpus.problems.map(\.kind) == [.tooLarge])
    #expect(corpus.problems.map(\.file) == [folder.path("scans.jsonl:32")])
    #expect(corpus.problems.first?.message.hasPrefix("5000001 bytes") == true)
  }

  private actor Counts {
    private(set) var all: [Int] = []
    func add(_ count: Int) { all.append(count) }
  }
}
