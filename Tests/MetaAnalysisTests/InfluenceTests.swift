import SurveyStats
import Testing

@testable import MetaAnalysis

@Suite struct InfluenceTests {
  private let golden = RobustnessGolden.shared
  private static let methods: [(String, HeterogeneityMethod, Double)] = [
    ("EE", .commonEffect, 1e-10), ("DL", .derSimonianLaird, 1e-10),
    ("REML", .restrictedLikelihood, 1e-6),
  ]

  @Test(arguments: RobustnessGolden.data)
  func `pooled effects without each study are metafor's`(_ data: String) throws {
    let studies = golden.studies(data)
    for (name, method, tolerance) in Self.methods {
      let pooling = Pooling(model: .inverseVariance, method: method, test: .normal)
      let rows = try pooling.leavingOneOut(studies)
      for (index, estimate) in golden.column(data, "leave-one-out \(name)", "estimate").enumerated()
      {
        let fit = rows[index].pooled.fit
        #expect(agrees(fit?.coefficients[0], estimate, within: tolerance))
        let error = golden.column(data, "leave-one-out \(name)", "se")[index]
        #expect(agrees(fit?.standardErrors[0], error, within: tolerance))
        #expect(
          agrees(fit?.q, golden.column(data, "leave-one-out \(name)", "Q")[index], within: 1e-9))
      }
      let cumulative = try pooling.accumulating(studies, order: .precision)
      for (index, estimate) in golden.column(data, "cumulative \(name)", "estimate").enumerated() {
        #expect(agrees(cumulative[index].pooled.fit?.coefficients[0], estimate, within: tolerance))
      }
    }
  }

  @Test(arguments: RobustnessGolden.data)
  func `influence is metafor's`(_ data: String) throws {
    let studies = golden.studies(data)
    for (name, method, tolerance) in Self.methods {
      let rows = try RandomEffects(method: method, test: .normal).influence(studies)
      let part = "influence \(name)"
      let columns: [(String, (StudyInfluence) -> Double?)] = [
        ("rstudent", { $0.rstudent }), ("dffits", { $0.dffits }), ("cook.d", { $0.cook }),
        ("cov.r", { $0.covarianceRatio }), ("tau2.del", { $0.tau2 }), ("QE.del", { $0.q }),
        ("hat", { $0.hat }), ("weight", { 100 * $0.weight }), ("dfbs", { $0.dfbetas[0] }),
        ("is", { $0.isInfluential ? 1 : 0 }),
      ]
      for (column, value) in columns {
        for (index, reference) in golden.column(data, part, column).enumerated() {
          #expect(
            agrees(value(rows[index]), reference, within: 10 * tolerance),
            "\(part) \(column) \(index)")
        }
      }
      for (index, reference) in golden.column(data, "baujat \(name)", "x").enumerated() {
        #expect(agrees(rows[index].heterogeneity, reference, within: 10 * tolerance))
        let change = golden.column(data, "baujat \(name)", "y")[index]
        #expect(agrees(rows[index].change, change, within: 10 * tolerance))
      }
    }
    let scaled = try RandomEffects(method: .restrictedLikelihood, test: .knappHartung)
      .influence(studies)
    for (index, row) in scaled.enumerated() {
      #expect(
        agrees(row.rstudent, golden.column(data, "influence KH", "rstudent")[index], within: 1e-5))
      #expect(agrees(row.cook, golden.column(data, "influence KH", "cook.d")[index], within: 1e-5))
      #expect(
        agrees(row.dfbetas[0], golden.column(data, "influence KH", "dfbs")[index], within: 1e-5))
    }
  }

  @Test func `all subsets of thirteen studies are metafor's`() throws {
    let studies = golden.studies("bcg")
    for (name, method, tolerance) in Self.methods {
      let pooling = try SubsetPooling(studies, model: RandomEffects(method: method, test: .normal))
      #expect(pooling.isComplete)
      #expect(pooling.subsets.count == 8_191)
      let estimates = pooling.subsets.map(\.estimate).sorted()
      for probability in [0.05, 0.5, 0.95] {
        let text = NumberFormat.shortest(probability)
        #expect(
          agrees(
            QuantileRule.type7.quantile(probability, ofSorted: estimates),
            golden.value("bcg", "gosh \(name)", "estimate \(text)"), within: tolerance * 10))
      }
      let shares = pooling.subsets.filter { $0.count > 1 }.map(\.iSquared).sorted()
      for probability in [0.05, 0.5, 0.95] {
        let text = NumberFormat.shortest(probability)
        #expect(
          agrees(
            QuantileRule.type7.quantile(probability, ofSorted: shares).map { 100 * $0 },
            golden.value("bcg", "gosh \(name)", "I2 \(text)"), within: tolerance * 100))
      }
      let mean = estimates.reduce(0, +) / Double(estimates.count)
      #expect(agrees(mean, golden.value("bcg", "gosh \(name)", "mean"), within: tolerance * 10))
    }
  }

  @Test func `a subset has the estimate of its own fit`() throws {
    let studies = golden.studies("hackshaw")
    for method in HeterogeneityMethod.allCases {
      let model = RandomEffects(method: method, test: .normal)
      let pooling = try SubsetPooling(studies, model: model, limit: 200, seed: 7)
      #expect(!pooling.isComplete)
      for subset in pooling.subsets.prefix(20) where subset.count > 1 {
        let fit = try model.fit(studies.selecting((0..<37).filter { subset.contains($0) }))
        #expect(agrees(subset.tau2, fit.tau2, within: 1e-8), "\(method)")
        #expect(agrees(subset.estimate, fit.coefficients[0], within: 1e-8), "\(method)")
        #expect(agrees(subset.iSquared, fit.iSquared, within: 1e-7), "\(method)")
      }
      let again = try SubsetPooling(studies, model: model, limit: 200, seed: 7)
      #expect(again.subsets == pooling.subsets)
    }
  }

  @Test func `one study and two have named outcomes`() throws {
    let one = golden.studies("bcg").selecting([0])
    let two = golden.studies("bcg").selecting([0, 1])
    let model = RandomEffects()
    let pooling = Pooling()
    #expect(try pooling.leavingOneOut(one)[0].pooled.notes == [.noOtherStudy])
    #expect(try model.influence(one)[0].notes == [.noOtherStudy])
    #expect(
      try pooling.leavingOneOut(two).allSatisfy { $0.pooled.notes.contains(.singleStudy) })
    #expect(try model.influence(two).allSatisfy { $0.rstudent?.isFinite == true })
    #expect(throws: MetaError.noStudies) {
      try SubsetPooling(golden.studies("bcg").selecting([]), model: model)
    }
    for rows in [
      try pooling.leavingOneOut(one), try pooling.accumulating(two, order: .precision),
    ] {
      let table = Table(subsets: rows, isCumulative: false, level: 0.95)
      #expect(table.rowCount == rows.count)
    }
  }

  @Test func `identical studies and equal errors give finite numbers`() throws {
    let studies = try StudyEffects(
      .generic, labels: ["a", "b", "c", "d"],
      counts: (0..<4).map { _ in .effect(0.3, variance: 0.04) })
    let rows = try RandomEffects().influence(studies)
    #expect(
      rows.allSatisfy {
        abs($0.rstudent ?? 1) < 1e-12 && abs($0.cook ?? 1) < 1e-12 && !$0.isInfluential
      })
    let pooling = try SubsetPooling(studies, model: RandomEffects())
    #expect(pooling.subsets.allSatisfy { $0.tau2 == 0 && abs($0.estimate - 0.3) < 1e-15 })
  }
}
