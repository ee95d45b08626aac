import SurveyStats
import Testing

@testable import SurveyImport

/// Tables as survey tools write them, small.
@Suite struct TableShapesTests {
  /// What came of a text: counts of yes, no, NA and absent, or what is refused.
  struct Outcome {
    let recipe: Recipe
    let imported: ImportedMatrix
    var matrix: BinaryMatrix? { imported.matrix }
    var refused: [ScanProblem] { imported.problems.filter { $0.severity == .refused } }
    var counts: [Int] {
      guard let matrix else { return [] }
      var counts = [0, 0, 0, 0]
      for paper in matrix.papers.indices {
        for item in matrix.items.indices {
          switch matrix[paper, item] {
          case .yes: counts[0] += 1
          case .no: counts[1] += 1
          case .notApplicable: counts[2] += 1
          case .absent: counts[3] += 1
          }
        }
      }
      return counts
    }
    var items: [String] { matrix?.items.map(\.id.description) ?? [] }
    var slugs: [String] { matrix?.papers.map(\.slug) ?? [] }
  }

  static func read(_ bytes: [UInt8], _ choices: ImportChoices = ImportChoices()) -> Outcome {
    let file = TableFile(bytes, name: "t", choices: choices)
    #expect(file.problems.allSatisfy { $0.severity == .note })
    let recipe = RecipeProposal(choices).recipe(for: file.grid, source: file.source)
    return Outcome(
      recipe: recipe,
      imported: ImportedMatrix(recipe, to: file.grid, file: "t", codebook: choices.codebook))
  }

  static func read(_ text: String, _ change: (inout ImportChoices) -> Void = { _ in }) -> Outcome {
    var choices = ImportChoices()
    change(&choices)
    return read(Array(text.utf8), choices)
  }

  private let form = """
    Timestamp,Coder,Study ID,"Is data shared?","Are limits given?","Anything else?"
    2026/01/02 10:00:01 AM GMT+1,A,s1,Yes,No,
    2026/01/02 10:05:40 AM GMT+1,B,s1,Yes,Yes,"empty, though"
    2026/01/02 10:10:09 AM GMT+1,A,s2,No,Not applicable,
    2026/01/02 10:20:55 AM GMT+1,B,s2,Partly,Unclear,see page 3
    """

  @Test func `a form is refused once, with every word and its place, and read when they are said`()
  {
    let open = Self.read(form)
    #expect(open.matrix == nil && open.recipe.words.undecided == ["Partly", "Unclear"])
    #expect(open.refused.map(\.kind) == [.notAnAnswer, .notAnAnswer])
    #expect(open.refused[0].place == "line 5, column 4 (Is data shared?)")
    let read = Self.read(form) {
      $0.no = ["Partly"]
      $0.absent = ["Unclear"]
    }
    #expect(read.counts == [3, 3, 1, 1] && read.items == ["Is data shared?", "Are limits given?"])
    #expect(read.slugs == ["s1", "s1", "s2", "s2"])
    #expect(read.matrix?.papers.map(\.rater) == ["A", "B", "A", "B"])
  }

  @Test func `codes are read by their dictionary, and asked about without it`() throws {
    let text = """
      record_id,redcap_event_name,pub_year,shared,limits,ethics,form_complete
      1,arm_1,2021,1,0,99,2
      2,arm_1,2022,0,1,1,2
      3,arm_1,2022,1,,0,2
      """
    #expect(Self.read(text).recipe.words.undecided == ["99"])
    let dictionary = try Codebook(
      DelimitedText(delimiter: UInt8(ascii: ",")).read(
        Array(
          """
          "Variable / Field Name","Field Label","Choices, Calculations, OR Slider Labels"
          shared,"Is data shared?","1, Yes | 0, No"
          ethics,"Approved?","1, Yes | 0, No | 99, Not applicable"
          """.utf8)
      ).grid)
    let read = Self.read(text) { $0.codebook = dictionary }
    #expect(read.counts == [4, 3, 1, 1])
    #expect(read.matrix?.items.map(\.label) == ["Is data shared?", "Approved?", nil])
    #expect(read.matrix?.papers.map(\.year) == [2021, 2022, 2022])
  }

  @Test func `semicolons, decimal commas and words of another language`() {
    let text =
      "\u{FEFF}Studie;Jahr;Dosis;Code offen;Intervalle\r\nMaß & Gewicht;2020;0,5;ja;nein\r\n"
      + "Öl;2021;1,5;nein;entfällt\r\nÜber;2022;2;ja;ja\r\n"
    let read = Self.read(text)
    #expect(read.counts == [3, 2, 1, 0] && read.recipe.source.delimiter == ";")
    #expect(read.recipe.source.decimal == .comma)
    #expect(read.matrix?.papers.map { $0.covariates["Dosis"] } == ["0.5", "1.5", "2"])
    #expect(read.slugs == ["Maß & Gewicht", "Öl", "Über"])
  }

  @Test func `one half is refused, or cut where one says`() {
    let text = "Nr;Paper;Data;Code\n1;a;1;0,5\n2;b;1;0\n3;c;0,5;n.a.\n"
    let open = Self.read(text)
    #expect(open.refused.count == 2 && open.recipe.words.undecided == ["0,5"])
    #expect(open.refused[0].remedy.contains("a rule for numbers"))
    let strict = Self.read(text) {
      $0.yes = [">= 1"]
      $0.no = ["< 1"]
    }
    #expect(strict.counts == [2, 3, 1, 0] && strict.items == ["Data", "Code"])
    #expect(Self.read(text) { $0.yes = [">=0,5"] }.counts == [4, 1, 1, 0])
  }

  @Test func `row names, numbers and titles are no items`() {
    let pandas = Self.read(
      ",title,venue,score_x,has_code,has_data,n_pages\n0,First,V,0.25,1.0,0.0,9\n"
        + "1,Second,V,0.5,0.0,,12\n2,Third,W,0.75,,1.0,10\n")
    #expect(pandas.counts == [2, 2, 0, 2] && pandas.items == ["has_code", "has_data"])
    #expect(pandas.slugs == ["First", "Second", "Third"])
    #expect(pandas.recipe.columns[0].reason == "row numbers")
    #expect(pandas.matrix?.papers[2].covariates["n_pages"] == "10")
    let frame = Self.read(
      "\"\",\"Paper.Title\",\"Pub.Year\",\"Code.Is.There\",\"Open.Data\"\n\"1\",\"A\",2011,TRUE,NA\n"
        + "\"2\",\"B\",2012,FALSE,TRUE\n\"3\",\"C\",2013,TRUE,TRUE\n")
    #expect(frame.counts == [4, 1, 1, 0] && frame.items == ["Code.Is.There", "Open.Data"])
    #expect(frame.matrix?.items.map(\.id.category) == ["", ""])
    #expect(frame.matrix?.papers.map(\.year) == [2011, 2012, 2013])
  }

  @Test func `an answer a row, with raters`() {
    let text = """
      study,rater,question,answer,comment
      s1,r1,randomised,yes,
      s1,r1,blinded,no,"not stated, assumed"
      s1,r2,randomised,yes,
      s1,r2,blinded,na,
      s2,r1,randomised,no,
      """
    let read = Self.read(text)
    #expect(read.recipe.layout.kind == .long && read.counts == [2, 2, 1, 1])
    #expect(read.items == ["randomised", "blinded"] && read.slugs == ["s1", "s1", "s2"])
    let twice = Self.read(text + "\ns2,r1,randomised,yes,\n")
    #expect(twice.refused.map(\.kind) == [.repeatedRow] && twice.refused[0].place == "line 7")
  }

  @Test func `papers as columns`() {
    let text =
      "Domain,Indicator,Model A,Model B\nUp,Sources named,1,0\nUp,Size named,1,NA\n"
      + "Down,Policy,0,1\n"
    let read = Self.read(text)
    #expect(read.recipe.layout.kind == .transposed && read.counts == [3, 2, 1, 0])
    #expect(read.items == ["Up.Sources named", "Up.Size named", "Down.Policy"])
    #expect(read.slugs == ["Model A", "Model B"])
    #expect(Self.read(text) { $0.transposes = true }.counts == [3, 2, 1, 0])
  }

  @Test func `two header rows, crosses, and empty cells that a person must explain`() {
    let text =
      "Paper,Reporting,Reporting,Openness,Openness\n,Size,Bars,Code,Data\n"
      + "p-1,x,,x,\np-2,,,x,x\np-3,x,x,-,-\n"
    let open = Self.read(text)
    #expect(open.recipe.layout.header == [.category, .name])
    #expect(open.recipe.words.undecided == [""])
    #expect(Set(open.refused.map(\.kind)) == [.undecidedWord])
    let no = Self.read(text) { $0.no = [""] }
    #expect(no.counts == [6, 4, 2, 0])
    #expect(no.items == ["Reporting.Size", "Reporting.Bars", "Openness.Code", "Openness.Data"])
    #expect(Self.read(text) { $0.absent = [""] }.counts == [6, 0, 2, 4])
  }

  @Test func `header rows of names, questions and identifiers`() {
    let read = Self.read(
      "paper,Q1,Q2\nName,Is data shared?,Are limits given?\n"
        + "\"{\"\"ImportId\"\":\"\"a\"\"}\",\"{\"\"ImportId\"\":\"\"b\"\"}\",\"{\"\"ImportId\"\":\"\"c\"\"}\"\n"
        + "s1,Yes,No\ns2,No,No\n")
    #expect(read.counts == [1, 3, 0, 0] && read.items == ["Q1", "Q2"])
    #expect(read.matrix?.items.map(\.label) == ["Is data shared?", "Are limits given?"])
  }

  @Test func `several answers in a cell become items`() {
    let read = Self.read(
      "paper,blinded,What is open?\na,yes,\"Code,Data\"\nb,no,Code\nc,no,Data\nd,yes,\n")
    #expect(read.items == ["blinded", "What is open?.Code", "What is open?.Data"])
    #expect(read.counts == [2 + 4, 2 + 2, 0, 2])
  }

  @Test func `columns of two codes are asked about`() {
    let text = "study,blinded,arm\na,yes,1\nb,no,2\nc,yes,2\nd,no,1\n"
    let open = Self.read(text)
    #expect(open.refused.map(\.kind) == [.undecidedColumn] && open.recipe.undecidedCount == 1)
    #expect(open.refused[0].place == "column 3 (arm)")
    #expect(Self.read(text) { $0.ignore = ["arm"] }.counts == [2, 2, 0, 0])
    let both = Self.read(text) {
      $0.items = ["blinded", "arm"]
      $0.yes = ["2"]
      $0.no = ["1"]
    }
    #expect(both.counts == [4, 4, 0, 0])
  }

  @Test func `rows that cannot be told apart are all named`() {
    let read = Self.read("study,a\ns,1\ns,0\nt,1\ns,1\n")
    #expect(read.refused.map(\.place) == ["line 3", "line 5"])
    #expect(read.refused.allSatisfy { $0.kind == .repeatedRow })
  }

  @Test func `UTF-16 with tabs and keys that are DOIs`() {
    var bytes: [UInt8] = [0xFF, 0xFE]
    for unit in "DOI\tYear\tOpen\tCode\r\n10.5555/a\t2019\tY\tN\r\n10.5555/b\t2020\tN\tN/A\r\n"
      .utf16
    {
      bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    let read = Self.read(bytes)
    #expect(read.counts == [1, 2, 1, 0] && read.matrix?.papers[0].doi == "10.5555/a")
  }

  @Test func `records of JSON`() {
    let read = Self.read(
      "{\"id\": \"007\", \"open\": true, \"hn\": {\"points\": 12}, \"tags\": [\"a\", \"b\"]}\n"
        + "{\"id\": \"008\", \"open\": false, \"hn\": null}\n")
    #expect(read.counts == [1, 1, 0, 0] && read.slugs == ["007", "008"])
    #expect(read.matrix?.papers[0].tags == ["a", "b"])
    #expect(read.matrix?.papers[0].covariates["hn.points"] == "12")
  }

  @Test func `boxes of a form that repeat their names`() {
    let read = Self.read(
      "Respondent ID,Paper ID,Is code shared?,What is open?,,Comments\n"
        + ",Open-Ended Response,Response,Code,Data,Open-Ended Response\n"
        + "1001,P1,Yes,Code,,\n1002,P2,No,,Data,hello\n1003,P3,Yes,Code,Data,\n")
    #expect(read.items == ["Is code shared?", "What is open?.Code", "What is open?.Data"])
    #expect(read.counts == [6, 3, 0, 0] && read.slugs == ["P1", "P2", "P3"])
  }

  @Test func `words that columns share are asked about, once a word`() {
    let text =
      "Study,Sequence,Allocation,Blinding\nA,Low,High,Unclear\nB,Low,Low,High\n"
      + "C,High,Unclear,Low\nD,Low,Low,Low\n"
    let open = Self.read(text)
    #expect(open.recipe.words.undecided == ["Low", "High", "Unclear"])
    let read = Self.read(text) {
      $0.yes = ["Low"]
      $0.no = ["High"]
      $0.na = ["Unclear"]
    }
    #expect(read.counts == [7, 3, 2, 0])
  }

  @Test func `numbers that a form gives its answers name no papers beside a title`() {
    let read = Self.read(
      "ID,Start time,Email,Paper title,open\n1,1/2/26 10:00,a@b.c,First,Yes\n"
        + "2,1/2/26 11:00,a@b.c,Second,No\n")
    #expect(read.slugs == ["First", "Second"] && read.counts == [1, 1, 0, 0])
  }
}
