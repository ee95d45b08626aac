import Testing

@testable import SurveyStats

@Suite struct NearestNamesTests {
  @Test func `one name is nearest, several are`() {
    #expect(NearestNames.suggestion(of: []).isEmpty)
    #expect(NearestNames.suggestion(of: ["a"]) == "; the nearest is a")
    #expect(NearestNames.suggestion(of: ["a", "b"]) == "; the nearest are a, b")
  }

  private let names = NearestNames([
    "artifacts.code_released", "artifacts.data_released", "contamination.training_cutoff_stated",
    "human_studies.pre_registered", "score", "",
  ])

  @Test func `typing errors find the name`() {
    #expect(names.nearest(to: "code_relased") == ["artifacts.code_released"])
    #expect(names.nearest(to: "Artifacts.Data_Released").first == "artifacts.data_released")
    #expect(names.nearest(to: "scroe") == ["score"])
  }

  @Test func `a part of a name finds all that have it, the shortest way first`() {
    #expect(
      names.nearest(to: "released")
        == ["artifacts.code_released", "artifacts.data_released"])
    #expect(names.nearest(to: "released", count: 1) == ["artifacts.code_released"])
  }

  @Test func `names that share nothing are no help`() {
    #expect(names.nearest(to: "xyz").isEmpty)
    #expect(names.nearest(to: "").isEmpty)
    #expect(NearestNames(["abc"]).nearest(to: "xy").isEmpty)
    #expect(NearestNames([]).nearest(to: "a").isEmpty)
    #expect(NearestNames(["a", "year", "paper"]).nearest(to: "yaer").first == "year")
  }

  @Test func `ties are in alphabetical order, names once`() {
    #expect(
      NearestNames(["bat", "cat", "bat", "aat"]).nearest(to: "dat") == ["aat", "bat", "cat"])
  }

  @Test func `the edit distance counts single characters`() {
    #expect(NearestNames.editDistance("kitten", "sitting") == 3)
    #expect(NearestNames.editDistance("", "abc") == 3)
    #expect(NearestNames.editDistance("abc", "") == 3)
    #expect(NearestNames.editDistance("same", "same") == 0)
    #expect(NearestNames.editDistance("yaer", "year") == 1)
  }
}
