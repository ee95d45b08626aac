public import SurveyStats

/// A table with a row for each study, of which columns say what is known.
public struct StudyTable: Sendable {
  /// What a column holds.
  public enum Role: String, Sendable, CaseIterable {
    /// The name of the study.
    case study
    /// Events and size of the first group, or the only one.
    case events, total
    /// Events and size of the second group.
    case events2, total2
    /// Mean, standard deviation and size of the first group, or the only one.
    case mean, sd, n
    /// Mean, standard deviation and size of the second group.
    case mean2, sd2, n2
    /// A correlation.
    case r
    /// Person-time of the groups.
    case time, time2
    /// An effect with its variance or standard error.
    case yi, vi, sei

    /// Names that mean the role where nothing was said, those of metafor among them.
    var usualNames: [String] {
      switch self {
      case .study: ["study", "author", "trial", "label", "slab"]
      case .events: ["events", "xi", "ai", "x1i", "tpos"]
      case .total: ["total", "ni", "n1i"]
      case .events2: ["events2", "ci", "x2i", "cpos"]
      case .total2: ["total2", "n2i"]
      case .mean: ["mean", "m1i", "mi"]
      case .sd: ["sd", "sd1i", "sdi"]
      case .n: ["n", "n1i", "ni"]
      case .mean2: ["mean2", "m2i"]
      case .sd2: ["sd2", "sd2i"]
      case .n2: ["n2", "n2i"]
      case .r: ["r", "ri", "cor"]
      case .time: ["time", "ti", "t1i"]
      case .time2: ["time2", "t2i"]
      case .yi: ["yi", "effect", "estimate"]
      case .vi: ["vi", "variance"]
      case .sei: ["sei", "se", "std_error"]
      }
    }
  }

  /// Why studies cannot be made of the table.
  public enum Fault: Error, Equatable, CustomStringConvertible {
    /// There is no column of that name.
    case unknownColumn(role: Role, name: String, nearest: [String])
    /// A cell is no number.
    case notNumber(column: String, text: String, place: Int)
    /// No column is known to hold what the measure is made of.
    case missingRoles([Role], measure: EffectMeasure, nearest: [EffectMeasure])
    /// The measure is not usable.
    case measure(MetaError)

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .unknownColumn(let role, let name, let nearest):
        "--\(role.rawValue): there is no column '\(name)'" + NearestNames.suggestion(of: nearest)
      case .notNumber(let column, let text, let place):
        "line \(place): '\(text)' in the column '\(column)' is no number"
      case .missingRoles(let roles, let measure, let nearest):
        "the measure \(measure.rawValue) needs \(measure.material.words); name the columns with "
          + roles.map { "--\($0.rawValue)" }.joined(separator: ", ")
          + (nearest.isEmpty
            ? "" : ", or take `measure:` \(nearest.map(\.rawValue).joined(separator: " or "))")
      case .measure(let error): "\(error)"
      }
    }
  }

  /// The names of the columns.
  public let names: [String]
  /// The cells, a list a column.
  public let cells: [[String]]
  /// The line or row of each study, for messages.
  public let places: [Int]
  /// Whether numbers have decimal commas.
  let hasDecimalCommas: Bool

  /// Creates a table.
  public init(
    names: [String], cells: [[String]], places: [Int], hasDecimalCommas: Bool = false
  ) {
    self.names = names
    self.cells = cells
    self.places = places
    self.hasDecimalCommas = hasDecimalCommas
  }

  /// The number of studies.
  public var count: Int { places.count }

  /// Some of the studies, in the given order.
  public func selecting(_ rows: [Int]) -> StudyTable {
    StudyTable(
      names: names, cells: cells.map { column in rows.map { column[$0] } },
      places: rows.map { places[$0] }, hasDecimalCommas: hasDecimalCommas)
  }

  /// The studies with the columns that were used.
  public struct Result: Sendable {
    /// The studies.
    public var studies: StudyEffects
    /// The columns of the roles that were found by their names.
    public var guessed: [(role: Role, column: String)]
  }

  /// Makes studies of the columns.
  ///
  /// - Parameters:
  ///   - measure: The measure; `nil` for the usual one of the columns that are named.
  ///   - roles: The columns by role; others are found by their usual names.
  ///   - correction: What is added to counts; `nil` for what is usual.
  public func studies(
    _ measure: EffectMeasure?, roles: [Role: String],
    correction: ContinuityCorrection? = nil
  ) throws(Fault) -> Result {
    var used: [Role: Int] = [:]
    for role in Role.allCases {
      guard let name = roles[role] else { continue }
      guard let column = names.firstIndex(of: name) else {
        throw .unknownColumn(
          role: role, name: name, nearest: NearestNames(names).nearest(to: name))
      }
      used[role] = column
    }
    var guessed: [(role: Role, column: String)] = []
    func find(_ role: Role) -> Bool {
      if used[role] != nil { return true }
      let folded = names.map { $0.lowercased() }
      guard
        let column = role.usualNames.lazy.compactMap({ name in folded.firstIndex(of: name) }).first,
        !used.values.contains(column)
      else { return false }
      used[role] = column
      guessed.append((role, names[column]))
      return true
    }
    let chosen: EffectMeasure
    if let measure { chosen = measure } else { chosen = usualMeasure(Set(roles.keys)) }
    let needed = chosen.material.roles
    let missing = needed.filter { !find($0) }
    let hasError = chosen.material != .effect || find(.sei) || find(.vi)
    guard missing.isEmpty, hasError else {
      let known = Set(used.keys)
      let nearest = EffectMeasure.allCases.filter { other in
        other.material != chosen.material && !other.material.roles.isEmpty
          && other.material.roles.allSatisfy(known.contains)
          && (other.material != .effect || known.contains(.sei) || known.contains(.vi))
      }
      throw .missingRoles(
        missing + (hasError ? [] : [.sei]), measure: chosen,
        nearest: Array(nearest.prefix(3)))
    }
    _ = find(.study)
    let labels = places.indices.map { row in
      used[.study].map { cells[$0][row] }.flatMap { $0.isEmpty ? nil : $0 } ?? "\(row + 1)"
    }
    var numbers: [Role: [Double?]] = [:]
    for (role, column) in used where role != .study { numbers[role] = try self.numbers(column) }
    let counts = places.indices.map { row -> StudyCounts? in
      func value(_ role: Role) -> Double? { numbers[role].flatMap { $0[row] } }
      return StudyCounts(chosen.material, value)
    }
    do throws(MetaError) {
      let studies = try StudyEffects(
        chosen, labels: labels, counts: counts, correction: correction)
      return Result(studies: studies, guessed: guessed)
    } catch { throw .measure(error) }
  }

  /// The measure that goes with the columns that were named.
  private func usualMeasure(_ roles: Set<Role>) -> EffectMeasure {
    if roles.contains(.yi) { return .generic }
    if roles.contains(.time2) { return .rateRatio }
    if roles.contains(.time) { return .logIncidenceRate }
    if roles.contains(.r) { return .fisherZ }
    if roles.contains(.mean2) { return .standardizedMeanDifference }
    if roles.contains(.mean) { return .mean }
    if roles.contains(.events2) { return .oddsRatio }
    if roles.contains(.events) { return .logit }
    let folded = Set(names.map { $0.lowercased() })
    func has(_ role: Role) -> Bool { role.usualNames.contains(where: folded.contains) }
    if has(.yi) { return .generic }
    if has(.time2), has(.events2) { return .rateRatio }
    if has(.events2) { return .oddsRatio }
    if has(.mean2) { return .standardizedMeanDifference }
    if has(.r) { return .fisherZ }
    if has(.events), has(.time) { return .logIncidenceRate }
    if has(.mean), has(.sd) { return .mean }
    return .logit
  }

  private func numbers(_ column: Int) throws(Fault) -> [Double?] {
    var result: [Double?] = []
    for (row, text) in cells[column].enumerated() {
      if text.isEmpty || ["na", "nan", "n/a", "."].contains(text.lowercased()) {
        result.append(nil)
        continue
      }
      let plain = hasDecimalCommas ? text.replacing(",", with: ".") : text
      guard let number = Double(plain), number.isFinite else {
        throw .notNumber(column: names[column], text: text, place: places[row])
      }
      result.append(number)
    }
    return result
  }

  /// The columns as variables: numbers where all cells are, else categories.
  public var variables: CovariateColumns {
    CovariateColumns(
      names.indices.map { column -> (name: String, values: VariableValues) in
        if let numbers = try? numbers(column), numbers.contains(where: { $0 != nil }) {
          return (names[column], .numeric(numbers))
        }
        return (
          names[column],
          .categorical(
            cells[column].map { $0.isEmpty || $0.lowercased() == "na" ? nil : $0 })
        )
      })
  }

  /// The labels of a column; empty cells have none.
  public func labels(_ name: String) throws(Fault) -> [String?] {
    guard let column = names.firstIndex(of: name) else {
      throw .unknownColumn(
        role: .study, name: name, nearest: NearestNames(names).nearest(to: name))
    }
    return cells[column].map { $0.isEmpty || $0.lowercased() == "na" ? nil : $0 }
  }
}

extension EffectMeasure.Material {
  /// The roles whose columns are needed; of an effect its error or variance too.
  var roles: [StudyTable.Role] {
    switch self {
    case .events: [.events, .total]
    case .twoByTwo: [.events, .total, .events2, .total2]
    case .mean: [.mean, .sd, .n]
    case .means: [.mean, .sd, .n, .mean2, .sd2, .n2]
    case .correlation: [.r, .n]
    case .personTime: [.events, .time]
    case .personTimes: [.events, .time, .events2, .time2]
    case .effect: [.yi]
    }
  }
}

extension StudyCounts {
  /// What is known of a study, from the values of roles; `nil` where one is missing.
  init?(_ material: EffectMeasure.Material, _ value: (StudyTable.Role) -> Double?) {
    switch material {
    case .events:
      guard let events = value(.events), let total = value(.total) else { return nil }
      self = .events(events, of: total)
    case .twoByTwo:
      guard let a = value(.events), let first = value(.total), let c = value(.events2),
        let second = value(.total2)
      else { return nil }
      self = .twoByTwo(a, of: first, against: c, ofOther: second)
    case .mean:
      guard let mean = value(.mean), let sd = value(.sd), let n = value(.n) else { return nil }
      self = .mean(Group(mean: mean, deviation: sd, size: n))
    case .means:
      guard let mean = value(.mean), let sd = value(.sd), let n = value(.n),
        let mean2 = value(.mean2), let sd2 = value(.sd2), let n2 = value(.n2)
      else { return nil }
      self = .means(
        Group(mean: mean, deviation: sd, size: n), Group(mean: mean2, deviation: sd2, size: n2))
    case .correlation:
      guard let r = value(.r), let n = value(.n) else { return nil }
      self = .correlation(r, papers: n)
    case .personTime:
      guard let events = value(.events), let time = value(.time) else { return nil }
      self = .personTime(events, over: time)
    case .personTimes:
      guard let events = value(.events), let time = value(.time), let other = value(.events2),
        let time2 = value(.time2)
      else { return nil }
      self = .personTimes(events, over: time, against: other, overOther: time2)
    case .effect:
      guard let yi = value(.yi) else { return nil }
      guard let variance = value(.vi) ?? value(.sei).map({ $0 * $0 }) else { return nil }
      self = .effect(yi, variance: variance)
    }
  }
}
