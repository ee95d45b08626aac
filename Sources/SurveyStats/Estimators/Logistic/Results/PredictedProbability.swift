import RealModule

/// The probability of the outcome if every paper had one value of a variable and kept its others,
/// averaged over the papers (marginal standardisation).
///
/// The standard error is by the delta method; the interval is formed on the log odds of the average
/// and so stays within (0, 1). After Firth's penalty the corrected intercept is used.
///
/// Reference: Muller & MacLehose (2014), International Journal of Epidemiology 43:962.
public struct PredictedProbability: Sendable, Equatable {
  /// The variable.
  public let term: String
  /// The value it is set to.
  public let value: String
  /// The average probability; without a standard error of a variable that separates the outcome.
  public let probability: Estimate
}

extension LogisticFit {
  /// The largest number of distinct values of a numeric variable that are all shown.
  private static let largestGrid = 12

  /// Average probabilities over a grid of every variable's values.
  ///
  /// The grid of a number is all its values when there are at most twelve, else nine equally spaced
  /// from the smallest to the largest; of a category its levels, of a label `yes` and `no`.
  /// Variables in `excluding` are left out.
  public func predictions(
    level: Double = 0.95, covariance matrix: DenseMatrix? = nil,
    degreesOfFreedom: Double = .infinity, excluding excluded: [String] = []
  ) -> [PredictedProbability] {
    let matrix = matrix ?? covariance
    let distance = StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2)
    var names = excluded
    var result: [PredictedProbability] = []
    func add(
      _ term: String, _ value: String, _ name: String,
      _ replacement: @escaping (VariableEncoding.Value) -> VariableEncoding.Value
    ) {
      let average = averageProbability(rows(replacing: name, with: replacement))
      let error = isSeparated(by: name) ? nil : Self.deltaError(average.gradient, matrix)
      let spread = average.mean * (1 - average.mean)
      let center = Double.log(average.mean) - Double.log(onePlus: -average.mean)
      let low = error.map { logistic(center - distance * $0 / spread) }
      let high = error.map { logistic(center + distance * $0 / spread) }
      result.append(
        PredictedProbability(
          term: term, value: value,
          probability: Estimate(
            average.mean, standardError: error, lower: low.flatMap { $0.isFinite ? $0 : nil },
            upper: high.flatMap { $0.isFinite ? $0 : nil }, level: level)))
    }
    for encoding in design.encodings where !names.contains(encoding.variable.name) {
      let name = encoding.variable.name
      names.append(name)
      switch encoding.rule {
      case .categories(let reference, let levels):
        for level in [reference] + levels { add(name, level, name) { _ in .category(level) } }
      case .labels(let labels):
        for label in labels {
          add("\(name)[\(label)]", "no", name) { $0.removing(label) }
          add("\(name)[\(label)]", "yes", name) { $0.inserting(label) }
        }
      case .number, .polynomial, .spline:
        for value in grid(encoding) {
          let isWhole = value == value.rounded() && abs(value) < 1e15
          let text = isWhole ? String(Int(value)) : "\(value)"
          add(name, text, name) { _ in .number(value) }
        }
      }
    }
    return result
  }

  private func grid(_ encoding: VariableEncoding) -> [Double] {
    let values = Set(
      papers.compactMap { paper -> Double? in
        if case .number(let value)? = encoding.values[paper] { return value }
        return nil
      }
    ).sorted()
    guard values.count > Self.largestGrid, let first = values.first, let last = values.last else {
      return values
    }
    return (0...8).map { first + (last - first) * Double($0) / 8 }
  }
}
