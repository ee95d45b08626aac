import SurveyStats
import Testing

@Suite struct MultipleTestingTests {
  @Test(arguments: PValueAdjustment.allCases) func `adjusted p-values agree with R and statsmodels`(
    adjustment: PValueAdjustment
  ) throws {
    let golden = try CorrelationGolden("adjusted_p_values")
      .rows(where: "method", is: adjustment.rawValue)
    let adjusted = adjustment(golden.numbers("p"))
    for (found, expected) in zip(adjusted, golden.values("adjusted")) {
      #expect(abs((found ?? -1) - expected) < 1e-13)
    }
    #expect(golden.rows.count == 17)
  }

  @Test(arguments: PValueAdjustment.allCases) func `undefined p-values are outside the family`(
    adjustment: PValueAdjustment
  ) throws {
    let plain = adjustment([0.01, 0.04, 0.03])
    let mixed = adjustment([nil, 0.01, nil, 0.04, 0.03])
    #expect(mixed == [nil, plain[0], nil, plain[1], plain[2]])
    #expect(adjustment([]) == [])
    #expect(adjustment([nil]) == [nil])
    // Two stages count the second; all others leave a single test alone.
    let single = try #require(adjustment([0.3])[0])
    #expect(abs(single - (adjustment == .bky ? 0.315 : 0.3)) < 1e-15)
  }

  @Test func `q-values agree with the package qvalue`() throws {
    let golden = try CorrelationGolden("q_values")
    for name in Set(golden["set"]) {
      let rows = golden.rows(where: "set", is: name)
      let adjusted = PValueAdjustment.qValue(rows.numbers("p"))
      for (found, expected) in zip(adjusted, rows.values("q")) {
        #expect(abs((found ?? -1) - expected) < 1e-13)
      }
    }
  }

  @Test func `q-values of few tests are Benjamini and Hochberg's`() {
    let values: [Double?] = [0.001, 0.02, 0.4, 0.03]
    #expect(PValueAdjustment.qValue(values) == PValueAdjustment.bh(values))
  }
}
