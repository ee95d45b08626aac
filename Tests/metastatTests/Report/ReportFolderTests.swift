import Foundation
import Testing

/// The program writes whole folders here; what is in them is tested beside its parts.
@Suite struct ReportFolderTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    let simulated = try workspace.run(
      "simulate", "--papers", "60", "--seed", "3", "-o", "corpus.csv")
    try #require(simulated.exitCode == 0)
  }

  private func report(_ more: String...) throws -> Workspace.Run {
    try workspace.run(
      ["report", "corpus.csv", "--figures", "none", "--replicates", "99"] + more)
  }

  /// The files of a folder with what is in them.
  private func files(_ folder: String) throws -> [String: Data] {
    let root = workspace.path(folder)
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      files[name] = FileManager.default.contents(atPath: "\(root)/\(name)")
    }
    return files
  }

  @Test func `the folder is the same again, with one task or two, but for the date`() throws {
    for (folder, jobs) in [("a", "1"), ("b", "2")] {
      let run = try workspace.shell(
        "SOURCE_DATE_EPOCH=86400 \"\(Workspace.program.path(percentEncoded: false))\" report "
          + "corpus.csv --figures none --replicates 99 -q -o \(folder) --jobs \(jobs)")
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    let (first, second) = (try files("a"), try files("b"))
    #expect(first.count > 40 && first == second)
    #expect(try workspace.read("a/manifest.json").contains("1970-01-02T00:00:00Z"))
    for (name, bytes) in first where name != "manifest.json" {
      #expect(!String(decoding: bytes, as: UTF8.self).contains("1970-01-02"), "\(name)")
    }
  }

  @Test func `a manifest makes the report again and says whether its inputs are the same`() throws {
    #expect(try report("-o", "a", "--seed", "5", "--title", "Twice").exitCode == 0)
    let again = try workspace.run("report", "--manifest", "a/manifest.json", "-o", "b")
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(again.errors.contains("are what they were"))
    var (first, second) = (try files("a"), try files("b"))
    first["manifest.json"] = nil
    second["manifest.json"] = nil
    #expect(first == second)
    try workspace.write(
      try workspace.read("corpus.csv").replacing("synthetic-0000007", with: "other"),
      to: "corpus.csv")
    let changed = try workspace.run("report", "--manifest", "a/manifest.json", "-o", "c")
    #expect(changed.errors.contains("corpus.csv has changed"), "\(changed.errors)")
  }

  @Test func `the page of an earlier folder is compared with`() throws {
    let lines = try workspace.read("corpus.csv").split(separator: "\n")
    try workspace.write(lines.prefix(51).joined(separator: "\n") + "\n", to: "corpus.csv")
    #expect(try report("-o", "old").exitCode == 0)
    try workspace.write(lines.joined(separator: "\n") + "\n", to: "corpus.csv")
    let run = try report("--compare", "old", "--snippet", "changes")
    #expect(
      run.output.hasPrefix(
        "Since the earlier report 10 papers were added; the answers of the 50 papers in both are the same."
      ))
    #expect(run.output.contains("The mean score was ") && !run.output.contains(" 0 "))
    let wrong = try report("--compare", "nowhere", "-o", "new")
    #expect(wrong.exitCode == 66 && wrong.errors.contains("is not the folder of a report"))
  }

  @Test func `a section that is left out says why when it is asked for`() throws {
    let run = try report("--snippet", "raters")
    #expect(run.exitCode == 70 && run.errors.contains("no paper was scanned twice"))
    let unknown = try report("--snippet", "rater")
    #expect(unknown.exitCode == 64 && unknown.errors.contains("raters"))
  }

  @Test func `a figure is written with its table when a folder is named`() throws {
    let run = try report("--snippet", "figure:items", "-o", "snippet")
    #expect(run.exitCode == 0 && run.output.contains("figures/items.svg"))
    let names = try files("snippet").keys
    #expect(names.contains("snippet.md") && names.contains("figures/items.vl.json"))
    #expect(names.contains("tables/items.csv") && !names.contains("report.html"))
    let alone = try report("--snippet", "figure:items")
    #expect(alone.errors.contains("with -o DIR it is written here too"))
  }

  @Test func `a report without any section fails and says why`() throws {
    let run = try report("--only", "raters", "-o", "none")
    #expect(run.exitCode == 70 && run.errors.contains("no section can be made; raters: no paper"))
    let some = try report("--only", "raters", "--only", "headline", "-o", "some")
    #expect(some.exitCode == 0 && some.errors.contains("warning: left out raters"))
  }

  @Test func `the command that is printed runs`() throws {
    #expect(try report("-o", "first", "--tag", "qualitative").exitCode == 0)
    let page = try workspace.read("first/report.md")
    let lines = page.split(separator: "\n")
    let command = try #require(lines.first { $0.hasPrefix("metastat report") })
    #expect(command.hasSuffix("--tag qualitative -o report"))
    let program = Workspace.program.path(percentEncoded: false)
    let again = try workspace.shell(
      String(command.replacing("metastat", with: program, maxReplacements: 1)))
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(try workspace.read("report/report.md") == page)
    #expect(page.contains("the selection (tag qualitative) leaves out "))
  }

  @Test func `what turns text around is visible in the tables`() throws {
    let text = try workspace.read("corpus.csv").replacing("Synthetic", with: "\u{202E}Synthetic")
    try workspace.write(text, to: "corpus.csv")
    #expect(try report("-o", "a").exitCode == 0)
    #expect(try workspace.read("a/tables/papers.csv").contains("\\u{202E}Synthetic"))
    #expect(try workspace.read("a/tables/matrix.csv").contains("\u{202E}Synthetic"))
    #expect(try workspace.read("a/report.html").contains("property=\"og:image\""))
  }

  @Test func `without a renderer there is one warning and a whole report`() throws {
    let run = try workspace.shell(
      "METASTAT_PYTHON=/nowhere/python3 \"\(Workspace.program.path(percentEncoded: false))\" "
        + "report corpus.csv --replicates 99 -o a")
    #expect(run.exitCode == 0)
    #expect(run.errorLines.filter { $0.hasPrefix("warning: ") }.count == 1)
    #expect(run.errors.contains("METASTAT_PYTHON"))
    let names = try files("a").keys
    #expect(names.contains("report.html") && names.contains("figures/items.vl.json"))
    #expect(!names.contains { $0.hasSuffix(".svg") || $0.hasSuffix(".png") })
    #expect(try workspace.read("a/report.html").contains("was not drawn"))
  }

  @Test(arguments: ["pairs.json", "patterns.json", "instrument.json"])
  func `what is built into the program is what data has`(name: String) throws {
    let root = Workspace.repository
    #expect(
      try Data(contentsOf: root.appending(path: "data/\(name)"))
        == Data(contentsOf: root.appending(path: "Sources/metastat/Resources/\(name)")))
  }
}
