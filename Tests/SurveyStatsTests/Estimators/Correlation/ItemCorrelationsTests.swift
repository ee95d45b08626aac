import SurveyStats
import Testing

@Suite struct ItemCorrelationsTests {
  @Test func `pairs of real items with gaps agree with R`() throws {
    let matrix = try CorrelationGolden("ability").binaryMatrix
    let golden = try CorrelationGolden("ability_pairs")
    let phi = PairwiseAssociations(items: matrix)
    let (q, y) = (
      PairwiseAssociations(items: matrix, coefficient: .yuleQ),
      PairwiseAssociations(items: matrix, coefficient: .yuleY)
    )
    let adjusted = PValueAdjustment.holm(phi.pairs.map(\.association.pValue))
    #expect(phi.pairs.map { phi.names[$0.first] } == golden["a"])
    #expect(phi.pairs.map { phi.names[$0.second] } == golden["b"])
    for (row, pair) in phi.pairs.enumerated() {
      let cells = try #require(pair.cells)
      #expect(Double(pair.count) == golden.values("n")[row])
      #expect(cells.n11 == golden.values("n11")[row] && cells.n10 == golden.values("n10")[row])
      #expect(cells.n01 == golden.values("n01")[row] && cells.n00 == golden.values("n00")[row])
      for (found, column) in [(phi, "phi"), (q, "yule_q"), (y, "yule_y")] {
        let estimate = try #require(found.pairs[row].association.estimate)
        #expect(abs(estimate - golden.values(column)[row]) < Tolerance.closedForm)
      }
      let pValue = golden.values("p_value")[row]
      #expect(abs(try #require(pair.association.pValue) - pValue) <= 1e-9 * pValue)
      let holm = golden.values("p_holm")[row]
      #expect(abs(try #require(adjusted[row]) - holm) <= 1e-9 * holm)
    }
  }

  @Test func `the long table has the columns of the contract`() throws {
    let matrix = answers("11-0", "10-1", "0110", "0010", "1-11", "1-01")
    let table = PairwiseAssociations(items: matrix, minimumCount: 2).table()
    #expect(
      table.columns.map(\.name) == [
        "a", "b", "coefficient", "n", "n11", "n10", "n01", "n00", "estimate", "std_error",
        "conf_low", "conf_high", "conf_level", "p_value", "p_adjusted", "test", "phi_over_max",
        "note",
      ])
    #expect(table.rowCount == 6)
    #expect(table["n"]?.values == .integer([4, 4, 6, 2, 4, 4]))
    let wide = PairwiseAssociations(items: matrix, minimumCount: 2).wideTable(order: [2, 0])
    #expect(wide.columns.map(\.name) == ["term", "i2", "i0"])
    #expect(wide["term"]?.values == .text(["i2", "i0"]))
  }

  @Test func `undefined pairs say why`() {
    // i0 and i1 never apply together, i2 shares one paper with i1, i3 is constant where i0 applies.
    let matrix = answers("1---1", "0--10", "1--11", "-1011", "-0-01", "-1-10")
    let pairs = PairwiseAssociations(items: matrix, minimumCount: 2).pairs
    func note(_ a: Int, _ b: Int) -> AssociationNote? {
      pairs.first { $0.first == a && $0.second == b }?.association.note
    }
    #expect(note(0, 1) == .neverJointlyApplicable)
    #expect(note(1, 2) == .fewerThanTwoPapers)
    #expect(note(0, 3) == .constantItem)
    #expect(
      PairwiseAssociations(items: matrix, minimumCount: 4).pairs
        .first { $0.first == 1 && $0.second == 4 }?.association.note == .belowMinimumCount)
    #expect(
      pairs.filter { $0.association.note?.isUndefined ?? false }
        .allSatisfy { $0.association.estimate == nil && $0.association.pValue == nil })
  }

  @Test func `the conditional probability has a row for each direction`() {
    let matrix = answers("11", "10", "10", "00", "01")
    let found = PairwiseAssociations(items: matrix, coefficient: .conditional, minimumCount: 2)
    #expect(found.pairs.map { [$0.first, $0.second] } == [[0, 1], [1, 0]])
    #expect(found.pairs[0].association.estimate == 1.0 / 3)
    #expect(found.pairs[1].association.estimate == 0.5)
    #expect(found.wideTable()["i1"]?.values == .real([1.0 / 3, 1]))
    #expect(found.wideTable()["i0"]?.values == .real([1, 0.5]))
  }

  @Test func `items that cannot take part are left out by name`() throws {
    // i0 constant, i1 never applies, i4 shares no paper with i5; i2 = i3.
    let matrix = answers(
      "1-110-", "1-001-", "1-111-", "1-00-1", "1-11-0", "1-00-1", "1-110-", "1-01-1")
    let pairs = PairwiseAssociations(items: matrix, minimumCount: 2)
    let found = try pairs.correlationMatrix()
    #expect(found.leftOut.map(\.name) == ["i0", "i1", "i5"])
    #expect(
      found.leftOut.map(\.reason) == [
        .constantItem, .neverJointlyApplicable, .neverJointlyApplicable,
      ])
    #expect(found.leftOut.map(\.partners) == [[], [], ["i4"]])
    #expect(found.names == ["i2", "i3", "i4"])
    #expect(found.pairCount(0, 2) == 4 && found.pairCount(0, 0) == 8)
    #expect(found.smallestPairCount == 4)
  }

  @Test func `identical items stay, leave or are capped as asked`() throws {
    let matrix = answers("110", "001", "111", "000", "110", "001")
    let pairs = PairwiseAssociations(items: matrix, minimumCount: 2)
    #expect(try pairs.correlationMatrix().leftOut.map(\.reason) == [.boundaryCorrelation])
    let capped = try pairs.correlationMatrix(boundary: .cap(0.99))
    #expect(capped.values[0, 1] == 0.99 && capped.leftOut.isEmpty)
    let kept = try pairs.correlationMatrix(boundary: .keep)
    #expect(kept.values[0, 1] == 1)
    let copy = LeftOutItem(
      name: "i1", reason: .boundaryCorrelation, count: 3, relation: .identical, partners: ["i0"])
    #expect(throws: CorrelationMatrixError.tooFewItems(left: 1, leftOut: [copy])) {
      try PairwiseAssociations(items: answers("11", "00", "11"), minimumCount: 2)
        .correlationMatrix()
    }
  }

  @Test func `rare items are left out by rule`() throws {
    let rows = (0..<100).map { "\($0 == 0 ? 1 : 0)\($0 % 2)\($0 % 3 == 0 ? 1 : 0)" }
    let matrix = BinaryMatrix(
      papers: rows.map { Paper(slug: $0) },
      items: (0..<3).map { Item(id: ItemID(category: "c", name: "i\($0)")) }
    ) { paper, item in Array(rows[paper])[item] == "1" ? .yes : .no }
    let pairs = PairwiseAssociations(items: matrix)
    #expect(
      try pairs.correlationMatrix().leftOut == [
        .init(name: "c.i0", reason: .extremeRate, count: 100)
      ])
    #expect(try pairs.correlationMatrix(minimumRate: 0).leftOut.isEmpty)
  }

  @Test func `complete papers are the listwise alternative`() throws {
    let matrix = try CorrelationGolden("ability").binaryMatrix
    let complete = matrix.selecting(papers: matrix.completePapers)
    let listwise = try PairwiseAssociations(items: complete).correlationMatrix()
    #expect(complete.papers.count == 1248)
    #expect(Set(listwise.pairCounts) == [1248])
    #expect(listwise.harmonicMeanCount == 1248)
  }

  @Test func `people read the pairs that have a coefficient, the largest first`() throws {
    // i3 applies to one paper.
    let matrix = answers("110-", "1001", "011-", "001-", "110-", "000-")
    let pairs = PairwiseAssociations(items: matrix, minimumCount: 2)
    let readable = pairs.readableTable(pairs.table())
    #expect(readable["coefficient"] == nil && readable.rowCount == 3)
    guard case .real(let estimates)? = readable["estimate"]?.values else { return }
    let sizes = estimates.map { abs($0 ?? 0) }
    #expect(sizes == sizes.sorted(by: >))
    #expect(readable.notes.last?.hasPrefix("3 of 6 pairs have no coefficient (3 fewer") == true)
    let wide = pairs.wideTable(leavingOutUndefined: true)
    #expect(wide.columns.map(\.name) == ["term", "i0", "i1", "i2"])
    #expect(wide.notes.last?.hasSuffix(": i3.") == true)
  }

  @Test func `tables behind the coefficients are counted`() throws {
    let rows = ["111", "000", "101", "001"].flatMap { Array(repeating: $0, count: 5) }
    let matrix = BinaryMatrix(
      papers: rows.map { Paper(slug: $0) },
      items: (0..<3).map { Item(id: ItemID(category: "", name: "i\($0)")) }
    ) { paper, item in Array(rows[paper])[item] == "1" ? .yes : .no }
    let pairs = PairwiseAssociations(items: matrix, coefficient: .tetrachoric)
    let support = try #require(pairs.tableSupport(among: ["i0", "i1", "i2"]))
    // Only i0 and i1 as well as i0 and i2 and i1 and i2 have an empty cell each.
    #expect(support.pairs == 3 && support.adjusted == 3 && support.wellFilled == 0)
    #expect(try #require(pairs.tableSupport(among: ["i0", "i1"])).pairs == 1)
  }

  @Test func `resampled weights give the correlations of the resample`() throws {
    let matrix = try CorrelationGolden("ability").binaryMatrix
    let design = SamplingDesign(paperCount: matrix.papers.count)
    var random = RandomStream(seed: 3)
    var weights = [Double](repeating: 0, count: matrix.papers.count)
    for _ in weights.indices { weights[random.index(below: weights.count)] += 1 }
    let rows = weights.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    for coefficient in [ItemCoefficient.phi, .tetrachoric, .conditional] {
      let statistic = ItemCorrelationStatistic(matrix, coefficient: coefficient, design: design)
      let expected = PairwiseAssociations(
        items: matrix.selecting(papers: rows), coefficient: coefficient
      ).pairs.map(\.association.estimate)
      var values = [Double](repeating: .nan, count: statistic.valueCount)
      var span = values.mutableSpan
      statistic.estimate(weights: weights.span, into: &span)
      #expect(values == expected.map { $0 ?? .nan })
      // Real weights go another way to the same place.
      let scaled = weights.map { $0 * 0.7 }
      var others = [Double](repeating: .nan, count: statistic.valueCount)
      var otherSpan = others.mutableSpan
      statistic.estimate(weights: scaled.span, into: &otherSpan)
      for (value, other) in zip(values, others) { #expect(abs(value - other) < 1e-10) }
    }
  }

  @Test func `category scores agree with their own pairs`() throws {
    let columns = try CorrelationGolden("airquality").scores
    let statistic = ScoreCorrelationStatistic(
      columns, coefficient: .kendall, design: SamplingDesign(paperCount: columns.paperCount))
    let pairs = PairwiseAssociations(scores: columns, coefficient: .kendall)
    #expect(statistic.original() == pairs.pairs.map { $0.association.estimate ?? .nan })
    #expect(pairs.table()["n11"]?.values == .integer([Int?](repeating: nil, count: 6)))
  }
}
