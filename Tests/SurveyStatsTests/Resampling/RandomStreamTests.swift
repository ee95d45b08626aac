import CKernels
import RealModule
import Testing

@testable import SurveyStats

@Suite struct RandomStreamTests {
  // The first outputs by an independent implementation, scripts/golden/random_streams.py. They are
  // part of every result that was ever published with a seed and must not change.
  @Test(
    arguments: [
      (0, 0, 0, [0xbabb_761a_c830_fe4a, 0x2b1a_bb54_7c60_bbab, 0x288c_5b4b_4f85_4695]),
      (1, 0, 0, [0x3517_5b75_3029_5db5, 0xf3c9_a569_fa23_02fb, 0x9b3c_3ca6_89d4_72f8]),
      (1, 2, 3, [0x4986_6c4a_fe18_581f, 0xf7ea_9df3_522e_c45d, 0xa8cc_bb8f_e957_ccb5]),
      (.max, .max, .max, [0xe080_7cc5_98e6_c637, 0x8a42_9438_46db_34b4, 0x8083_e1e3_19a9_2c2d]),
    ] as [(UInt64, UInt64, UInt64, [UInt64])]) func `the stream of a name never changes`(
      seed: UInt64, stream: UInt64, substream: UInt64, outputs: [UInt64]
    )
  {
    var random = RandomStream(seed: seed, stream: stream, substream: substream)
    #expect(outputs.map { _ in random.next() } == outputs)
  }

  @Test func `the numbers drawn from a stream never change`() {
    var random = RandomStream(seed: 1, stream: 2, substream: 3)
    let uniform = [0x1.2619b12bf8616p-2, 0x1.efd53be6a45d9p-1, 0x1.5199771fd2af9p-1]
    #expect(uniform.map { _ in random.uniform() } == uniform)
    random = RandomStream(seed: 1, stream: 2, substream: 3)
    let binomial = (1...1000).map { $0 * random.binomial(trials: 10_000, probability: 0.4096) }
    #expect(binomial.reduce(0, +) == 2_052_715_171)
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func `the kernels have the same stream`(seed: UInt64) {
    var random = RandomStream(seed: seed, stream: seed &* 3, substream: .max - seed)
    var state = [UInt64](repeating: 0, count: 4)
    ck_stream_init(&state, seed, seed &* 3, .max - seed)
    for _ in 0..<100 { #expect(random.next() == ck_stream_next(&state)) }
  }

  @Test(arguments: [1, 2, 3, 7, 64, 1000]) func `an index below a bound is uniform`(bound: Int) {
    var random = RandomStream(seed: 11, stream: UInt64(bound))
    var observed = [Int](repeating: 0, count: bound)
    for _ in 0..<100 * bound { observed[random.index(below: bound)] += 1 }
    if bound > 1 {
      let expected = [Double](repeating: 100, count: bound)
      #expect(chiSquareScore(observed: observed, expected: expected).magnitude < 5)
    }
  }

  @Test func `an index below a bound near 2^63 favours no half`() {
    var random = RandomStream(seed: 12)
    let bound = Int.max / 3 * 2
    var low = 0
    for _ in 0..<40_000 where random.index(below: bound) < bound / 2 { low += 1 }
    #expect((Double(low) - 20_000).magnitude < 5 * 100)
  }

  @Test func `uniform numbers are within 0 and 1 and have their moments`() {
    var random = RandomStream(seed: 13)
    let values = (0..<100_000).map { _ in random.uniform() }
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(meanScore(values, expectation: 0.5).magnitude < 5)
    #expect(meanScore(values.map { $0 * $0 }, expectation: 1.0 / 3).magnitude < 5)
  }

  @Test func `normal numbers follow the normal distribution`() {
    var random = RandomStream(seed: 14)
    let count = 400_000
    let values = (0..<count).map { _ in random.normal() }
    // Classes of width 0.1 from -4.5 to 4.5, finer than the layers of the ziggurat are wide.
    let edges = (-45...45).map { Double($0) / 10 }
    func below(_ x: Double) -> Double { Double.erfc(-x / 2.0.squareRoot()) / 2 }
    var observed = [Int](repeating: 0, count: edges.count + 1)
    for value in values {
      observed[max(0, min(edges.count, Int((value * 10).rounded(.down)) + 46))] += 1
    }
    let cumulative = [0] + edges.map(below) + [1]
    let expected = zip(cumulative, cumulative.dropFirst()).map { ($1 - $0) * Double(count) }
    #expect(chiSquareScore(observed: observed, expected: expected).magnitude < 5)
    for (power, moment) in [(1, 0.0), (2, 1), (3, 0), (4, 3), (6, 15)] {
      let powers = values.map { Double.pow($0, power) }
      #expect(meanScore(powers, expectation: moment).magnitude < 5)
    }
    let tail = values.filter { $0.magnitude > 3.7 }.map { $0.magnitude }
    let expectedTail = 2 * below(-3.7) * Double(count)
    #expect((Double(tail.count) - expectedTail).magnitude < 5 * expectedTail.squareRoot())
  }

  @Test(arguments: [0, 1, 5_000]) func `filling takes the normal numbers of the stream`(count: Int)
  {
    var (filled, single) = (RandomStream(seed: 14), RandomStream(seed: 14))
    var numbers = [Double](repeating: 7, count: 3 * count + 1)
    numbers.withUnsafeMutableBufferPointer {
      if let first = $0.baseAddress { filled.fillNormal(first, count: count, step: 3) }
    }
    var expected: [Double] = []
    for _ in 0..<count { expected += [single.normal(), 7, 7] }
    expected.append(7)
    #expect(numbers == expected && filled == single)
  }

  @Test func `exponential numbers have the moments of their distribution`() {
    var random = RandomStream(seed: 15)
    let values = (0..<100_000).map { _ in random.exponential() }
    #expect(values.allSatisfy { $0 > 0 })
    #expect(meanScore(values, expectation: 1).magnitude < 5)
    #expect(meanScore(values.map { $0 * $0 }, expectation: 2).magnitude < 5)
    #expect(meanScore(values.map { $0 > 3 ? 1 : 0 }, expectation: .exp(-3)).magnitude < 5)
  }

  @Test(arguments: [0.05, 0.5, 1, 2.5, 30, 499.5]) func `gamma numbers have their moments`(
    shape: Double
  ) {
    var random = RandomStream(seed: 16)
    let values = (0..<100_000).map { _ in random.gamma(shape: shape) }
    #expect(meanScore(values, expectation: shape).magnitude < 5)
    #expect(meanScore(values.map { $0 * $0 }, expectation: shape * (shape + 1)).magnitude < 5)
    if shape >= 0.5 {
      let logarithms = values.map { Double.log($0) }
      let digamma = [0.5: -1.963_510_026_021_423_5, 1: -0.577_215_664_901_532_9][shape]
      if let digamma { #expect(meanScore(logarithms, expectation: digamma).magnitude < 5) }
    }
  }

  @Test(arguments: [0, 0.01, 1, 9.9, 10, 37.5, 1000])
  func `poisson numbers have their probabilities`(
    mean: Double
  ) {
    var random = RandomStream(seed: 17)
    let count = 200_000
    let top = Int(mean + 10 * mean.squareRoot()) + 10
    var observed = [Int](repeating: 0, count: top + 1)
    for _ in 0..<count { observed[min(top, random.poisson(mean: mean))] += 1 }
    guard mean > 0 else {
      #expect(observed[0] == count)
      return
    }
    let expected = (0...top).map {
      Double(count) * Double.exp(Double($0) * .log(mean) - mean - .logGamma(Double($0) + 1))
    }
    #expect(chiSquareScore(observed: observed, expected: expected).magnitude < 5)
  }

  @Test(arguments: [
    (1, 0.5), (5, 0.1), (19, 0.5), (20, 0.5), (21, 0.52), (100, 0.03), (100, 0.99), (1000, 0.0101),
    (1000, 0.3), (100_000, 0.04096), (100_000, 0.5), (1_000_000, 0.9999),
  ]) func `binomial numbers have their probabilities`(trials: Int, probability: Double) {
    var random = RandomStream(seed: 18, stream: UInt64(trials))
    let count = 200_000
    let mean = Double(trials) * probability
    let deviation = (mean * (1 - probability)).squareRoot()
    let low = max(0, Int(mean - 10 * deviation) - 1)
    let top = min(trials, Int(mean + 10 * deviation) + 10)
    var observed = [Int](repeating: 0, count: top - low + 1)
    for _ in 0..<count {
      let k = random.binomial(trials: trials, probability: probability)
      observed[max(low, min(top, k)) - low] += 1
    }
    let n = Double(trials)
    let expected = (low...top).map { k in
      let choices =
        Double.logGamma(n + 1) - .logGamma(Double(k) + 1) - .logGamma(n - Double(k) + 1)
      return Double(count)
        * Double.exp(
          choices + Double(k) * .log(probability) + (n - Double(k)) * .log(onePlus: -probability))
    }
    #expect(chiSquareScore(observed: observed, expected: expected).magnitude < 5)
  }

  @Test func `binomial numbers of certain events are certain`() {
    var random = RandomStream(seed: 19)
    #expect(random.binomial(trials: 0, probability: 0.5) == 0)
    #expect(random.binomial(trials: 1000, probability: 0) == 0)
    #expect(random.binomial(trials: 1000, probability: 1) == 1000)
  }
}
