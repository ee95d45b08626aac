import RealModule

/// A stream of random numbers named by a seed and two further numbers.
///
/// Streams of different names are unrelated, so that every replicate (and every block of papers in
/// it) has its own and results depend on the seed alone, never on the number of tasks or their
/// order. The generator is xoshiro256++ (Blackman and Vigna 2021). With `G = 0x9E3779B97F4A7C15`,
/// wrapping sums and `mix` the finaliser of SplitMix64 (Steele, Lea and Flood 2014), its state is
///
///     key = mix((mix((mix(seed + G) ^ stream) + G) ^ substream) + G)
///     state[i] = mix(key + (i + 1) G), i = 0...3.
///
/// This scheme is part of the results: it can be written down in any language and never changes.
/// The methods that return integers from ranges are exact; those that go through `Double` are exact
/// up to its rounding, and through the logarithm of the system's mathematical library.
public struct RandomStream: Sendable, Equatable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Creates the stream of the given name.
  public init(seed: UInt64, stream: UInt64 = 0, substream: UInt64 = 0) {
    let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
    func mix(_ word: UInt64) -> UInt64 {
      var z = word
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
    var key = mix(seed &+ golden)
    key = mix((key ^ stream) &+ golden)
    key = mix((key ^ substream) &+ golden)
    state = (
      mix(key &+ golden), mix(key &+ 2 &* golden), mix(key &+ 3 &* golden), mix(key &+ 4 &* golden)
    )
  }

  /// Whether two streams will give the same numbers.
  public static func == (left: RandomStream, right: RandomStream) -> Bool {
    left.state == right.state
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
      word &<< count | word &>> (64 &- count)
    }
    let result = rotate(state.0 &+ state.3, 23) &+ state.0
    let shifted = state.1 &<< 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, 45)
    return result
  }

  /// A number of `0..<bound`, all equally likely.
  ///
  /// The high half of the 128-bit product of `next()` and the bound, with the few products passed
  /// over that would favour some numbers (Lemire 2019).
  ///
  /// - Precondition: the bound is positive.
  public mutating func index(below bound: Int) -> Int {
    precondition(bound > 0)
    let size = UInt64(bound)
    var product = next().multipliedFullWidth(by: size)
    if product.low < size {
      let threshold = (0 &- size) % size
      while product.low < threshold { product = next().multipliedFullWidth(by: size) }
    }
    return Int(product.high)
  }

  /// Puts elements in random order (Durstenfeld 1964, *Communications of the ACM* 7:420).
  mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, index(below: last + 1))
    }
  }

  /// Draws some elements at random, in random order, to the front of an array.
  mutating func draw<Element>(_ count: Int, toFrontOf elements: inout [Element]) {
    for place in 0..<max(0, min(count, elements.count - 1)) {
      elements.swapAt(place, place + index(below: elements.count - place))
    }
  }

  /// A number of the open interval (0, 1), one of the 2^52 midpoints of its equal parts.
  public mutating func uniform() -> Double { Self.uniform(from: next()) }

  /// The highest 52 bits `k` as `(k + 1/2) / 2^52`, by way of the numbers from 1 to 2.
  private static func uniform(from bits: UInt64) -> Double {
    Double(bitPattern: bits &>> 12 | (1.0).bitPattern) - (1 - 0x1p-53)
  }

  /// A number of the standard normal distribution.
  ///
  /// The ziggurat of 256 layers (Marsaglia and Tsang 2000) as Doornik (2005) corrected it: the
  /// layer comes from the lowest 8 bits and the place in it from the highest 52 bits of a word.
  public mutating func normal() -> Double {
    while true {
      let bits = next()
      let layer = Int(bits & 255)
      let place = 2 * Self.uniform(from: bits) - 1
      let x = place * Ziggurat.edges[layer]
      if place.magnitude < Ziggurat.ratios[layer] { return x }
      if let x = normalAtEdge(layer: layer, place: place) { return x }
    }
  }

  /// Sets every `step`-th number from `target` on to the next numbers that ``normal()`` gives.
  mutating func fillNormal(_ target: UnsafeMutablePointer<Double>, count: Int, step: Int) {
    // In a local variable the state stays in registers.
    var random = self
    unsafe Ziggurat.edges.withUnsafeBufferPointer { edges in
      unsafe Ziggurat.ratios.withUnsafeBufferPointer { ratios in
        for index in 0..<count {
          let bits = random.next()
          let layer = Int(bits & 255)
          let place = 2 * Self.uniform(from: bits) - 1
          unsafe target[index &* step] =
            unsafe place.magnitude < ratios[layer]
            ? place * edges[layer]
            : random.normalAtEdge(layer: layer, place: place) ?? random.normal()
        }
      }
    }
    self = random
  }

  /// A normal number of a layer's part that is not under the curve as a whole; `nil` if the place
  /// lies outside the curve.
  @inline(never)
  private mutating func normalAtEdge(layer: Int, place: Double) -> Double? {
    if layer == 0 {
      let tail = normalTail()
      return place < 0 ? -tail : tail
    }
    let x = place * Ziggurat.edges[layer]
    let outer = Double.exp((x * x - Ziggurat.edges[layer] * Ziggurat.edges[layer]) / 2)
    let inner = Double.exp((x * x - Ziggurat.edges[layer + 1] * Ziggurat.edges[layer + 1]) / 2)
    return inner + uniform() * (outer - inner) < 1 ? x : nil
  }

  /// A normal number beyond the base of the ziggurat (Marsaglia 1964).
  private mutating func normalTail() -> Double {
    while true {
      let excess = exponential() / Ziggurat.base
      if 2 * exponential() >= excess * excess { return Ziggurat.base + excess }
    }
  }

  /// A number of the exponential distribution with mean 1.
  public mutating func exponential() -> Double { -Double.log(uniform()) }

  /// A number of the gamma distribution with the given shape and scale 1.
  ///
  /// Marsaglia and Tsang (2000); a shape below 1 by the power of a uniform number.
  ///
  /// - Precondition: the shape is positive and finite.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0 && shape.isFinite)
    guard shape >= 1 else {
      return gamma(shape: shape + 1) * Double.exp(-exponential() / shape)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let u = uniform()
      if u < 1 - 0.0331 * (x * x) * (x * x) { return d * v }
      if Double.log(u) < x * x / 2 + d * (1 - v + Double.log(v)) { return d * v }
    }
  }

  /// A number of the Poisson distribution.
  ///
  /// By inversion for a mean below 10, else by transformed rejection (PTRS, Hörmann 1993).
  ///
  /// - Precondition: the mean is at least 0 and at most 1e15.
  public mutating func poisson(mean: Double) -> Int {
    precondition(mean >= 0 && mean <= 1e15)
    guard mean >= 10 else {
      return invert(start: Double.exp(-mean), last: Int.max) { mean / Double($0) }
    }
    let root = mean.squareRoot()
    let b = 0.931 + 2.53 * root
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let squeeze = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = uniform()
      let distance = 0.5 - u.magnitude
      let k = ((2 * a / distance + b) * u + mean + 0.43).rounded(.down)
      if distance >= 0.07 && v <= squeeze { return Int(k) }
      if k < 0 || (distance < 0.013 && v > distance) { continue }
      let height = Double.log(v * inverseAlpha / (a / (distance * distance) + b))
      if height <= k * Double.log(mean) - mean - logFactorial(k) { return Int(k) }
    }
  }

  /// The number of successes in independent trials of the given probability.
  ///
  /// By inversion where the expected number of successes (or of failures) is below 10, else by
  /// transformed rejection with squeeze (BTRS, Hörmann 1993).
  ///
  /// - Precondition: at least 0 trials, a probability of 0 to 1.
  public mutating func binomial(trials: Int, probability: Double) -> Int {
    precondition(trials >= 0 && probability >= 0 && probability <= 1)
    if probability > 0.5 { return trials - binomial(trials: trials, probability: 1 - probability) }
    guard trials > 0 && probability > 0 else { return 0 }
    let odds = probability / (1 - probability)
    let n = Double(trials)
    guard n * probability >= 10 else {
      let none = Double.exp(n * Double.log(onePlus: -probability))
      return invert(start: none, last: trials) { (n - Double($0) + 1) / Double($0) * odds }
    }
    let deviation = (n * probability * (1 - probability)).squareRoot()
    let b = 1.15 + 2.53 * deviation
    let a = -0.0873 + 0.0248 * b + 0.01 * probability
    let center = n * probability + 0.5
    let alpha = (2.83 + 5.1 / b) * deviation
    let squeeze = 0.92 - 4.2 / b
    let mode = ((n + 1) * probability).rounded(.down)
    while true {
      let u = uniform() - 0.5
      let v = uniform()
      let distance = 0.5 - u.magnitude
      let k = ((2 * a / distance + b) * u + center).rounded(.down)
      if distance >= 0.07 && v <= squeeze { return Int(k) }
      if k < 0 || k > n { continue }
      let height = Double.log(v * alpha / (a / (distance * distance) + b))
      let ratio =
        logFactorial(mode) + logFactorial(n - mode) - logFactorial(k) - logFactorial(n - k)
        + (k - mode) * Double.log(odds)
      if height <= ratio { return Int(k) }
    }
  }

  /// The first `k` whose cumulative probability reaches a uniform number.
  ///
  /// `start` is the probability of 0 and `factor(k)` that of `k` divided by that of `k - 1`.
  private mutating func invert(start: Double, last: Int, factor: (Int) -> Double) -> Int {
    while true {
      var rest = uniform()
      var probability = start
      var k = 0
      while rest > probability && k < last && probability > 0 {
        rest -= probability
        k += 1
        probability *= factor(k)
      }
      // Rounding can leave a rest after the last k that has any probability: draw anew.
      if rest <= probability { return k }
    }
  }
}

/// The layers of the ziggurat of the normal distribution.
private enum Ziggurat {
  /// Where the tail begins, for 256 layers of equal area.
  static let base = 3.654_152_885_361_008_8

  /// The right edges of the layers, from the widest; the last is 0.
  static let edges: [Double] = {
    var height = Double.exp(-base * base / 2)
    let area = base * height + (Double.pi / 2).squareRoot() * Double.erfc(base / 2.0.squareRoot())
    var edges = [area / height, base]
    while edges.count < 256 {
      height += area / edges[edges.count - 1]
      edges.append((-2 * Double.log(height)).squareRoot())
    }
    return edges + [0]
  }()

  /// The part of each layer that lies under the curve as a whole.
  static let ratios: [Double] = zip(edges, edges.dropFirst()).map { $1 / $0 }
}

private let logFactorials: [Double] = {
  var values = [0.0]
  for k in 1..<16 { values.append(values[k - 1] + Double.log(Double(k))) }
  return values
}()

/// The logarithm of the factorial of a whole number, by Stirling's series from 16 on.
///
/// The series is cut after the term in `k^-7`, an error below 1e-14 at 16.
private func logFactorial(_ k: Double) -> Double {
  if k < 16 { return logFactorials[Int(k)] }
  let square = 1 / (k * k)
  let series =
    (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - square / 1680) * square) * square) / k
  return (k + 0.5) * Double.log(k) - k + Double.log(2 * Double.pi) / 2 + series
}
