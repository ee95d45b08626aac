import SurveyStats
import Testing

@Suite struct GaussHermiteTests {
  @Test(arguments: [1, 2, 5, 61, 121])
  func `moments of the normal distribution are exact up to the rule's degree`(count: Int) throws {
    let rule = try GaussHermite(count: count)
    var expected = 1.0
    for power in stride(from: 0, to: min(2 * count, 13), by: 2) {
      if power > 0 { expected *= Double(power - 1) }
      let moment = zip(rule.nodes, rule.weights).reduce(0) { sum, node in
        sum + node.1 * (0..<power).reduce(1) { product, _ in product * node.0 }
      }
      #expect(abs(moment - expected) < 1e-11 * expected)
    }
    #expect(rule.nodes == rule.nodes.sorted())
    #expect(zip(rule.nodes, rule.nodes.reversed()).allSatisfy { $0 == -$1 })
  }
}
