import Foundation
import RealModule
import Testing

@testable import SurveyStats

@Suite struct LogisticRegressionTests {
  let golden = RegressionGolden("logistic")
  let birthwt = RegressionGolden.data("logistic", "birthwt")
  let likelihood = LogisticRegression(estimation: .maximumLikelihood)

  @Test(
    arguments: [
      ("birthwt", "birthwt", "age + lwt + race + smoke + ptl + ht + ui + ftv", "low"),
      ("spline", "birthwt", "ns(age, 3) + smoke", "low"),
      ("polynomial", "birthwt", "poly(lwt, 2) + smoke * age", "low"),
      ("infert", "infert", "spontaneous + induced + age", "case"),
    ])
  func `estimates and standard errors are those of R's glm`(
    model: String, file: String, formula: String, outcome: String
  ) throws {
    let data = RegressionGolden.data("logistic", file)
    let design = try DesignMatrix(ModelFormula(formula), from: data)
    let fit = try likelihood.fit(design, outcome: data.outcome(outcome))
    #expect(
      golden.largestError(
        model, "coefficient", names: fit.columnNames, values: fit.coefficients) < 1e-9)
    #expect(
      golden.largestError(
        model, "standard_error", names: fit.columnNames, values: fit.standardErrors) < 1e-9)
    #expect(abs(-2 * fit.logLikelihood - golden.value(model, "deviance")) < 1e-9)
  }

  @Test func `weights and offsets enter as in glm, and zero weights leave papers out`() throws {
    let design = try DesignMatrix(ModelFormula("age + smoke"), from: birthwt)
    let weights = (0..<189).map { [1.0, 2, 0, 3][$0 % 4] }
    let offset = birthwt.numbers("lwt").map { ($0 - 130) / 100 }
    let fit = try likelihood.fit(
      design, outcome: birthwt.outcome("low"), weights: weights, offset: offset)
    #expect(
      golden.largestError(
        "weighted", "coefficient", names: fit.columnNames, values: fit.coefficients) < 1e-9)
    #expect(
      golden.largestError(
        "weighted", "standard_error", names: fit.columnNames, values: fit.standardErrors) < 1e-9)
    #expect(fit.paperCount == weights.count { $0 > 0 })
  }

  @Test(
    arguments: [
      ("endometrial_firth", "endometrial", "NV + PI + EH", "HG"),
      ("birthwt_firth", "birthwt", "age + smoke + ht", "low"),
    ])
  func `Firth's estimates are those of brglm`(
    model: String, file: String, formula: String, outcome: String
  ) throws {
    let data = RegressionGolden.data("logistic", file)
    let design = try DesignMatrix(ModelFormula(formula), from: data)
    let fit = try LogisticRegression(estimation: .firth).fit(
      design, outcome: data.outcome(outcome))
    #expect(fit.method == .firth)
    #expect(
      golden.largestError(
        model, "coefficient", names: fit.columnNames, values: fit.coefficients) < 1e-9)
    #expect(
      golden.largestError(
        model, "standard_error", names: fit.columnNames, values: fit.standardErrors) < 1e-9)
    #expect(abs(fit.criterion - golden.value(model, "penalized")) < 1e-8)
  }

  @Test func `the endometrial data are separated by NV, and Firth answers`() throws {
    let data = RegressionGolden.data("logistic", "endometrial")
    let design = try DesignMatrix(ModelFormula("NV + PI + EH"), from: data)
    let fit = try LogisticRegression().fit(design, outcome: data.outcome("HG"))
    #expect(fit.method == .firth)
    #expect(fit.separation == Separation(terms: [.init(column: 1, sign: .plus)], isComplete: false))
    #expect(fit.notes == ["quasi-completely separated by NV (+); Firth's penalty"])
    #expect(throws: LogisticRegressionError.separated(outcome: "HG", terms: ["NV"])) {
      try likelihood.fit(design, outcome: data.outcome("HG"))
    }
  }

  @Test func `a two-by-two table with Firth is the table with a half in every cell`() throws {
    let data = CovariateColumns([
      "x": .numeric([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]),
      "y": .numeric([1, 1, 1, 1, 1, 1, 1, 0, 0, 0]),
    ])
    let design = try DesignMatrix(ModelFormula("x"), from: data)
    let fit = try LogisticRegression().fit(design, outcome: data.outcome("y"))
    #expect(fit.method == .firth)
    #expect(abs(fit.coefficients[1] - Double.log(5.5 / 0.5 / (2.5 / 3.5))) < 1e-10)
  }

  @Test func `a gap between the classes is complete separation`() throws {
    let data = CovariateColumns([
      "x": .numeric([1, 2, 3, 4, 5, 6]), "z": .numeric([0, 1, 0, 1, 0, 1]),
      "y": .numeric([0, 0, 0, 1, 1, 1]),
    ])
    let design = try DesignMatrix(ModelFormula("x + z"), from: data)
    let fit = try LogisticRegression().fit(design, outcome: data.outcome("y"))
    let separation = try #require(fit.separation)
    #expect(separation.isComplete)
    #expect(separation.terms.map(\.column) == [0, 1, 2])
    #expect(fit.coefficients.allSatisfy { abs($0) < 20 })
  }

  @Test func `an outcome with one class is named`() throws {
    let data = CovariateColumns(["x": .numeric([1, 2, 3]), "y": .numeric([1, 1, 1])])
    let design = try DesignMatrix(ModelFormula("x"), from: data)
    #expect(throws: LogisticRegressionError.oneClass(outcome: "y", value: true, papers: 3)) {
      try LogisticRegression().fit(design, outcome: data.outcome("y"))
    }
  }

  @Test func `no papers are named`() throws {
    let data = CovariateColumns(["x": .numeric([1, nil, 3]), "y": .numeric([nil, 1, nil])])
    let design = try DesignMatrix(ModelFormula("x"), from: data)
    #expect(throws: LogisticRegressionError.noPapers(outcome: "y")) {
      try LogisticRegression().fit(design, outcome: data.outcome("y"))
    }
  }

  @Test func `duplicated and constant columns are left out by name`() throws {
    let age = birthwt.numbers("age")
    let data = CovariateColumns([
      "age": .numeric(age), "months": .numeric(age.map { $0 * 12 }),
      "one": .numeric(age.map { _ in 1 }), "smoke": .numeric(birthwt.numbers("smoke")),
      "sum": .numeric(zip(age, birthwt.numbers("smoke")).map { $0 + $1 }),
    ])
    let design = try DesignMatrix(ModelFormula("age + months + one + smoke + sum"), from: data)
    let fit = try likelihood.fit(design, outcome: birthwt.outcome("low"))
    #expect(fit.columnNames == ["(Intercept)", "age", "smoke"])
    #expect(
      fit.dropped == [
        DroppedColumn(name: "months", reason: .collinear(with: ["age"])),
        DroppedColumn(name: "one", reason: .constant),
        DroppedColumn(name: "sum", reason: .collinear(with: ["age", "smoke"])),
      ])
  }

  @Test func `more columns than papers leave as many columns as papers, fitted by Firth`() throws {
    let rows = 5
    let columns = (0..<8).map { column -> (name: String, values: VariableValues) in
      let values = (0..<rows).map { row -> Double? in
        let mixed = row * 7 + column * column * 3 + row * column
        return Double(mixed % 11)
      }
      return (name: "x\(column)", values: .numeric(values))
    }
    let data = CovariateColumns(columns)
    let formula = try ModelFormula(columns.map(\.name).joined(separator: " + "))
    let design = try DesignMatrix(formula, from: data)
    let outcome = BinaryOutcome(name: "y", values: [true, false, true, false, true])
    let fit = try LogisticRegression().fit(design, outcome: outcome)
    #expect(fit.columnNames.count == rows)
    #expect(fit.dropped.count == 4)
    #expect(fit.separation?.isComplete == true)
    #expect(fit.method == .firth)
  }

  @Test func `papers with missing covariates are left out and counted`() throws {
    let data = CovariateColumns([
      "x": .numeric([1, 2, nil, 4, 3, 5]), "kind": .categorical(["a", "b", "a", nil, "a", "b"]),
      "y": .numeric([1, 0, 1, 0, 0, 1]),
    ])
    let design = try DesignMatrix(ModelFormula("x + kind"), from: data)
    #expect(design.papers == [0, 1, 4, 5])
    #expect(
      design.notes == [
        "kind: reference level 'a' (the most frequent, 3 papers)",
        "2 of 6 papers left out for missing covariates (x 1, kind 1)",
      ])
    let fit = try LogisticRegression().fit(design, outcome: data.outcome("y"))
    #expect(fit.paperCount == 4)
    #expect(fit.eventCount == 2)
  }

  @Test func `a large year costs no accuracy`() throws {
    let years = (0..<400).map { Double(2015 + $0 % 10) }
    let answers = (0..<400).map { ($0 * 37 + $0 % 10 * 41) % 100 < 20 + 5 * ($0 % 10) }
    let near = CovariateColumns(["year": .numeric(years)])
    let far = CovariateColumns(["year": .numeric(years.map { $0 - 2020 })])
    let outcome = BinaryOutcome(name: "y", values: answers)
    let one = try likelihood.fit(DesignMatrix(ModelFormula("year"), from: near), outcome: outcome)
    let other = try likelihood.fit(DesignMatrix(ModelFormula("year"), from: far), outcome: outcome)
    #expect(abs(one.coefficients[1] - other.coefficients[1]) < 1e-13)
    #expect(abs(one.standardErrors[1] - other.standardErrors[1]) < 1e-13)
    let shifted = one.coefficients[0] + 2020 * one.coefficients[1]
    #expect(abs(shifted - other.coefficients[0]) < 1e-10)
  }

  /// A million papers, with 21 patterns of year and type, and with as many patterns as papers.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["METASTAT_SLOW_TESTS"] != nil, "slow"))
  func `a million rows are fitted`() throws {
    let count = 1_000_000
    var stream = RandomStream(seed: 11)
    var (years, types, values): ([Double?], [String?], [Double?]) = ([], [], [])
    var (collapsed, distinct): ([Bool?], [Bool?]) = ([], [])
    for _ in 0..<count {
      let (year, type, value) = (stream.index(below: 7), stream.index(below: 3), stream.normal())
      years.append(Double(2020 + year))
      types.append(["a", "b", "c"][type])
      values.append(value)
      collapsed.append(stream.uniform() < logistic(0.2 * Double(year - 3) + (type == 1 ? 0.5 : 0)))
      distinct.append(stream.uniform() < logistic(0.7 * value - 1))
    }
    let source = CovariateColumns([
      "year": .numeric(years), "type": .categorical(types), "x": .numeric(values),
    ])
    let first = try LogisticRegression().fit(
      DesignMatrix(ModelFormula("year + type:ref=a"), from: source),
      outcome: BinaryOutcome(name: "y", values: collapsed))
    #expect(first.likelihood.x.rows == 21 && first.paperCount == count)
    for (found, expected) in zip(first.coefficients.dropFirst(), [0.2, 0.5, 0]) {
      #expect(abs(found - expected) < 0.02)
    }
    let second = try LogisticRegression().fit(
      DesignMatrix(ModelFormula("x"), from: source),
      outcome: BinaryOutcome(name: "y", values: distinct))
    #expect(second.likelihood.x.rows > 990_000 && second.method == .maximumLikelihood)
    #expect(abs(second.coefficients[1] - 0.7) < 0.02)
  }
}
