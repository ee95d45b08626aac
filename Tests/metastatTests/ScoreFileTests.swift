import Foundation
import Testing

@Suite struct ScoreFileTests {
  private let workspace: Workspace
  private let matrix: String

  init() throws {
    workspace = try Workspace()
    matrix = try workspace.write(
      "paper,a.x,a.y,b.z\np,1,NA,0\nq,0,1,0\nr,1,1,\n", to: "matrix.csv")
  }

  @Test(arguments: [
    ("--weights", #"{"dimensions": []}"#, "neither 'categories' nor 'items'"),
    ("--weights", #"{"categories": {"aa": 1}}"#, "no category is called 'aa'; the nearest is a"),
    ("--weights", #"{"categories": {"a": 1, "c": 0}}"#, "no category is called 'c'"),
    ("--weights", #"{"items": {"a.xx": 1}}"#, "no item is called 'a.xx'; the nearest are a.x"),
    ("--weights", #"{"items": {"a.x": "1"}}"#, "items.a.x: expected a number"),
    ("--weights", #"{"categories": {"a": 0}}"#, "none of the categories and items"),
    ("--weights", #"{"categories": {"artifacts": 1}}"#, "none of the categories and items"),
    ("--weights", #"{"categories": [1]}"#, "categories: expected an object"),
    ("--weights", "{", "not valid JSON"), ("--dimensions", #"{"categories": {"a": 1}}"#, "no 'dim"),
    ("--dimensions", #"{"dimensions": [{"name": "A", "categories": ["nope"]}]}"#, "'nope'"),
    (
      "--dimensions",
      #"{"dimensions": [{"name": "A", "categories": ["a"]}, {"name": "a", "categories": ["b"]}]}"#,
      "'a' occurs twice"
    ),
    ("--dimensions", #"{"dimensions": [{"name": "A"}]}"#, "'categories' is missing"),
    ("--dimensions", #"{"dimensions": {}}"#, "dimensions: expected a list"),
  ]) func `a file that cannot mean what it says is refused`(
    option: String, json: String, message: String
  ) throws {
    let file = try workspace.write(json, to: "file.json")
    let run = try workspace.run("scores", matrix, option, file)
    #expect(run.exitCode == 65 && run.output.isEmpty && run.errorLines.count == 1)
    #expect(run.errors.contains("file.json") && run.errors.contains(message), "\(run.errors)")
    #expect(!run.errors.contains("Double") && !run.errors.contains("decode"))
  }

  @Test func `names are looked up before selection, and in the instrument`() throws {
    let weights = try workspace.write(
      #"{"categories": {"a": 1, "b": 2, "artifacts": 1}}"#, to: "weights.json")
    let run = try workspace.run("scores", matrix, "--weights", weights, "--category", "a")
    #expect(run.exitCode == 0)
  }

  @Test func `files of the repository fit their options and no other`() throws {
    let data = Workspace.repository.appending(path: "data")
    let weights = data.appending(path: "weights.json").path(percentEncoded: false)
    let dimensions = data.appending(path: "dimensions.json").path(percentEncoded: false)
    for (option, file, code) in [
      ("--weights", weights, 0), ("--dimensions", dimensions, 0), ("--weights", dimensions, 65),
      ("--dimensions", weights, 65),
    ] {
      let run = try workspace.run(
        "scores", Workspace.papers, option, file, "--table", "papers", "--quiet")
      #expect(run.exitCode == Int32(code), "\(option) \(file): \(run.errors)")
    }
  }

  @Test func `composites are described beside the score`() throws {
    let weights = try workspace.write(#"{"categories": {"a": 1, "b": 3}}"#, to: "weights.json")
    let plain = try workspace.run("scores", matrix, "--replicates", "99")
    let run = try workspace.run(
      "scores", matrix, "--weights", weights, "--replicates", "99", "--replicates-out", "r.csv")
    let means = run.rows.filter { $0[1] == "mean" }
    #expect(means.map { $0[0] } == ["score", "composite_items", "composite_categories"])
    #expect(run.output.hasPrefix(plain.output))
    let one = try workspace.run(
      "scores", matrix, "--weights", weights, "--replicates", "99", "--of", "composite_items")
    #expect(one.rows.dropFirst().allSatisfy { $0[0] == "composite_items" && run.rows.contains($0) })
    let replicates = CSVText.rows(try workspace.read("r.csv"))
    #expect(replicates[0].first == "score" && replicates.count == 3 * 99 + 1)
  }

  @Test func `one paper has no spread, and says why`() throws {
    let one = try workspace.write("paper,a.x,a.y\np,1,0\n", to: "one.csv")
    let run = try workspace.run("scores", one, "--replicates", "99")
    let mean = try #require(run.rows.first { $0[1] == "mean" })
    #expect(mean.last == "fewer-than-2-papers" && mean[4] == "50")
  }
}
