import Testing

/// `pca` as a user meets it.
@Suite struct PCACommandTests: StructureSuite {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func `eigenvalues, proportions and loadings have intervals`() throws {
    let eigenvalues = try run("pca", Self.plain())
    let first = try #require(records(eigenvalues).first)
    for (target, low, high) in [
      ("eigenvalue", "conf_low", "conf_high"), ("proportion", "proportion_low", "proportion_high"),
      ("cumulative", "cumulative_low", "cumulative_high"),
    ] {
      let estimate = try #require(first[target].flatMap(Double.init))
      let lower = try #require(first[low].flatMap(Double.init))
      let upper = try #require(first[high].flatMap(Double.init))
      #expect(lower < estimate && estimate < upper)
    }
    for command in ["pca", "factor"] {
      let loadings = try run(command, Self.plain(), "--table", "loadings")
      #expect(records(loadings).allSatisfy { Double($0["conf_low"] ?? "") != nil })
    }
  }

  @Test func `more components than variables are refused`() throws {
    let run = try run("pca", Self.plain(), "--components", "7")
    #expect(run.exitCode == 70 && run.errors.contains("7 components cannot be taken from 6"))
  }

  @Test func `rules for the number of components include the scree plot`() throws {
    let run = try run("pca", Self.plain(), "--table", "count")
    let scree = try #require(records(run).last)
    #expect(scree["rule"] == "scree-acceleration" && scree["components"] == "1")
    let parallel = try #require(records(run).first)
    #expect(parallel["parallel_sets"] == "20" && parallel["parallel_level"] == "0.95")
  }

  @Test func `loadings have the interval asked for, eigenvalues theirs`() throws {
    let tables = try ["percentile", "basic"].map { interval in
      try ["loadings", "eigenvalues"].map {
        try run("pca", Self.plain(), "--table", $0, "--interval", interval).output
      }
    }
    #expect(tables[0][0] != tables[1][0] && tables[0][1] == tables[1][1])
  }

  @Test func `loadings without intervals say why`() throws {
    let run = try run("pca", Self.plain(), "--table", "loadings", "--method", "imputation")
    #expect(records(run).allSatisfy { $0["note"] == "no-interval-of-method" })
  }

  @Test func `tetrachoric tables that were filled are counted`() throws {
    let run = try run("pca", Self.plain(papers: 30), "--coefficient", "tetrachoric")
    #expect(run.errors.contains("of 15 pairs ") && run.errors.contains("every cell holds 5 papers"))
  }
}
