public import SurveyStats

extension Table {
  /// Which analyses a matrix allows, which not, why, and what would unblock them.
  public init(supportOf matrix: BinaryMatrix) {
    var rows: [(analysis: String, supported: String, reason: String, remedy: String?)] = []
    func add(_ analysis: String, _ supported: String, _ reason: String, _ remedy: String? = nil) {
      rows.append((analysis, supported, reason, remedy))
    }
    let papers = matrix.papers
    let paperCount = matrix.distinctPaperCount
    let items = matrix.items.indices
    let applicable = items.map { matrix.applies.count(column: $0) }
    let varied = items.filter { item in
      let yes = matrix.yes.count(column: item)
      return yes > 0 && yes < applicable[item]
    }
    func counted(_ count: Int, _ noun: String) -> String {
      "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    let size = "\(counted(paperCount, "paper")), \(counted(items.count, "item"))"
    let answered = applicable.filter { $0 > 0 }.count
    add(
      "rates", answered == 0 ? "no" : paperCount < 10 ? "limited" : "yes",
      answered == 0
        ? "no item applies to any paper"
        : "\(size); \(counted(answered, "item")) with answers"
          + (paperCount < 10 ? "; intervals will be wide" : ""),
      answered == 0 ? "map words to yes and no" : paperCount < 10 ? "more papers" : nil)
    let categories = Set(matrix.items.map(\.id.category)).filter { !$0.isEmpty }
    add(
      "rates of categories, category scores", categories.count > 1 ? "yes" : "no",
      categories.isEmpty
        ? "items have no categories"
        : categories.count == 1 ? "1 category" : "\(categories.count) categories",
      categories.count > 1
        ? nil : "name items category.item, or give them categories in a recipe or codebook")
    add(
      "scores", paperCount < 2 ? "no" : paperCount < 10 ? "limited" : "yes",
      "\(counted(paperCount, "paper")) with up to \(counted(items.count, "item")) each",
      paperCount < 10 ? "more papers" : nil)
    let years = papers.compactMap(\.year)
    let distinct = Set(years).sorted()
    let span = distinct.first.map { first in
      distinct.count == 1 ? "\(first)" : "\(first) to \(distinct[distinct.count - 1])"
    }
    add(
      "trend",
      distinct.count < 2 ? "no" : distinct.count < 3 || years.count < 20 ? "limited" : "yes",
      span.map {
        "years \($0)\(distinct.count == 1 ? " only" : ""), of \(counted(years.count, "row"))"
      }
        ?? "no paper has a year",
      distinct.count < 2
        ? "papers of several years, or another number with `on:` and `metadata:`" : nil)
    let groups = [MetadataColumn.type, .venue, .tags, .group].compactMap { column -> String? in
      var counts: [String: Int] = [:]
      for paper in papers {
        for value in column.values(of: paper) { counts[value, default: 0] += 1 }
      }
      let usable = counts.values.count { $0 >= 2 }
      return usable >= 2 ? "\(column.rawValue) (\(usable) groups of 2 papers or more)" : nil
    }
    let covariates = papers.covariateNames.sorted()
    add(
      "compare", groups.isEmpty && covariates.isEmpty ? "no" : "yes",
      groups.isEmpty
        ? covariates.isEmpty
          ? "no column makes groups" : "by \(covariates.prefix(5).joined(separator: ", "))"
        : "by \(groups.joined(separator: ", "))",
      groups.isEmpty && covariates.isEmpty
        ? "add a column such as type or group, or `covariates:`" : nil)
    add(
      "correlate", varied.count < 2 || paperCount < 3 ? "no" : paperCount < 30 ? "limited" : "yes",
      "\(counted(varied.count, "item")) with both answers, \(counted(paperCount, "paper"))",
      varied.count < 2
        ? "items that some papers pass and some fail" : paperCount < 30 ? "30 papers or more" : nil)
    let enough = paperCount >= 5 * varied.count && paperCount >= 50
    add(
      "pca, factor, irt", varied.count < 3 || paperCount < 10 ? "no" : enough ? "yes" : "limited",
      "\(counted(varied.count, "item")) with both answers, \(counted(paperCount, "paper"))",
      enough && varied.count >= 3 ? nil : "three items and 50 papers, and five papers an item")
    let best =
      varied.map { item in
        let yes = matrix.yes.count(column: item)
        return min(yes, applicable[item] - yes)
      }.max() ?? 0
    add(
      "logit", best < 5 ? "no" : best < 10 ? "limited" : "yes",
      best == 0
        ? "no item has both answers"
        : "at most \(counted(best, "paper")) with an item's rarer answer",
      best < 10 ? "10 papers with the rarer answer for each predictor" : nil)
    addRaters(to: &rows, matrix)
    let weights = papers.count { $0.weight != nil }
    add(
      "weights", weights > 0 ? "yes" : "no",
      weights > 0 ? "\(counted(weights, "row")) with a weight" : "no column 'weight'",
      weights > 0 ? nil : "add a column named weight, if papers were drawn unequally")
    let clusters = Set(papers.compactMap(\.cluster)).count
    let venues = Set(papers.compactMap(\.venue)).count
    add(
      "clusters", max(clusters, venues) < 2 ? "no" : max(clusters, venues) < 10 ? "limited" : "yes",
      clusters > 0
        ? counted(clusters, "cluster")
        : venues > 0 ? "\(counted(venues, "venue")) (`cluster: venue`)" : "no column 'cluster'",
      max(clusters, venues) < 10 ? "10 clusters or more" : nil)
    self.init(
      name: "support", caption: "What the data allow. \(size).",
      columns: [
        Column("analysis", .text(rows.map(\.analysis))),
        Column("supported", .text(rows.map(\.supported))),
        Column("reason", .text(rows.map(\.reason))),
        Column("remedy", .text(rows.map(\.remedy))),
      ])
  }
}

/// Agreement, and rates corrected for error, need papers that two raters answered.
private func addRaters(
  to rows: inout [(analysis: String, supported: String, reason: String, remedy: String?)],
  _ matrix: BinaryMatrix
) {
  var raters: [String: Set<String>] = [:]
  for paper in matrix.papers {
    if let rater = paper.rater { raters[paper.slug, default: []].insert(rater) }
  }
  let all = raters.values.reduce(into: Set<String>()) { $0.formUnion($1) }
  let twice = raters.values.count { $0.count > 1 }
  let reason =
    all.isEmpty
    ? "no column says who answered"
    : "\(all.count) rater\(all.count == 1 ? "" : "s"), \(twice) paper\(twice == 1 ? "" : "s") with "
      + "answers of two"
  rows.append(
    (
      "agree", twice == 0 ? "no" : twice < 30 ? "limited" : "yes", reason,
      twice == 0
        ? "a column named rater, and papers that two raters answered, or a second file"
        : twice < 30 ? "30 papers or more by two raters" : nil
    ))
  rows.append(
    (
      "rates corrected for raters' error", twice == 0 ? "no" : twice < 50 ? "limited" : "yes",
      reason + (twice > 0 && twice < 50 ? "; intervals will be wide" : ""),
      twice == 0 ? "the better rater's answers about some of the papers" : nil
    ))
}
