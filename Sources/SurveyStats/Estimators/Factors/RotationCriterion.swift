import RealModule

/// What a rotation makes small.
public enum RotationCriterion: Sendable, Hashable, CustomStringConvertible {
  /// No rotation: the factors as extracted.
  case none
  /// Orthogonal; columns with large and small squared loadings (Kaiser 1958).
  case varimax
  /// Orthogonal; rows with one large squared loading (Neuhaus and Wrigley 1954).
  case quartimax
  /// Oblique; varimax loadings raised to a power serve as target (Hendrickson and White 1964).
  case promax(power: Double)
  /// Oblique; products of squared loadings of different factors (Jennrich and Sampson 1966).
  ///
  /// A gamma of 0 is quartimin, the usual choice.
  case oblimin(gamma: Double)
  /// Oblique; geometric means of the squared loadings of each item plus epsilon (Yates 1987).
  case geomin(epsilon: Double)

  /// Promax with the usual power of 4.
  public static let promax = RotationCriterion.promax(power: 4)
  /// Oblimin with the usual gamma of 0.
  public static let oblimin = RotationCriterion.oblimin(gamma: 0)
  /// Geomin with the usual epsilon of 0.01.
  public static let geomin = RotationCriterion.geomin(epsilon: 0.01)

  /// The name, without parameters.
  public var description: String {
    switch self {
    case .none: "none"
    case .varimax: "varimax"
    case .quartimax: "quartimax"
    case .promax: "promax"
    case .oblimin: "oblimin"
    case .geomin: "geomin"
    }
  }

  /// Whether the rotated factors may correlate.
  var isOblique: Bool {
    switch self {
    case .none, .varimax, .quartimax: false
    case .promax, .oblimin, .geomin: true
    }
  }

  /// Whether items are scaled to communality one during the rotation unless told otherwise.
  ///
  /// So it is where the reference programs do it: varimax and promax of R's `stats`, but not the
  /// criteria of `GPArotation`.
  var isKaiserNormalizedByDefault: Bool {
    switch self {
    case .varimax, .promax: true
    case .none, .quartimax, .oblimin, .geomin: false
    }
  }
}

/// A criterion as a function of the rotated loadings, with its derivatives.
///
/// The formulas are those of Bernaards and Jennrich (2005), table 1.
struct RotationFunction: Sendable {
  let evaluate: @Sendable (DenseMatrix) -> (value: Double, gradient: DenseMatrix)

  /// The variance of the squared loadings of each column, made large.
  static let varimax = RotationFunction { loadings in
    var gradient = loadings
    var value = 0.0
    for column in 0..<loadings.columns {
      let mean =
        loadings.column(column).reduce(0) { $0 + $1 * $1 } / Double(max(loadings.rows, 1))
      for row in 0..<loadings.rows {
        let loading = loadings[row, column]
        let excess = loading * loading - mean
        value -= excess * excess / 4
        gradient[row, column] = -loading * excess
      }
    }
    return (value, gradient)
  }

  /// The sum of fourth powers of loadings, made large.
  static let quartimax = RotationFunction { loadings in
    var gradient = loadings
    var value = 0.0
    for index in loadings.elements.indices {
      let square = loadings.elements[index] * loadings.elements[index]
      value -= square * square / 4
      gradient.elements[index] = -loadings.elements[index] * square
    }
    return (value, gradient)
  }

  /// Covariances of squared loadings of different factors, with means weighted by gamma.
  static func oblimin(gamma: Double) -> RotationFunction {
    RotationFunction { loadings in
      let (rows, columns) = (loadings.rows, loadings.columns)
      var others = DenseMatrix(rows: rows, columns: columns)
      for row in 0..<rows {
        var total = 0.0
        for column in 0..<columns { total += loadings[row, column] * loadings[row, column] }
        for column in 0..<columns {
          others[row, column] = total - loadings[row, column] * loadings[row, column]
        }
      }
      if gamma != 0 {
        for column in 0..<columns {
          let mean = others.column(column).reduce(0, +) / Double(rows)
          for row in 0..<rows { others[row, column] -= gamma * mean }
        }
      }
      var gradient = loadings
      var value = 0.0
      for index in loadings.elements.indices {
        let loading = loadings.elements[index]
        gradient.elements[index] = loading * others.elements[index]
        value += loading * loading * others.elements[index] / 4
      }
      return (value, gradient)
    }
  }

  /// Geometric means over factors of the squared loadings plus epsilon.
  static func geomin(epsilon: Double) -> RotationFunction {
    RotationFunction { loadings in
      let (rows, columns) = (loadings.rows, loadings.columns)
      var gradient = loadings
      var value = 0.0
      for row in 0..<rows {
        var logarithms = 0.0
        for column in 0..<columns {
          logarithms += Double.log(loadings[row, column] * loadings[row, column] + epsilon)
        }
        let mean = Double.exp(logarithms / Double(columns))
        value += mean
        for column in 0..<columns {
          let loading = loadings[row, column]
          gradient[row, column] =
            2 / Double(columns) * loading / (loading * loading + epsilon) * mean
        }
      }
      return (value, gradient)
    }
  }

  /// Squared distances from the elements of a target that are given; NaN marks free elements.
  static func target(_ target: DenseMatrix) -> RotationFunction {
    RotationFunction { loadings in
      var gradient = DenseMatrix(rows: loadings.rows, columns: loadings.columns)
      var value = 0.0
      for index in loadings.elements.indices where !target.elements[index].isNaN {
        let distance = loadings.elements[index] - target.elements[index]
        value += distance * distance
        gradient.elements[index] = 2 * distance
      }
      return (value, gradient)
    }
  }
}
