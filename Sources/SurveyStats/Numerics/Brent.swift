import RealModule

/// Searches along one variable that need no derivatives (Brent 1973).
public enum Brent {
  /// A root of a continuous function between two points where its signs differ.
  ///
  /// Inverse quadratic interpolation and secant steps, guarded by bisection (Brent 1973, chapter
  /// 4).
  ///
  /// - Returns: the root to within `tolerance` or the spacing of doubles, or `nil` if the function
  ///   has the same sign at both ends.
  public static func root(
    in range: ClosedRange<Double>, tolerance: Double = 1e-13, of function: (Double) -> Double
  ) -> Double? {
    var a = range.lowerBound
    var b = range.upperBound
    var fa = function(a)
    var fb = function(b)
    if fa == 0 { return a }
    if fb == 0 { return b }
    guard (fa < 0) != (fb < 0), fa.isFinite, fb.isFinite else { return nil }
    var (c, fc) = (a, fa)
    var step = b - a
    var last = step
    for _ in 0..<500 {
      if abs(fc) < abs(fb) {
        (a, b, c) = (b, c, b)
        (fa, fb, fc) = (fb, fc, fb)
      }
      let precision = 2 * Double.ulpOfOne * abs(b) + tolerance / 2
      let half = (c - b) / 2
      if abs(half) <= precision || fb == 0 { return b }
      if abs(last) >= precision && abs(fa) > abs(fb) {
        let s = fb / fa
        var p: Double
        var q: Double
        if a == c {
          p = 2 * half * s
          q = 1 - s
        } else {
          let t = fa / fc
          let r = fb / fc
          p = s * (2 * half * t * (t - r) - (b - a) * (r - 1))
          q = (t - 1) * (r - 1) * (s - 1)
        }
        if p > 0 { q = -q } else { p = -p }
        if 2 * p < min(3 * half * q - abs(precision * q), abs(last * q)) {
          last = step
          step = p / q
        } else {
          step = half
          last = half
        }
      } else {
        step = half
        last = half
      }
      (a, fa) = (b, fb)
      b += abs(step) > precision ? step : (half > 0 ? precision : -precision)
      fb = function(b)
      if (fb > 0) == (fc > 0) {
        (c, fc) = (a, fa)
        step = b - a
        last = step
      }
    }
    return b
  }

  /// The point and value of a local minimum within an interval.
  ///
  /// Golden sections and parabolas (Brent 1973, chapter 5). The point is exact to about the square
  /// root of the precision of doubles, which is all that values without derivatives can give.
  public static func minimum(
    in range: ClosedRange<Double>, tolerance: Double = 1e-9, of function: (Double) -> Double
  ) -> (point: Double, value: Double) {
    let golden = (3 - Double.sqrt(5)) / 2
    var a = range.lowerBound
    var b = range.upperBound
    var x = a + golden * (b - a)
    var (w, v) = (x, x)
    var fx = function(x)
    var (fw, fv) = (fx, fx)
    var step = 0.0
    var last = 0.0
    for _ in 0..<500 {
      let middle = (a + b) / 2
      let precision = 1.5e-8 * abs(x) + tolerance / 3
      if abs(x - middle) <= 2 * precision - (b - a) / 2 { break }
      var golds = true
      if abs(last) > precision {
        let r = (x - w) * (fx - fv)
        var q = (x - v) * (fx - fw)
        var p = (x - v) * q - (x - w) * r
        q = 2 * (q - r)
        if q > 0 { p = -p } else { q = -q }
        if abs(p) < abs(q * last / 2) && p > q * (a - x) && p < q * (b - x) {
          last = step
          step = p / q
          let next = x + step
          if next - a < 2 * precision || b - next < 2 * precision {
            step = x < middle ? precision : -precision
          }
          golds = false
        }
      }
      if golds {
        last = x < middle ? b - x : a - x
        step = golden * last
      }
      let u = x + (abs(step) >= precision ? step : (step > 0 ? precision : -precision))
      let fu = function(u)
      if fu <= fx {
        if u < x { b = x } else { a = x }
        (v, fv) = (w, fw)
        (w, fw) = (x, fx)
        (x, fx) = (u, fu)
      } else {
        if u < x { a = u } else { b = u }
        if fu <= fw || w == x {
          (v, fv) = (w, fw)
          (w, fw) = (u, fu)
        } else if fu <= fv || v == x || v == w {
          (v, fv) = (u, fu)
        }
      }
    }
    return (x, fx)
  }
}
