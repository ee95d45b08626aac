/// Loadings for people: items in the order of the factors they load on, small loadings left blank.
///
/// An item belongs to the factor on which its loading is largest in size. Items of one factor stand
/// together, the largest first, and those whose loadings are all below the cut come last, as in R's
/// psych (`print(fa, cut, sort = TRUE)`).
struct SparseLoadings {
  /// The limits of one interval.
  typealias Limits = PairwiseAssociations.Limits

  /// The items, in the order of the rows.
  let order: [Int]
  private let loadings: DenseMatrix
  private let limits: [Limits?]?
  private let cut: Double

  /// Arranges loadings, one row an item and one column a factor.
  ///
  /// - Parameters:
  ///   - loadings: The loadings.
  ///   - limits: Their intervals, factor by factor.
  ///   - cut: The size below which a loading is left blank.
  ///   - isSorted: Whether items are sorted by factor; otherwise they keep their order.
  init(_ loadings: DenseMatrix, limits: [Limits?]? = nil, cut: Double, isSorted: Bool) {
    self.loadings = loadings
    self.limits = limits
    self.cut = cut
    let keys = (0..<loadings.rows).map { item -> (factor: Int, size: Double) in
      let sizes = loadings.row(item).map(abs)
      let size = sizes.max() ?? 0
      return (size >= cut ? sizes.firstIndex(of: size) ?? 0 : loadings.columns, size)
    }
    order =
      isSorted
      ? keys.indices.sorted { first, second in
        let (a, b) = (keys[first], keys[second])
        if a.factor != b.factor { return a.factor < b.factor }
        return a.size != b.size ? a.size > b.size : first < second
      } : Array(keys.indices)
  }

  /// One column a factor, with its limits.
  func columns(named names: [String]) -> [Column] {
    names.indices.flatMap { factor -> [Column] in
      let shown = order.map { abs(loadings[$0, factor]) >= cut }
      func column(_ suffix: String, _ style: Column.Style, _ value: (Int) -> Double?) -> Column {
        Column(
          names[factor] + suffix,
          .real(order.indices.map { shown[$0] ? value(order[$0]) : nil }), style: style)
      }
      let limit = { (item: Int) in limits?[factor * loadings.rows + item] }
      return [
        column("", .sparse) { loadings[$0, factor] },
        column("_low", .lowerLimit(of: names[factor])) { limit($0)?.lower },
        column("_high", .upperLimit(of: names[factor])) { limit($0)?.upper },
      ]
    }
  }

  /// What is left blank.
  var notes: [String] {
    cut > 0
      ? ["Loadings below \(NumberFormat.shortest(cut)) in size are left blank; CSV has them all."]
      : []
  }
}
