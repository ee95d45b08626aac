import RealModule

/// How far observed counts are from expected ones, in standard normal units.
///
/// Pearson's chi-square through the cube root of Wilson and Hilferty (1931). Classes whose
/// expectation is below 10 are merged with their neighbours.
func chiSquareScore(observed: [Int], expected: [Double]) -> Double {
  var classes: [(observed: Double, expected: Double)] = [(0, 0)]
  for (o, e) in zip(observed, expected) {
    if classes[classes.count - 1].expected >= 10 { classes.append((0, 0)) }
    classes[classes.count - 1].observed += Double(o)
    classes[classes.count - 1].expected += e
  }
  if let last = classes.last, last.expected < 10, classes.count > 1 {
    classes.removeLast()
    classes[classes.count - 1].observed += last.observed
    classes[classes.count - 1].expected += last.expected
  }
  let degrees = Double(classes.count - 1)
  let statistic = classes.reduce(0) {
    $0 + ($1.observed - $1.expected) * ($1.observed - $1.expected) / $1.expected
  }
  let spread = 2 / (9 * degrees)
  return (Double.root(statistic / degrees, 3) - (1 - spread)) / spread.squareRoot()
}

/// How far the mean of a sample is from its expectation, in standard errors.
func meanScore(_ values: [Double], expectation: Double) -> Double {
  let n = Double(values.count)
  let mean = values.reduce(0, +) / n
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
  return (mean - expectation) / (variance / n).squareRoot()
}
