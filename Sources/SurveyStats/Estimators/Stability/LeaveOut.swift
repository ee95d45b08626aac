/// What becomes of the headline numbers when all papers of a venue, version, rater or tag are left out.
///
/// For each group of each variable, and each number: the number of the other papers with its limits
/// (`HeadlineNumbers/estimate(_:_:level:)`), and how far it is from that of all papers, also in standard errors of the
/// latter. A group without which a number moves by more than one such error has the note `moves`. Nothing is tested:
/// large groups move numbers more.
///
/// Cost: O(papers × numbers) for each variable.
public struct LeaveOut: Analysis {
  /// The variables.
  public var by: [String]
  /// The bands of scores.
  public var tiers: Tiers
  /// The confidence level.
  public var level: Double

  /// One row a group and number.
  public typealias Result = [LeaveOutRow]

  /// Asks what becomes of numbers without groups of variables.
  public init(_ by: [String], tiers: Tiers = .standard, level: Double = 0.95) {
    self.by = by
    self.tiers = tiers
    self.level = level
  }

  /// The variables of groups unless others are named, as far as papers have several values of them.
  public static func usualVariables(of matrix: BinaryMatrix) -> [String] {
    ["venue", "version", "rater", "tags"].filter { name in
      ((try? matrix.variables.groups(name))?.count ?? 0) > 1
    }
  }

  /// Features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Works everything out; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let numbers = HeadlineNumbers(matrix, tiers: tiers)
    var whole = numbers.none
    for paper in matrix.papers.indices { numbers.add(paper, to: &whole) }
    let all = numbers.terms.indices.map { numbers.estimate($0, whole, level: level) }
    var rows: [LeaveOutRow] = []
    for variable in by {
      for group in try matrix.variables.groups(variable) {
        var rest = whole
        for paper in group.papers { numbers.add(paper, to: &rest, sign: -1) }
        for term in numbers.terms.indices {
          var estimate = numbers.estimate(term, rest, level: level)
          let change = estimate.value.flatMap { value in all[term].value.map { value - $0 } }
          var error = all[term].standardError
          if error == nil, let low = all[term].lower, let high = all[term].upper {
            error = (high - low) / 2 / Normal().upperQuantile((1 - level) / 2)
          }
          let inErrors = change.flatMap { change in
            error.flatMap { $0 > 0 ? change / $0 : nil }
          }
          if let inErrors, abs(inErrors) > 1 {
            estimate.notes.append(Note("moves", effect: .remark, words: "moves the number"))
          }
          estimate.notes += sample.notes
          rows.append(
            LeaveOutRow(
              variable: variable, group: group.name, groupCount: group.papers.count,
              term: numbers.terms[term], whole: all[term].value, estimate: estimate,
              change: change, inErrors: inErrors))
        }
      }
    }
    return Prepared(draws: []) { [rows] _ in rows }
  }
}

/// A headline number without a group of papers.
public struct LeaveOutRow: Sendable, Equatable {
  /// The variable.
  public let variable: String
  /// The group that is left out.
  public let group: String
  /// Its papers.
  public let groupCount: Int
  /// The number.
  public let term: String
  /// The number of all papers.
  public let whole: Double?
  /// The number of the others.
  public let estimate: Estimate
  /// The latter less the former.
  public let change: Double?
  /// The change in standard errors of the number of all papers.
  let inErrors: Double?
}

extension Table {
  /// Numbers without groups: `by`, `group`, `n_group`, `term`, `n`, `estimate` with its error and limits, `whole`,
  /// `change`, `in_errors`, `note`.
  public init(leaveOut rows: [LeaveOutRow], level: Double) {
    self.init(
      name: "leave_out",
      caption:
        "Headline numbers without the papers of a group, and how far that is from all papers.",
      columns: [
        Column("by", .text(rows.map(\.variable))), Column("group", .text(rows.map(\.group))),
        Column("n_group", .integer(rows.map(\.groupCount))),
        Column("term", .text(rows.map(\.term))),
        Column("n", .integer(rows.map(\.estimate.count))),
      ] + Column.columns(of: rows.map(\.estimate)) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("whole", .real(rows.map(\.whole))), Column("moved", .real(rows.map(\.change))),
        Column("in_errors", .real(rows.map(\.inErrors))),
        Column.notes(rows.map(\.estimate.notes)),
      ])
  }
}
