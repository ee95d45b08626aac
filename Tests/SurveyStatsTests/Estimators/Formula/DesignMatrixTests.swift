import RealModule
import Testing

@testable import SurveyStats

@Suite struct DesignMatrixTests {
  let matrix = BinaryMatrix(
    papers: (0..<6).map { index in
      Paper(
        slug: "p\(index)", year: 2020 + index, type: ["empirical", "survey"][index % 2],
        tags: index < 4 ? ["llm"] : ["llm", "vision"],
        covariates: ["points": index == 0 ? "0" : "\(index * 10)"])
    },
    items: [
      Item(id: ItemID("open.code")), Item(id: ItemID("open.data")),
      Item(id: ItemID("setup.seed")),
    ]
  ) { paper, item in
    item == 2 && paper == 5 ? .notApplicable : (paper + item) % 2 == 0 ? .yes : .no
  }

  @Test func `metadata, tags, items, scores and covariate columns can be named`() throws {
    let formula = try ModelFormula("year:center + type + tags + setup.seed + open + points:log1p")
    let design = try DesignMatrix(formula, from: matrix)
    #expect(
      design.columnNames == [
        "(Intercept)", "year:center", "type[survey]", "tags[llm]", "tags[vision]", "setup.seed",
        "open", "points:log1p",
      ])
    #expect(design.papers == [0, 1, 2, 3, 4])
    #expect(design.values.row(4)[1...6] == [1.5, 0, 1, 1, 1, 50])
    #expect(abs(design.values[4, 7] - Double.log(41)) < 1e-14)
    #expect(
      design.notes == [
        "year:center: year minus 2022.5",
        "type: reference level 'empirical' (the most frequent, 3 papers)",
        "1 of 6 papers left out for missing covariates (setup.seed 1)",
      ])
  }

  @Test func `interactions multiply columns`() throws {
    let design = try DesignMatrix(ModelFormula("type * tags"), from: matrix)
    #expect(
      design.columnNames.suffix(2) == ["type[survey]*tags[llm]", "type[survey]*tags[vision]"])
    #expect(design.values.column(5).elementsEqual([0, 0, 0, 0, 0, 1]))
    #expect(design.termOfColumn == [nil, 0, 1, 1, 2, 2])
  }

  @Test func `the reference level can be chosen, and items taken as categories`() throws {
    let design = try DesignMatrix(
      ModelFormula("type:ref=survey + setup.seed:factor"), from: matrix)
    #expect(
      design.columnNames == [
        "(Intercept)", "type[empirical]", "setup.seed[does not apply]", "setup.seed[no]",
      ])
    #expect(design.papers.count == 6)
  }

  @Test(
    arguments: [
      ("points:log", "'points:log' is undefined for 1 papers; take points:log1p, log(1 + x)"),
      (
        "colour",
        "no variable, item or category is called 'colour'; there are paper, year, type, tags, points, "
          + "score, n_applicable, n_yes, base, open, setup"
      ),
      ("type:scale", "'type' is not numeric; write 'type:factor' or leave it plain"),
      ("type:ref=poem", "'type' has no level 'poem'"),
      (
        "points:log1p:log",
        "'points:log1p:log' is undefined for 1 papers; take points:log1p:log1p, log(1 + x)"
      ),
      ("venue", "no paper has a value in 'venue'"),
      ("rater + year", "no paper has a value in 'rater'"),
      ("ns(open, 4)", "'open' needs 5 distinct values, it has 1"),
    ])
  func `variables that cannot be used are named`(text: String, message: String) throws {
    let formula = try ModelFormula(text)
    let error = #expect(throws: ModelFormulaError.self) {
      try DesignMatrix(formula, from: matrix)
    }
    #expect(error?.description == message)
  }

  @Test func `chained forms are applied one after the other`() throws {
    let design = try DesignMatrix(
      ModelFormula("points:log1p:center + poly(points:log1p, 2)"), from: matrix)
    let column = Array(design.values.column(1))
    #expect(abs(column.reduce(0, +)) < 1e-12)
    let first = Array(design.values.column(2))
    let ratios = zip(column, first).filter { abs($0.0) > 1e-9 }.map { $0.1 / $0.0 }
    #expect(ratios.allSatisfy { abs($0 - ratios[0]) < 1e-9 })
  }

  @Test func `a column knows its reference, centre and words`() throws {
    let design = try DesignMatrix(
      ModelFormula("type*year:center + setup.seed + poly(points, 2)"), from: matrix)
    let codings = design.columnCodings
    #expect(codings["type[survey]"]?.reference == "empirical")
    #expect(codings["type[survey]"]?.effect == nil, "part of an interaction")
    let product = codings["type[survey]*year:center"]
    #expect(product?.effect == "ratio of odds ratios of type[survey]*year:center")
    #expect(product?.reference == "empirical")
    #expect(product?.coding?.contains("year minus") == true)
    #expect(codings["setup.seed"]?.effect == "odds ratio of setup.seed yes against no")
    #expect(codings["poly(points,2)1"]?.effect == nil)
    #expect(codings["(Intercept)"]?.effect == nil)
  }
}
