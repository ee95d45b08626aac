import SurveyStats

/// Text of the pictures: how wide it is, and where its lines break.
///
/// Widths are those of Liberation Sans, in which the renderer measures; they equal Arial's.
package enum FigureText {
  /// The widths of the printable characters of ASCII from the space on, in thousandths of the size.
  private static let widths: [Double] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
  /// The width of any other character; most letters are narrower.
  private static let otherWidth = 1_000.0

  /// The width of one line of text.
  package static func width(_ text: some StringProtocol, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { total, scalar in
      let place = Int(scalar.value) - 32
      return total + (widths.indices.contains(place) ? widths[place] : otherWidth)
    } * size / 1_000
  }

  /// Text in lines of at most so many points, broken at spaces, or within a word that is longer.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - width: The greatest width of a line.
  ///   - size: The size of the font.
  ///   - limit: The most lines; what is beyond them is cut with "…".
  package static func lines(
    _ text: String, within width: Double, size: Double, limit: Int = .max
  ) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, Self.width(last + " " + word, size: size) <= width {
        lines[lines.count - 1] = last + " " + word
        continue
      }
      lines.append("")
      for character in word {
        if let last = lines.last, !last.isEmpty,
          Self.width(last + String(character), size: size) > width
        {
          lines.append("")
        }
        lines[lines.count - 1].append(character)
      }
    }
    guard lines.count > limit else { return lines }
    var last = lines[limit - 1] + "…"
    while Self.width(last, size: size) > width, last.count > 1 {
      last.remove(at: last.index(last.endIndex, offsetBy: -2))
    }
    return Array(lines.prefix(limit - 1)) + [last]
  }
}
