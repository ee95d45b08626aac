import Foundation

/// A temporary folder in which the program is run; removed with the object.
final class Workspace {
  /// What a run left behind.
  struct Run {
    let exitCode: Int32
    let output: String
    let errors: String

    /// The lines on standard error.
    var errorLines: [Substring] { errors.split(separator: "\n") }
    /// The rows of CSV on standard output, fields as they stand.
    var rows: [[String]] { CSVText.rows(output) }
  }

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "metastat-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The program that was built with these tests.
  static let program: URL =
    (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]))
    .deletingLastPathComponent().appending(path: "metastat")

  /// The folder of the repository.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The scans that come with the repository.
  static let papers = repository.appending(path: "data/papers").path(percentEncoded: false)

  /// The path of a name in the folder.
  func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  /// Writes a file, with its folders.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let url = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path(percentEncoded: false)
  }

  /// The text of a file.
  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// The names in the folder, hidden ones as well.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
      .sorted()
  }

  /// Runs the program in the folder and waits for its end.
  ///
  /// Output goes to files, so that nothing waits for a full pipe.
  func run(_ arguments: String..., input: String = "") throws -> Run {
    try run(arguments, input: input)
  }

  /// Runs the program in the folder and waits for its end.
  func run(_ arguments: [String], input: String = "") throws -> Run {
    try finish(try start(Self.program, arguments, input: input))
  }

  /// Runs a line of shell, in which `$metastat` is the program.
  func shell(_ line: String) throws -> Run {
    try finish(try start(URL(filePath: "/bin/sh"), ["-c", line]))
  }

  /// A process under way, and where it writes.
  struct Started {
    let process: Process
    fileprivate let streams: URL

    /// What the process has said on standard error.
    var errors: String {
      (try? String(contentsOf: streams.appending(path: "errors"), encoding: .utf8)) ?? ""
    }
  }

  /// Starts the program.
  func start(_ arguments: String...) throws -> Started { try start(arguments) }

  /// Starts the program with a list of arguments.
  func start(_ arguments: [String]) throws -> Started { try start(Self.program, arguments) }

  private func start(_ program: URL, _ arguments: [String], input: String = "") throws -> Started {
    let streams = FileManager.default.temporaryDirectory.appending(
      path: "metastat-streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    for (name, text) in [("input", input), ("output", ""), ("errors", "")] {
      try Data(text.utf8).write(to: streams.appending(path: name))
    }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["metastat"] = Self.program.path(percentEncoded: false)
    environment["COLUMNS"] = nil
    environment["SOURCE_DATE_EPOCH"] = "1767225600"
    process.environment = environment
    process.standardInput = try FileHandle(forReadingFrom: streams.appending(path: "input"))
    process.standardOutput = try FileHandle(forWritingTo: streams.appending(path: "output"))
    process.standardError = try FileHandle(forWritingTo: streams.appending(path: "errors"))
    try process.run()
    return Started(process: process, streams: streams)
  }

  /// Waits for the end of a process and collects what it wrote.
  func finish(_ started: Started) throws -> Run {
    started.process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: started.streams) }
    func text(_ name: String) throws -> String {
      try String(contentsOf: started.streams.appending(path: name), encoding: .utf8)
    }
    return Run(
      exitCode: started.process.terminationStatus, output: try text("output"),
      errors: try text("errors"))
  }
}

/// CSV without quoted line breaks, as text.
enum CSVText {
  /// The fields of every line, quotes kept.
  static func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }
}

/// A scan file of version 2 with the given answers: category, item, applies, answer.
enum ScanText {
  static func scan(
    title: String? = nil, year: Int? = nil, tags: [String] = [], arXiv: String? = nil,
    version: Int = 2, _ answers: [(category: String, item: String, cell: Bool?)]
  ) -> String {
    var paper: [String] = []
    if let title { paper.append("\"title\": \"\(title)\"") }
    if let year { paper.append("\"year\": \(year)") }
    if let arXiv { paper.append("\"arxiv_id\": \"\(arXiv)\"") }
    var categories: [String] = []
    for name in answers.map(\.category) where !categories.contains(name) { categories.append(name) }
    let checklist = categories.map { category in
      let items = answers.filter { $0.category == category }.map { answer in
        "\"\(answer.item)\": {\"applies\": \(answer.cell != nil), "
          + "\"answer\": \(answer.cell ?? false), \"justification\": \"\"}"
      }
      return "\"\(category)\": {\(items.joined(separator: ", "))}"
    }
    let tagTexts = tags.map { "\"\($0)\"" }.joined(separator: ", ")
    return "{\"scan_version\": \(version), \"paper\": {\(paper.joined(separator: ", "))}, "
      + "\"checklist\": {\(checklist.joined(separator: ", "))}, "
      + "\"methodology_tags\": [\(tagTexts)]}\n"
  }
}
