import Foundation
import Testing

@Suite struct OptionTests {
  private let workspace: Workspace
  private let matrix: String

  init() throws {
    workspace = try Workspace()
    matrix = try workspace.write(
      "paper,year,venue,a.x,a.y,b.z\np,2023,arXiv,1,NA,0\nq,2024,arXiv.org,0,1,0\n"
        + "r,2024,ICML,1,1,\n", to: "matrix.csv")
  }

  @Test(arguments: [
    ("simulate --papers 5 --duplicates 0.2", "--duplicates is about scan files"),
    ("simulate --papers 5 --several-versions 0.5", "--several-versions"),
    ("simulate --papers 5 --contradictions 0.5", "--contradictions"),
    ("simulate --papers 5 --defects 0.5", "--defects"),
    ("simulate --papers 5 --realistic", "--realistic"),
    ("simulate --papers 5 -o sim.json", "a simulated matrix is a CSV"),
    ("rates matrix.csv --simultaneous --rows category", "--simultaneous is about items"),
    ("rates matrix.csv --ranks --rows category", "--ranks is about items"),
    ("rates matrix.csv --simultaneous --rows item --interval wilson", "leave out --interval"),
    ("rates matrix.csv --seed 1 --seed 2", "--seed is given twice, as '1' and '2'"),
    ("rates matrix.csv --level 0.9 --level=0.95", "--level is given twice"),
    ("rates matrix.csv --interval bca --replicates 50", "bca takes 1999 replicates"),
    ("scores matrix.csv --interval bca --replicates 50", "bca takes 1999 replicates"),
    ("bench --strict", "--strict"), ("check matrix.csv --jobs 0", "--jobs takes a number"),
    ("matrix matrix.csv --jobs=-3", "--jobs takes a number of 1 or more, not -3"),
    ("irt matrix.csv -j 0", "--jobs takes a number"), ("rates matrix.csv -j 0", "--jobs takes"),
    ("matrix matrix.csv --digits 2", "--digits"),
    ("matrix matrix.csv --guard-formulas", "--guard-formulas"),
  ]) func `an option that would do nothing is refused`(line: String, message: String) throws {
    let run = try workspace.shell("\"$metastat\" \(line)")
    #expect(run.exitCode == 64 && run.output.isEmpty)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.hasPrefix("error: "))
    #expect(try workspace.names() == ["matrix.csv"])
  }

  @Test(arguments: [
    ("rate matrix.csv", "there is no command 'rate'; the nearest is rates"),
    ("rates matrix.csv --replicates -5", "--replicates takes no negative number, such as -5"),
    ("rates matrix.csv --seed -1", "--seed takes no negative number"),
    ("rates matrix.csv --top -3", "--top takes no negative number"),
    (
      "rates --rows item category matrix.csv",
      "'matrix.csv' is none of them; an INPUT stands before"
    ),
    ("rates matrix.csv --bogus 3", "rates has no option '--bogus'"),
    ("rates matrix.csv --replicate 3", "the nearest are --replicates"),
    ("rates matrix.csv -o out", "or add --format"),
    ("rates matrix.csv --interval wilsn", "--interval: there is no 'wilsn'; the nearest is wilson"),
    ("rates matrix.csv --mix zzzz", "--mix takes common, model, crude; 'zzzz' is none of them"),
    (
      "trend matrix.csv --on yeer",
      "--on: no variable, item or category is called 'yeer'; the nearest"
    ),
    (
      "report matrix.csv --only headlines -o r",
      "there is no section 'headlines'; the nearest is headline"
    ),
    ("help rats", "there is no command 'rats'; the nearest is rates"),
    ("rates matrix.csv --venue arXive", "no venue is called 'arXive'; the nearest is arXiv"),
  ]) func `a slip is called by its name`(line: String, message: String) throws {
    let run = try workspace.shell("\"$metastat\" \(line)")
    #expect(run.exitCode == 64 && run.output.isEmpty)
    #expect(run.errors.contains(message) && run.errors.hasPrefix("error: "), "\(run.errors)")
  }

  @Test func `a path that is not there has the nearest that is`() throws {
    let run = try workspace.run("rates", "matrx.csv")
    #expect(run.exitCode == 66, "\(run.errors)")
    #expect(run.errors.contains("the nearest is matrix.csv"), "\(run.errors)")
    let folder = try workspace.run("rates", "matri")
    #expect(folder.errors.contains("matrix.csv"), "\(folder.errors)")
  }

  @Test func `options that may be repeated are, and equal values do not matter`() throws {
    let twice = try workspace.run(
      "rates", matrix, "--item", "a.x", "--item", "b.z", "--rows", "item", "--level", "0.9",
      "--level", "0.9")
    #expect(twice.exitCode == 0 && twice.rows.count == 3)
    let separate = try workspace.run("rates", matrix, "--rows", "item", "overall")
    let joined = try workspace.run("rates", matrix, "--rows", "item,overall")
    #expect(joined.exitCode == 0 && joined.output == separate.output)
  }

  @Test(arguments: ["arXiv.org", "arXiv preprint", "ARXIV", "arXiv"])
  func `the spellings of a venue are one, and the matrix keeps them`(venue: String) throws {
    let chosen = try workspace.run("matrix", matrix, "--venue", venue)
    #expect(chosen.rows.dropFirst().map { $0[2] } == ["arXiv", "arXiv.org"])
    let groups = try workspace.run("rates", matrix, "--by", "venue", "--rows", "overall")
    #expect(groups.rows.dropFirst().map { $0[4] } == ["ICML", "arXiv"])
  }

  @Test func `a format may be named where the file does not say it`() throws {
    let plain = try workspace.run("rates", matrix)
    for target in ["out", "out.data"] {
      let run = try workspace.run("rates", matrix, "-o", target, "--format", "csv")
      let written = try workspace.read(target)
      #expect(run.exitCode == 0 && written == plain.output)
    }
    let stream = try workspace.shell(
      "\"$metastat\" rates matrix.csv -o /dev/stdout --format csv | cat")
    #expect(stream.exitCode == 0 && stream.output == plain.output)
    let named = try workspace.run("rates", matrix, "-o", "r.json", "--format", "csv")
    #expect(named.exitCode == 0)
    #expect(try workspace.read("r.json").hasPrefix("["))
  }

  @Test func `a manifest says a seed only where one was used`() throws {
    func manifest(_ arguments: String...) throws -> [String: Any] {
      let run = try workspace.run(arguments + ["--manifest", "m.json", "--quiet"])
      #expect(run.exitCode == 0, "\(run.errors)")
      let json = try JSONSerialization.jsonObject(with: Data(try workspace.read("m.json").utf8))
      return try #require(json as? [String: Any])
    }
    let analytic = try manifest("compare", matrix, "--by", "year", "--rows", "overall")
    #expect(analytic["seed"] == nil && analytic["replicates"] == nil)
    let permuted = try manifest(
      "compare", matrix, "--by", "year", "--rows", "overall", "--permutations", "99")
    #expect(permuted["seed"] as? Int == 1 && permuted["replicates"] == nil)
    let resampled = try manifest(
      "compare", matrix, "--by", "year", "--rows", "overall", "--interval", "percentile",
      "--replicates", "99")
    #expect(resampled["seed"] as? Int == 1 && resampled["replicates"] as? Int == 99)
    let bench = try manifest("bench", matrix, "--workload", "phi", "--runs", "1")
    #expect((bench["inputs"] as? [[String: String]])?.first?["path"] == matrix)
  }
}
