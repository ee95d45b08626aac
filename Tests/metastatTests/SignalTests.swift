import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Ctrl-C, and what batch systems and terminals send.
///
/// `scripts/kill-test` tries random moments.
@Suite struct SignalTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    let papers = (0..<20_000).map { "p\($0),\(2020 + $0 % 4),\($0 % 2),\($0 % 3 > 0 ? 1 : 0)\n" }
    try workspace.write("paper,year,a.x,a.y\n" + papers.joined(), to: "large.csv")
    try workspace.write("old", to: "rates.csv")
  }

  static let signals: [(signal: Int32, code: Int32)] = [
    (SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129),
  ]

  @Test(
    arguments: signals,
    [
      [
        "rates", "large.csv", "--replicates", "1000000", "--interval", "bca", "-o", "rates.csv",
        "--manifest", "manifest.json", "--verbose",
      ],
      [
        "report", "large.csv", "--replicates", "1000000", "-o", "report", "--figures", "none",
        "--verbose",
      ],
    ]) func `a signal leaves what there was`(
      signal: (signal: Int32, code: Int32), arguments: [String]
    ) throws
  {
    let run = try workspace.start(arguments)
    let isReport = arguments[0] == "report"
    for _ in 0..<400 where !(isReport ? hasTemporary : run.errors.contains("detail: read")) {
      Thread.sleep(forTimeInterval: 0.025)
    }
    #expect(run.process.isRunning)
    kill(run.process.processIdentifier, signal.signal)
    let end = try workspace.finish(run)
    #expect(end.exitCode == signal.code)
    #expect(end.output.isEmpty && end.errors.contains("interrupted"))
    #expect(try workspace.names() == ["large.csv", "rates.csv"])
    #expect(try workspace.read("rates.csv") == "old")
  }

  private var hasTemporary: Bool {
    (try? workspace.names().contains { $0.hasPrefix(".metastat-") }) ?? false
  }

  @Test func `under nohup the end of the terminal is no end`() throws {
    let run = try workspace.shell(
      "trap '' HUP; \"$metastat\" rates large.csv --replicates 20000 --interval bca -o rates.csv & "
        + "sleep 0.3; kill -HUP $!; wait $!; echo $?")
    #expect(run.output == "0\n", "\(run.errors)")
  }

  @Test func `a renderer ends with the run`() throws {
    try workspace.write("#!/bin/sh\necho $$ > pid\nexec sleep 600\n", to: "python")
    try workspace.write(
      try workspace.read("large.csv").split(separator: "\n").prefix(60).joined(separator: "\n"),
      to: "small.csv")
    let run = try workspace.shell(
      "chmod +x python; METASTAT_PYTHON=./python \"$metastat\" report small.csv --replicates 99 -q "
        + "-o r & p=$!; while [ ! -s pid ]; do sleep 0.05; done; kill -TERM $p; wait $p; echo $?; "
        + "sleep 0.2; kill -0 $(cat pid) 2>&-; echo $?; ls -A")
    #expect(run.output.hasPrefix("143\n1\n"), "\(run.output) \(run.errors)")
    #expect(!run.output.contains(".metastat-") && !run.output.contains("\nr\n"))
  }
}
