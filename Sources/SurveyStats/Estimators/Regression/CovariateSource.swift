/// The values of one variable, one a paper; `nil` is a missing value.
public enum CovariateValues: Sendable, Hashable {
  /// Numbers.
  case numeric([Double?])
  /// Answers: yes is 1, no is 0, anything else is missing.
  case answers([Cell])
  /// One category a paper.
  case categorical([String?])
  /// Any number of labels a paper; a paper without labels is not missing.
  case labels([[String]])
}

/// Something whose variables a formula can name.
public protocol CovariateSource: Sendable {
  /// The number of papers.
  var paperCount: Int { get }
  /// What a row is: `papers`, or `cells`.
  var rowName: String { get }
  /// The names a formula may use, in a fixed order.
  var covariateNames: [String] { get }
  /// The values of a variable, or `nil` when there is none of that name.
  func covariate(named name: String) -> CovariateValues?
}

extension CovariateSource {
  /// What a row is.
  public var rowName: String { "papers" }
}

/// Variables given directly by name, for data that do not come from a corpus.
public struct CovariateColumns: CovariateSource {
  /// The number of papers.
  public let paperCount: Int
  /// The names in order.
  public let covariateNames: [String]
  private let values: [String: CovariateValues]

  /// Creates a source from columns of equal length.
  public init(_ columns: KeyValuePairs<String, CovariateValues>) {
    self.init(columns.map { (name: $0.key, values: $0.value) })
  }

  /// Creates a source from columns of equal length.
  public init(_ columns: [(name: String, values: CovariateValues)]) {
    let counts = columns.map { $0.values.count }
    precondition(counts.allSatisfy { $0 == counts.first }, "columns of unequal length")
    paperCount = counts.first ?? 0
    covariateNames = columns.map(\.name)
    values = Dictionary(columns.map { ($0.name, $0.values) }) { first, _ in first }
  }

  /// The values of a variable.
  public func covariate(named name: String) -> CovariateValues? { values[name] }
}

extension CovariateValues {
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

/// Variables of a corpus, looked up in this order: metadata (`year`, `venue`, `type`, `tags`,
/// `version`, `rater`, `group`, `cluster`, `weight`), covariate columns, items, `score`, and
/// category names.
///
/// `year` and `weight` are numbers, `version` is categorical. A covariate column is numeric when
/// every value that is there reads as a number. `score` is a paper's share of applicable items
/// answered yes, in percent, over all items; a category name stands for the same over the items of
/// that category. Both are missing for a paper to which none of the items applies. A single item
/// may be named without its category when no other item has the name.
extension BinaryMatrix: CovariateSource {
  /// The number of papers.
  public var paperCount: Int { papers.count }

  /// The names a formula may use.
  public var covariateNames: [String] {
    let metadata = [
      "year", "venue", "type", "tags", "version", "rater", "group", "cluster", "weight", "score",
    ]
    let columns = Set(papers.flatMap(\.covariates.keys)).sorted()
    let categories = Set(items.map(\.id.category)).subtracting([""]).sorted()
    return metadata + columns + items.map(\.id.description) + categories
  }

  /// The values of a variable.
  public func covariate(named name: String) -> CovariateValues? {
    metadata(named: name) ?? column(named: name) ?? item(named: name).map(answers(item:))
      ?? scores(named: name)
  }

  private func metadata(named name: String) -> CovariateValues? {
    switch name {
    case "year": .numeric(papers.map { $0.year.map(Double.init) })
    case "weight": .numeric(papers.map { $0.weight ?? 1 })
    case "venue": .categorical(papers.map { $0.values(of: "venue").first })
    case "type": .categorical(papers.map(\.type))
    case "version": .categorical(papers.map { $0.version.map(String.init) })
    case "rater": .categorical(papers.map(\.rater))
    case "group": .categorical(papers.map(\.group))
    case "cluster": .categorical(papers.map(\.cluster))
    case "tags": .labels(papers.map(\.tags))
    default: nil
    }
  }

  private func column(named name: String) -> CovariateValues? {
    let values = papers.map { paper -> String? in
      paper.covariates[name].flatMap { $0.isEmpty || $0 == "NA" ? nil : $0 }
    }
    guard values.contains(where: { $0 != nil }) else { return nil }
    let numbers = values.map { $0.flatMap(Double.init) }
    let allNumeric = zip(values, numbers).allSatisfy { value, number in
      value == nil || number?.isFinite == true
    }
    return allNumeric ? .numeric(numbers) : .categorical(values)
  }

  private func item(named name: String) -> Int? {
    let id = ItemID(name)
    if let exact = items.firstIndex(where: { $0.id == id }) { return exact }
    let matches = items.indices.filter { items[$0].id.name == name }
    return matches.count == 1 ? matches[0] : nil
  }

  private func answers(item: Int) -> CovariateValues {
    .answers(papers.indices.map { self[$0, item] })
  }

  private func scores(named name: String) -> CovariateValues? {
    if name == "score" { return .numeric(percentYes(items: Array(items.indices))) }
    let members = items.indices.filter { items[$0].id.category == name }
    return members.isEmpty || name.isEmpty ? nil : .numeric(percentYes(items: members))
  }

  /// Each paper's share of yes among the applicable items, in percent; `nil` when none applies.
  func percentYes(items columns: [Int]) -> [Double?] {
    zip(yes.rowCounts(columns: columns), applies.rowCounts(columns: columns)).map {
      $1 > 0 ? 100 * Double($0) / Double($1) : nil
    }
  }
}
