import RealModule

/// Fits one- and two-parameter logistic item response models by marginal maximum likelihood.
///
/// A paper of ability θ (its rigor) passes item j with probability `1/(1 + exp(-(a_j θ + d_j)))`;
/// θ is standard normal. The 1PL has one discrimination a for all items. The likelihood of a paper's
/// answers is integrated over θ by equidistant nodes whose distance suits each pattern of answers
/// (`AbilityQuadrature`), which keeps the error of the log likelihood below 1e-6 for any number of
/// items and any discrimination, and maximised by a few steps of EM, whose M-step is one Newton step,
/// and then by Newton's method on the observed information (Louis 1982) until the gradient is below
/// 1e-6. Discriminations are held between -10 and 10 and intercepts between -30 and 30.
///
/// Weights of papers, scaled to a mean of one, enter the likelihood, which is then a pseudo-likelihood;
/// with weights, clusters or strata standard errors are those of the sandwich `I⁻¹ B I⁻¹`, B the
/// variance of the weighted scores summed by unit (Binder 1983).
///
/// NA and absent cells drop out of the likelihood; papers of equal answers are counted together. That
/// is right if, given θ, whether an item applies says nothing about its answer; then scores of papers
/// that answer different items are comparable, which averages are not. Papers without any answer take
/// no part.
///
/// Items without a yes or without a no have no finite intercept, and are left out by name, as are items
/// that apply to fewer papers than the caller's minimum. Standard errors take discriminations at their
/// bound as known. An item
/// with |a| above 4 is flagged: it nearly determines another (a Guttman pair). Errors: fewer than two
/// items for the 1PL, three for the 2PL, or no convergence.
///
/// Cost: a step takes patterns × nodes (about 30 a pattern) × items operations; the information,
/// which is computed a few times, patterns × items², and with cells that do not apply as many times
/// the number of nodes.
///
/// Reference: Bock and Aitkin (1981), Psychometrika 46:443; Binder (1983), International Statistical
/// Review 51:279; Louis (1982), JRSSB 44:226; Rizopoulos
/// (2006), Journal of Statistical Software 17(5), for the reference values.
public struct ItemResponseModel: Sendable, Hashable {
  /// Which parameters items have.
  public enum Kind: String, Sendable, CaseIterable {
    /// One discrimination for all items, an intercept for each (1PL).
    case onePL = "1pl"
    /// A discrimination and an intercept for each item (2PL).
    case twoPL = "2pl"
  }

  /// Which parameters items have.
  public var kind: Kind
  /// The number of EM steps before Newton's method, fewer if they gain little.
  var emSteps: Int
  /// The size below which every component of the gradient of the log likelihood must come.
  var gradientTolerance: Double
  /// The number of Newton steps after which the search gives up.
  var maximumIterations: Int
  /// The fewest papers to which an item that takes part must apply.
  var minimumCount: Int

  /// The size within which discriminations are held.
  static let largestDiscrimination = 10.0

  /// Creates a model.
  public init(
    _ kind: Kind, emSteps: Int = 20, gradientTolerance: Double = 1e-6,
    maximumIterations: Int = 100, minimumCount: Int = 2
  ) {
    self.kind = kind
    self.emSteps = emSteps
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
    self.minimumCount = minimumCount
  }

  /// Why the model could not be fitted.
  public enum ModelError: Error, Equatable, CustomStringConvertible {
    /// Too few items vary.
    case tooFewItems(needed: Int, left: Int, leftOut: [LeftOutItem])
    /// The likelihood did not converge in so many Newton steps after the EM steps.
    case notConverged(iterations: Int, emSteps: Int)
    /// No paper has a positive weight.
    case noWeight
    /// A decomposition failed.
    case decomposition(LinearAlgebraError)

    /// One sentence that says what happened, with the remedy.
    public var description: String {
      switch self {
      case .tooFewItems(let needed, let left, let leftOut):
        "the model needs \(needed) items that vary, and \(left) \(left == 1 ? "is" : "are") left"
          + leftOut.because
      case .notConverged(let iterations, let emSteps):
        "the likelihood did not converge in \(iterations) Newton step\(iterations == 1 ? "" : "s") "
          + "after \(emSteps) of EM; try the 1PL, or leave out items that nearly copy one another"
      case .noWeight: "all weights are zero; give papers a positive weight, or leave weights out"
      case .decomposition(let error): error.description
      }
    }
  }

  /// Fits the model to the answers of papers.
  ///
  /// - Parameters:
  ///   - matrix: The answers.
  ///   - design: How the papers were sampled; `nil` for papers drawn alike.
  public func fit(
    _ matrix: BinaryMatrix, design: SamplingDesign? = nil
  ) throws(ModelError) -> ItemResponseFit {
    precondition((design?.paperCount ?? matrix.papers.count) == matrix.papers.count)
    let weights = design?.relativeWeights
    guard weights?.contains(where: { $0 > 0 }) ?? true else { throw .noWeight }
    let counted =
      weights.map { weights in
        matrix.selecting(papers: weights.indices.filter { weights[$0] > 0 })
      } ?? matrix
    var kept: [Int] = []
    var leftOut: [LeftOutItem] = []
    for item in matrix.items.indices {
      let applicable = counted.applies.count(column: item)
      let yes = counted.yes.count(column: item)
      if let reason = reasonToLeaveOut(yes: yes, of: applicable) {
        leftOut.append(
          LeftOutItem(
            name: matrix.items[item].id.description, reason: reason, count: applicable))
      } else {
        kept.append(item)
      }
    }
    let needed = kind == .onePL ? 2 : 3
    guard kept.count >= needed else {
      throw .tooFewItems(needed: needed, left: kept.count, leftOut: leftOut)
    }
    let used = matrix.selecting(items: kept)
    let answers = counted.selecting(items: kept)
    do {
      let likelihood = ItemResponseLikelihood(
        patterns: AnswerPatterns(used, weights: weights), kind: kind)
      let (end, emSteps, quadrature) = try maximum(likelihood, start: start(answers))
      guard end.converged else {
        throw ModelError.notConverged(iterations: end.iterations, emSteps: emSteps)
      }
      let inverse = Self.inverse(
        likelihood.observedInformation(end.point, quadrature),
        isHeld: end.point.indices.map {
          $0 < likelihood.slopeCount
            && abs(end.point[$0]) >= Self.largestDiscrimination * (1 - 1e-9)
        })
      return ItemResponseFit(
        names: used.items.map(\.id.description), leftOut: leftOut, likelihood: likelihood,
        quadrature: quadrature, parameters: end.point, logLikelihood: -end.value,
        iterations: emSteps + end.iterations, inverseInformation: inverse,
        design: design.flatMap { $0.drawsPapersAlike ? nil : $0 },
        closest: ItemResponseFit.closestItems(answers))
    } catch let error as ModelError {
      throw error
    } catch let error as LinearAlgebraError {
      throw .decomposition(error)
    } catch {
      throw .notConverged(iterations: 0, emSteps: emSteps)
    }
  }

  /// The inverse of the information of the parameters that are not held at a bound, with zeros for the
  /// others; `nil` where it is singular.
  private static func inverse(_ information: DenseMatrix, isHeld: [Bool]) -> DenseMatrix? {
    let free = isHeld.indices.filter { !isHeld[$0] }
    guard
      let part = try? information.selecting(rows: free, columns: free).positiveDefiniteInverse()
    else { return nil }
    var result = DenseMatrix(rows: information.rows, columns: information.columns)
    for (k, column) in free.enumerated() {
      for (j, row) in free.enumerated() { result[row, column] = part[j, k] }
    }
    return result
  }

  /// Why an item with so many yes among its papers takes no part; `nil` if it does.
  private func reasonToLeaveOut(yes: Int, of applicable: Int) -> AssociationNote? {
    if applicable == 0 { return .neverJointlyApplicable }
    if yes == 0 || yes == applicable { return .constantItem }
    return applicable < minimumCount ? .belowMinimumCount : nil
  }

  /// Discriminations of one, and intercepts that give each item its rate among average papers.
  private func start(_ matrix: BinaryMatrix) -> [Double] {
    let intercepts = matrix.items.indices.map { item in
      let yes = Double(matrix.yes.count(column: item))
      let no = Double(matrix.applies.count(column: item)) - yes
      return 1.16 * Double.log(yes / no)
    }
    let discriminations = [Double](repeating: 1, count: kind == .onePL ? 1 : matrix.items.count)
    return discriminations + intercepts
  }

  /// EM steps, halved where the likelihood falls, then Newton's method; and the nodes at the end.
  ///
  /// Nodes are chosen anew as the steps get smaller, and after Newton's method until they and the
  /// maximum go together. The information is computed anew only where a step made the gradient less
  /// than five times smaller.
  private func maximum(
    _ likelihood: ItemResponseLikelihood, start: [Double]
  ) throws(LinearAlgebraError) -> (end: Minimum, emSteps: Int, quadrature: AbilityQuadrature) {
    let slopes = likelihood.slopeCount
    let bounds = start.indices.map { $0 < slopes ? Self.largestDiscrimination : 30.0 }
    var point = start
    var quadrature = likelihood.quadrature(point)
    var current = likelihood.evaluate(point, quadrature)
    var steps = 0
    for emStep in 0..<emSteps {
      if emStep > 0, emStep & (emStep - 1) == 0 {
        quadrature = likelihood.quadrature(point)
        current = likelihood.evaluate(point, quadrature)
      }
      guard let hessian = current.hessian else { break }
      let right = DenseMatrix(
        rows: point.count, columns: 1, elements: current.gradient.map { -$0 })
      guard var step = try? hessian.solvingPositiveDefinite(right).elements else { break }
      var next = current
      for _ in 0..<10 {
        let candidate = point.indices.map {
          min(max(point[$0] + step[$0], -bounds[$0]), bounds[$0])
        }
        next = likelihood.evaluate(candidate, quadrature)
        if next.value <= current.value {
          point = candidate
          break
        }
        step = step.map { $0 / 2 }
      }
      guard next.value <= current.value else { break }
      let gain = current.value - next.value
      current = next
      steps += 1
      // Newton's method takes over where a step of EM gains little.
      if gain < 0.5 { break }
    }
    /// The largest derivative that does not lead out of the bounds.
    func size(_ gradient: [Double], at point: [Double]) -> Double {
      gradient.indices.reduce(0) { largest, index in
        let isHeld = abs(point[index]) >= bounds[index] && gradient[index] * point[index] < 0
        return isHeld ? largest : max(largest, abs(gradient[index]))
      }
    }
    var search = BoundedMinimizer(
      lower: bounds.map { -$0 }, upper: bounds, gradientTolerance: gradientTolerance,
      maximumIterations: maximumIterations)
    var end = Minimum(
      point: point, value: current.value, gradientNorm: .infinity, iterations: 0, converged: false)
    for _ in 0..<5 {
      quadrature = likelihood.quadrature(end.point)
      let fresh = likelihood.evaluate(end.point, quadrature)
      let norm = size(fresh.gradient, at: end.point)
      (end.value, end.gradientNorm, end.converged) = (fresh.value, norm, norm <= gradientTolerance)
      guard !end.converged, end.iterations < maximumIterations else { break }
      var information: DenseMatrix?
      var last = Double.infinity
      search.maximumIterations = maximumIterations - end.iterations
      let iterations = end.iterations
      end = search.minimum(from: end.point) { point in
        var evaluation = likelihood.evaluate(point, quadrature)
        let norm = size(evaluation.gradient, at: point)
        if information == nil || norm > last / 5 {
          information = likelihood.observedInformation(point, quadrature)
        }
        last = norm
        evaluation.hessian = information
        return evaluation
      }
      end.iterations += iterations
      guard end.converged else { break }
    }
    let direction = end.point.prefix(slopes).reduce(0, +)
    guard direction < 0 else { return (end, steps, quadrature) }
    for slope in 0..<slopes { end.point[slope] = -end.point[slope] }
    return (end, steps, likelihood.quadrature(end.point))
  }
}
