/// How many papers of each group would pass each item if all groups had the same mix of types, years, ….
///
/// ``Standardization`` says what is estimated; strata that a group lacks are left out for all groups.
public struct StandardizedRates: Analysis {
  /// The metadata column of the groups.
  public var by: String
  /// The columns whose mix is made equal.
  public var columns: [String]
  /// The confidence level.
  public var level: Double
  /// Which groups are too small to stand alone.
  var folding: GroupFolding

  /// The rates of an item.
  public struct Row: Sendable {
    /// The item, `category.item`.
    public let term: String
    /// The rates of all groups.
    public let standardization: Standardization
  }

  /// The rows, and what was done to groups and strata.
  public struct Result: Sendable {
    /// A row an item.
    public let rows: [Row]
    /// What is ignored of the sample.
    let notes: [Note]
    /// The group of every paper.
    public let labels: GroupLabels
    /// The papers with several values of a column, which count with the first.
    public let severalCounts: [Int]
    /// The confidence level.
    let level: Double
  }

  /// Asks for the rates of groups at a common mix.
  public init(
    by: String, columns: [String], level: Double = 0.95, folding: GroupFolding = GroupFolding()
  ) {
    self.by = by
    self.columns = columns
    self.level = level
    self.folding = folding
  }

  /// Every paper counts once and alike.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Works out the rates; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let labels = folding.labels(try matrix.disjointGroups(of: by))
    let mixed = try columns.map { column throws(ModelFormulaError) in
      do throws(VariableError) { return try matrix.disjointGroups(of: column) } catch {
        throw .variable(error)
      }
    }
    let strata = matrix.papers.indices.map { paper -> String? in
      let values = mixed.compactMap { $0.labels[paper] }
      return values.count == mixed.count ? values.joined(separator: ", ") : nil
    }
    let result = Result(
      rows: matrix.items.indices.map { item in
        Row(
          term: matrix.items[item].id.description,
          standardization: Standardization(
            answers: matrix.outcome(item: item).values, groups: labels.labels, strata: strata,
            commonStrataOnly: true))
      }, notes: sample.notes, labels: labels, severalCounts: mixed.map(\.severalCount),
      level: level)
    return Prepared(draws: []) { _ in result }
  }
}
