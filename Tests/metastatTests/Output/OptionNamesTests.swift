import Foundation
import SurveyStats
import Testing

@testable import metastat

@Suite struct OptionNamesTests {
  @Test(arguments: [
    ("limits need `interval: percentile`", "limits need --interval percentile"),
    ("draw them with `replicateRange: 64:128`", "draw them with --replicate-range 64:128"),
    ("say `yes:`, `no:` or `absent:` 'x'", "say --yes, --no or --absent 'x'"),
    ("add `decimal: ,`", "add --decimal ,"), ("leave out `stratum:`", "leave out --stratify"),
    ("leave them out (`usesWeights: false`)", "leave them out (--unweighted)"),
    ("as in `yes/no`, see `estimate`", "as in `yes/no`, see `estimate`"),
    ("`e d`: y and `", "`e d`: y and `"), ("`Year:` and `year :`", "`Year:` and `year :`"),
    ("no argument", "no argument"),
  ]) func `arguments are called as their options`(text: String, expected: String) {
    #expect(OptionNames.put(into: text) == expected)
  }

  @Test func `notes and remedies of tables name options, and other columns stay as they are`() {
    let text = "see `mix: model`"
    let table = Table(
      name: "t", columns: [Column("item", .text([text])), Column("remedy", .text([text]))],
      notes: [text]
    ).namingOptions
    #expect(table.notes == ["see --mix model"])
    #expect(table["remedy"]?.values == .text(["see --mix model"]))
    #expect(table["item"]?.values == .text([text]))
  }

  @Test func `errors, remarks, problems, recipes and reports name options`() throws {
    let workspace = try Workspace()
    _ = try workspace.write(
      "paper,year,group,a.x,a.y\np,2023,g,1,0\nq,2024,g,0,1\nr,2024,h,1,1\ns,2023,h,0,0\n",
      to: "matrix.csv")
    _ = try workspace.write("study,notes,a,b\ns1,z,yes,no\ns2,y,no,maybe\n", to: "form.csv")
    func errors(_ arguments: String...) throws -> String {
      try workspace.run(arguments).errors
    }
    #expect(
      try errors(
        "compare", "matrix.csv", "--by", "group", "--permutations", "99", "--stratify", "year",
        "--table", "homogeneity"
      ).contains("leave out --stratify"))
    #expect(
      try errors("compare", "matrix.csv", "--by", "group", "--reference", "x")
        .contains("--reference: 'group' has no group 'x'"))
    #expect(try errors("rates", "form.csv").contains("say --yes, --no, --na or --absent"))
    let support = try workspace.run("check", "matrix.csv", "--table", "support")
    #expect(!support.output.contains("`"))
    let recipe = try workspace.run(
      "check", "form.csv", "--table", "recipe", "--ignore", "notes", "--absent", "maybe")
    #expect(recipe.output.contains("by --ignore") && !recipe.output.contains("`ignore:`"))
    let report = try workspace.run(
      "report", "matrix.csv", "--only", "headline", "--only", "changes", "--figures", "none",
      "--replicates", "99", "-o", "r")
    #expect(report.errors.contains("name its folder with --compare"), "\(report.errors)")
    let page = try String(contentsOfFile: workspace.path("r/report.md"), encoding: .utf8)
    #expect(page.contains("name its folder with --compare"))
  }
}
