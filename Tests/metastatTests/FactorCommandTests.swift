import Foundation
import Testing

/// `factor` and its reliability table as a user meets them.
@Suite struct FactorCommandTests: StructureSuite {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func `text leaves small loadings blank and CSV has them all`() throws {
    let arguments = ["--factors", "2", "--cut", "0.5"]
    let path = try matrix(Self.plain())
    let text = try workspace.run(["factor", path, "--format", "text"] + arguments)
    #expect(text.output.contains("Loadings below 0.5 in size are left blank"))
    #expect(text.output.contains("F2") && text.output.contains("complexity"))
    #expect(records(try workspace.run(["factor", path] + arguments)).count == 12)
    let all = try workspace.run(["factor", path, "--format", "text", "--all-columns"] + arguments)
    #expect(all.output.contains("structure"))
  }

  /// psych's tetrachoric correlations stop at 3e-5.
  @Test func `ordinal reliability agrees with psych from file to table`() throws {
    let golden = Workspace.repository.appending(path: "Tests/SurveyStatsTests/Golden/factors")
    let lines = try String(contentsOf: golden.appending(path: "lsat7.csv"), encoding: .utf8)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
    let table = try run(
      "factor", lines.map { $0.split(separator: ",").map(String.init) }, "--table", "reliability",
      "--coefficient", "tetrachoric")
    let reference = try String(
      contentsOf: golden.appending(path: "ordinal_reliability.csv"), encoding: .utf8)
    let rows = CSVText.rows(reference).filter { $0[0] == "lsat7" }
    #expect(rows.count == 8)
    for row in rows {
      let expected = try #require(Double(row[4]))
      #expect(abs(try #require(value(table, row[1])) - expected) < 1e-4, "\(row[1])")
    }
    let alpha = try #require(records(table).first)
    #expect(alpha["interval"] == "percentile")
    #expect((Double(alpha["conf_low"] ?? "") ?? 1) < (Double(alpha["conf_high"] ?? "") ?? 0))
  }

  @Test func `alpha has Feldt's and bootstrap intervals`() throws {
    let bootstrap = try run("factor", Self.plain(), "--table", "reliability")
    let feldt = try run("factor", Self.plain(), "--table", "reliability", "--interval", "feldt")
    let none = try run(
      "factor", Self.plain(), "--table", "reliability", "--bootstrap-replicates", "0")
    #expect(records(bootstrap).first?["interval"] == "percentile")
    #expect(records(feldt).first?["interval"] == "feldt")
    #expect(feldt.output == none.output)
    for term in ["lambda_1", "lambda_6", "split_half_median", "omega_total", "omega_hierarchical"] {
      #expect(value(bootstrap, term) != nil, "\(term)")
    }
  }

  @Test func `reliability leaves out items that share too few papers`() throws {
    let rows = Self.plain().enumerated().map { index, row in
      row + [index < 8 ? String(index % 2) : "NA"]
    }
    let alpha = try run("factor", rows, "--table", "reliability")
    #expect(alpha.errors.contains("1 left out (below-minimum-n): i7"))
    #expect(records(alpha).first?["n"] == "60")
    let all = try run("factor", rows, "--table", "reliability", "--min-n", "2")
    #expect(!all.errors.contains("left out") && value(all, "alpha") != value(alpha, "alpha"))
    let items = try run("factor", rows, "--table", "items")
    let last = try #require(records(items).last)
    #expect(last["term"] == "i7" && last["n"] == "8" && last["note"] == "below-minimum-n")
  }

  @Test func `alpha has Feldt's interval where the replicates allow none`() throws {
    // Two items share four papers of twelve: in many replicates one of them does not vary.
    let rows = (0..<12).map { index in
      [String(index % 2), index < 4 ? (index == 0 ? "0" : "1") : "NA"]
    }
    let run = try run("factor", rows, "--table", "reliability", "--min-n", "2")
    let alpha = try #require(records(run).first)
    #expect(alpha["interval"] == "feldt" && alpha["conf_low"] != "NA")
    #expect(alpha["note"]?.hasPrefix("undefined-replicates: ") == true)
  }

  @Test func `intervals of factor correlations hold the estimate`() throws {
    let run = try run("factor", Self.plain(), "--factors", "2", "--table", "correlations")
    let pair = try #require(records(run).first)
    let limits = ["conf_low", "estimate", "conf_high"].compactMap {
      pair[$0].flatMap(Double.init)
    }
    #expect(limits.count == 3 && limits == limits.sorted() && limits[0] > -1 && limits[2] < 1)
    #expect(pair["note"] != nil)
  }

  @Test func `dimensions are tested and rotated towards`() throws {
    let dimensions = try dimensions()
    let test = try run("factor", Self.plain(), "--table", "dimensions", "--dimensions", dimensions)
    #expect(records(test).map { $0["term"] } == ["A", "B", "mean"])
    let target = try run(
      "factor", Self.plain(), "--rotation", "target", "--dimensions", dimensions)
    #expect(target.exitCode == 0 && records(target).count == 12)
    #expect(Set(records(target).map { $0["factor"] }) == ["A", "B"])
    #expect(records(target).allSatisfy { $0["note"] != "no-interval-of-target" })
    #expect(
      records(target).contains { row in
        guard let estimate = row["estimate"].flatMap(Double.init),
          let low = row["conf_low"].flatMap(Double.init),
          let high = row["conf_high"].flatMap(Double.init)
        else { return false }
        return low <= estimate && estimate <= high
      })
    let text = try run(
      "factor", Self.plain(), "--rotation", "target", "--dimensions", dimensions, "--format",
      "text")
    #expect(text.output.contains("Each factor is named after the dimension"))
  }

  @Test func `the level of the RMSEA is 0.9 unless asked for`() throws {
    let levels = try [[], ["--level", "0.95"]].map { more in
      records(
        try workspace.run(
          ["factor", try matrix(Self.plain()), "--factors", "1", "--table", "fit"] + more)
      ).first { $0["term"] == "rmsea" }?["conf_level"]
    }
    #expect(levels == ["0.9", "0.95"])
  }

  @Test func `parallel analysis draws as many data sets as asked for`() throws {
    let tables = try ["20", "200"].map {
      try run("factor", Self.plain(), "--table", "eigenvalues", "--parallel-replicates", $0).output
    }
    #expect(tables[0] != tables[1])
  }
}
