import RealModule
import Testing

@testable import SurveyStats

@Suite struct StratifiedComparisonTests {
  let golden = RegressionGolden("comparison")
  /// Berkeley 1973: admitted men and women by department (R's UCBAdmissions).
  let departments = [
    TwoProportions(512, of: 825, 89, of: 108), TwoProportions(353, of: 560, 17, of: 25),
    TwoProportions(120, of: 325, 202, of: 593), TwoProportions(138, of: 417, 131, of: 375),
    TwoProportions(53, of: 191, 94, of: 393), TwoProportions(22, of: 373, 24, of: 341),
  ]

  @Test func `the Berkeley admissions agree with mantelhaen test`() throws {
    let comparison = StratifiedComparison(departments)
    let ratio = try #require(comparison.logOddsRatio)
    let z = Normal().upperQuantile(0.025)
    #expect(abs(Double.exp(ratio.estimate) - golden.value("ucb", "or")) < 1e-12)
    #expect(
      abs(Double.exp(ratio.estimate - z * ratio.standardError) - golden.value("ucb", "or_low"))
        < 1e-10)
    #expect(
      abs(Double.exp(ratio.estimate + z * ratio.standardError) - golden.value("ucb", "or_high"))
        < 1e-10)
    #expect(abs((comparison.statistic ?? 0) - golden.value("ucb", "cmh")) < 1e-10)
    let homogeneity = try #require(comparison.homogeneity)
    #expect(abs(homogeneity.breslowDay - golden.value("ucb", "breslow_day")) < 1e-8)
    #expect(abs(homogeneity.tarone - golden.value("ucb", "tarone")) < 1e-8)
    #expect(homogeneity.degreesOfFreedom == 5)
    let difference = try #require(comparison.difference)
    #expect(abs(difference.estimate - golden.value("ucb", "rd")) < 1e-12)
    #expect(abs(difference.standardError - golden.value("ucb", "rd_se")) < 1e-12)
  }

  @Test func `strata with one group are left out and counted`() {
    let comparison = StratifiedComparison([TwoProportions(1, of: 2, 0, of: 0)])
    #expect(comparison.leftOutStrata == 1)
    #expect(comparison.difference == nil)
    #expect(comparison.logOddsRatio == nil)
    #expect(comparison.statistic == nil)
    #expect(comparison.homogeneity == nil)
  }
}

@Suite struct StandardizationTests {
  let golden = RegressionGolden("comparison")

  func berkeley() -> (answers: [Bool?], groups: [String?], strata: [String?]) {
    var answers: [Bool?] = []
    var groups: [String?] = []
    var strata: [String?] = []
    for (index, department) in StratifiedComparisonTests().departments.enumerated() {
      for (group, yes, count) in [
        ("male", department.firstYes, department.firstCount),
        ("female", department.secondYes, department.secondCount),
      ] {
        for paper in 0..<count {
          answers.append(paper < yes)
          groups.append(group)
          strata.append("\(index)")
        }
      }
    }
    return (answers, groups, strata)
  }

  @Test func `a common mix of departments reverses the Berkeley difference`() {
    let data = berkeley()
    let standard = Standardization(answers: data.answers, groups: data.groups, strata: data.strata)
    for rate in standard.rates {
      let value = golden.values("ucb", "standard").first { $0.term == rate.group }?.value
      let error = golden.values("ucb", "standard_se").first { $0.term == rate.group }?.value
      #expect(abs((rate.estimate ?? .nan) - (value ?? .nan)) < 1e-12)
      #expect(abs((rate.standardError ?? .nan) - (error ?? .nan)) < 1e-12)
    }
  }

  @Test func `inverse-probability weights give the same rates`() {
    let data = berkeley()
    let standard = Standardization(answers: data.answers, groups: data.groups, strata: data.strata)
    let weights = standard.weights(groups: data.groups, strata: data.strata)
    for rate in standard.rates {
      var (yes, total) = (0.0, 0.0)
      for (index, weight) in weights.enumerated() where data.groups[index] == rate.group {
        total += weight
        if data.answers[index] == true { yes += weight }
      }
      #expect(abs(yes / total - (rate.estimate ?? .nan)) < 1e-12)
      #expect(abs(total - Double(rate.paperCount)) < 1e-9)
    }
  }

  @Test func `a stratum that a group lacks is named, or left out for all`() {
    let answers: [Bool?] = [true, false, true, nil]
    let groups: [String?] = ["a", "a", "b", "b"]
    let strata: [String?] = ["x", "y", "x", "x"]
    let all = Standardization(answers: answers, groups: groups, strata: strata)
    #expect(all.rates[1].missingStrata == ["y"])
    #expect(all.rates[1].estimate == nil)
    let common = Standardization(
      answers: answers, groups: groups, strata: strata, commonStrataOnly: true)
    #expect(common.leftOutStrata == ["y"])
    #expect(common.rates.map(\.estimate) == [1, 1])
  }
}
