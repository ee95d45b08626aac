import Testing

@testable import SurveySimulation
@testable import SurveyStats

@Suite struct DefaultItemTests {
  /// The sum of the default rates of a category, each item counting once.
  private func meanRate(_ category: String) -> Double {
    let rates = DefaultItem.rows.filter { $0.id.category == category }.map(\.rate.value)
    return rates.reduce(0, +) / Double(rates.count)
  }

  @Test func `the default checklist is that of version 2`() {
    let defaults = SimulatedItem.defaults
    #expect(defaults.items.count == 64)
    #expect(defaults.items.count { $0.item.module == Item.baseModule } == 51)
    #expect(defaults.items.count { $0.item.module == "experimental_rigor" } == 9)
    #expect(defaults.items.count { $0.item.module == "data_leakage" } == 4)
    #expect(defaults.factors.count == 14)
  }

  @Test(arguments: [
    ("evaluation_design", 0.86), ("experimental_rigor", 0.28), ("data_leakage", 0.15),
  ]) func `items leave the category its published rate`(category: String, rate: Double) {
    #expect(abs(meanRate(category) - rate) < 0.0005)
  }

  @Test(arguments: [
    ("artifacts.code_released", 0.586), ("evaluation_design.per_category_breakdown", 0.97),
    ("conflicts_of_interest.financial_interests_declared", 0.015),
    ("experimental_rigor.seed_sensitivity_reported", 0.128),
  ]) func `published rates are the targets`(id: String, rate: Double) {
    let item = SimulatedItem.defaults.items.first { $0.item.id == ItemID(id) }
    #expect(item?.passRate == rate)
    #expect(item?.source == "published, N=467")
  }
}
