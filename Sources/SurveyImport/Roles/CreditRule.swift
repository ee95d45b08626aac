import SurveyStats

/// What a partial answer is worth, as people say it: `Partially=0.5`, `0.5`, or a scale `0..4`.
public enum CreditRule: Sendable, Equatable {
  /// A word that earns a share of a point.
  case word(String, share: Double)
  /// Numbers that earn their place between the worst and the best of a scale.
  case scale(Recipe.Scale)

  /// Reads a rule; `nil` for other text, and for shares outside 0 to 1.
  public init?(_ text: String) {
    func number(_ text: Substring) -> Double? {
      let text = WordForm.trimmed(String(text))
      return WordForm.number(text, decimal: .point) ?? WordForm.number(text, decimal: .comma)
    }
    if let sign = text.lastIndex(of: "=") {
      let word = WordForm.trimmed(String(text[..<sign]))
      guard let share = number(text[text.index(after: sign)...]), 0...1 ~= share, !word.isEmpty
      else { return nil }
      self = .word(word, share: share)
    } else if let dots = text.firstRange(of: "..") {
      guard let worst = number(text[..<dots.lowerBound]),
        let best = number(text[dots.upperBound...]),
        let scale = Recipe.Scale(worst: worst, best: best)
      else { return nil }
      self = .scale(scale)
    } else {
      guard let share = number(text[...]), 0...1 ~= share else { return nil }
      self = .word(WordForm.trimmed(text), share: share)
    }
  }
}

extension Recipe {
  /// The ends of a scale whose numbers earn a share of a point.
  public struct Scale: Sendable, Equatable {
    /// The number that is a no.
    public let worst: Double
    /// The number that is a yes; it may be the smaller one.
    public let best: Double

    /// Creates a scale; `nil` when its ends are the same.
    public init?(worst: Double, best: Double) {
      guard worst != best, worst.isFinite, best.isFinite else { return nil }
      self.worst = worst
      self.best = best
    }

    /// What a number earns; `nil` outside the scale.
    public func share(_ number: Double) -> Double? {
      let share = (number - worst) / (best - worst)
      return 0...1 ~= share ? share : nil
    }
  }
}

/// What a cell says: one of the four states, and what a partial answer, a no, earns.
struct Answer: Equatable {
  var cell: Cell
  var share: Double?

  init(_ cell: Cell) { self.cell = cell }

  /// A share of a point; all of it is a yes, nothing a no.
  init(share: Double) {
    cell = share == 1 ? .yes : .no
    self.share = share > 0 && share < 1 ? share : nil
  }
}
