/// Which papers show which of some patterns.
///
/// A pattern is a condition in three-valued logic. *Where it is defined* is the set of the papers for
/// which it is true or false. For a conjunction this set depends on the answers: `a and not b` is
/// false wherever `a` is no, also where `b` does not apply, but true only where both apply, so its
/// share there is too small. Such a pattern counts over the papers to which *all its parts apply*,
/// that is for which every part is true or false. For `or` and `at least k of` the set where it is
/// defined is taken.
public struct PatternAnswers: Sendable {
  /// The patterns.
  public let patterns: [NamedPatterns.Pattern]
  /// Whether each holds.
  public let truths: [Truths]
  /// Whether each part of each holds: the terms of a conjunction, a disjunction or a count; the
  /// pattern itself when it has no parts.
  public let parts: [[Truths]]
  private let matrix: BinaryMatrix

  /// Answers patterns for the papers of a matrix, all of whose variables must exist.
  public init(
    _ patterns: [NamedPatterns.Pattern], of variables: Variables
  ) throws(VariableError) {
    self.patterns = patterns
    matrix = variables.matrix
    truths = try variables.truths(patterns.map(\.condition))
    var parts: [[Truths]] = []
    for pattern in patterns {
      parts.append(try variables.truths(try variables.expanding(pattern.condition.parts)))
    }
    self.parts = parts
  }

  /// The papers that count for a pattern: to which all parts of a conjunction apply, or where another
  /// condition is defined.
  func counted(_ pattern: Int) -> Truths {
    patterns[pattern].condition.conjuncts == nil
      ? truths[pattern].isDefined
      : Truths.all(parts[pattern].map(\.isDefined), count: matrix.papers.count)
  }

  /// The patterns as items of a matrix of the same papers: yes and no where a pattern counts, else not
  /// applicable.
  public var counted: BinaryMatrix { items(answers) }

  /// Whether a pattern holds, undefined for papers that do not count for it.
  public func answers(_ pattern: Int) -> Truths { truths[pattern].limited(to: counted(pattern)) }

  /// The patterns as items of a matrix of the same papers: yes and no where a pattern is defined, else
  /// not applicable.
  public var defined: BinaryMatrix { items { truths[$0] } }

  private func items(_ answers: (Int) -> Truths) -> BinaryMatrix {
    var yes = BitColumns(rowCount: matrix.papers.count, columnCount: patterns.count)
    var applies = yes
    var asked = yes
    for pattern in patterns.indices {
      answers(pattern).write(to: pattern, yes: &yes, applies: &applies)
      for paper in matrix.papers.indices { asked[paper, pattern] = true }
    }
    return BinaryMatrix(
      papers: matrix.papers,
      items: patterns.map {
        Item(id: ItemID(category: BinaryMatrix.patternCategory, name: $0.name), label: $0.label)
      }, yes: yes, applies: applies, asked: asked)
  }

  /// The share of papers that would show a pattern if its parts were independent of each other, each
  /// as common as it is among the papers to which all of them apply; `nil` for a single part, or when
  /// there are no such papers.
  ///
  /// For a conjunction it is the product of the shares of the parts, for a count the tail of their
  /// Poisson binomial distribution.
  ///
  /// - Parameters:
  ///   - pattern: The place of the pattern.
  ///   - papers: The papers to look at.
  ///   - weights: The weights of all papers; equal without.
  public func expectedShare(
    of pattern: Int, among papers: [Int], weights: [Double]? = nil
  ) -> Double? {
    let parts = parts[pattern]
    guard parts.count > 1 else { return nil }
    let all = Truths.all(parts.map(\.isDefined), count: matrix.papers.count)
    var shares = [Double](repeating: 0, count: parts.count)
    var total = 0.0
    if let weights {
      for paper in papers where all[paper] == true {
        total += weights[paper]
        for part in parts.indices where parts[part][paper] == true {
          shares[part] += weights[paper]
        }
      }
    } else {
      var isMember = [Bool?](repeating: false, count: matrix.papers.count)
      for paper in papers where all[paper] == true { isMember[paper] = true }
      let members = Truths(isMember)
      total = Double(members.trueCount)
      for part in parts.indices {
        shares[part] = Double(
          Truths.all([parts[part], members], count: matrix.papers.count).trueCount)
      }
    }
    guard total > 0 else { return nil }
    return patterns[pattern].condition.probability(ofParts: shares.map { $0 / total })
  }
}

extension Expression {
  /// The terms that make it up; itself when it has none.
  var parts: [Expression] {
    if let conjuncts { return conjuncts }
    switch self {
    case .any(let parts), .count(_, _, let parts): return parts
    case .not(.all(let parts)): return parts.map { .negated($0) }
    default: return [self]
    }
  }

  /// The probability that it holds when its parts hold independently with the given ones.
  fileprivate func probability(ofParts shares: [Double]) -> Double {
    if conjuncts != nil { return shares.reduce(1, *) }
    // How probable it is that so many parts hold.
    var counts = [1.0]
    for share in shares {
      var next = [Double](repeating: 0, count: counts.count + 1)
      for (count, probability) in counts.enumerated() {
        next[count] += probability * (1 - share)
        next[count + 1] += probability * share
      }
      counts = next
    }
    guard case .count(let quantifier, let bound, _) = self else { return 1 - counts[0] }
    let chosen =
      switch quantifier {
      case .atLeast: counts.dropFirst(bound)
      case .atMost: counts.prefix(bound + 1)
      case .exactly: counts.dropFirst(bound).prefix(1)
      }
    return Swift.min(1, chosen.reduce(0, +))
  }
}

extension BinaryMatrix {
  /// The category under which patterns stand in tables.
  static let patternCategory = "pattern"

  /// Patterns as items: yes or no where a pattern counts (``PatternAnswers``), else not applicable.
  public func answers(to patterns: [NamedPatterns.Pattern]) throws(VariableError) -> BinaryMatrix {
    try PatternAnswers(patterns, of: variables).counted
  }
}
