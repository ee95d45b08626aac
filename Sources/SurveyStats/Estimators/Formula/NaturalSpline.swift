/// A natural cubic spline basis: cubic between the knots, linear beyond the range of the data.
///
/// The basis is the one of R's `splines::ns`: cubic B-splines with boundary knots at the smallest
/// and largest value and `degreesOfFreedom − 1` inner knots at equally spaced quantiles (type 7),
/// projected on the functions whose second derivative vanishes at both ends, without the constant.
///
/// Reference: de Boor (2001), A Practical Guide to Splines, chapter IX; Hastie in Chambers & Hastie
/// (1992), Statistical Models in S, section 7.6.
struct NaturalSpline: Sendable, Equatable {
  /// The boundary knots.
  let lower: Double
  let upper: Double
  /// All knots, the boundary ones four times.
  private let knots: [Double]
  /// One row a basis function, one column a B-spline.
  private let projection: DenseMatrix

  /// The number of basis functions.
  var count: Int { projection.rows }

  /// Places the knots; the values must be sorted and have at least two different ones.
  init(sortedValues values: [Double], degreesOfFreedom: Int) {
    let last = values.count - 1
    lower = values[0]
    upper = values[last]
    let inner = (1..<max(degreesOfFreedom, 1)).map { index -> Double in
      let position = Double(last) * Double(index) / Double(degreesOfFreedom)
      let below = Int(position)
      let above = min(below + 1, last)
      return values[below] + (position - Double(below)) * (values[above] - values[below])
    }
    knots =
      [Double](repeating: lower, count: 4) + inner + [Double](repeating: upper, count: 4)
    let constraints = [lower, upper].map { [knots] end in
      Array(Self.secondDerivatives(at: end, knots: knots).dropFirst())
    }
    projection = Self.nullSpace(of: constraints)
  }

  /// The basis functions at a value; beyond the boundary knots they go on as straight lines.
  func values(at x: Double) -> [Double] {
    let inside = min(max(x, lower), upper)
    var splines = Array(Self.bSplines(order: 4, at: inside, knots: knots).dropFirst())
    if x != inside {
      let slopes = Self.firstDerivatives(at: inside, knots: knots).dropFirst()
      for (index, slope) in slopes.enumerated() { splines[index] += (x - inside) * slope }
    }
    return projection.multiplied(by: splines)
  }

  /// Cox–de Boor recursion: all B-splines of an order at a value within the knots.
  private static func bSplines(order: Int, at x: Double, knots: [Double]) -> [Double] {
    let last = knots[knots.count - 1]
    var values = (0..<knots.count - 1).map { index in
      let holds = knots[index] <= x && x < knots[index + 1]
      let isLastInterval = x == last && knots[index] < last && knots[index + 1] == last
      return holds || isLastInterval ? 1.0 : 0.0
    }
    for degree in 1..<max(order, 1) {
      values = (0..<knots.count - 1 - degree).map { index in
        let left = knots[index + degree] - knots[index]
        let right = knots[index + degree + 1] - knots[index + 1]
        return (left > 0 ? (x - knots[index]) / left * values[index] : 0)
          + (right > 0 ? (knots[index + degree + 1] - x) / right * values[index + 1] : 0)
      }
    }
    return values
  }

  private static func firstDerivatives(at x: Double, knots: [Double]) -> [Double] {
    differences(of: bSplines(order: 3, at: x, knots: knots), degree: 3, knots: knots)
  }

  private static func secondDerivatives(at x: Double, knots: [Double]) -> [Double] {
    let first = differences(of: bSplines(order: 2, at: x, knots: knots), degree: 2, knots: knots)
    return differences(of: first, degree: 3, knots: knots)
  }

  /// One step of the derivative recursion: from degree − 1 to the derivative of the given degree.
  private static func differences(of values: [Double], degree: Int, knots: [Double]) -> [Double] {
    (0..<values.count - 1).map { index in
      let left = knots[index + degree] - knots[index]
      let right = knots[index + degree + 1] - knots[index + 1]
      return Double(degree)
        * ((left > 0 ? values[index] / left : 0) - (right > 0 ? values[index + 1] / right : 0))
    }
  }

  /// An orthonormal basis of the vectors that satisfy both constraints, by Householder reflections
  /// of the constraints (the trailing columns of Q, as R takes them).
  private static func nullSpace(of constraints: [[Double]]) -> DenseMatrix {
    let size = constraints[0].count
    var reflections: [[Double]] = []
    for constraint in constraints {
      var vector = constraint
      for reflection in reflections { reflect(&vector, by: reflection) }
      let start = reflections.count
      for index in 0..<start { vector[index] = 0 }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vector[start] += vector[start] < 0 ? -norm : norm
      reflections.append(vector)
    }
    let rows = (constraints.count..<size).map { index -> [Double] in
      var unit = [Double](repeating: 0, count: size)
      unit[index] = 1
      for reflection in reflections.reversed() { reflect(&unit, by: reflection) }
      return unit
    }
    return DenseMatrix(rows)
  }

  private static func reflect(_ vector: inout [Double], by normal: [Double]) {
    let square = normal.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return }
    let product = zip(vector, normal).reduce(0) { $0 + $1.0 * $1.1 }
    for index in vector.indices { vector[index] -= 2 * product / square * normal[index] }
  }
}
