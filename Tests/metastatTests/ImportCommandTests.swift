import Foundation
import Testing

/// Tables of survey tools, through the program.
@Suite struct ImportCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private let form = """
    Timestamp,Coder,Study ID,Is data shared?,Are limits given?
    2026/01/02 10:00:01,A,s1,Yes,No
    2026/01/02 10:05:40,A,s2,Yes,Yes
    2026/01/02 10:10:09,A,s3,No,Partly
    2026/01/02 10:10:09,A,s4,No,Unclear

    """

  @Test func `a table with open words is refused by every command, once and with everything`()
    throws
  {
    try workspace.write(form, to: "form.csv")
    for command in [["rates"], ["scores"], ["matrix"], ["import", "-o", "m.csv"]] {
      let run = try workspace.run(command + ["form.csv"])
      #expect(run.exitCode == 65 && run.output.isEmpty, "\(command)")
      #expect(run.errors.contains("line 4, column 5 (Are limits given?): \"Partly\""))
      #expect(run.errors.contains("line 5, column 5 (Are limits given?): \"Unclear\""))
    }
    #expect(try workspace.names() == ["form.csv", "m.recipe.json"])
  }

  @Test func `the recipe that import proposes runs once it is edited`() throws {
    try workspace.write(form, to: "form.csv")
    #expect(try workspace.run("import", "form.csv", "-o", "m.csv").exitCode == 65)
    let edited = try workspace.read("m.recipe.json").replacing(
      #""undecided": ["Partly","Unclear"]"#, with: #""absent": ["Unclear", "Partly"]"#)
    try workspace.write(edited, to: "r.json")
    let run = try workspace.run("import", "form.csv", "--recipe", "r.json", "-o", "m.csv")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(
      try workspace.read("m.csv")
        == "paper,rater,Is data shared?,Are limits given?\ns1,A,1,0\ns2,A,1,1\ns3,A,0,\ns4,A,0,\n")
    let rates = try workspace.run("rates", "form.csv", "--recipe", "r.json", "--rows", "item")
    let again = try workspace.run("rates", "m.csv", "--recipe", "m.recipe.json", "--rows", "item")
    #expect(rates.exitCode == 0 && rates.output == again.output)
  }

  @Test func `check proposes the recipe and lists all problems as a table`() throws {
    try workspace.write(form, to: "form.csv")
    let problems = try workspace.run("check", "form.csv", "--table", "problems", "--quiet")
    #expect(problems.exitCode == 65)
    #expect(problems.output.contains("not_an_answer,refused"))
    let recipe = try workspace.run("check", "form.csv", "--table", "recipe")
    #expect(recipe.output.contains(#""column": "Timestamp", "role": "ignore""#))
    let support = try workspace.run(
      "check", "form.csv", "--absent", "Partly,Unclear", "--table", "support", "--quiet")
    #expect(support.exitCode == 0 && support.output.contains("trend,no,no paper has a year"))
  }

  @Test func `raters side by side are proposed, stated, and refused when nothing has their marks`()
    throws
  {
    try workspace.write(
      "Study ID,code_A,code_B,data_A,data_B\ns1,yes,no,no,no\ns2,no,no,yes,yes\n", to: "t.csv")
    let run = try workspace.run("import", "t.csv")
    #expect(run.errors.contains("raters side by side (A, B)"))
    #expect(run.output == "paper,rater,code,data\ns1,A,1,0\ns1,B,0,0\ns2,A,0,1\ns2,B,0,1\n")
    let agreement = try workspace.run("agree", "t.csv", "--rows", "item", "--quiet")
    #expect(agreement.exitCode == 0 && agreement.output.contains("code"), "\(agreement.errors)")
    try workspace.write("paper,code_LB,code_KB,data_LB\ns1,1,0,1\n", to: "m.csv")
    let stated = try workspace.run("import", "m.csv", "--rater-columns", "LB,KB", "--quiet")
    #expect(stated.output == "paper,rater,code,data\ns1,LB,1,1\ns1,KB,0,\n")
    let unknown = try workspace.run("import", "m.csv", "--rater-columns", "LB,XX")
    #expect(unknown.exitCode == 65 && unknown.errors.contains("ends or begins with \"XX\""))
    #expect(try workspace.run("rates", "m.csv", "--rater-columns", "LB").exitCode == 64)
  }

  @Test func `check says that a matrix looks like raters side by side, which is read as it is`()
    throws
  {
    try workspace.write("paper,code_A,code_B,data_A,data_B\ns1,1,0,1,1\ns2,0,0,1,0\n", to: "m.csv")
    let check = try workspace.run("check", "m.csv")
    #expect(check.exitCode == 0 && check.errors.contains("--rater-columns A,B"), "\(check.errors)")
    let rates = try workspace.run("rates", "m.csv", "--rows", "item", "--format", "csv")
    #expect(rates.output.contains("data_B"))
  }

  @Test func `what was chosen is said, and options choose otherwise`() throws {
    try workspace.write("study;year;open;blind\na;2020;ja;nein\nb;2021;nein;oui\n", to: "t.csv")
    let run = try workspace.run("rates", "t.csv", "--rows", "item")
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("papers by 'study'") && run.errors.contains("semicolons"))
    let one = try workspace.run("rates", "t.csv", "--items", "open", "--rows", "item", "--quiet")
    #expect(one.rows.dropFirst().map { $0[2] } == ["open"] && one.errors.isEmpty)
    let none = try workspace.run("rates", "t.csv", "--paper", "stduy")
    #expect(none.exitCode == 65 && none.errors.contains("the nearest is study"))
  }

  @Test func `a matrix CSV is read as ever, and its faults are told together`() throws {
    try workspace.write("paper,a.x,a.y\np,1,maybe\nq,perhaps,0\nr,0\n", to: "m.csv")
    let run = try workspace.run("rates", "m.csv")
    #expect(run.exitCode == 65)
    for place in ["line 2, column 3 (a.y)", "line 3, column 2 (a.x)", "line 4"] {
      #expect(run.errors.contains(place), "\(place): \(run.errors)")
    }
    let words = try workspace.write("paper,a.x,a.y\np,y,n/a\nq,N,t\n", to: "w.csv")
    let read = try workspace.run("matrix", words)
    #expect(read.output == "paper,a.x,a.y\np,1,NA\nq,0,1\n" && read.errors.contains("as a table"))
  }

  @Test func `a matrix comes out of import as it went in`() throws {
    let text = "paper,year,a.x,a.y,.b.c\np,2020,1,NA,\nq,NA,0,1,\n"
    try workspace.write(text, to: "m.csv")
    let run = try workspace.run("import", "m.csv", "-o", "again.csv")
    #expect(try run.exitCode == 0 && workspace.read("again.csv") == text, "\(run.errors)")
  }

  @Test func `pipes, standard input and packed files are read like files`() throws {
    try workspace.write("study\topen\na\tyes\nb\tno\n", to: "t.tsv")
    let file = try workspace.run("rates", "t.tsv", "--rows", "item", "--quiet")
    #expect(file.exitCode == 0, "\(file.errors)")
    let lines = [
      "cat t.tsv | $metastat rates - --rows item --quiet",
      "$metastat rates /dev/stdin --rows item --quiet < t.tsv",
      "bash -c '$metastat rates <(cat t.tsv) --rows item --quiet'",
      "mkfifo pipe; cat t.tsv > pipe & $metastat rates pipe --rows item --quiet",
      "gzip -k t.tsv; $metastat rates t.tsv.gz --rows item --quiet",
    ]
    for line in lines {
      let run = try workspace.shell(line)
      #expect(run.exitCode == 0 && run.output == file.output, "\(line): \(run.errors)")
    }
  }

  @Test func `what is packed to fill the memory is refused`() throws {
    let run = try workspace.shell(
      "head -c 900000000 /dev/zero | gzip -1 > bomb.gz; $metastat rates bomb.gz")
    #expect(run.exitCode == 65 && run.errors.contains("unpack"), "\(run.errors)")
  }

  @Test func `formats that take another program say which`() throws {
    try workspace.write("PAR1....", to: "t.parquet")
    let run = try workspace.run("rates", "t.parquet")
    #expect(run.exitCode == 65 && run.errors.contains("duckdb"))
    try workspace.write("PK\u{3}\u{4} and no more", to: "t.xlsx")
    let sheet = try workspace.run("rates", "t.xlsx")
    #expect(sheet.exitCode == 65 && sheet.errors.contains("t.xlsx"))
  }

  @Test func `a report says how its table was read, and its manifest with which recipe`() throws {
    try workspace.write("study;open;blind\na;ja;nein\nb;nein;teils\nc;ja;ja\n", to: "t.csv")
    let run = try workspace.run(
      "report", "t.csv", "--credit", "teils=0.5", "--only", "methods", "--figures", "none",
      "--replicates", "100", "-o", "r")
    #expect(run.exitCode == 0, "\(run.errors)")
    let page = try workspace.read("r/report.md")
    #expect(page.contains("was read by a recipe with the SHA-256"))
    #expect(page.contains("partly: teils for 0.5") && page.contains("1 partial answer earns"))
    #expect(try workspace.read("r/manifest.json").contains("proposed recipe"))
  }

  @Test func `a table and its codebook are compared, also when the table cannot be read`() throws {
    try workspace.write("study,open,blind\na,1,0\nb,0,1\nc,1,7\n", to: "t.csv")
    try workspace.write(
      "item,label,choices\nopen,Open?,\"1, Yes | 0, No\"\nblind,Blind?,\"1, Yes | 0, No\"\ngone,,\n",
      to: "b.csv")
    let run = try workspace.run(
      "check", "t.csv", "--codebook", "b.csv", "--table", "codebook", "--quiet")
    #expect(run.exitCode == 65)
    #expect(
      run.output == """
        item,column,finding,detail
        open,open,same,NA
        blind,blind,undeclared-code,7
        gone,NA,not-in-table,NA

        """)
    #expect(
      try workspace.run(
        "check", "t.csv", "--codebook", "b.csv", "--absent", "7", "--table", "codebook", "--quiet"
      ).output == run.output)
    #expect(try workspace.run("check", "t.csv", "--table", "codebook").exitCode == 64)
  }

  @Test func `the matrix of partial answers names the recipe that reads it`() throws {
    try workspace.write("study,open,blind\na,1,0.5\nb,0,1\nc,1,0\n", to: "t.csv")
    let made = try workspace.run("import", "t.csv", "--credit", "0.5", "-o", "m.csv")
    #expect(made.exitCode == 0)
    let refused = try workspace.run("scores", "m.csv")
    #expect(refused.exitCode == 65)
    #expect(refused.errors.contains("--recipe m.recipe.json"))
    let read = try workspace.run(
      "scores", "m.csv", "--recipe", "m.recipe.json", "--table", "papers")
    #expect(read.column("score") == ["75", "50", "50"])
    let rates = try workspace.run("rates", "m.csv", "--recipe", "m.recipe.json", "--rows", "item")
    #expect(rates.column("note").last == "partial-answers-are-no: 1")
  }
}
