import Testing

@testable import SurveyStats

@Suite struct PaperCovariatesTests {
  @Test func `a covariate is set, changed and removed by name`() {
    var covariates: PaperCovariates = ["b": "2", "a": "1"]
    #expect(covariates == ["a": "1", "b": "2"] && covariates.keys == ["a", "b"])
    #expect(covariates["a"] == "1" && covariates["c"] == nil && covariates[""] == nil)
    covariates["aa"] = "3"
    covariates["b"] = ""
    covariates["a"] = nil
    covariates["z"] = nil
    #expect(covariates == ["b": "", "aa": "3"] && covariates.keys == ["aa", "b"])
    #expect(covariates != ["aa": "", "b": "3"] && covariates != [:])
  }

  @Test(arguments: 0..<20) func `papers of any names in any order keep the first of each`(
    seed: UInt64
  ) {
    var stream = RandomStream(seed: seed)
    var gatherer = CovariateGatherer()
    let usual = ["d", "a", "engagement of a long name", "b", "c"]
    for paper in 0..<200 {
      var expected: PaperCovariates = [:]
      // The usual names, some of them left out or followed by others or by one that was there.
      let isUnusual = stream.index(below: 3) == 0
      var names = usual.filter { _ in !isUnusual || stream.index(below: 4) > 0 }
      if stream.index(below: 3) == 0 { names.append("x\(stream.index(below: 30))") }
      if stream.index(below: 3) == 0 { names.append(usual[stream.index(below: 5)]) }
      if isUnusual, !names.isEmpty { names.swapAt(0, stream.index(below: names.count)) }
      for (index, name) in names.enumerated() {
        gatherer.add("\(paper) \(index)", as: name)
        if expected[name] == nil { expected[name] = "\(paper) \(index)" }
      }
      #expect(gatherer.gathered() == expected)
    }
  }
}
