/// The scores of every paper, in percent of its applicable items.
///
/// A score is `100 · passed / applicable` over a set of items; NA and absent cells are in neither
/// count, and a paper to which none of the items applies has no score. A partial answer counts as its
/// share of a passed item (``PartialCredit``). Composites weigh categories:
///
/// * by items, `100 · Σ w y / Σ w m` over categories with y of m applicable items passed;
/// * by categories, the weighted mean of the category scores that are defined;
/// * by dimensions, the floored harmonic mean of dimension scores (see ``Dimensions``).
///
/// Cost: one pass over the cells.
public struct PaperScores: Sendable, Equatable {
  /// One named score of every paper, in percent; `nil` where undefined.
  public struct Score: Sendable, Equatable {
    /// The name of the column.
    public let name: String
    /// The value for each paper.
    public let values: [Double?]

    /// Creates a score.
    init(name: String, values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  /// The number of applicable cells of each paper.
  public let applicable: [Int]
  /// The number of yes cells of each paper; partial answers are none.
  public let passed: [Int]
  /// The overall score.
  public let overall: Score
  /// The score of each category, in the order of the matrix.
  public let categories: [Score]
  /// Composites, when weights or dimensions were given.
  public private(set) var composites: [Score]

  /// Computes all scores.
  public init(
    _ matrix: BinaryMatrix, weights: CompositeWeights? = nil, dimensions: Dimensions? = nil
  ) {
    let targets = RateTarget.all(in: matrix, levels: [.category])
    let all = Counts(matrix, items: Array(matrix.items.indices))
    applicable = all.applicable
    passed = all.passed
    overall = Score(name: "score", values: all.scores)
    let counts = targets.map { Counts(matrix, items: $0.items) }
    categories = zip(targets, counts).map { Score(name: $0.term, values: $1.scores) }
    var composites: [Score] = []
    if let weights {
      composites.append(Self.weightedByItems(matrix, weights: weights))
      composites.append(
        Self.weightedByCategories(
          categories, weights: weights, paperCount: matrix.papers.count))
    }
    if let dimensions {
      let scores = dimensions.dimensions.map { dimension in
        let items = matrix.items.indices.filter {
          dimension.categories.contains(matrix.items[$0].id.category)
        }
        return Score(
          name: "dimension_\(dimension.name.lowercased())",
          values: Counts(matrix, items: items).scores)
      }
      composites += scores
      composites.append(
        Score(
          name: "composite_dimensions",
          values: matrix.papers.indices.map { paper in
            dimensions.composite(of: scores.map { $0.values[paper] })
          }))
    }
    self.composites = composites
  }

  /// Adds a composite that was computed elsewhere, such as one of an item response model.
  public mutating func append(_ composite: Score) {
    precondition(composite.values.count == applicable.count, "not one value a paper")
    composites.append(composite)
  }

  /// The score of that name: `score`, a category, or a composite; `category:x` is the category x even
  /// where something else has its name.
  public subscript(name: String) -> Score? {
    ([overall] + categories + composites).first { $0.name == name }
      ?? categories.first { Self.categoryPrefix + $0.name == name }
  }

  /// What stands before the name of a category that something else has too.
  static let categoryPrefix = "category:"

  /// The names of all scores, in the order of the table.
  public var names: [String] { ([overall] + categories + composites).map(\.name) }

  private static func weightedByItems(
    _ matrix: BinaryMatrix, weights: CompositeWeights
  ) -> Score {
    let weight = matrix.items.map { weights.weight(of: $0.id) }
    let earned = matrix.earned(items: Array(matrix.items.indices), weights: weight)
    let values = matrix.papers.indices.map { paper -> Double? in
      var passed = earned?[paper] ?? 0
      var applicable = 0.0
      for item in matrix.items.indices where matrix.applies[paper, item] {
        applicable += weight[item]
        if matrix.yes[paper, item] { passed += weight[item] }
      }
      return applicable > 0 ? 100 * passed / applicable : nil
    }
    return Score(name: "composite_items", values: values)
  }

  private static func weightedByCategories(
    _ categories: [Score], weights: CompositeWeights, paperCount: Int
  ) -> Score {
    let values = (0..<paperCount).map { paper -> Double? in
      var total = 0.0
      var weightTotal = 0.0
      for category in categories {
        guard let score = category.values[paper] else { continue }
        let weight = weights.categories[category.name] ?? 0
        total += weight * score
        weightTotal += weight
      }
      return weightTotal > 0 ? total / weightTotal : nil
    }
    return Score(name: "composite_categories", values: values)
  }

  /// Yes and applicable cells of each paper among some items.
  private struct Counts {
    var passed: [Int]
    var applicable: [Int]
    /// What partial answers earn, where there are any.
    var earned: [Double]?

    init(_ matrix: BinaryMatrix, items: [Int]) {
      passed = matrix.yes.rowCounts(columns: items)
      applicable = matrix.applies.rowCounts(columns: items)
      earned = matrix.earned(items: items)
    }

    var scores: [Double?] {
      passed.indices.map { paper in
        applicable[paper] > 0
          ? 100 * (Double(passed[paper]) + (earned?[paper] ?? 0)) / Double(applicable[paper]) : nil
      }
    }
  }
}
