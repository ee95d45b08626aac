import Foundation
import SurveyStats

/// The part of the page on clusters and papers of unequal size, bounded means, and different items.
struct AwkwardPage {
  let results: [AwkwardResult]
  let study: AwkwardStudy

  /// What stands around this part of the page, so that it can be renewed by itself.
  static let (start, end) = ("<!-- awkward data: start -->", "<!-- awkward data: end -->")

  /// A page with its part on awkward data renewed, or added at the end.
  static func renewing(_ part: String, in page: String) -> String {
    let block = start + "\n\n" + part + "\n\n" + end
    guard let from = page.range(of: start), let to = page.range(of: end) else {
      return page.trimmingCharacters(in: .newlines) + "\n\n" + block + "\n"
    }
    return page.replacingCharacters(in: from.lowerBound..<to.upperBound, with: block)
  }

  /// The part on awkward data of a page; nil if it has none.
  static func part(of page: String) -> String? {
    guard let from = page.range(of: start), let to = page.range(of: end) else { return nil }
    return page[from.upperBound..<to.lowerBound].trimmingCharacters(in: .newlines)
  }

  private var error: String {
    NumberFormat.fixed(100 * (0.95 * 0.05 / Double(study.samples)).squareRoot(), digits: 2)
  }

  private var quarterError: String {
    NumberFormat.fixed(100 * (0.95 * 0.05 / Double(study.samples / 4)).squareRoot(), digits: 2)
  }

  /// The text.
  var text: String {
    [
      "## Awkward data",
      CoveragePage.filled(
        """
        `swift run -c release --package-path Studies coverage awkward` writes this part and
        [coverage-awkward.csv](coverage-awkward.csv). A cell of the tables is the mean coverage /
        the lowest over the true values / the mean length, in percent and points. Each true value
        has \(study.samples) samples (standard error \(error) points near 95%, of a lowest value of
        several about two such errors downwards), means and mixes \(study.samples / 4)
        (\(quarterError)). The seed is \(study.seed).
        """),
      "### Clusters of unequal size",
      CoveragePage.filled(
        """
        One item; rates of 5, 10, 30 and 50%; beta-binomial clusters with the correlation named.
        `auto` is Clopper–Pearson on p (1 − p)/V · (z/t)², with the bias-reduced variance CR2 and the
        degrees of freedom of Bell and McCaffrey, without a cap at the number of papers; `wilson` the
        same with Wilson's limits; Korn–Graubard has degrees of freedom by the number of clusters.
        With two strata the rates of these differ by 60%; `rates grow with size` means those of the
        clusters, and the truth is that of papers.
        """),
      CoveragePage.filled(
        summary(
          "clusters", "auto",
          "Over all \(count("clusters", "auto")) situations `auto` covers")),
      table("clusters", heading: "clusters"),
      "### Weights",
      CoveragePage.filled(
        """
        One item; rates of 5, 10, 30 and 50%; papers with lognormal weights of the standard deviation
        named (on the log scale), or one paper a hundred times as heavy; informative weights go with
        the rate, and the truth is the weighted rate. `auto` is Wilson on the smaller of
        Korn–Graubard's and Kish's number, with Student's t of Kish's number less one.
        """),
      CoveragePage.filled(
        summary("weights", "auto", "Over all situations `auto` covers")),
      table("weights", heading: "weights"),
      "### Means of scores",
      CoveragePage.filled(
        """
        Scores of papers with beta-distributed rates, passed over applicable items: means of 2, 5, 10,
        30, 50, 80 and 95%, each with few items, many items, and papers that are alike. `auto` is the
        weighted mean of the papers and half a paper at the bound (`dirichlet`) up to 200 effective
        papers, then percentiles; with clusters it also encloses Clopper–Pearson on the bias-reduced
        variance. Student's t is cut at 0 and 100.
        """),
      CoveragePage.filled(summary("means", "auto", "Over all situations `auto` covers")),
      table("means", heading: "papers"),
      "### Groups that were asked different items",
      CoveragePage.filled(
        """
        Twenty items a group, of which a share is asked in all; items of the last group alone are
        harder by one logit, and easy items apply half as often there; papers have an effect of their
        own (standard deviation 0.7 logits). There is no difference between the last group and the
        first. Bias of the difference in points / its coverage of 0 / the mean length: what is missing
        to 100% are false alarms.
        """),
      mixTable,
      "### Finite populations",
      CoveragePage.filled(
        """
        One item that applies to every paper, of populations of which some papers are read; exact sums
        over the hypergeometric distribution for rates of 5, 10, 30 and 50%. Without the correction
        intervals are too long, and cover nearly always.
        """),
      table("populations", heading: "population, papers read"),
    ].joined(separator: "\n\n")
  }

  private func count(_ topic: String, _ method: String) -> Int {
    results.count { $0.topic == topic && $0.method == method }
  }

  /// The lowest and highest coverage of a method.
  private func summary(_ topic: String, _ method: String, _ start: String) -> String {
    let found = results.filter { $0.topic == topic && $0.method == method }
    let cells = found.flatMap(\.cells).map(\.coverage)
    let means = found.map(\.mean)
    return """
      \(start) \(CoveragePage.percent(cells.min() ?? 0))% at least in a cell, and on average
      \(CoveragePage.percent(means.min() ?? 0))% to \(CoveragePage.percent(means.max() ?? 0))%.
      """
  }

  private func table(_ topic: String, heading: String) -> String {
    let found = results.filter { $0.topic == topic }
    var methods: [String] = []
    for result in found where !methods.contains(result.method) { methods.append(result.method) }
    var rows: [[String]] = []
    for result in found where result.method == methods[0] {
      let key = [result.situation + ", " + result.parameter]
      rows.append(
        key
          + methods.map { method in
            found.first {
              $0.method == method && $0.situation == result.situation
                && $0.parameter == result.parameter
            }.map { result in
              let lowest = CoveragePage.percent(result.lowest)
              let shown = result.lowest < 0.93 ? "**\(lowest)**" : lowest
              return
                "\(CoveragePage.percent(result.mean)) / \(shown) / \(CoveragePage.percent(result.length))"
            } ?? "–"
          })
    }
    return CoveragePage.table([heading] + methods, rows)
  }

  private var mixTable: String {
    let found = results.filter { $0.topic == "mixes" }
    let methods = ItemMix.Method.allCases.map(\.rawValue)
    let rows = found.filter { $0.method == methods[0] }.map { result in
      [result.situation + ", " + result.parameter]
        + methods.map { method in
          found.first {
            $0.method == method && $0.situation == result.situation
              && $0.parameter == result.parameter
          }.map { result in
            NumberFormat.fixed(100 * (result.bias ?? 0), digits: 1) + " / "
              + CoveragePage.percent(result.mean) + " / " + CoveragePage.percent(result.length)
          } ?? "–"
        }
    }
    return CoveragePage.table(["groups, items in all"] + methods, rows)
  }
}

extension Table {
  /// The results on awkward data, one row a method in a situation, to six decimals.
  init(awkward results: [AwkwardResult]) {
    func rounded(_ value: (AwkwardResult) -> Double?) -> Column.Values {
      .real(results.map { value($0).map { ($0 * 1e6).rounded() / 1e6 } })
    }
    self.init(
      name: "awkward",
      columns: [
        Column("topic", .text(results.map(\.topic))),
        Column("situation", .text(results.map(\.situation))),
        Column("parameter", .text(results.map(\.parameter))),
        Column("interval", .text(results.map(\.method))),
        Column("coverage", rounded(\.mean)),
        Column("lowest_coverage", rounded(\.lowest)),
        Column("mean_length", rounded(\.length)),
        Column("bias", rounded(\.bias)),
        Column("samples", .integer(results.map(\.samples))),
      ])
  }
}
