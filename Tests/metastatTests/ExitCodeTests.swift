import Foundation
import Testing

@Suite struct ExitCodeTests {
  private let workspace: Workspace
  private let matrix: String

  init() throws {
    workspace = try Workspace()
    matrix = try workspace.write("paper,a.x,a.y\np,1,NA\nq,0,1\n", to: "matrix.csv")
  }

  @Test(arguments: ["check", "matrix", "rates", "scores"])
  func `a sound input gives 0, a result and silence`(command: String) throws {
    let run = try workspace.run(command, matrix)
    #expect(run.exitCode == 0)
    #expect(!run.output.isEmpty && run.errors.isEmpty)
  }

  @Test(arguments: [
    [], ["rates"], ["unknown"], ["rates", "matrix.csv", "--unknown"],
    ["rates", "matrix.csv", "--level", "95"], ["rates", "matrix.csv", "--level", "0"],
    ["rates", "matrix.csv", "--replicates", "0"], ["rates", "matrix.csv", "--seed", "-1"],
    ["rates", "matrix.csv", "--jobs", "0"], ["rates", "matrix.csv", "--interval", "magic"],
    ["rates", "matrix.csv", "--by", "colour"], ["rates", "matrix.csv", "--cluster", "colour"],
    ["rates", "matrix.csv", "--item", "nothing"], ["rates", "matrix.csv", "--tag", "nothing"],
    ["rates", "matrix.csv", "--sort", "nothing"], ["rates", "matrix.csv", "--top", "0"],
    ["rates", "matrix.csv", "--digits", "99"], ["rates", "matrix.csv", "-o", "result.xyz"],
    ["rates", "matrix.csv", "papers"], ["rates", "matrix.csv", "--instrument", "first"],
    ["scores", "matrix.csv", "--tiers", "30,40"], ["scores", "matrix.csv", "--of", "nothing"],
    ["scores", "matrix.csv", "--checkpoints", "0"], ["scores", "matrix.csv", "--order", "colour"],
    ["matrix", "matrix.csv", "--format", "html"],
  ]) func `a command line that makes no sense gives 64`(arguments: [String]) throws {
    let run = try workspace.run(arguments)
    // Without a command there is nothing wrong: the help is shown.
    #expect(run.exitCode == (arguments.isEmpty ? 0 : 64))
    #expect(run.output.isEmpty == !arguments.isEmpty)
    #expect(run.errors.isEmpty == arguments.isEmpty)
  }

  @Test func `input that is not valid gives 65, with the place`() throws {
    let cases = [
      ("paper,a\np,2\n", "line 2, column 2"),
      ("paper,a\np,1,0\n", "line 2"), ("paper,a\np,1\np,0\n", "line 3"), ("", "empty"),
      ("paper,weight,a\np,-1,1\n", "weight"), ("paper,a,a\np,1,1\n", "\"a\""),
    ]
    for (text, expected) in cases {
      let path = try workspace.write(text, to: "bad.csv")
      let run = try workspace.run("rates", path)
      #expect(run.exitCode == 65 && run.output.isEmpty)
      #expect(run.errors.contains("bad.csv") && run.errors.contains(expected), "\(run.errors)")
    }
    let scan = try workspace.write("{\"paper\": ", to: "p/scan.json")
    let run = try workspace.run("rates", scan)
    #expect(run.exitCode == 65 && run.errors.contains("p/scan.json"))
  }

  @Test func `no input and no papers left give 66`() throws {
    for arguments in [
      ["rates", "nowhere"], ["rates", "nowhere.csv"], ["rates", matrix, "--since", "2020"],
      ["rates", matrix, "--exclude", "p", "--exclude", "q"],
      ["rates", matrix, "--instrument", "3"], ["rates", matrix, "--exclude-item", "*"],
      ["rates", matrix, "--covariates", "nowhere.csv"],
    ] {
      let run = try workspace.run(arguments)
      #expect(run.exitCode == 66, "\(arguments)")
      #expect(run.output.isEmpty && run.errorLines.count == 1)
    }
    try FileManager.default.createDirectory(
      at: workspace.folder.appending(path: "empty"), withIntermediateDirectories: false)
    #expect(try workspace.run("rates", "empty").exitCode == 66)
  }

  @Test func `nothing to estimate gives 70`() throws {
    let nothing = try workspace.write("paper,a\np,NA\nq,\n", to: "nothing.csv")
    for command in ["rates", "scores"] {
      let run = try workspace.run(command, nothing)
      #expect(run.exitCode == 70 && run.output.isEmpty && run.errorLines.count == 1)
    }
    #expect(try workspace.run("check", nothing).exitCode == 0)
  }

  @Test func `output that cannot be written gives 73 before any work`() throws {
    for arguments in [
      ["-o", "no/such/folder/rates.csv"], ["--manifest", "no/such/manifest.json"],
      ["--replicates-out", "no/such/replicates.csv"],
      ["-o", "rates.csv", "-o", "no/such/folder/rates.md"],
    ] {
      // The input does not exist either; the output is looked at first.
      let run = try workspace.run(["rates", "nowhere.csv"] + arguments)
      #expect(run.exitCode == 73, "\(arguments)")
      #expect(run.errorLines.count == 1)
    }
    #expect(try workspace.names() == ["matrix.csv"])
    let full = try workspace.shell("\"$metastat\" rates matrix.csv > /dev/full")
    #expect(full.exitCode == 73 && full.errors.contains("standard output"))
  }

  @Test func `a folder in the place of an output file gives 73`() throws {
    try FileManager.default.createDirectory(
      at: workspace.folder.appending(path: "rates.csv"), withIntermediateDirectories: false)
    let run = try workspace.run("rates", matrix, "-o", "rates.csv")
    #expect(run.exitCode == 73 && run.errors.contains("folder"))
  }

  @Test func `an interrupt gives 130 and leaves nothing half written`() throws {
    // Work for minutes. The test must not suspend: the tests that wait for programs keep all threads
    // that could take it up again.
    let papers = (0..<20_000).map { "p\($0),\($0 % 2),\($0 % 3 > 0 ? 1 : 0)\n" }
    let large = try workspace.write("paper,a.x,a.y\n" + papers.joined(), to: "large.csv")
    let run = try workspace.start(
      "rates", large, "--replicates", "1000000", "--interval", "bca", "-o",
      "rates.csv", "--manifest", "manifest.json", "--replicates-out", "replicates.csv", "--verbose")
    for _ in 0..<400 where !run.errors.contains("detail: read") {
      Thread.sleep(forTimeInterval: 0.025)
    }
    #expect(run.process.isRunning)
    run.process.interrupt()
    let end = try workspace.finish(run)
    #expect(end.exitCode == 130)
    #expect(end.output.isEmpty && end.errors.contains("interrupted"))
    #expect(try workspace.names() == ["large.csv", "matrix.csv"])
  }

  @Test(arguments: ["| true", "| head -1"])
  func `a closed pipe ends quietly`(reader: String) throws {
    let run = try workspace.shell(
      "(\"$metastat\" matrix '\(Workspace.papers)' --long --quiet; echo $? > code) \(reader)")
    #expect(run.errors.isEmpty)
    #expect(try workspace.read("code") == "0\n")
  }

  @Test func `help and version give 0 on standard output`() throws {
    for arguments in [["--help"], ["rates", "--help"], ["help", "scores"], ["--version"]] {
      let run = try workspace.run(arguments)
      #expect(run.exitCode == 0 && !run.output.isEmpty && run.errors.isEmpty)
    }
  }
}
