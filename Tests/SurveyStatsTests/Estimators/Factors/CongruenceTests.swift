import SurveyStats
import Testing

@Suite struct CongruenceTests {
  @Test func `columns are matched by the best sum, not greedily`() {
    // Greedy would pair the first two columns (0.99) and leave -0.1 for the rest.
    let reference = DenseMatrix([[1, 0.9], [0, 0.435_889_894_354_067_4]])
    let loadings = DenseMatrix([[-0.95, 1], [-0.312_249_899_919_92, 0]])
    let match = Congruence.match(loadings, to: reference)
    #expect(match.order == [1, 0])
    #expect(match.signs == [1, -1])
  }

  @Test func `a column of zeros is congruent with nothing`() {
    let zero = DenseMatrix(rows: 3, columns: 1)
    let one = DenseMatrix(rows: 3, columns: 1, repeating: 1)
    #expect(Congruence.coefficients(zero, one).elements == [0])
    #expect(abs(Congruence.coefficients(one, one).elements[0] - 1) < 1e-15)
  }
}
