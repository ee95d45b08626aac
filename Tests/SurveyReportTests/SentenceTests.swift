import Testing

@testable import SurveyFigures
@testable import SurveyReport
@testable import SurveyStats

@Suite struct SentenceTests {
  @Test func `a sentence is its words, names and numbers`() {
    let sentence: Sentence =
      "\(.count("below", 41)) of \(.count("items", 1_064)) items, \(name: "<b>"), at \(.level(0.95))."
    #expect(sentence.text == "41 of 1,064 items, <b>, at 95%.")
    #expect(sentence.facts.map(\.term) == ["below", "items", "conf_level"])
    #expect(sentence.facts.map(\.value) == [41, 1_064, 0.95])
  }

  @Test func `phrases are enumerated`() {
    #expect(Sentence.list(["a"]).text == "a")
    #expect(Sentence.list(["a", "b"]).text == "a and b")
    #expect(Sentence.list(["a", "b", "c"], conjunction: "or").text == "a, b or c")
    #expect(Sentence.list([]).isEmpty)
  }

  @Test func `one thing has the word for one`() {
    #expect(Sentence.number("n", 1, of: "paper is", "papers are").text == "1 paper is")
    #expect(Sentence.number("n", 0, of: "paper is", "papers are").text == "0 papers are")
  }

  @Test func `an estimate stands with its interval and n`() {
    let text = Sentence.estimate("x", 0.5862, lower: 0.5411, upper: 0.6299, level: 0.95, n: 1_932)
      .text
    #expect(text == "58.6% (95% interval 54.1–63.0%, n = 1,932)")
  }

  @Test func `a limit that leaves out zero does not read as zero`() {
    let near = Estimate(0.05, lower: 0.0004, upper: 0.098)
    #expect(
      Sentence.difference("x", near, level: 0.95).text
        == "5.00 points (95% interval 0.04 to 9.80)")
    let score = Estimate(5, lower: 0.04, upper: 9.8)
    #expect(
      Sentence.scoreDifference("x", score, level: 0.95).text
        == "5.00 points (95% interval 0.04 to 9.80)")
    let across = Estimate(0.05, lower: -0.0004, upper: 0.098)
    #expect(
      Sentence.difference("x", across, level: 0.95).text == "5.0 points (95% interval 0.0 to 9.8)")
  }

  @Test func `a wide interval has no decimals`() {
    let text = Sentence.estimate("x", 1.0 / 3, lower: 0.06, upper: 0.79, level: 0.9, n: 3).text
    #expect(text == "33% (90% interval 6–79%, n = 3)")
  }

  @Test func `without an interval the estimate stands with n alone`() {
    #expect(
      Sentence.estimate("x", 1, lower: nil, upper: nil, level: 0.95, n: 1).text
        == "100.0% (n = 1)")
  }

  @Test(arguments: [
    (0.51, 0.6, Majority.most), (0.4, 0.49, .few), (0.4, 0.6, .unclear), (0.5, 0.6, .unclear),
  ])
  func `an interval says more, fewer, or nothing about one half`(
    lower: Double, upper: Double, expected: Majority
  ) {
    #expect(Majority(lower: lower, upper: upper) == expected)
    #expect(Majority(lower: nil, upper: nil) == .unclear)
  }

  @Test func `shares of a sentence have the fewest decimals that one of them has`() {
    func sentence(_ one: Fact, _ other: Fact) -> String {
      ("\(one) here, \(other) there, n = \(.count("n", 3))" as Sentence).inOnePrecision.text
    }
    #expect(
      sentence(.share("a", 0.0698), .share("b", 0.25, digits: 0)) == "7% here, 25% there, n = 3")
    #expect(sentence(.share("a", 0.07), .share("b", 0.252)) == "7.0% here, 25.2% there, n = 3")
    // What is not zero does not become zero.
    #expect(
      sentence(.share("a", 0.002), .share("b", 0.25, digits: 0)) == "0.2% here, 25% there, n = 3")
    #expect(
      sentence(.points("a", 0), .share("b", 0.25, digits: 0)) == "0 here, 25% there, n = 3")
    #expect(sentence(.level(0.975), .share("b", 0.25, digits: 0)) == "97.5% here, 25% there, n = 3")
  }
}
