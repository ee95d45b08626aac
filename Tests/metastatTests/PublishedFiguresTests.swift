import Foundation
import Testing

/// Figures that the survey published, recomputed from the counts that it published with them
/// (`data/published_stats.csv`).
@Suite struct PublishedFiguresTests {
  private let workspace: Workspace
  private let published: [[String]]

  init() throws {
    workspace = try Workspace()
    published = CSVText.rows(
      try String(
        contentsOf: Workspace.repository.appending(path: "data/published_stats.csv"),
        encoding: .utf8))
  }

  private func value(_ statistic: String, _ subset: String) throws -> Double {
    let row = try #require(published.first { $0[3] == statistic && $0[4] == subset })
    return try #require(Double(row[5]))
  }

  @Test func `shares of tiers follow from their counts`() throws {
    let names = [
      "score >= 70", "score 60-69", "score 50-59", "score 40-49", "score 30-39", "score < 30",
    ]
    var lines = ["paper," + (0..<10).map { "a.i\($0)" }.joined(separator: ",")]
    for (tier, name) in names.enumerated() {
      for paper in 0..<Int(try value("tier_count", name)) {
        let cells = (0..<10).map { $0 < 7 - tier ? "1" : "0" }
        lines.append("t\(tier)p\(paper)," + cells.joined(separator: ","))
      }
    }
    let path = try workspace.write(lines.joined(separator: "\n") + "\n", to: "tiers.csv")
    let rows = try workspace.run("scores", path, "--quiet").rows
    let tiers = rows.filter { $0[1].hasPrefix("share") }
    #expect(tiers.count == 6 && tiers.allSatisfy { $0[2] == "467" })
    for (row, name) in zip(tiers, names) {
      #expect(Double(row[3]) == (try value("tier_count", name)))
      let share = try #require(Double(row[4]))
      #expect((100 * share).rounded() == (try value("tier_share_pct", name)))
    }
  }

  @Test func `the first calibration agrees in 373 of 400 answers`() throws {
    let counts = published.filter { $0[3] == "agreements_of_50" }.map { Int($0[5]) ?? 0 }
    #expect(counts.count == 8 && counts.reduce(0, +) == 373)
    let header = "paper," + (0..<50).map { "a.i\($0)" }.joined(separator: ",")
    func file(_ name: String, _ cell: (Int, Int) -> String) throws -> String {
      let rows = counts.indices.map { paper in
        "p\(paper)," + (0..<50).map { cell(paper, $0) }.joined(separator: ",")
      }
      return try workspace.write(
        ([header] + rows).joined(separator: "\n") + "\n", to: "\(name).csv")
    }
    let sonnet = try file("sonnet") { _, item in item % 2 == 0 ? "1" : "0" }
    let opus = try file("opus") { paper, item in
      (item % 2 == 0) == (item < counts[paper]) ? "1" : "0"
    }
    let run = try workspace.run(
      "agree", sonnet, opus, "--rows", "overall", "--coefficient", "agreement", "--parts",
      "states", "--quiet")
    let place = try #require(run.rows[0].firstIndex(of: "estimate"))
    let estimate = try #require(Double(run.rows[1][place]))
    #expect(abs(estimate - 373.0 / 400) < 1e-12)
    let rate = try value("agreement_rate_pct", "round 1 overall (373 of 400 item pairs)")
    #expect(abs(100 * estimate - rate) <= 0.05 + 1e-9)
  }

  @Test func `the layers are 58 points apart`() throws {
    let base = try value("category_pass_rate_pct", "evaluation_design (base layer)")
    let rigor = try value("category_pass_rate_pct", "experimental_rigor (conditional)")
    let rows = (0..<100).map { "p\($0),\(Double($0) < base ? 1 : 0),\(Double($0) < rigor ? 1 : 0)" }
    let path = try workspace.write(
      "paper,evaluation_design.ablation_study,experimental_rigor.number_of_runs_stated\n"
        + rows.joined(separator: "\n") + "\n", to: "layers.csv")
    let run = try workspace.run(
      "compare", path, "--pair", "evaluation_design", "experimental_rigor", "--quiet")
    let place = try #require(run.rows[0].firstIndex(of: "estimate"))
    let estimate = try #require(Double(run.rows[1][place]))
    #expect(abs(100 * estimate - (base - rigor)) < 1e-9)
  }

  @Test func `published weights make the weighted mean of category scores`() throws {
    let names = [
      "claims_and_evidence", "setup_transparency", "conflicts_of_interest", "artifacts",
      "data_integrity",
    ]
    let weights = try names.map { try value("learned_category_weight", $0) }
    let path = try workspace.write(
      "paper," + names.map { "\($0).x" }.joined(separator: ",") + "\np,1,0,1,0,1\nq,0,1,NA,1,0\n",
      to: "weights.csv")
    let run = try workspace.run(
      "scores", path, "--weights",
      Workspace.repository.appending(path: "data/weights.json").path(percentEncoded: false),
      "--table", "papers", "--quiet")
    let place = try #require(run.rows[0].firstIndex(of: "composite_categories"))
    let total = weights.reduce(0, +)
    let first = 100 * (weights[0] + weights[2] + weights[4]) / total
    let second = 100 * (weights[1] + weights[3]) / (total - weights[2])
    #expect(abs((Double(run.rows[1][place]) ?? 0) - first) < 1e-9)
    #expect(abs((Double(run.rows[2][place]) ?? 0) - second) < 1e-9)
  }

  @Test func `published weights move mean and median as published`() throws {
    // Three papers whose scores in two categories, solved for, give the published means and medians.
    let passed = [(595, 387), (511, 289), (687, 417)]
    func cells(_ count: Int) -> String {
      (0..<1_000).map { $0 < count ? "1" : "0" }.joined(separator: ",")
    }
    let header = ["claims_and_evidence", "artifacts"].flatMap { category in
      (0..<1_000).map { "\(category).x\($0)" }
    }
    let rows = passed.enumerated().map { "p\($0),\(cells($1.0)),\(cells($1.1))" }
    let path = try workspace.write(
      (["paper," + header.joined(separator: ",")] + rows).joined(separator: "\n") + "\n",
      to: "shift.csv")
    for (score, kind) in [("score", "uniform"), ("composite_categories", "weighted")] {
      let run = try workspace.run(
        "scores", path, "--weights",
        Workspace.repository.appending(path: "data/weights.json").path(percentEncoded: false),
        "--of", score, "--quiet")
      for term in ["mean", "median"] {
        let row = try #require(run.rows.first { $0[0] == score && $0[1] == term })
        let estimate = try #require(Double(row[4]))
        let figure = try value("corpus_\(term)_\(kind)", "whole corpus")
        #expect(abs(estimate - figure) < 0.05, "\(score) \(term)")
      }
    }
  }
}
