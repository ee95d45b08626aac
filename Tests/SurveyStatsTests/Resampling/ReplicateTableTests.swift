import SurveyStats
import Testing

@Suite struct ReplicateTableTests {
  @Test func `a row is a replicate, and an undefined value is empty`() throws {
    let sample = BootstrapSample(
      original: [0.5, 1],
      replicates: DenseMatrix(rows: 2, columns: 2, elements: [0.25, .nan, 1, 0.75]))
    let table = Table(replicates: sample, terms: ["a.b", "overall"], group: "2024", by: "year")
    #expect(table.columns.map(\.name) == ["by", "group", "replicate", "a.b", "overall"])
    #expect(table["replicate"]?.values == .integer([1, 2]))
    #expect(table["a.b"]?.values == .real([0.25, nil]))
    #expect(table["group"]?.values == .text(["2024", "2024"]))
    let none = Table(
      replicates: BootstrapSample(original: [1], replicates: DenseMatrix(rows: 0, columns: 1)),
      terms: ["a"], group: nil, by: nil)
    #expect(none.rowCount == 0 && none.columns.map(\.name) == ["replicate", "a"])
  }

  @Test func `targets have names of their own`() {
    let matrix = BinaryMatrix(text: ["11"], items: ["c.i", "plain"])
    let targets = RateTarget.all(in: matrix, levels: Set(RateTarget.Level.allCases))
    #expect(
      targets.map(\.columnName) == ["c.i", "plain", "category:c", "module:base", "overall"])
  }

  @Test func `the standard error leaves undefined replicates out`() {
    let sample = BootstrapSample(
      original: [0, 0],
      replicates: DenseMatrix(rows: 3, columns: 2, elements: [1, .nan, 3, .nan, .nan, 1]))
    #expect(sample.standardError(of: 0) == 2.0.squareRoot())
    #expect(sample.standardError(of: 1) == nil)
  }
}
