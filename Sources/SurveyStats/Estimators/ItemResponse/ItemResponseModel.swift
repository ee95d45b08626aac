import RealModule

/// Fits one- and two-parameter logistic item response models by marginal maximum likelihood.
///
/// A paper of ability θ (its rigor) passes item j with probability `1/(1 + exp(-(a_j θ + d_j)))`;
/// θ is standard normal. The 1PL has one discrimination a for all items. The likelihood of a paper's
/// answers is integrated over θ by Gauss–Hermite quadrature (61 nodes, 121 for more than 40 items)
/// and maximised by a few steps of EM, whose M-step is one Newton step, and then by Newton's method
/// on the observed information (Louis 1982) until the gradient is below 1e-6. Discriminations are
/// held between -10 and 10 and intercepts between -30 and 30.
///
/// NA and absent cells drop out of the likelihood; papers of equal answers are counted together. That
/// is right if, given θ, whether an item applies says nothing about its answer; then scores of papers
/// that answer different items are comparable, which averages are not. Papers without any answer take
/// no part.
///
/// Items without a yes or without a no have no finite intercept, and are left out by name, as are items
/// that apply to fewer papers than the caller's minimum. An item
/// with |a| above 4 is flagged: it nearly determines another (a Guttman pair). Errors: fewer than two
/// items for the 1PL, three for the 2PL, or no convergence.
///
/// Cost: a step takes patterns × nodes × items operations, and as many times the number of items
/// with the information.
///
/// Reference: Bock and Aitkin (1981), Psychometrika 46:443; Louis (1982), JRSSB 44:226; Rizopoulos
/// (2006), Journal of Statistical Software 17(5), for the reference values.
public struct ItemResponseModel: Sendable, Equatable {
  /// Which parameters items have.
  public enum Kind: String, Sendable, CaseIterable {
    /// One discrimination for all items, an intercept for each (1PL).
    case onePL = "1pl"
    /// A discrimination and an intercept for each item (2PL).
    case twoPL = "2pl"
  }

  /// Which parameters items have.
  public var kind: Kind
  /// The number of quadrature nodes; `nil` for the default.
  public var nodes: Int?
  /// The number of EM steps before Newton's method.
  public var emSteps: Int
  /// The size below which every component of the gradient of the log likelihood must come.
  public var gradientTolerance: Double
  /// The number of Newton steps after which the search gives up.
  public var maximumIterations: Int
  /// The fewest papers to which an item that takes part must apply.
  public var minimumCount: Int

  /// The size within which discriminations are held.
  static let largestDiscrimination = 10.0

  /// Creates a model.
  public init(
    _ kind: Kind, nodes: Int? = nil, emSteps: Int = 20, gradientTolerance: Double = 1e-6,
    maximumIterations: Int = 100, minimumCount: Int = 2
  ) {
    self.kind = kind
    self.nodes = nodes
    self.emSteps = emSteps
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
    self.minimumCount = minimumCount
  }

  /// Why the model could not be fitted.
  public enum ModelError: Error, Equatable, CustomStringConvertible {
    /// Too few items vary.
    case tooFewItems(needed: Int, left: Int, leftOut: [CorrelationMatrix.LeftOut])
    /// The likelihood did not converge in so many Newton steps after the EM steps.
    case notConverged(iterations: Int, emSteps: Int)
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
      case .decomposition(let error): error.description
      }
    }
  }

  /// Fits the model to the answers of papers.
  public func fit(_ matrix: BinaryMatrix) throws(ModelError) -> ItemResponseFit {
    var kept: [Int] = []
    var leftOut: [CorrelationMatrix.LeftOut] = []
    for item in matrix.items.indices {
      let applicable = matrix.applies.count(column: item)
      let yes = matrix.yes.count(column: item)
      if let reason = reasonToLeaveOut(yes: yes, of: applicable) {
        leftOut.append(
          CorrelationMatrix.LeftOut(
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
    do {
      let rule = try GaussHermite(count: nodes ?? (kept.count > 40 ? 121 : 61))
      let likelihood = ItemResponseLikelihood(
        patterns: AnswerPatterns(used), kind: kind, rule: rule)
      let end = try maximum(likelihood, start: start(used))
      guard end.converged else {
        throw ModelError.notConverged(iterations: end.iterations - emSteps, emSteps: emSteps)
      }
      return ItemResponseFit(
        names: used.items.map(\.id.description), leftOut: leftOut, likelihood: likelihood,
        parameters: end.point, logLikelihood: -end.value, iterations: end.iterations,
        covariance: try? likelihood.evaluate(end.point, information: .observed)
          .hessian?.positiveDefiniteInverse())
    } catch let error as ModelError {
      throw error
    } catch let error as LinearAlgebraError {
      throw .decomposition(error)
    } catch {
      throw .notConverged(iterations: 0, emSteps: emSteps)
    }
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

  /// EM steps, halved where the likelihood falls, then Newton's method.
  private func maximum(
    _ likelihood: ItemResponseLikelihood, start: [Double]
  ) throws(LinearAlgebraError) -> Minimum {
    let slopes = likelihood.slopeCount
    let bounds = start.indices.map { $0 < slopes ? Self.largestDiscrimination : 30.0 }
    var point = start
    var current = likelihood.evaluate(point, information: .complete)
    for _ in 0..<emSteps {
      guard let hessian = current.hessian else { break }
      let right = DenseMatrix(
        rows: point.count, columns: 1, elements: current.gradient.map { -$0 })
      guard var step = try? hessian.solvingPositiveDefinite(right).elements else { break }
      var next = current
      for _ in 0..<10 {
        let candidate = point.indices.map {
          min(max(point[$0] + step[$0], -bounds[$0]), bounds[$0])
        }
        next = likelihood.evaluate(candidate, information: .complete)
        if next.value <= current.value {
          point = candidate
          break
        }
        step = step.map { $0 / 2 }
      }
      guard next.value <= current.value else { break }
      current = next
    }
    let search = BoundedMinimizer(
      lower: bounds.map { -$0 }, upper: bounds, gradientTolerance: gradientTolerance,
      maximumIterations: maximumIterations)
    var end = search.minimum(from: point) { likelihood.evaluate($0, information: .observed) }
    end.iterations += emSteps
    let direction = end.point.prefix(slopes).reduce(0, +)
    if direction < 0 { for slope in 0..<slopes { end.point[slope] = -end.point[slope] } }
    return end
  }
}
