import RealModule
import SurveyStats

/// Normal effects of studies that were published with a chance that depends on the range of their p-value.
///
/// The likelihood is `∏ f(yᵢ) ω(pᵢ) / Σⱼ ωⱼ P(range j)` (Hedges 1992, *Statistical Science* 7:246). The
/// falling chances 1 = ω₁ ≥ ω₂ ≥ … are uniform over all such sequences; with ω₂ = a, ω₃ = ab, ω₄ = abc
/// they are integrated one after another over a ``ChanceGrid``.
struct SelectionNormalModel: ConditionalModel {
  let effects: [Double]
  let variances: [Double]
  /// The prior deviation of the effect around zero; `nil` for no effect.
  let deviation: Double?
  /// The z-values between ranges, descending.
  let cuts: [Double]
  let isTwoSided: Bool
  /// How many studies lie beyond each cut and all before it: exponents of a, b, c.
  private let exponents: [Double]
  private let grid: ChanceGrid

  init?(
    effects: [Double], variances: [Double], deviation: Double?, cuts: [Double], isTwoSided: Bool
  ) {
    guard (1...3).contains(cuts.count) else { return nil }
    self.effects = effects
    self.variances = variances
    self.deviation = deviation
    self.isTwoSided = isTwoSided
    grid = ChanceGrid(studies: effects.count)
    self.cuts = cuts.map { Normal().upperQuantile(isTwoSided ? $0 / 2 : $0) }
    exponents = self.cuts.map { cut in
      Double(
        zip(effects, variances).count { effect, variance in
          let z = effect / variance.squareRoot()
          return (isTwoSided ? abs(z) : z) < cut
        })
    }
  }

  func log(tau: Double) -> Double { given(tau: tau).log }

  func given(tau: Double) -> (log: Double, effect: EffectPosterior) {
    let sums = NormalSums(effects, variances, tau: tau)
    let deviations = variances.map { ($0 + tau * tau).squareRoot() }
    let errors = variances.map { $0.squareRoot() }
    func density(_ mean: Double) -> Double {
      -(sums.logs + sums.square - 2 * mean * sums.product + mean * mean * sums.weight) / 2
        + logWeights(mean: mean, deviations, errors)
    }
    guard let deviation else { return (density(0), .none) }
    let (_, center, precision) = sums.integrated(deviation: deviation)
    let step = 0.5 / precision.squareRoot()
    let reach = Int((12 * deviation + abs(center)) / step) + 1
    let tails = NegligibleTails(from: 0, in: -reach...reach) { index in
      let mean = center + Double(index) * step
      let z = mean / deviation
      return density(mean) - z * z / 2
    }
    let result = SampledDensity.normalized(
      start: center + Double(tails.first) * step, step: step, logarithms: tails.values)
    return (
      result.log - Double.log(deviation * (2 * .pi).squareRoot()), .sampled(result.density)
    )
  }

  /// The logarithm of the integral over the chances of `∏ ω(pᵢ) / Σⱼ ωⱼ P(range j)`.
  private func logWeights(mean: Double, _ deviations: [Double], _ errors: [Double]) -> Double {
    let count = effects.count
    // Chances of the ranges, study after study; the last range has what is left.
    var chances = [[Double]](repeating: [], count: cuts.count + 1)
    for study in 0..<count {
      var above = 0.0
      for (index, cut) in cuts.enumerated() {
        let place = cut * errors[study]
        var tail = Normal().survival((place - mean) / deviations[study])
        if isTwoSided { tail += Normal().survival((place + mean) / deviations[study]) }
        chances[index].append(max(tail - above, 0))
        above = tail
      }
      chances[cuts.count].append(
        isTwoSided
          ? max(1 - above, 0)
          : Normal().survival((mean - cuts[cuts.count - 1] * errors[study]) / deviations[study]))
    }
    func sum(_ first: [Double], _ factor: Double, _ second: [Double]) -> [Double] {
      (0..<count).map { first[$0] + factor * second[$0] }
    }
    var (startA, startB, startC) = (0, 0, 0)
    switch cuts.count {
    case 1: return logInner(chances[0], chances[1], from: &startA)
    case 2:
      return Double.log(2)
        + grid.logIntegral(from: &startB) { b in
          exponents[1] * grid.logs[b]
            + logInner(
              chances[0], sum(chances[1], grid.values[b], chances[2]), from: &startA)
        }
    default:
      return Double.log(6)
        + grid.logIntegral(from: &startC) { c in
          let last = sum(chances[2], grid.values[c], chances[3])
          return exponents[2] * grid.logs[c]
            + grid.logIntegral(from: &startB) { b in
              (exponents[1] + 1) * grid.logs[b]
                + logInner(
                  chances[0], sum(chances[1], grid.values[b], last), from: &startA)
            }
        }
    }
  }

  /// The logarithm of the integral over a of `a^exponent / ∏ (pᵢ + a rᵢ)`, eight points at a time.
  private func logInner(_ first: [Double], _ rest: [Double], from start: inout Int) -> Double {
    let power = exponents[0] + Double(cuts.count - 1)
    let count = first.count
    return unsafe first.withUnsafeBufferPointer { first in
      unsafe rest.withUnsafeBufferPointer { rest in
        grid.logIntegral(fromBlock: &start) { block in
          let a = grid.blocks[block].values
          var product = SIMD8<Double>(repeating: 1)
          var powers = SIMD8<Int64>.zero
          var study = 0
          while study < count {
            // Four factors of at least 10⁻⁷⁵ are a normal number; powers of two are set aside.
            for _ in 0..<min(4, count - study) {
              unsafe product *= (first[study] + a * rest[study]).replacing(
                with: SIMD8(repeating: 1e-75), where: first[study] + a * rest[study] .< 1e-75)
              study += 1
            }
            let bits = unsafe unsafeBitCast(product, to: SIMD8<Int64>.self)
            powers &+= (bits &>> 52) &- 1_023
            product = unsafe unsafeBitCast(
              (bits & 0xF_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000, to: SIMD8<Double>.self)
          }
          return power * grid.blocks[block].logs - SIMD8<Double>(powers) * 0x1.62e42fefa39efp-1
            - LogitNormalNodes.logarithm(ofOnePlus: product - 1)
        }
      }
    }
  }
}

/// Points of a chance between 0 and 1 for integrals of functions that change with its logarithm.
///
/// The chance is `exp(−s)` with `s = log(1 + exp(t − exp(−t)))`: even steps of t are even steps of the
/// logarithm of a small chance, and vanish double-exponentially towards 1, so that the trapezoidal rule
/// converges exponentially (Takahasi & Mori 1974). The logarithm of a likelihood of k studies has a second
/// derivative along log a of at most k/4, which sets the step.
struct ChanceGrid: Sendable {
  /// The chances, their logarithms, and the logarithms of the derivatives times the step.
  let values: [Double]
  let logs: [Double]
  let jacobians: [Double]
  /// The point from which a search begins when nothing is known.
  private let middle: Int
  /// Eight points at a time; beyond the last they count nothing.
  let blocks: [(values: SIMD8<Double>, logs: SIMD8<Double>, jacobians: SIMD8<Double>)]
  /// The difference of logarithms from which a value no longer counts: a factor of 4·10⁻⁸.
  private static let depth = 17.0

  init(studies: Int) {
    let step = min(0.5, 1.8 / Double(max(studies, 1)).squareRoot())
    let first = Int((-3.3 / step).rounded(.down))
    let last = Int((80 / step).rounded(.up))
    var (values, logs, jacobians): ([Double], [Double], [Double]) = ([], [], [])
    for index in first...last {
      let t = Double(index) * step
      let inner = t - .exp(-t)
      let log =
        -(inner > 0 ? inner + Double.log(onePlus: .exp(-inner)) : Double.log(onePlus: .exp(inner)))
      // log σ(inner) = −log(1 + exp(−inner)) = inner + log(1 − …), which is inner + log a.
      let logistic = inner + log
      logs.append(log)
      values.append(.exp(log))
      jacobians.append(log + logistic + Double.log(onePlus: .exp(-t)) + Double.log(step))
    }
    self.values = values
    self.logs = logs
    self.jacobians = jacobians
    middle = -first
    blocks = stride(from: 0, to: values.count, by: 8).map { start in
      func eight(_ numbers: [Double], _ beyond: Double) -> SIMD8<Double> {
        SIMD8((start..<start + 8).map { $0 < numbers.count ? numbers[$0] : beyond })
      }
      return (eight(values, values[values.count - 1]), eight(logs, 0), eight(jacobians, -1e9))
    }
  }

  /// The same as ``logIntegral(from:_:)`` of functions that are asked for a block of points.
  ///
  /// - Parameters:
  ///   - start: The block to begin with, counted from the middle; becomes that of the highest point.
  ///   - function: The logarithms of the function at the points of a block.
  func logIntegral(
    fromBlock start: inout Int, _ function: (Int) -> SIMD8<Double>
  ) -> Double {
    let begin = min(max(start + middle / 8, 0), blocks.count - 1)
    var (best, height, sum) = (begin, -Double.infinity, SIMD8<Double>.zero)
    func add(_ block: Int) -> SIMD8<Double> {
      let values = function(block) + blocks[block].jacobians
      let most = values.max()
      if most > height {
        if height > -.infinity { sum *= Double.exp(height - most) }
        (best, height) = (block, most)
      }
      sum += LogitNormalNodes.exponential(values - height)
      return values
    }
    let first = add(begin)
    // Each side ends with a block whose outermost point no longer counts.
    var block = begin
    var outermost = first
    while block + 1 < blocks.count, outermost[7] > height - Self.depth {
      block += 1
      outermost = add(block)
    }
    block = begin
    outermost = first
    while block > 0, outermost[0] > height - Self.depth {
      block -= 1
      outermost = add(block)
    }
    start = best - middle / 8
    return height + Double.log(sum.sum())
  }

  /// The logarithm of the integral of a function from 0 to 1, of whose logarithm the values at points are
  /// known.
  ///
  /// - Parameters:
  ///   - start: Where to begin, counted from the middle; becomes the highest point.
  ///   - function: The logarithm of the function at a point.
  func logIntegral(from start: inout Int, _ function: (Int) -> Double) -> Double {
    let begin = min(max(start + middle, 0), values.count - 1)
    var total = LogSum()
    var (best, height) = (begin, -Double.infinity)
    func add(_ index: Int) -> Bool {
      let value = function(index) + jacobians[index]
      total.add(value)
      if value > height { (best, height) = (index, value) }
      return value > height - Self.depth
    }
    _ = add(begin)
    var index = begin + 1
    while index < values.count, add(index) { index += 1 }
    index = begin - 1
    while index >= 0, add(index) { index -= 1 }
    start = best - middle
    return total.log
  }
}

/// The logarithm of a sum of numbers whose logarithms are known.
struct LogSum {
  private var highest = -Double.infinity
  private var sum = 0.0

  /// Adds a number by its logarithm.
  mutating func add(_ log: Double) {
    guard log > -.infinity else { return }
    if log > highest {
      sum = sum * .exp(highest - log) + 1
      highest = log
    } else {
      sum += .exp(log - highest)
    }
  }

  /// The logarithm of the sum.
  var log: Double { sum > 0 ? highest + Double.log(sum) : -.infinity }
}
