import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A report replaces a report and nothing else.
@Suite struct OutputFolderTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    var text = "paper,year,a.x,a.y,b.z\n"
    for row in 0..<30 {
      text += "p\(row),\(2020 + row % 4),\(row % 2),\(row / 2 % 2),\(row % 3 / 2)\n"
    }
    try workspace.write(text, to: "m.csv")
  }

  @discardableResult
  private func report(_ more: String...) throws -> Workspace.Run {
    try workspace.run(
      ["report", "m.csv", "--figures", "none", "--replicates", "99", "--only", "headline", "-q"]
        + more)
  }

  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: workspace.path(folder)).sorted()
  }

  @Test func `a folder of somebody else stays`() throws {
    try workspace.write("{\"name\": \"app\", \"start_url\": \"/\"}", to: "site/manifest.json")
    try workspace.write("precious", to: "site/index.html")
    try workspace.write("{\"tool\": \"metastat\"}", to: "other/manifest.json")
    try workspace.write("{\"kind\": \"something\"}", to: "third/.metastat-folder.json")
    try workspace.write("a file", to: "file")
    for name in ["site", "other", "third", "file"] {
      let before = try workspace.shell("find \(name) -type f | xargs cat").output
      let run = try report("-o", name, "--replace")
      #expect(run.exitCode == 73 && run.errors.contains("not replaced"), "\(name): \(run.errors)")
      #expect(try workspace.shell("find \(name) -type f | xargs cat").output == before)
    }
    #expect(try workspace.names() == ["file", "m.csv", "other", "site", "third"])
  }

  @Test func `files of others stay in a report that is replaced`() throws {
    #expect(try report("-o", "r").exitCode == 0)
    let made = try files("r")
    try workspace.write("mine", to: "r/notes.txt")
    try workspace.write("mine", to: "r/tables/mine.csv")
    try workspace.write("mine", to: "r/own/deep/x")
    #expect(symlink("nowhere", workspace.path("r/link")) == 0)
    #expect(mkdir(workspace.path("r/empty"), 0o777) == 0)
    let run = try workspace.run(
      "report", "m.csv", "--figures", "none", "--replicates", "99", "--only", "corpus", "-o", "r",
      "--replace")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("notes.txt") && run.errors.contains("they stay"))
    for name in ["notes.txt", "tables/mine.csv", "own/deep/x"] {
      #expect(try workspace.read("r/\(name)") == "mine")
    }
    let after = try files("r")
    #expect(after.contains("link") && after.contains("empty"))
    #expect(try workspace.read("r/report.md").contains("{#corpus}"))
    #expect(!(try workspace.read("r/report.md").contains("{#headline}")))
    #expect(made.contains("report.html") && after.contains("report.html"))
    #expect(try workspace.names() == ["m.csv", "r"])
  }

  @Test func `files of the earlier report go`() throws {
    #expect(
      try workspace.run(
        "report", "m.csv", "--figures", "none", "--replicates", "99", "-q", "-o", "r"
      ).exitCode == 0)
    let before = Set(try files("r"))
    #expect(try report("-o", "r", "--replace").exitCode == 0)
    #expect(try report("-o", "fresh").exitCode == 0)
    #expect(try files("r") == files("fresh"))
    #expect(before.count > (try files("r")).count)
  }

  @Test func `a file of others in the place of a new one is not replaced`() throws {
    #expect(try report("-o", "r").exitCode == 0)
    // The earlier report did not have it, the next one does.
    let marker = try workspace.read("r/.metastat-folder.json")
    try workspace.write(
      marker.replacing("    \"report.md\",\n", with: ""), to: "r/.metastat-folder.json")
    try workspace.write("mine", to: "r/report.md")
    let run = try report("-o", "r", "--replace")
    #expect(run.exitCode == 73 && run.errors.contains("report.md"), "\(run.errors)")
    #expect(try workspace.read("r/report.md") == "mine")
    #expect(try workspace.names() == ["m.csv", "r"])
  }

  @Test func `a link to a folder stays a link`() throws {
    #expect(try report("-o", "real/r").exitCode == 73)
    #expect(mkdir(workspace.path("real"), 0o777) == 0)
    #expect(try report("-o", "real/r").exitCode == 0)
    #expect(symlink("real/r", workspace.path("link")) == 0)
    try workspace.write("mine", to: "real/r/notes.txt")
    for name in ["link", "link/", "./link"] {
      #expect(try report("-o", name, "--replace").exitCode == 0)
      var status = stat()
      #expect(lstat(workspace.path("link"), &status) == 0)
      #expect(status.st_mode & S_IFMT == S_IFLNK)
    }
    #expect(try workspace.read("real/r/notes.txt") == "mine")
    #expect(try workspace.shell("ls -A real").output == "r\n")
  }

  @Test func `a report does not replace what it reads`() throws {
    #expect(try report("-o", "r").exitCode == 0)
    for arguments in [
      ["report", "r/tables/matrix.csv"], ["report", "m.csv", "--covariates", "r/tables/facts.csv"],
      ["report", "--manifest", "r/manifest.json"], ["report", "m.csv", "--compare", "r"],
    ] {
      let before = try workspace.shell("find r -type f | sort | xargs sha256sum").output
      let run = try workspace.run(
        arguments + ["--figures", "none", "--replicates", "99", "-q", "-o", "r", "--replace"])
      #expect(run.exitCode == 73, "\(arguments): \(run.errors)")
      #expect(try workspace.shell("find r -type f | sort | xargs sha256sum").output == before)
    }
  }

  @Test func `a marker names nothing outside its folder`() throws {
    #expect(try report("-o", "r").exitCode == 0)
    try workspace.write("mine", to: "victim.txt")
    let marker = try workspace.read("r/.metastat-folder.json")
    for path in ["../victim.txt", "/etc/passwd", "tables/../../victim.txt", "."] {
      try workspace.write(
        marker.replacing("\"report.md\"", with: "\"\(path)\""), to: "r/.metastat-folder.json")
      #expect(try report("-o", "r", "--replace").exitCode == 73)
    }
    #expect(try workspace.read("victim.txt") == "mine")
  }

  @Test func `a simulated corpus never replaces a folder`() throws {
    #expect(mkdir(workspace.path("corpus"), 0o777) == 0)
    let run = try workspace.run("simulate", "--papers", "3", "--scans", "corpus")
    #expect(run.exitCode == 73)
    #expect(try files("corpus").isEmpty)
  }

  @Test func `a renderer that fails, draws nothing or hangs gives a whole report`() throws {
    for (name, script) in [
      ("fails", "exit 7"), ("draws", "exit 0"), ("hangs", "sleep 600"), ("dies", "kill -9 $$"),
    ] {
      try workspace.write("#!/bin/sh\n\(script)\n", to: name)
      let started = ContinuousClock.now
      let run = try workspace.shell(
        "chmod +x \(name); METASTAT_PYTHON=./\(name) METASTAT_PYTHON_SECONDS=1 \"$metastat\" report "
          + "m.csv --replicates 99 --only headline --only items -o r-\(name)")
      #expect(run.exitCode == 0 && run.errors.contains("no pictures"), "\(name): \(run.errors)")
      #expect(try files("r-\(name)").contains("report.html"))
      #expect(!(try files("r-\(name)").contains { $0.hasSuffix(".svg") }))
      #expect(ContinuousClock.now - started < .seconds(60))
    }
  }

  @Test func `a renderer sees little of the environment`() throws {
    try workspace.write("#!/bin/sh\nenv > seen\nexit 7\n", to: "python")
    let run = try workspace.shell(
      "chmod +x python; SECRET_TOKEN=abc METASTAT_PYTHON=./python \"$metastat\" report m.csv "
        + "--replicates 99 --only headline --only items -o r")
    #expect(run.exitCode == 0)
    let seen = try workspace.read("seen")
    #expect(seen.contains("PATH=") && !seen.contains("SECRET_TOKEN"))
  }
}
