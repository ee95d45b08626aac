import SurveySimulation
import SurveyStats
import Testing

private func read(_ text: String, metadata: [String] = []) throws(MatrixCSVError) -> BinaryMatrix {
  try MatrixCSV(metadata: metadata).read(Array(text.utf8))
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

@Suite struct MatrixCSVTests {
  @Test func `every cell state and spelling is read`() throws {
    let matrix = try read(
      """
      paper,year,c.a,b,c.d.e
      p1,2024,1,0,NA
      p2,2024.0,,"1","NA"
      p3,,YES,No,tRue
      p4,NA,FALSE,"",0

      """)
    #expect(
      matrix.items.map(\.id) == [ItemID(category: "c", name: "a"), ItemID("b"), ItemID("c.d.e")])
    #expect(matrix.items[2].id.category == "c.d")
    #expect(matrix.papers.map(\.slug) == ["p1", "p2", "p3", "p4"])
    #expect(matrix.papers.map(\.year) == [2024, 2024, nil, nil])
    let cells = matrix.papers.indices.map { row in matrix.items.indices.map { matrix[row, $0] } }
    #expect(
      cells == [
        [.yes, .no, .notApplicable], [.absent, .yes, .notApplicable], [.yes, .no, .yes],
        [.no, .absent, .no],
      ])
  }

  @Test func `metadata go to their places`() throws {
    let matrix = try read(
      """
      paper,title,year,venue,type,tags,version,rater,group,cluster,weight,arxiv_id,doi,points,a
      p,"T, 1",2024,arXiv,survey,x; y\\;z;;\\ w,4,human,g,c,0.5,2401.00010,10.1/x,12,1
      q,"",NA,"NA",,,,,,,NA,,,,0
      """, metadata: ["points"])
    #expect(
      matrix.papers[0]
        == Paper(
          slug: "p", title: "T, 1", year: 2024, venue: "arXiv", type: "survey",
          tags: ["x", "y;z", " w"], version: 4, rater: "human", group: "g", cluster: "c",
          weight: 0.5, arxivID: "2401.00010", doi: "10.1/x", covariates: ["points": "12"]))
    #expect(matrix.papers[1] == Paper(slug: "q", title: "", venue: "NA"))
    #expect(matrix.items.map(\.id.name) == ["a"])
  }

  @Test func `writing keeps to what is there`() throws {
    let matrix = BinaryMatrix(
      papers: [
        Paper(slug: "p", tags: ["a;b", "c\\"], covariates: ["points": "3", "other": "x"]),
        Paper(slug: "NA", title: ""),
      ], items: [Item(id: ItemID("c.a")), Item(id: ItemID("b"))]
    ) { paper, item in Cell.allCases[paper * 2 + item] }
    #expect(
      text(try MatrixCSV(metadata: ["points"]).write(matrix)) == """
        paper,title,tags,points,c.a,b
        p,NA,a\\;b;c\\\\,3,0,1
        "NA","",,NA,NA,

        """)
  }

  @Test func `the same slug in two versions is no duplicate`() throws {
    let matrix = try read("paper,version,a\np,2,1\np,3,0\n")
    #expect(matrix.papers.map(\.version) == [2, 3])
  }

  @Test func `no papers and no items are allowed`() throws {
    #expect(try read("paper,a\n").papers.isEmpty)
    #expect(try read("paper\np\nq").papers.count == 2)
  }

  @Test(arguments: [
    ("", MatrixCSVError.csv(.empty)), ("a,paper\n", .firstColumn(name: "a")),
    ("paper,a\np,1,2\n", .csv(.raggedRow(line: 2, found: 3, expected: 2))),
    ("paper,a,a\n", .csv(.duplicateHeader(name: "a", column: 3, firstColumn: 2))),
    ("paper,,b\n", .unnamedColumn(column: 2)),
    ("paper,a,b\np,1,2\n", .cell(line: 2, column: 3, name: "b", value: "2")),
    ("paper,a\np,1\n\nq, 1\n", .cell(line: 4, column: 2, name: "a", value: " 1")),
    ("paper,a\np,n/a\n", .cell(line: 2, column: 2, name: "a", value: "n/a")),
    ("paper,a\np,0.5\n", .cell(line: 2, column: 2, name: "a", value: "0.5")),
    ("paper,year\np,2024.5\n", .notInteger(line: 2, column: 2, name: "year", value: "2024.5")),
    ("paper,version\np,v2\n", .notInteger(line: 2, column: 2, name: "version", value: "v2")),
    ("paper,weight\np,-1\n", .notWeight(line: 2, column: 2, value: "-1")),
    ("paper,weight\np,inf\n", .notWeight(line: 2, column: 2, value: "inf")),
    ("paper,weight\np,\"\"\n", .notWeight(line: 2, column: 2, value: "")),
    ("paper,a\n,1\n", .unnamedPaper(line: 2)), ("paper,a\nNA,1\n", .unnamedPaper(line: 2)),
    (
      "paper,a\np,1\nq,1\np,0\n",
      .duplicateRow(RowID(paper: "p"), line: 4, firstLine: 2)
    ),
    (
      "paper,version,a\np,2,1\np,2,0\n",
      .duplicateRow(RowID(paper: "p", version: 2), line: 3, firstLine: 2)
    ),
    (
      "paper,version,a\nq,1,1\np,NA,1\np,0,0\np,NA,0\nq,1,1\nq,1,1\n",
      .duplicateRow(RowID(paper: "p"), line: 5, firstLine: 3)
    ),
  ]) func `what does not fit has a place`(text: String, error: MatrixCSVError) {
    #expect(throws: error) { try read(text) }
    #expect(error.description.contains("line") || error == .csv(.empty) || text.contains("a,a"))
  }

  @Test func `raters tell the rows of a paper apart`() throws {
    let text = "paper,rater,a\np,A,1\np,B,0\np,NA,1\n"
    let matrix = try read(text)
    #expect(matrix.papers.map(\.rater) == ["A", "B", nil] && matrix.distinctPaperCount == 1)
    #expect(
      throws: MatrixCSVError.duplicateRow(RowID(paper: "p", rater: "B"), line: 5, firstLine: 3)
    ) {
      try read(text + "p,B,1\n")
    }
  }

  @Test func `all faults of a file are found at once`() {
    let text = """
      paper,year,a.x,a.y
      p1,2020,1,maybe
      p2,20x,0,1
      p3,2021,q,0
      p1,2022,1,1
      """
    #expect(
      MatrixCSV().faults(Array(text.utf8)) == [
        .cell(line: 2, column: 4, name: "a.y", value: "maybe"),
        .notInteger(line: 3, column: 2, name: "year", value: "20x"),
        .cell(line: 4, column: 3, name: "a.x", value: "q"),
        .duplicateRow(RowID(paper: "p1"), line: 5, firstLine: 2),
      ])
    #expect(MatrixCSV().faults(Array("paper,a\np,1\n".utf8)).isEmpty)
    #expect(MatrixCSV().faults([]) == [.csv(.empty)])
  }

  @Test func `a declared column must exist`() {
    #expect(throws: MatrixCSVError.unknownColumn(name: "x")) {
      try read("paper,a\n", metadata: ["x"])
    }
  }

  @Test func `names that clash are not written`() {
    let matrix = BinaryMatrix(
      papers: [Paper(slug: "p")], items: [Item(id: ItemID("b")), Item(id: ItemID("b"))]
    ) { _, _ in .yes }
    #expect(throws: MatrixCSVError.nameClash(name: "b")) { try MatrixCSV().write(matrix) }
  }

  @Test(arguments: ["title", "paper", "weight", "points"])
  func `an item named like a metadata column is read back`(name: String) throws {
    let matrix = BinaryMatrix(
      papers: [Paper(slug: "p", weight: 2)], items: [Item(id: ItemID("b")), Item(id: ItemID(name))]
    ) { _, _ in .yes }
    let format = MatrixCSV(metadata: ["points"])
    let bytes = try format.write(matrix)
    #expect(text(bytes).hasPrefix("paper,weight,points,b,.\(name)\n"))
    #expect(try format.read(bytes) == matrix)
  }

  @Test func `answers as data frames write them are read`() throws {
    let matrix = try read("paper,a,b,c,d\np,1.0,0.0,na,Na\nq,\"1.0\",FALSE,\"NA\",\n")
    let cells = matrix.papers.indices.map { row in (0..<4).map { matrix[row, $0] } }
    #expect(cells[0] == [.yes, .no, .notApplicable, .notApplicable])
    #expect(cells[1] == [.yes, .no, .notApplicable, .absent])
  }

  @Test(arguments: [
    ("paper;a.x\np;1\n", "commas, not by semicolons"), ("paper\ta\n", "commas, not by tabs"),
    ("Paper,a\np,1\n", "name it 'paper'"), ("paper,a\np,T\n", "write 1 (yes)"),
    ("paper,a\np,n\n", "write 0 (no)"), ("paper,a\np,N/A\n", "write NA (does not apply)"),
    ("paper,Year\np,2024\n", "name it 'year'"), ("paper,a\np,2\n", "`metadata:`"),
  ]) func `the remedy fits the mistake`(text: String, remedy: String) throws {
    do {
      _ = try read(text)
      Issue.record("\(text) was read")
    } catch { #expect("\(error)".contains(remedy), "\(error)") }
  }

  @Test func `an error shows no control characters`() {
    let error = MatrixCSVError.cell(line: 1, column: 1, name: "\u{1B}[2J", value: "\u{202E}")
    #expect(!error.description.unicodeScalars.contains("\u{1B}"))
    #expect(!error.description.unicodeScalars.contains("\u{202E}"))
  }

  @Test(arguments: 0..<100) func `reading what was written gives the same matrix`(
    seed: Int
  ) throws {
    var random = NastyText(seed: seed)
    func optional(_ value: String) -> String? { random.below(3) == 0 ? nil : value }
    let papers = (0..<random.below(200)).map { index in
      var paper = Paper(slug: "\(random.text())#\(index)")
      paper.title = optional(random.text())
      paper.venue = optional(random.text())
      paper.type = optional(random.text())
      paper.tags = [random.text(), random.text(), random.text()].filter { !$0.isEmpty }
      paper.rater = optional(random.text())
      paper.group = optional(random.text())
      paper.cluster = optional(random.text())
      paper.doi = optional(random.text())
      paper.arxivID = optional(random.text())
      paper.year = random.below(2) == 0 ? nil : 1990 + random.below(40)
      paper.version = random.below(2) == 0 ? nil : random.below(6)
      paper.weight = random.below(2) == 0 ? nil : abs(random.real())
      if let value = optional(random.text()) { paper.covariates["x y,\"z"] = value }
      return paper
    }
    let items = (0..<random.below(6)).map { Item(id: ItemID("\(random.text())#\($0)")) }
    let matrix = BinaryMatrix(papers: papers, items: items) { _, _ in
      Cell.allCases[random.below(4)]
    }
    let format = MatrixCSV(metadata: ["x y,\"z"])
    let bytes = try format.write(matrix)
    let again = try format.read(bytes)
    #expect(again == matrix)
    #expect(try format.write(again) == bytes)
  }

  @Test func `pieces make the same file`() throws {
    let matrix = BinaryMatrix(
      papers: (0..<5).map { Paper(slug: "p\($0)", year: 2020 + $0) }, items: [Item(id: ItemID("a"))]
    ) { paper, _ in Cell.allCases[paper % 4] }
    var bytes: [UInt8] = []
    try MatrixCSV().appendHeader(of: matrix, to: &bytes)
    MatrixCSV().appendRows(0..<2, of: matrix, to: &bytes)
    MatrixCSV().appendRows(2..<5, of: matrix, to: &bytes)
    #expect(bytes == (try MatrixCSV().write(matrix)))
  }

  @Test func `the long form has the source of each answer, when asked for`() throws {
    let corpus = ScanText.read(
      ScanText.make(
        checklist: """
          {"a": {"b": {"applies": true, "answer": true, "source": "opus"},
          "c": {"applies": true, "answer": false, "source": "haiku"}, "d": \(ScanText.no)}}
          """))
    let matrix = BinaryMatrix(corpus)
    let table = MatrixCSV().longTable(matrix, sources: CellSources(corpus))
    #expect(table.columns.last?.name == "source")
    #expect(table["source"]?.values == .text(["opus", "haiku", nil]))
    #expect(MatrixCSV().longTable(matrix)["source"] == nil)
    let silent = ScanText.read(ScanText.make())
    let plain = MatrixCSV().longTable(BinaryMatrix(silent), sources: CellSources(silent))
    #expect(plain["source"] == nil)
  }

  @Test func `the long form has one row a cell`() {
    let matrix = BinaryMatrix(
      papers: [Paper(slug: "p", version: 2), Paper(slug: "q")],
      items: [Item(id: ItemID("c.a")), Item(id: ItemID("b"))]
    ) { paper, item in Cell.allCases[paper * 2 + item] }
    #expect(
      text(CSVWriter().write(MatrixCSV().longTable(matrix))) == """
        paper,version,category,term,item,cell
        p,2,c,a,c.a,no
        p,2,NA,b,b,yes
        q,NA,c,a,c.a,not_applicable
        q,NA,NA,b,b,absent

        """)
  }
}
