/// The values of one variable, one a paper; `nil` is a missing value.
public enum VariableValues: Sendable, Hashable {
  /// Numbers.
  case numeric([Double?])
  /// Answers: yes is 1, no is 0, anything else is missing.
  case answers([Cell])
  /// One category a paper.
  case categorical([String?])
  /// Any number of labels a paper; a paper without labels is not missing.
  case labels([[String]])

  /// The number of papers.
  var count: Int {
    switch self {
    case .numeric(let values): values.count
    case .answers(let values): values.count
    case .categorical(let values): values.count
    case .labels(let values): values.count
    }
  }
}

/// Something whose variables a formula can name.
public protocol VariableSource: Sendable {
  /// The number of papers.
  var paperCount: Int { get }
  /// What a row is: `papers`, or `cells`.
  var rowName: String { get }
  /// The values of a variable.
  ///
  /// - Parameters:
  ///   - name: The name, or an expression of names.
  ///   - asCategories: Whether numbers may stay the text that they were written as.
  func values(of name: String, asCategories: Bool) throws(VariableError) -> VariableValues
}

extension VariableSource {
  /// What a row is.
  public var rowName: String { "papers" }
}

/// Variables given directly by name, for data that do not come from a corpus.
public struct CovariateColumns: VariableSource {
  /// The number of papers.
  public let paperCount: Int
  /// The names in order.
  public let covariateNames: [String]
  private let values: [String: VariableValues]

  /// Creates a source from columns of equal length.
  public init(_ columns: KeyValuePairs<String, VariableValues>) {
    self.init(columns.map { (name: $0.key, values: $0.value) })
  }

  /// Creates a source from columns of equal length.
  public init(_ columns: [(name: String, values: VariableValues)]) {
    let counts = columns.map { $0.values.count }
    precondition(counts.allSatisfy { $0 == counts.first }, "columns of unequal length")
    paperCount = counts.first ?? 0
    covariateNames = columns.map(\.name)
    values = Dictionary(columns.map { ($0.name, $0.values) }) { first, _ in first }
  }

  /// The values of a variable; `nil` when there is none of that name.
  public func covariate(named name: String) -> VariableValues? { values[name] }

  /// The values of a variable.
  public func values(
    of name: String, asCategories: Bool
  ) throws(VariableError) -> VariableValues {
    if let known = values[name] { return known }
    throw .unknown(name, nearest: NearestNames(covariateNames).nearest(to: name))
  }
}

extension BinaryMatrix: VariableSource {
  /// The number of papers.
  public var paperCount: Int { papers.count }

  /// The variables of its papers.
  public var variables: Variables { Variables(self) }

  /// The values of a variable, or of an expression of variables (see ``Variables``).
  public func values(
    of name: String, asCategories: Bool
  ) throws(VariableError) -> VariableValues {
    try variables.values(of: name, asCategories: asCategories)
  }

  /// Each paper's share of yes among the applicable items, in percent; `nil` when none applies.
  func percentYes(items columns: [Int]) -> [Double?] {
    zip(yes.rowCounts(columns: columns), applies.rowCounts(columns: columns)).map {
      $1 > 0 ? 100 * Double($0) / Double($1) : nil
    }
  }
}
