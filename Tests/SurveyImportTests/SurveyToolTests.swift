import SurveyStats
import Testing

@testable import SurveyImport

/// What single survey tools write: codes in names, choices, several header rows, rows about papers.
@Suite struct SurveyToolTests {
  private typealias Shapes = TableShapesTests

  @Test func `LimeSurvey's full headings are codes and questions`() {
    let read = Shapes.read(
      """
      "id. Response ID","submitdate. Date submitted","seed. Seed","paper. Which paper?","code[SQ1]. Shared? [Code]","ci. Are limits given?"
      "1","2026-01-02 10:00:00","12","smith","Yes","No"
      "2","2026-01-03 10:00:00","13","jones","No","N/A"
      """)
    #expect(read.items == ["code[SQ1]", "ci"] && read.slugs == ["smith", "jones"])
    #expect(read.matrix?.items.map(\.label) == ["Shared? [Code]", "Are limits given?"])
    #expect(read.counts == [1, 2, 1, 0])
  }

  @Test func `Qualtrics' boxes are items where the question ends with the choice`() {
    let read = Shapes.read(
      """
      StartDate,Q1,Q2_1,Q2_2,Q3
      Start Date,What is the DOI of the paper?,Shared - Selected Choice - Code,Shared - Selected Choice - Data,Justified?
      "{""ImportId"":""startDate""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2_1""}","{""ImportId"":""QID2_2""}","{""ImportId"":""QID3""}"
      2026-01-02 10:00:00,10.5555/q.1,Code,Data,Yes
      2026-01-02 11:00:00,10.5555/q.2,Code,,No
      2026-01-02 12:00:00,10.5555/q.3,,,N/A
      """)
    #expect(read.items == ["Q2_1", "Q2_2", "Q3"] && read.counts == [4, 4, 1, 0])
  }

  @Test func `SurveyMonkey's second row holds choices, or says Response`() {
    let read = Shapes.read(
      """
      Respondent ID,Which paper?,What is shared?,,Preregistered?
      ,Open-Ended Response,Code,Data,Response
      1,smith,Code,Data,Yes
      2,jones,Code,,No
      3,doe,,,Not applicable
      """)
    #expect(read.items == ["What is shared?.Code", "What is shared?.Data", "Preregistered?"])
    #expect(read.slugs == ["smith", "jones", "doe"] && read.counts == [4, 4, 1, 0])
  }

  @Test func `three header rows are categories, names and questions`() {
    let read = Shapes.read(
      """
      ,,Reporting,,Openness,
      Paper,Year,n1,n2,o1,o2
      ,,Size given?,Error bars?,Code?,Data?
      p1,2020,Yes,No,Yes,N/A
      p2,2021,No,No,Yes,Yes
      """)
    #expect(read.items == ["Reporting.n1", "Reporting.n2", "Openness.o1", "Openness.o2"])
    #expect(read.matrix?.items.map(\.label) == ["Size given?", "Error bars?", "Code?", "Data?"])
    #expect(read.matrix?.papers.map(\.year) == [2020, 2021])
  }

  @Test func `rows about papers in a transposed table are metadata`() throws {
    let text = """
      Item,Smith,Jones,Doe
      Year,2019,2020,2021
      DOI,10.5555/a,10.5555/b,NA
      Pages,12,9,31
      Funder,NIH,none,DFG
      Code shared,Yes,No,Yes
      Data shared,No,No,N/A
      """
    let read = Shapes.read(text) { $0.ignore = ["Funder"] }
    let matrix = try #require(read.matrix)
    #expect(read.items == ["Code shared", "Data shared"] && read.counts == [2, 3, 1, 0])
    #expect(matrix.papers.map(\.year) == [2019, 2020, 2021])
    #expect(matrix.papers.map(\.doi) == ["10.5555/a", "10.5555/b", nil])
    #expect(matrix.papers.map { $0.covariates["Pages"] } == ["12", "9", "31"])
    #expect(try Recipe(json: read.recipe.json) == read.recipe)
    // Without a word on it, the row of text is told, and with --metadata taken.
    #expect(Shapes.read(text).refused.allSatisfy { $0.message.contains("not known to be") })
    let funder = Shapes.read(text) { $0.metadata = ["Funder"] }
    #expect(funder.matrix?.papers.map { $0.covariates["Funder"] } == ["NIH", nil, "DFG"])
    let wrong = Shapes.read(text.replacing("2020", with: "20x0")) { $0.ignore = ["Funder"] }
    #expect(wrong.refused.map(\.place) == ["line 2"])
  }

  @Test func `headings among the rows of a transposed table are categories`() {
    let text = """
      Item,A,B,C
      Reporting,,,
      Sample size,yes,no,yes
      Error bars,yes,yes,n/a
      Openness,,,
      Code,no,yes,no
      """
    let read = Shapes.read(text)
    #expect(read.items == ["Reporting.Sample size", "Reporting.Error bars", "Openness.Code"])
    #expect(read.counts == [5, 3, 1, 0])
  }

  @Test func `a grid's columns are a category and its items`() {
    let read = Shapes.read(
      """
      Timestamp,Paper title,Reporting [Size],Reporting [Bars],Shared? (choice=Code),Shared? (choice=Data)
      2026/01/02 10:00:01,Alpha,Yes,No,Checked,Unchecked
      2026/01/02 10:05:40,Beta,No,No,Unchecked,Unchecked
      """)
    #expect(
      read.items == ["Reporting.Size", "Reporting.Bars", "Shared?.Code", "Shared?.Data"])
  }

  @Test func `double entry of REDCap's has its raters in the events`() {
    let read = Shapes.read(
      """
      record_id,redcap_event_name,code,ci
      1,rater_1_arm_1,1,0
      1,rater_2_arm_1,1,1
      2,rater_1_arm_1,0,0
      """)
    #expect(
      read.matrix?.papers.map(\.rater) == ["rater_1_arm_1", "rater_2_arm_1", "rater_1_arm_1"])
  }

  @Test func `a long table of other words is one question with all of them`() {
    let text = """
      paper_id\tdomain\tcriterion\treviewer\tjudgement
      p1\tSelection\tSequence\tA\tLow risk
      p1\tSelection\tConcealment\tA\tHigh risk
      p2\tSelection\tSequence\tA\tLow risk
      p2\tSelection\tConcealment\tA\tLow risk
      """
    let open = Shapes.read(text)
    #expect(open.recipe.layout.kind == .long)
    #expect(open.recipe.words.undecided == ["Low risk", "High risk"])
    let read = Shapes.read(text) {
      $0.yes = ["Low risk"]
      $0.no = ["High risk"]
    }
    #expect(read.items == ["Selection.Sequence", "Selection.Concealment"])
    #expect(read.counts == [3, 1, 0, 0])
  }

  @Test func `rows about papers in a long table are metadata`() {
    let read = Shapes.read(
      """
      study,rater,question,answer
      s1,A,Year,2020
      s1,A,open,yes
      s1,B,Year,2020
      s1,B,open,no
      s2,A,Year,2021
      s2,A,open,yes
      """)
    #expect(read.items == ["open"] && read.counts == [2, 1, 0, 0])
    #expect(read.matrix?.papers.map(\.year) == [2020, 2020, 2021])
  }

  @Test func `names of nested records are categories and items`() {
    let read = Shapes.read(
      #"[{"doi":"10.5555/a","open":{"code":true,"data":false}},{"doi":"10.5555/b","open":{"code":false}}]"#
    )
    #expect(read.items == ["open.code", "open.data"] && read.counts == [1, 2, 0, 1])
  }

  @Test func `a number that is none is told where a name says what the column is`() {
    for first in ["study", "paper"] {
      let read = Shapes.read("\(first),weight,year,open\na,1,2020,yes\nb,,2021,no\nc,x,20x,yes\n")
      #expect(
        read.refused.map(\.place) == [
          "line 3, column 2 (weight)", "line 4, column 2 (weight)", "line 4, column 3 (year)",
        ])
    }
    let known = Shapes.read("study,weight,open\na,1,yes\nb,NA,no\n")
    #expect(known.matrix?.papers.map(\.weight) == [1, nil])
  }
}
