import SurveyStats
import Testing

@Suite struct MultipleTestingTests {
  @Test(arguments: PValueAdjustment.allCases) func `adjusted p-values agree with R`(
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
  ) {
    let plain = adjustment([0.01, 0.04, 0.03])
    let mixed = adjustment([nil, 0.01, nil, 0.04, 0.03])
    #expect(mixed == [nil, plain[0], nil, plain[1], plain[2]])
    #expect(adjustment([]) == [])
    #expect(adjustment([nil]) == [nil])
    #expect(adjustment([0.3]) == [0.3])
  }
}
