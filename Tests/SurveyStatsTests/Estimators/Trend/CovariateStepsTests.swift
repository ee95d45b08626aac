import Testing

@testable import SurveyStats

@Suite struct CovariateStepsTests {
  /// The items that were asked at every value, or in every tenth, by the definition.
  private func common(_ matrix: BinaryMatrix, _ covariate: [Double?]) -> [Int] {
    let known = covariate.indices.filter { covariate[$0] != nil }
      .sorted { (covariate[$0] ?? 0, $0) < (covariate[$1] ?? 0, $1) }
    let values = Set(known.map { covariate[$0] ?? 0 })
    func parts() -> [[Int]] {
      if values.count <= 20 {
        return values.map { value in known.filter { covariate[$0] == value } }
      }
      return (0..<10).map { tenth in
        known.indices.filter { 10 * $0 / known.count == tenth }.map { known[$0] }
      }
    }
    return matrix.items.indices.filter { item in
      parts().allSatisfy { $0.contains { matrix.asked[$0, item] } }
    }
  }

  @Test(arguments: [1, 2, 5, 20, 21, 60], [30, 400])
  func `items are those asked in every step`(values: Int, papers: Int) {
    var random = RandomStream(seed: 8, stream: UInt64(values))
    let covariate = (0..<papers).map { _ -> Double? in
      let value = random.index(below: values)
      return random.uniform() < 0.1 ? nil : 2_000 + Double(value)
    }
    let text = (0..<papers).map { paper in
      String(
        (0..<6).map { item -> Character in
          let isLate = (covariate[paper] ?? 0) > 2_000 + Double(values) / 2
          return item == 0
            ? "1" : item < 4 ? (isLate ? "0" : ".") : random.uniform() < 0.3 ? "1" : "."
        })
    }
    let matrix = BinaryMatrix(text: text)
    let items = Array(matrix.items.indices)
    #expect(CovariateSteps(covariate).common(items, of: matrix) == common(matrix, covariate))
  }
}
