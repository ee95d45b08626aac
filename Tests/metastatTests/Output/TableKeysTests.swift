import SurveyStats
import Testing

/// What people join and read tables by: the level of limits, the item, one meaning of `level`, one scale of
/// `estimate`.
@Suite struct TableKeysTests {
  private static let tables: [[String]] = [
    ["rates"], ["rates", "--by", "group"], ["rates", "--bounds"], ["scores"],
    ["compare", "--by", "group"], ["compare", "--by", "group", "--table", "homogeneity"],
    ["compare", "--pair", "a.a", "a.b"], ["trend"],
    ["trend", "--by", "group", "--rows", "overall", "item", "--table", "differences"],
    ["correlate"], ["correlate", "--table", "partial"], ["correlate", "--table", "clusters"],
    ["pca"], ["pca", "--table", "loadings"], ["factor", "--factors", "1"],
    ["factor", "--factors", "1", "--table", "communalities"],
    ["factor", "--factors", "1", "--table", "reliability"],
    ["factor", "--factors", "1", "--table", "items"],
    ["factor", "--factors", "2", "--table", "correlations"], ["irt"],
    ["logit", "--outcome", "a.a", "--on", "year"],
    ["logit", "--outcome", "a.a", "--on", "year", "--table", "effects"],
    ["patterns", "--pattern", "a.a and a.b"],
    ["check", "--table", "items"], ["matrix", "--long"], ["matrix", "--table", "items"],
    ["agree", "--by", "rater"], ["agree", "--by", "rater", "--table", "disagreements"],
  ]

  @Test(arguments: tables) func `limits have their level, and items their name`(
    arguments: [String]
  ) throws {
    let workspace = try Workspace()
    var random = RandomStream(seed: 5, stream: 1)
    let isOfRaters = arguments[0] == "agree"
    var text = "paper,year,group" + (isOfRaters ? ",rater" : "") + ",a.a,a.b,a.c,b.d,b.e,b.f\n"
    for paper in 0..<60 {
      for rater in isOfRaters ? ["R", "S"] : [""] {
        let ability = Double(paper % 6) / 6
        let cells = (0..<6).map { _ in
          Double(random.next() >> 11) / 0x1p53 < 0.2 + 0.6 * ability ? "1" : "0"
        }
        text += "p\(100 + paper),\(2019 + paper % 5),\(paper % 2 == 0 ? "x" : "y")"
        text += (isOfRaters ? ",\(rater)" : "") + "," + cells.joined(separator: ",") + "\n"
      }
    }
    try workspace.write(text, to: "m.csv")
    let run = try workspace.run([arguments[0], "m.csv"] + arguments.dropFirst() + ["--quiet"])
    let names = try #require(run.rows.first, "\(run.errors)")
    #expect(run.exitCode == 0, "\(run.errors)")
    if names.contains("conf_low") { #expect(names.contains("conf_level"), "\(names)") }
    if names.contains("category"), names.contains("term") {
      #expect(names.contains("item"), "\(names)")
    }
    let levels = Set(run.column("level"))
    #expect(
      levels.isSubset(of: ["item", "category", "module", "overall", "pair", "paper", "pattern"]))
    let isOfItem = levels.isEmpty ? [] : run.column("level").map { $0 == "item" }
    for (row, item) in run.column("item").enumerated()
    where item != "NA" && !item.isEmpty && (isOfItem.isEmpty || isOfItem[row]) {
      #expect(item.hasPrefix("a.") || item.hasPrefix("b."), "row \(row): \(item)")
    }
  }

  @Test func `estimate has one scale in every table`() {
    let scales = Glossary.columns.filter { $0.name == "estimate" }.map { $0.table ?? "" }
    #expect(Set(scales).count == scales.count && scales.contains(""))
  }
}
