import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// An output never replaces an input, nor another output, nor what may not be written to.
@Suite struct OutputFileTests {
  private let workspace: Workspace
  private static let text = "paper,year,a.x,a.y\np,2023,1,0\nq,2024,0,1\nr,2024,1,1\n"

  init() throws {
    workspace = try Workspace()
    try workspace.write(Self.text, to: "x.csv")
    try workspace.write("paper,type\np,a\nq,b\n", to: "c.csv")
    try workspace.write("p\n", to: "list.txt")
    try workspace.write("{\"categories\": {\"a\": 1}}", to: "w.json")
    try workspace.write(ScanText.scan([("a", "x", true)]), to: "papers/p/scan.json")
    try workspace.write(ScanText.scan([("a", "x", false)]), to: "papers/q/scan.json")
    try FileManager.default.createDirectory(
      atPath: workspace.path("sub"), withIntermediateDirectories: false)
    #expect(symlink("x.csv", workspace.path("link.csv")) == 0)
    #expect(link(workspace.path("x.csv"), workspace.path("hard.csv")) == 0)
    #expect(symlink("papers", workspace.path("more")) == 0)
  }

  private func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(
      atPath: workspace.folder.path(percentEncoded: false))
    {
      if let data = FileManager.default.contents(atPath: workspace.path(name)) {
        files[name] = data
      }
    }
    return files
  }

  static let overInputs: [[String]] = [
    ["rates", "x.csv", "-o", "x.csv"], ["rates", "x.csv", "-o", "./x.csv"],
    ["rates", "x.csv", "-o", "sub/../x.csv"], ["rates", "x.csv", "-o", "link.csv"],
    ["rates", "x.csv", "-o", "hard.csv"], ["rates", "link.csv", "-o", "x.csv"],
    ["rates", "x.csv", "--output=x.csv"], ["rates", "x.csv", "-o", "y.csv", "-o", "x.csv"],
    ["rates", "x.csv", "--manifest", "x.csv"], ["rates", "x.csv", "--replicates-out", "x.csv"],
    ["rates", "x.csv", "--part", "x.csv", "--replicate-range", "1/2", "--interval", "bca"],
    ["rates", "x.csv", "--covariates", "c.csv", "-o", "c.csv"],
    ["rates", "x.csv", "--exclude", "@list.txt", "--manifest", "list.txt"],
    ["scores", "x.csv", "-o", "x.csv"], ["scores", "x.csv", "--replicates-out", "x.csv"],
    ["scores", "x.csv", "--weights", "w.json", "-o", "w.json"],
    ["matrix", "x.csv", "-o", "x.csv"], ["check", "x.csv", "-o", "x.csv"],
    ["correlate", "x.csv", "-o", "x.csv"], ["pca", "x.csv", "-o", "x.csv"],
    ["factor", "x.csv", "-o", "x.csv"], ["irt", "x.csv", "-o", "x.csv"],
    ["trend", "x.csv", "-o", "x.csv"], ["compare", "x.csv", "--by", "year", "-o", "x.csv"],
    ["logit", "x.csv", "--outcome", "a.x", "--on", "year", "-o", "x.csv"],
    ["bench", "x.csv", "--workload", "rates", "-o", "x.csv"],
    ["merge", "x.csv", "-o", "x.csv"], ["merge", "x.csv", "hard.csv", "-o", "hard.csv"],
    ["rates", "papers", "-o", "papers/p/scan.json"],
    ["rates", "papers", "--manifest", "papers/q/scan.json"],
    ["rates", "papers", "-o", "more/p/scan.json"],
    ["matrix", "papers", "--long", "-o", "papers/p/scan.json"],
    ["rates", "papers/p/scan.json", "papers/q/scan.json", "-o", "papers/q/scan.json"],
  ]

  @Test(arguments: overInputs) func `an input stays`(arguments: [String]) throws {
    let before = try files()
    let run = try workspace.run(arguments)
    #expect(run.exitCode == 73, "\(run.errors)")
    #expect(run.errors.contains("input") && run.output.isEmpty, "\(run.errors)")
    #expect(try files() == before)
  }

  @Test func `the items of a simulation stay`() throws {
    let made = try workspace.run(
      "simulate", "--papers", "5", "-o", "s.csv", "--truth", "truth.csv")
    #expect(made.exitCode == 0)
    let before = try files()
    for option in ["--truth", "-o"] {
      let run = try workspace.run(
        "simulate", "--papers", "5", "--items", "truth.csv", option, "truth.csv")
      #expect(run.exitCode == 73, "\(option): \(run.errors)")
    }
    #expect(try files() == before)
  }

  static let twice: [[String]] = [
    ["rates", "x.csv", "-o", "y.csv", "-o", "y.csv"],
    ["rates", "x.csv", "-o", "y.csv", "-o", "./y.csv"],
    ["rates", "x.csv", "-o", "sub/y.csv", "-o", "sub/../sub/y.csv"],
    ["rates", "x.csv", "-o", "y.json", "--manifest", "y.json"],
    ["rates", "x.csv", "--replicates-out", "y.csv", "-o", "y.csv"],
    ["simulate", "--papers", "5", "-o", "y.csv", "--truth", "y.csv"],
  ]

  @Test(arguments: twice) func `two outputs of one name are refused`(arguments: [String]) throws {
    let before = try files()
    let run = try workspace.run(arguments)
    #expect(run.exitCode == 64 && run.output.isEmpty, "\(run.errors)")
    #expect(try files() == before)
  }

  @Test func `two names of one file are one output`() throws {
    try workspace.write("old", to: "y.csv")
    #expect(symlink("y.csv", workspace.path("z.csv")) == 0)
    let run = try workspace.run("rates", "x.csv", "-o", "y.csv", "-o", "z.csv")
    #expect(run.exitCode == 64 && run.errors.contains("one file"))
    #expect(try workspace.read("y.csv") == "old")
  }

  @Test func `a link is followed and stays`() throws {
    try workspace.write("old", to: "sub/target.csv")
    #expect(symlink("sub/target.csv", workspace.path("out.csv")) == 0)
    #expect(symlink("sub/new.csv", workspace.path("dangling.csv")) == 0)
    for (name, target) in [("out.csv", "sub/target.csv"), ("dangling.csv", "sub/new.csv")] {
      #expect(try workspace.run("rates", "x.csv", "-o", name).exitCode == 0)
      #expect(try workspace.read(target).hasPrefix("level,"))
      var status = stat()
      #expect(lstat(workspace.path(name), &status) == 0)
      #expect(status.st_mode & S_IFMT == S_IFLNK)
    }
    #expect(try workspace.shell("ls -A sub").output == "new.csv\ntarget.csv\n")
  }

  @Test func `a mode is kept, and a new file has that of the user`() throws {
    try workspace.write("old", to: "y.csv")
    #expect(chmod(workspace.path("y.csv"), 0o640) == 0)
    let run = try workspace.shell(
      "umask 027; \"$metastat\" rates x.csv -o y.csv && \"$metastat\" rates x.csv -o z.csv "
        + "&& stat -c %a y.csv z.csv")
    #expect(run.output == "640\n640\n", "\(run.errors)")
    let other = try workspace.shell(
      "chmod 604 y.csv; \"$metastat\" rates x.csv -o y.csv && stat -c %a y.csv")
    #expect(other.output == "604\n")
  }

  @Test func `a read-only file stays`() throws {
    try workspace.write("old", to: "y.csv")
    #expect(chmod(workspace.path("y.csv"), 0o444) == 0)
    for arguments in [["-o", "y.csv"], ["--manifest", "y.csv"], ["--replicates-out", "y.csv"]] {
      let run = try workspace.run(["rates", "x.csv"] + arguments)
      #expect(run.exitCode == 73 && run.errors.contains("read-only"), "\(arguments)")
    }
    #expect(try workspace.read("y.csv") == "old")
  }

  @Test func `what a killed run has left is removed, and what is under way stays`() throws {
    try workspace.write("half", to: ".metastat-0123456789abcdef.tmp")
    try workspace.write("half", to: ".metastat-00000000000000ff.tmp/tables/x.csv")
    try workspace.write("mine", to: ".metastat-notes.tmp")
    // The shell holds a lock on the third, as a run does on what it writes.
    let run = try workspace.shell(
      "exec 9>.metastat-1111111111111111.tmp; flock 9; \"$metastat\" rates x.csv -o y.csv 9>&-; "
        + "ls -A | grep metastat")
    #expect(run.output == ".metastat-1111111111111111.tmp\n.metastat-notes.tmp\n", "\(run.errors)")
  }
}
