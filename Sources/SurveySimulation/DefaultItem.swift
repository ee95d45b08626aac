import SurveyStats

/// The default items of a simulated corpus, calibrated to what is known of the real one.
///
/// The checklist is that of versions 2 and 3 without the survey module, whose items are not
/// known. See the cases of ``DefaultItem/Rate`` and ``DefaultItem/Applicability`` for where each
/// number comes from. With the default loadings the overall scores of version 2 have a mean of
/// about 51 and a standard deviation of about 16 points; published: 51.0 and 16.1.
enum DefaultItem {
  /// Where a pass rate comes from.
  enum Rate {
    /// The published rate in 467 version 2 scans (15 March 2026).
    case published(Double)
    /// What the published rate of the category leaves for its items without a published rate.
    case remainder(Double)
    /// The published rate of the category, none of its items having one.
    case layer(Double)
    /// Yes among applicable answers in the partially read scans (a convenience sample).
    case sample(Int, of: Int)
    /// Nothing is known: the one rate with which the expected overall score is the published 51 %.
    case common

    var value: Double {
      switch self {
      case .published(let rate), .remainder(let rate), .layer(let rate): rate
      case .sample(let yes, let count): Double(yes) / Double(count)
      case .common: 0.498
      }
    }

    var source: String {
      switch self {
      case .published: "published, N=467"
      case .remainder: "remainder of the published category rate"
      case .layer: "published category rate"
      case .sample(let yes, let count): "sample, \(yes) of \(count)"
      case .common: "common rate for a mean score of 51%"
      }
    }
  }

  /// Where an applicability comes from.
  enum Applicability {
    /// Applicable among all answers in the partially read scans (a convenience sample).
    case sample(Int, of: Int)
    /// Not known; a plausible value.
    case assumed(Double)

    var value: Double {
      switch self {
      case .sample(let count, let total): Double(count) / Double(total)
      case .assumed(let share): share
      }
    }
  }

  struct Row {
    let id: ItemID
    let rate: Rate
    let applicability: Applicability

    init(_ id: String, _ rate: Rate, _ applicability: Applicability) {
      self.id = ItemID(id)
      self.rate = rate
      self.applicability = applicability
    }
  }

  /// Loading of every item on the general factor, and on the factor of its category.
  static let loading = (general: 0.45, category: 0.45)
  /// Categories whose items apply together.
  static let blocks: Set<String> = ["contamination", "human_studies"]
  /// Categories that are asked only where their module is active.
  static let modules: Set<String> = ["experimental_rigor", "data_leakage"]
  /// The one item that version 1 most probably lacks.
  static let addedInVersion2 = ItemID("claims_and_evidence.proxy_outcome_distinction")

  static let rows: [Row] = [
    Row("artifacts.code_released", .published(0.586), .sample(175, of: 181)),
    Row("artifacts.data_released", .sample(93, of: 165), .sample(165, of: 174)),
    Row("artifacts.environment_specified", .sample(10, of: 111), .sample(111, of: 134)),
    Row("artifacts.reproduction_instructions", .published(0.109), .sample(94, of: 106)),
    Row(
      "statistical_methodology.confidence_intervals_or_error_bars", .published(0.240),
      .sample(29, of: 47)),
    Row("statistical_methodology.significance_tests", .published(0.314), .sample(12, of: 17)),
    Row("statistical_methodology.effect_sizes_reported", .published(0.845), .assumed(0.8)),
    Row("statistical_methodology.sample_size_justified", .published(0.064), .assumed(0.8)),
    Row("statistical_methodology.variance_reported", .common, .assumed(0.8)),
    Row("evaluation_design.baselines_included", .published(0.845), .assumed(0.8)),
    Row("evaluation_design.baselines_contemporary", .remainder(0.829), .assumed(0.8)),
    Row("evaluation_design.ablation_study", .remainder(0.829), .assumed(0.7)),
    Row("evaluation_design.multiple_metrics", .published(0.876), .assumed(0.9)),
    Row("evaluation_design.human_evaluation", .remainder(0.829), .assumed(0.4)),
    Row("evaluation_design.held_out_test_set", .remainder(0.829), .assumed(0.7)),
    Row("evaluation_design.per_category_breakdown", .published(0.970), .assumed(0.9)),
    Row("evaluation_design.failure_cases_discussed", .published(0.902), .assumed(0.95)),
    Row("evaluation_design.negative_results_reported", .remainder(0.829), .assumed(0.9)),
    Row("claims_and_evidence.abstract_claims_supported", .sample(55, of: 63), .sample(63, of: 63)),
    Row("claims_and_evidence.causal_claims_justified", .sample(23, of: 49), .sample(49, of: 62)),
    Row("claims_and_evidence.generalization_bounded", .sample(24, of: 57), .sample(57, of: 57)),
    Row(
      "claims_and_evidence.alternative_explanations_discussed", .sample(5, of: 17),
      .sample(17, of: 17)),
    Row("claims_and_evidence.proxy_outcome_distinction", .common, .assumed(0.9)),
    Row("setup_transparency.model_versions_specified", .common, .assumed(0.9)),
    Row("setup_transparency.prompts_provided", .common, .assumed(0.7)),
    Row("setup_transparency.hyperparameters_reported", .common, .assumed(0.8)),
    Row("setup_transparency.scaffolding_described", .common, .assumed(0.5)),
    Row("setup_transparency.data_preprocessing_documented", .common, .assumed(0.9)),
    Row("limitations_and_scope.limitations_section_present", .published(0.681), .assumed(1)),
    Row("limitations_and_scope.threats_to_validity_specific", .published(0.637), .assumed(1)),
    Row("limitations_and_scope.scope_boundaries_stated", .common, .assumed(1)),
    Row("data_integrity.raw_data_available", .common, .assumed(0.95)),
    Row("data_integrity.data_collection_described", .common, .assumed(0.95)),
    Row("data_integrity.recruitment_methods_described", .common, .assumed(0.2)),
    Row("data_integrity.data_pipeline_documented", .common, .assumed(0.9)),
    Row("conflicts_of_interest.funding_disclosed", .common, .assumed(1)),
    Row("conflicts_of_interest.affiliations_disclosed", .published(0.985), .assumed(1)),
    Row("conflicts_of_interest.funder_independent_of_outcome", .common, .assumed(0.6)),
    Row("conflicts_of_interest.financial_interests_declared", .published(0.015), .assumed(1)),
    Row("contamination.training_cutoff_stated", .common, .assumed(0.75)),
    Row("contamination.train_test_overlap_discussed", .common, .assumed(0.75)),
    Row("contamination.benchmark_contamination_addressed", .common, .assumed(0.75)),
    Row("human_studies.pre_registered", .common, .assumed(0.15)),
    Row("human_studies.irb_or_ethics_approval", .common, .assumed(0.15)),
    Row("human_studies.demographics_reported", .common, .assumed(0.15)),
    Row("human_studies.inclusion_exclusion_criteria", .common, .assumed(0.15)),
    Row("human_studies.randomization_described", .common, .assumed(0.15)),
    Row("human_studies.blinding_described", .common, .assumed(0.15)),
    Row("human_studies.attrition_reported", .common, .assumed(0.15)),
    Row("cost_and_practicality.inference_cost_reported", .common, .assumed(0.9)),
    Row("cost_and_practicality.compute_budget_stated", .common, .assumed(0.9)),
    Row("experimental_rigor.seed_sensitivity_reported", .published(0.128), .assumed(0.95)),
    Row("experimental_rigor.number_of_runs_stated", .remainder(0.337), .assumed(0.95)),
    Row("experimental_rigor.hyperparameter_search_budget", .published(0.030), .assumed(0.95)),
    Row("experimental_rigor.best_config_selection_justified", .remainder(0.337), .assumed(0.9)),
    Row("experimental_rigor.multiple_comparison_correction", .remainder(0.337), .assumed(0.7)),
    Row("experimental_rigor.self_comparison_bias_addressed", .remainder(0.337), .assumed(0.9)),
    Row("experimental_rigor.compute_budget_vs_performance", .remainder(0.337), .assumed(0.8)),
    Row("experimental_rigor.benchmark_construct_validity", .remainder(0.337), .assumed(0.95)),
    Row("experimental_rigor.scaffold_confound_addressed", .remainder(0.337), .assumed(0.4)),
    Row("data_leakage.temporal_leakage_addressed", .layer(0.15), .assumed(0.95)),
    Row("data_leakage.feature_leakage_addressed", .layer(0.15), .assumed(0.95)),
    Row("data_leakage.non_independence_addressed", .layer(0.15), .assumed(0.95)),
    Row("data_leakage.leakage_detection_method", .layer(0.15), .assumed(0.95)),
  ]
}

extension SimulatedItem {
  /// The checklist of versions 2 and 3 with rates calibrated to the published ones, and the names
  /// of its factors: a general one and one a category.
  public static let defaults: (factors: [String], items: [SimulatedItem]) = {
    var factors = ["general"]
    for row in DefaultItem.rows where !factors.contains(row.id.category) {
      factors.append(row.id.category)
    }
    let items = DefaultItem.rows.map { row in
      let category = row.id.category
      return SimulatedItem(
        item: Item(
          id: row.id, module: DefaultItem.modules.contains(category) ? category : Item.baseModule),
        passRate: row.rate.value, applicability: row.applicability.value,
        block: DefaultItem.blocks.contains(category) ? category : nil,
        loadings: factors.map { factor in
          if factor == "general" { return DefaultItem.loading.general }
          return factor == category ? DefaultItem.loading.category : 0
        },
        firstVersion: row.id == DefaultItem.addedInVersion2 ? 2 : 1, source: row.rate.source)
    }
    return (factors, items)
  }()
}
