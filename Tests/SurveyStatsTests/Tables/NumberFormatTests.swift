import SurveyStats
import Testing

@Suite struct NumberFormatTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "-0"), (1, "1"), (0.1, "0.1"), (100_000, "100000"),
    (1e15, "1000000000000000"),
    (0.0001, "0.0001"), (0.00001, "1e-05"), (1e16, "1e+16"), (-2.5, "-2.5"),
    (.infinity, "Inf"), (-.infinity, "-Inf"), (.nan, "NA"),
    (1.0 / 3, "0.3333333333333333"),
  ]) func `the shortest spelling`(value: Double, text: String) {
    #expect(NumberFormat.shortest(value) == text)
  }

  @Test(arguments: 0..<100) func `the shortest spelling reads back exactly`(seed: Int) {
    var random = NastyText(seed: seed)
    for _ in 0..<100 {
      let value = random.real()
      #expect(Double(NumberFormat.shortest(value))?.bitPattern == value.bitPattern)
    }
  }

  @Test(arguments: [
    (0.15, 1, "0.2"), (0.25, 1, "0.3"), (-0.25, 1, "-0.3"), (-0.04, 1, "0.0"), (0.96, 1, "1.0"),
    (0.0496, 3, "0.050"), (999.96, 1, "1000.0"), (0, 2, "0.00"), (12, 0, "12"), (0.5, 0, "1"),
    (0.4, 0, "0"), (1e-300, 3, "0.000"), (1e20, 1, "100000000000000000000.0"), (1.005, 2, "1.01"),
    (.infinity, 2, "Inf"), (.nan, 2, "NA"),
  ]) func `fixed decimals round the shortest decimal half away from zero`(
    value: Double, digits: Int, text: String
  ) {
    #expect(NumberFormat.fixed(value, digits: digits) == text)
  }

  @Test(arguments: [
    (0.586, 1, "58.6%"), (0, 1, "0.0%"), (1, 1, "100.0%"), (0.9996, 1, "100.0%"),
    (0.57, 0, "57%"), (0.00005, 1, "0.0%"), (-0.125, 1, "-12.5%"), (.nan, 1, "NA"),
  ]) func `shares are percentages`(share: Double, digits: Int, text: String) {
    #expect(NumberFormat.percent(share, digits: digits) == text)
  }

  @Test(arguments: [
    (0.0, "<0.001"), (0.00099, "<0.001"), (0.001, "0.001"), (0.04999, "0.050"), (1, "1.000"),
    (.nan, "NA"),
  ]) func `p-values have a floor`(value: Double, text: String) {
    #expect(NumberFormat.pValue(value) == text)
  }

  @Test func `intervals with a sign avoid the dash`() {
    #expect(NumberFormat.interval("54.1", "63.0") == "(54.1–63.0)")
    #expect(NumberFormat.interval("-0.3", "0.1") == "(-0.3 to 0.1)")
  }

  @Test(arguments: [
    (2.34567, "2.346"), (0.0005, "0.001"), (0.0004, "4.00e-04"), (0, "0.000"), (1e15, "1.00e+15"),
    (-123_456.5, "-123456.500"), (9.9996e-7, "1.00e-06"),
  ]) func `readable numbers never read as zero by rounding`(value: Double, text: String) {
    #expect(NumberFormat.readable(value) == text)
  }

  /// Numbers of every size, whole and short ones, powers of two and ten and their neighbours.
  static let manyNumbers: [Double] = {
    var random = RandomStream(seed: 6, stream: 0, substream: 0)
    var numbers: [Double] = [0, -0.0, .leastNonzeroMagnitude, .leastNormalMagnitude]
    for power in -1074...1023 {
      numbers.append(Double(sign: .plus, exponent: power, significand: 1))
    }
    for power in -324...308 { numbers.append(Double("1e\(power)") ?? 0) }
    numbers += numbers.map { $0.nextUp } + numbers.map { $0.nextDown }
    for _ in 0..<20_000 {
      numbers.append(Double(bitPattern: random.next()))
      numbers.append(random.uniform())
      numbers.append(Double(random.next() >> (random.next() & 63)))
      numbers.append(Double(random.next() >> 44) / 1_000)
    }
    return (numbers + numbers.map { -$0 }).filter(\.isFinite)
  }()

  @Test func `the shortest spelling is Swift's without a point and a zero`() {
    for number in Self.manyNumbers {
      var expected = number.description
      if expected.hasSuffix(".0") { expected.removeLast(2) }
      #expect(NumberFormat.shortest(number) == expected)
    }
  }
}
