import Testing

@testable import metastat

/// What needs more than there is, is refused before it is begun.
@Suite struct ResourceTests {
  @Test(arguments: [
    ("8G", 8 << 30), ("500M", 500 << 20), ("1.5gb", 3 << 29), ("4096", 4096), ("2k", 2048),
    ("", nil), ("G", nil), ("-1G", nil), ("8 G", nil), ("inf", nil), ("nan", nil), ("1e30", nil),
  ]) func `a size is read`(text: String, bytes: Int?) {
    #expect(Memory.Size(argument: text)?.bytes == bytes)
  }

  @Test(arguments: [
    ["rates", "m.csv", "--interval", "percentile", "--replicates", "10000000", "--memory", "100M"],
    ["scores", "m.csv", "--replicates", "10000000", "--memory", "50M"],
    ["correlate", "m.csv", "--memory", "1k"], ["pca", "m.csv", "--memory", "1k"],
  ]) func `more memory than allowed is refused at once`(arguments: [String]) throws {
    let workspace = try Workspace()
    var text = "paper,a.x,a.y,b.z\n"
    for row in 0..<40 { text += "p\(row),\(row % 2),\(row / 2 % 2),\(row % 3 / 2)\n" }
    try workspace.write(text, to: "m.csv")
    let started = ContinuousClock.now
    let run = try workspace.run(arguments)
    #expect(run.exitCode == 71 && run.output.isEmpty, "\(run.exitCode) \(run.errors)")
    #expect(run.errors.contains("of memory") && run.errors.contains("--memory"))
    #expect(ContinuousClock.now - started < .seconds(20))
    let help = arguments.contains("10000000") ? ["--help"] : []
    let enough = try workspace.run(Array(arguments.dropLast()) + ["4G"] + help)
    #expect(enough.exitCode == 0, "\(enough.errors)")
  }

  @Test(arguments: [4, 5, 6, 8, 12]) func `too few files to open are no trap`(count: Int) throws {
    let workspace = try Workspace()
    try workspace.write("paper,a\np,1\nq,0\n", to: "m.csv")
    let run = try workspace.shell("ulimit -n \(count); exec \"$metastat\" rates m.csv")
    #expect(run.exitCode == 71 && run.errors.contains("ulimit"), "\(run.exitCode) \(run.errors)")
  }

  @Test func `a limit that can be raised is raised`() throws {
    let workspace = try Workspace()
    try workspace.write("paper,a\np,1\nq,0\n", to: "m.csv")
    let run = try workspace.shell("ulimit -S -n 10; exec \"$metastat\" rates m.csv")
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  @Test func `a file of zeros has a short message`() throws {
    let workspace = try Workspace()
    for (name, command) in [("z.csv", ["rates"]), ("z.json", ["check"]), ("z.jsonl", ["check"])] {
      try workspace.write(String(repeating: "\0", count: 5_000_000), to: name)
      let started = ContinuousClock.now
      let run = try workspace.run(command + [name])
      #expect(run.exitCode == 65 && run.errors.utf8.count < 20_000, "\(name): \(run.exitCode)")
      #expect(ContinuousClock.now - started < .seconds(30), "\(name)")
    }
    for (option, command) in [
      ("--weights", ["scores"]), ("--instrument-file", ["rates"]), ("--covariates", ["rates"]),
      ("--patterns", ["patterns"]),
    ] {
      try workspace.write("paper,a\np,1\nq,0\n", to: "m.csv")
      let run = try workspace.run(command + ["m.csv", option, "z.json"])
      #expect(run.exitCode == 65 && run.errors.utf8.count < 20_000, "\(option): \(run.exitCode)")
    }
  }
}
