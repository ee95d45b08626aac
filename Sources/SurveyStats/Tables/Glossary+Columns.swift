extension Glossary {
  /// One entry a column, in alphabetical order.
  public static let columns: [ColumnName] = [
    ColumnName("a", "Item A", .text, "The first of two items, categories or papers."),
    ColumnName(
      "ability", "Ability", .number, unit: "standard deviations",
      "The rigor of a paper in an item response model; among papers the mean is 0 and the standard deviation 1."
    ),
    ColumnName("absent", "Never asked", .fraction, "The share of cells that were never asked."),
    ColumnName(
      "agreements", "Equal answers", .count, unit: "cells",
      "Cells in which both raters say the same."),
    ColumnName("aic", "AIC", .number, "Akaike's information criterion; smaller is better."),
    ColumnName(
      "alpha", "Alpha", .correlation,
      "Cronbach's alpha; in estimating equations the working correlation within a cluster."),
    ColumnName(
      "alpha_if_dropped", "Alpha without it", .correlation,
      "Cronbach's alpha without the item."),
    ColumnName("analysis", "Analysis", .text, "What the data may allow."),
    ColumnName(
      "answer_a", "Answer of A", .text,
      "What the first rater says: yes, no, or na where the item does not apply."),
    ColumnName(
      "answer_b", "Answer of B", .text,
      "What the second rater says: yes, no, or na where the item does not apply."),
    ColumnName(
      "answers", "Answers that decide", .text,
      "What decides that a paper shows a pattern or not, each answer once."),
    ColumnName(
      "applicability", "Applicability", .fraction,
      "The share of papers to which the item applies."),
    ColumnName(
      "armitage_p", "p (Cochran-Armitage)", .probability,
      "The p-value of Cochran and Armitage's test, which assumes many yes and many no."),
    ColumnName("arxiv_id", "arXiv", .text, "The arXiv identifier."),
    ColumnName(
      "auc", "AUC", .fraction,
      "The area under the ROC curve: how often a paper with the outcome has the higher fitted probability than one without."
    ),
    ColumnName(
      "auc_cv", "Cross-validated AUC", .fraction,
      "The area under the ROC curve on papers that the fit did not see."),
    ColumnName(
      "auc_high", "Upper limit of AUC", .fraction,
      "The upper limit of the area under the ROC curve."),
    ColumnName(
      "auc_low", "Lower limit of AUC", .fraction,
      "The lower limit of the area under the ROC curve."),
    ColumnName(
      "average_fourth", "Average fourth power", .number,
      "The average fourth power of partial correlations given so many components (minimum average partial)."
    ),
    ColumnName(
      "average_squared", "Average square", .number,
      "The average squared partial correlation given so many components (minimum average partial)."),
    ColumnName("b", "Item B", .text, "The second of two items, categories or papers."),
    ColumnName(
      "band", "Band", .text,
      "The name of the band in which the score of the paper should lie."),
    ColumnName("band_high", "Band to", .percent, "The highest score of the band."),
    ColumnName("band_low", "Band from", .percent, "The lowest score of the band."),
    ColumnName(
      "basis", "Basis", .text,
      "Which papers count: joint, to which both items apply, or own, those of each item."),
    ColumnName(
      "batch", "Batch", .text,
      "The batch of papers."),
    ColumnName(
      "baujat_x", "Contribution to heterogeneity", .number,
      "The squared Pearson residual of the study: the horizontal axis of Baujat's plot."),
    ColumnName(
      "baujat_y", "Influence on the pooled effect", .number,
      "The squared change of the fitted effect without the study, over its variance: the vertical axis of Baujat's plot."
    ),
    ColumnName(
      "bayes_factor", "Bayes factor", .ratio,
      "How much the data changed the odds of a model, or of all models with a part: posterior odds over prior odds."
    ),
    ColumnName("best", "Best", .text, "Whether it has the least BIC."),
    ColumnName("better", "Better", .text, "The paper that should score higher."),
    ColumnName(
      "bias_model", "Bias", .text,
      "How bias enters the model: none, PET, PEESE, or chances of publication with their steps of the p-value."
    ),
    ColumnName("bic", "BIC", .number, "The Bayesian information criterion; smaller is better."),
    ColumnName(
      "block", "Block", .text,
      "The block of items that a simulated paper's answers share."),
    ColumnName(
      "bound_high", "If all were yes", .fraction,
      "The rate if all cells without an answer, never asked or unclear, were yes."),
    ColumnName(
      "bound_low", "If all were no", .fraction,
      "The rate if all cells without an answer, never asked or unclear, were no."),
    ColumnName(
      "brier", "Brier score", .number,
      "The mean squared difference of outcome and fitted probability."),
    ColumnName(
      "brier_cv", "Cross-validated Brier score", .number,
      "The Brier score on papers that the fit did not see."),
    ColumnName("by", "Grouped by", .text, "The column that groups the papers."),
    ColumnName(
      "calibration_intercept", "Calibration intercept", .logOdds,
      "By how much cross-validated predictions are too low; 0 is right."),
    ColumnName(
      "calibration_slope", "Calibration slope", .number,
      "How much cross-validated predictions spread; 1 is right, less is too much."),
    ColumnName("category", "Category", .text, "The category of the item, or the category itself."),
    ColumnName("cell", "Cell", .text, "yes, no, na (does not apply) or absent (never asked)."),
    ColumnName(
      "chance", "Chance", .fraction,
      "The probability with which the paper is chosen now."),
    ColumnName(
      "chance_95", "Chance", .correlation,
      "The 95th percentile under random assignments of the items."),
    ColumnName("change", "Change", .text, "What happened to the paper since the earlier report."),
    ColumnName("checkpoint", "After", .count, unit: "papers", "The number of papers so far."),
    ColumnName("choice", "Choice", .text, "The penalty that was chosen: best, or 1se."),
    ColumnName(
      "chosen", "Chosen", .text,
      "Whether the paper was chosen to be re-answered."),
    ColumnName("cited", "Cited", .text, "The paper that is cited."),
    ColumnName("citing", "Citing", .text, "The paper that cites."),
    ColumnName(
      "class", "Class", .count,
      "The number of the latent class; the first has the highest mean score."),
    ColumnName("classes", "Classes", .count, unit: "classes", "The number of latent classes."),
    ColumnName(
      "cliffs_delta", "Cliff's delta", .correlation,
      "How much more often a paper of the group scores above one of the reference than below."),
    ColumnName(
      "cliffs_delta_high", "Upper limit of delta", .correlation,
      "The upper limit of Cliff's delta."),
    ColumnName(
      "cliffs_delta_low", "Lower limit of delta", .correlation,
      "The lower limit of Cliff's delta."),
    ColumnName("cluster", "Cluster", .text, "The cluster of the variable or of the paper."),
    ColumnName("clusters", "Clusters", .count, "The number of clusters."),
    ColumnName("coding", "Coding", .text, "How a predictor was coded."),
    ColumnName("coefficient", "Coefficient", .text, "Which coefficient the estimate is."),
    ColumnName(
      "cohens_d", "Cohen's d", .number, unit: "standard deviations",
      "The difference of means over the pooled standard deviation."),
    ColumnName(
      "cohens_d_high", "Upper limit of d", .number, unit: "standard deviations",
      "The upper limit of Cohen's d."),
    ColumnName(
      "cohens_d_low", "Lower limit of d", .number, unit: "standard deviations",
      "The lower limit of Cohen's d."),
    ColumnName("column", "Column", .text, "The column that is described."),
    ColumnName("combination", "Combination", .text, "Items with their answers."),
    ColumnName(
      "communality", "Communality", .fraction,
      "The share of the variable's variance that the factors explain."),
    ColumnName(
      "complexity", "Complexity", .number,
      "Over how many factors the variable's loadings spread (Hofmann)."),
    ColumnName("component", "Component", .count, "The number of the component."),
    ColumnName("components", "Components", .count, "A number of components."),
    ColumnName(
      "composite_irt_std_error", "Standard error of the composite", .percent,
      "The standard error of composite_irt."),
    ColumnName("conclusion", "Conclusion", .text, "Whether what can be concluded has changed."),
    ColumnName("conclusion_new", "Conclusion now", .text, "What can be concluded now."),
    ColumnName(
      "conclusion_old", "Earlier conclusion", .text,
      "What could be concluded in the earlier report."),
    ColumnName(
      "conf_high", "Upper limit", .estimate,
      "The upper confidence limit of the estimate."),
    ColumnName("conf_level", "Confidence level", .fraction, "The confidence level of the limits."),
    ColumnName("conf_low", "Lower limit", .estimate, "The lower confidence limit of the estimate."),
    ColumnName(
      "consensus", "Consensus", .text,
      "What was decided: yes, no or na; empty where nothing is."),
    ColumnName(
      "cook_d", "Cook's distance", .number,
      "How far all coefficients move without the study, in units of their covariance."),
    ColumnName(
      "cooks_distance", "Cook's distance", .number,
      "How much the fit changes without the paper."),
    ColumnName(
      "correlation", "Working correlation", .text,
      "The assumed correlation within a cluster."),
    ColumnName("count", "Count", .count, "How many there are."),
    ColumnName(
      "cov_r", "Covariance ratio", .ratio,
      "The determinant of the coefficients' covariance without the study, over that with it."),
    ColumnName(
      "credit", "Credit", .fraction,
      "The share of a point that a partial answer, a no, earns in scores."),
    ColumnName("crude", "Crude", .estimate, "The same without holding anything fixed."),
    ColumnName(
      "crude_high", "Upper limit of crude", .estimate, "The upper limit of crude."),
    ColumnName(
      "crude_low", "Lower limit of crude", .estimate, "The lower limit of crude."),
    ColumnName(
      "cumulative", "Cumulative", .fraction,
      "The share of the variance of this and all earlier ones."),
    ColumnName(
      "cumulative_high", "Upper limit of cumulative", .fraction,
      "The upper limit of the cumulative share."),
    ColumnName(
      "cumulative_low", "Lower limit of cumulative", .fraction,
      "The lower limit of the cumulative share."),
    ColumnName(
      "cv_deviance", "Cross-validated deviance", .number,
      "The deviance a paper on papers that the fit did not see."),
    ColumnName(
      "cv_std_error", "Its standard error", .number,
      "The standard error of the cross-validated deviance over folds."),
    ColumnName(
      "data_share", "Decided by anchors", .fraction,
      "How much of the weight anchors and pairs decide; the rest is the pull to equal weights."),
    ColumnName(
      "defined_estimate", "Where true or false", .fraction,
      "The share of all papers for which the condition is true or false."),
    ColumnName("degrees_of_freedom", "Degrees of freedom", .number, "The degrees of freedom."),
    ColumnName(
      "delta", "ETS delta", .number,
      "2.35 times the logarithm of the common odds ratio; above zero the item favours the group."),
    ColumnName(
      "design_effect", "Design effect", .ratio,
      "The variance of the rate over that of as many papers drawn one by one with equal weights."),
    ColumnName("detail", "Detail", .text, "What differs, in words."),
    ColumnName("deviance", "Deviance", .number, "Twice the log-likelihood that the fit misses."),
    ColumnName(
      "deviance_residual", "Deviance residual", .number,
      "The signed root of the paper's part of the deviance."),
    ColumnName("df", "Degrees of freedom", .number, "The degrees of freedom."),
    ColumnName(
      "df_residual", "Residual degrees of freedom", .number,
      "The degrees of freedom below an F test; empty for a χ² test."),
    ColumnName(
      "dfbetas", "DFBETAS", .number,
      "How far the coefficient moves without the study, in standard errors."),
    ColumnName(
      "dffits", "DFFITS", .number,
      "How far the study's fitted effect moves without it, in standard errors."),
    ColumnName("difference", "Difference", .points, "The difference of the two."),
    ColumnName(
      "difference_high", "Upper limit of difference", .points,
      "The upper limit of the difference."),
    ColumnName(
      "difference_low", "Lower limit of difference", .points,
      "The lower limit of the difference."),
    ColumnName(
      "direction", "Direction", .text,
      "What the first rater says, then what the second does, as in `yes/no`."),
    ColumnName(
      "dispersion", "Dispersion", .number,
      "The variance over that of independent answers."),
    ColumnName(
      "distinctive", "Distinctive items", .text,
      "The items whose rates differ most from those of the other papers."),
    ColumnName("doi", "DOI", .text, "The digital object identifier."),
    ColumnName(
      "drift", "Drift", .text,
      "Whether the first batch and the papers since are apart."),
    ColumnName(
      "effect", "Marginal effect", .points,
      "The average change of the rate per unit of the covariate (average marginal effect)."),
    ColumnName(
      "effect_error", "Error of marginal effect", .points,
      "The standard error of effect, by the delta method."),
    ColumnName(
      "eigenvalue", "Eigenvalue", .number,
      "The variance of the component; 1 is that of one variable."),
    ColumnName("equal_weights", "Equal weights", .number, "The same under equal weights."),
    ColumnName(
      "estimate", "Estimate", .number,
      "The estimate; its scale is that of the table, see the rows of `estimate` by table."),
    ColumnName(
      "estimate_1se", "Sparse estimate", .logOdds,
      "The coefficient at the strongest penalty within a standard error of the best."),
    ColumnName(
      "estimate_mean", "Mean", .number,
      "The mean over studies on the natural scale, where `estimate` is the median."),
    ColumnName(
      "estimate_model", "On the model's scale", .number,
      "The estimate on the scale of analysis: a logit, a logarithm, an angle."),
    ColumnName(
      "ets_class", "ETS class", .text,
      "How large a difference is by the rule of the Educational Testing Service: A negligible, B moderate, C large."
    ),
    ColumnName(
      "expected", "If independent", .fraction,
      "The share of papers that would show the pattern if its parts were independent."),
    ColumnName(
      "expected_count", "If independent", .number, unit: "papers",
      "The papers that would show the combination if answers were independent."),
    ColumnName(
      "expected_pairs", "From pairs", .number, unit: "papers",
      "The papers that would show it from the pairs of answers alone."),
    ColumnName(
      "exposure", "Could cite it", .count, unit: "papers",
      "Papers with a list of cited works, of the paper's year or later, other than itself."),
    ColumnName("expression", "Expression", .text, "The condition, as written."),
    ColumnName("factor", "Factor", .text, "The factor."),
    ColumnName(
      "false_applies", "Applies, falsely", .fraction,
      "Of what does not apply by the better rater, the share that does by the rater."),
    ColumnName(
      "fault", "Fault", .text,
      "What is wrong with the item, the papers or the instrument."),
    ColumnName("file", "File", .text, "The file."),
    ColumnName(
      "finding", "Finding", .text,
      "What a table and its codebook say: same, not-in-table, not-in-codebook, no-item, other-label, other-category, undeclared-code or unused-code."
    ),
    ColumnName("first", "First", .text, "The first of the two that are joined."),
    ColumnName(
      "first_version", "Since version", .count,
      "The first version of the instrument that asks the item."),
    ColumnName("fitted", "Fitted", .fraction, "The fitted probability of the outcome."),
    ColumnName("flag", "Flag", .text, "The most frequent wording of a red flag."),
    ColumnName(
      "free_congruence", "Congruence of the free factor", .correlation,
      "The congruence with the nearest factor of a rotation without target."),
    ColumnName(
      "free_factor", "Free factor", .text,
      "The nearest factor of a rotation without target."),
    ColumnName("from", "From", .number, "The smallest value of the covariate."),
    ColumnName(
      "gain", "Gain", .points,
      "By how much the share of all answers that are yes would be higher if no paper failed the item."
    ),
    ColumnName(
      "gold", "Better rater", .number,
      "The same by the better rater alone, in the papers that it has answered."),
    ColumnName(
      "gold_high", "Better rater high", .number,
      "The upper limit by the better rater alone."),
    ColumnName(
      "gold_low", "Better rater low", .number,
      "The lower limit by the better rater alone."),
    ColumnName("group", "Group", .text, "The group of papers, a value of the column in `by`."),
    ColumnName("groups", "Groups", .count, "The number of groups."),
    ColumnName("growth_mb", "Memory growth", .number, unit: "MB", "By how much memory grew."),
    ColumnName(
      "h2", "H²", .ratio,
      "The variance of effects in units of the variance within studies."),
    ColumnName(
      "half_length", "Half-length now", .fraction, "Half the length of the interval now."),
    ColumnName(
      "half_length_10_more", "With 10 more", .points,
      "Half the length of the interval with ten more re-answered papers."),
    ColumnName(
      "hat", "Leverage", .fraction, "The weight of the study's own effect in its fitted one."),
    ColumnName("heading", "Heading", .text, "The heading of the column on a page."),
    ColumnName("height", "Height", .number, "The distance at which the two are joined."),
    ColumnName("highest", "Highest", .text, "The group with the largest share."),
    ColumnName(
      "hodges_lehmann", "Shift", .number,
      "The shift of Hodges and Lehmann on the scale of the covariate: the median of all differences, yes minus no."
    ),
    ColumnName(
      "hodges_lehmann_high", "Upper limit of shift", .number,
      "The upper limit of the shift of Hodges and Lehmann."),
    ColumnName(
      "hodges_lehmann_low", "Lower limit of shift", .number,
      "The lower limit of the shift of Hodges and Lehmann."),
    ColumnName(
      "homogeneity_p_value", "p of equal odds ratios", .probability,
      "The Breslow-Day test (Tarone) that the odds ratio is the same in all strata."),
    ColumnName(
      "i2", "I²", .fraction,
      "The share of the variance of effects that lies between studies."),
    ColumnName(
      "icc", "ICC", .correlation,
      "The intraclass correlation: how alike papers of one cluster answer, by the analysis of variance."
    ),
    ColumnName("in_band", "In its band", .text, "Whether the score lies in the band."),
    ColumnName(
      "in_errors", "In errors", .number,
      "The change in standard errors of the number of all papers."),
    ColumnName(
      "influential", "Influential", .text,
      "Whether the study is influential by the rules for DFFITS, Cook's distance, leverage and DFBETAS."
    ),
    ColumnName("interval", "Interval", .text, "How the limits were made."),
    ColumnName(
      "intraclass_correlation", "Intraclass correlation", .fraction,
      "The correlation of two answers of one cluster on the latent scale."),
    ColumnName("invisible", "Invisible", .text, "The item of the pair that takes a close look."),
    ColumnName(
      "invisible_high", "Upper limit, invisible", .fraction,
      "The upper limit of the rate of the invisible item."),
    ColumnName(
      "invisible_low", "Lower limit, invisible", .fraction,
      "The lower limit of the rate of the invisible item."),
    ColumnName("invisible_term", "Name of the invisible item", .text, "Its name."),
    ColumnName(
      "item", "Item", .text,
      "The item as `category.item`: the key by which tables are joined."),
    ColumnName(
      "item_rest", "Item-rest", .correlation,
      "The correlation of the item with the sum of the others."),
    ColumnName(
      "item_total", "Item-total", .correlation,
      "The correlation of the item with the sum of all."),
    ColumnName("items", "Items", .count, "The number of items."),
    ColumnName("iterations", "Iterations", .count, "The number of steps of the fit."),
    ColumnName(
      "k", "Studies", .count,
      "The number of studies that were pooled."),
    ColumnName("kappa", "Kappa", .correlation, "Agreement beyond chance (Cohen)."),
    ColumnName("kappa_high", "Upper limit of kappa", .correlation, "The upper limit of kappa."),
    ColumnName("kappa_low", "Lower limit of kappa", .correlation, "The lower limit of kappa."),
    ColumnName("kendall", "Kendall's tau", .correlation, "The rank correlation tau-b."),
    ColumnName("kind", "Kind", .text, "The kind of the problem."),
    ColumnName("label", "Label", .text, "The name for people."),
    ColumnName("lambda", "Penalty", .number, "The strength of the penalty."),
    ColumnName(
      "lambda_1se", "Sparse penalty", .number,
      "The strongest penalty within a standard error of the best."),
    ColumnName(
      "later", "Later mean", .fraction,
      "The mean over the papers after the first batch, up to this one."),
    ColumnName(
      "left_out", "Left out", .percent,
      "The score under weights learned without the paper."),
    ColumnName(
      "left_out_in_band", "Left out, in its band", .text,
      "Whether the score under weights learned without the paper lies in the band."),
    ColumnName(
      "level", "Level", .text,
      "What the row is about: item, category, module, overall, or a pair, paper or pattern."),
    ColumnName(
      "leverage", "Leverage", .fraction,
      "The weight of the paper in its own fitted value."),
    ColumnName(
      "linear", "Linear slope", .points,
      "The slope of least squares, a unit of the covariate."),
    ColumnName(
      "linear_high", "Upper limit of linear slope", .points,
      "The upper limit of the slope of least squares."),
    ColumnName(
      "linear_low", "Lower limit of linear slope", .points,
      "The lower limit of the slope of least squares."),
    ColumnName("log_likelihood", "Log-likelihood", .number, "The log-likelihood at the fit."),
    ColumnName(
      "log_marginal", "Log evidence", .number,
      "The logarithm of the probability of the data under the model, parameters integrated out."),
    ColumnName(
      "logistic_class", "Logistic class", .text,
      "How large the change of R² is: A below .035 or not clear, B below .07, C."),
    ColumnName("lowest", "Lowest", .text, "The group with the smallest share."),
    ColumnName(
      "matched_by", "Matched by", .text,
      "What the cited work was recognised by: arxiv_id, doi or title."),
    ColumnName("max", "Greatest", .number, "The greatest value."),
    ColumnName(
      "mcfadden", "McFadden's R²", .fraction,
      "1 less the log-likelihood over that without predictors."),
    ColumnName("mean", "Mean", .fraction, "The share of papers that pass the item."),
    ColumnName(
      "mean_error", "Mean error", .number, unit: "points",
      "The mean absolute error of predictions of papers that played no part in the fit."),
    ColumnName("mean_score", "Mean score", .percent, "The mean score of its papers."),
    ColumnName("meaning", "Meaning", .text, "What the column means."),
    ColumnName(
      "measure", "Measure", .text,
      "What is pooled, by metafor's names: PLO, OR, SMD and others."),
    ColumnName(
      "median_no", "Median with no", .number,
      "The median of the covariate among the papers with no."),
    ColumnName(
      "median_yes", "Median with yes", .number,
      "The median of the covariate among the papers with yes."),
    ColumnName("message", "Message", .text, "What is wrong."),
    ColumnName("method", "Method", .text, "How the estimate was made."),
    ColumnName(
      "mh_difference", "Difference within strata", .points,
      "The Mantel-Haenszel difference of rates over the strata."),
    ColumnName("mh_high", "Upper limit", .points, "The upper limit of mh_difference."),
    ColumnName("mh_low", "Lower limit", .points, "The lower limit of mh_difference."),
    ColumnName(
      "mh_odds_high", "Upper limit of odds ratio", .ratio,
      "The upper limit of mh_odds_ratio."),
    ColumnName(
      "mh_odds_low", "Lower limit of odds ratio", .ratio,
      "The lower limit of mh_odds_ratio."),
    ColumnName(
      "mh_odds_ratio", "Odds ratio within strata", .ratio,
      "The Mantel-Haenszel odds ratio over the strata."),
    ColumnName(
      "mh_p_value", "p within strata", .probability,
      "The Mantel-Haenszel test of no difference within strata."),
    ColumnName(
      "mh_std_error", "Standard error within strata", .points,
      "The standard error of mh_difference."),
    ColumnName("min", "Least", .number, "The least value."),
    ColumnName(
      "missed_applies", "Applies, missed", .fraction,
      "Of what applies by the better rater, the share that does not by the rater."),
    ColumnName(
      "mix", "Mix of items", .text,
      "How the mix of items is held fixed over groups: common, model, or crude for not at all."),
    ColumnName(
      "model", "Model", .text,
      "How studies are pooled: inverse-variance, a likelihood, mantel-haenszel, peto."),
    ColumnName(
      "module", "Module", .text,
      "The module of the instrument: base, or a conditional part."),
    ColumnName("moved", "Change", .number, "The number without the group less that of all papers."),
    ColumnName("n", "n", .count, unit: "papers", "The number of papers that the row rests on."),
    ColumnName("n00", "Neither", .count, "Papers in which both are no."),
    ColumnName("n01", "B only", .count, "Papers in which only B is yes."),
    ColumnName("n10", "A only", .count, "Papers in which only A is yes."),
    ColumnName("n11", "Both", .count, "Papers in which both are yes."),
    ColumnName(
      "n_a", "n of the first item", .count, unit: "papers",
      "Papers that count for the first item."),
    ColumnName("n_absent", "Never asked", .count, unit: "cells", "Cells that were never asked."),
    ColumnName(
      "n_applicable", "Applicable", .count, unit: "cells",
      "Cells whose item applies: the denominator."),
    ColumnName(
      "n_b", "n of the second item", .count, unit: "papers",
      "Papers that count for the second item."),
    ColumnName(
      "n_both", "On both sides", .count,
      "Papers on both sides of a tension, which are in neither mean."),
    ColumnName("n_cells", "Cells", .count, "All cells."),
    ColumnName(
      "n_cited", "Cited by", .count, unit: "papers",
      "Papers of the corpus that cite the paper."),
    ColumnName(
      "n_cites", "Cites", .count, unit: "papers",
      "Papers of the corpus that the paper cites."),
    ColumnName(
      "n_defined", "n where true or false", .count, unit: "papers",
      "Papers for which the condition is true or false."),
    ColumnName(
      "n_differ", "Differ", .count, unit: "papers",
      "The papers that answer the items of a pair, or of a test, differently."),
    ColumnName(
      "n_disagreements", "Disagreements", .count, unit: "cells",
      "Cells in which the two raters differ."),
    ColumnName(
      "n_effective", "Effective n", .number,
      "Kish's number: how many equal papers, or clusters, the unequal ones are worth; of a corrected rate how many papers of the better rater alone would give as short an interval."
    ),
    ColumnName("n_events", "Events", .count, unit: "papers", "Papers whose outcome is yes."),
    ColumnName("n_filled", "Filled in", .count, "The studies that trim and fill adds."),
    ColumnName(
      "n_folds", "Of ten", .count, unit: "repetitions",
      "In how many of ten repetitions the item was chosen."),
    ColumnName(
      "n_gold", "Re-answered", .count, unit: "papers",
      "Papers that the rater and the better rater have answered."),
    ColumnName(
      "n_gold_group", "Re-answered of the group", .count, unit: "papers",
      "Papers of the group that the better rater has answered too."),
    ColumnName(
      "n_gold_reference", "Re-answered of the reference", .count, unit: "papers",
      "Papers of the reference that the better rater has answered too."),
    ColumnName("n_group", "n of the group", .count, unit: "papers", "Papers of the group."),
    ColumnName(
      "n_invisible", "n of the invisible item", .count, unit: "papers",
      "Papers to which the invisible item applies."),
    ColumnName("n_items", "Items", .count, "The number of items."),
    ColumnName(
      "n_joint", "n of both items", .count, unit: "papers", "Papers to which both items apply."),
    ColumnName(
      "n_later", "Later papers", .count, unit: "papers",
      "Papers after the first batch, up to this one."),
    ColumnName(
      "n_left_out", "Items left out", .count, unit: "items",
      "Items that work differently and are not in the score by which papers are matched."),
    ColumnName(
      "n_models", "Models", .count, "The models that are averaged, or that have the part."),
    ColumnName(
      "n_needed", "Needed", .count, unit: "papers",
      "Papers for the wanted half-length, at the rate seen."),
    ColumnName(
      "n_needed_chosen", "n needed, chosen", .count, unit: "papers",
      "Papers that have to be re-answered if those are chosen that leave most unknown."),
    ColumnName(
      "n_needed_each_group", "Needed of each group", .count, unit: "papers",
      "Papers of each of two groups for a difference with the wanted half-length."),
    ColumnName(
      "n_needed_most", "Needed at most", .count, unit: "papers",
      "Papers for the wanted half-length, at the rate within the interval that needs most."),
    ColumnName("n_no", "No", .count, unit: "cells", "Cells answered with no."),
    ColumnName(
      "n_not_applicable", "Does not apply", .count, unit: "cells",
      "Cells whose item does not apply."),
    ColumnName("n_nuanced", "Nuanced side", .count, "Papers on the nuanced side alone."),
    ColumnName(
      "n_papers", "Papers", .count,
      "Papers with at least one applicable cell; several rows of a paper count once."),
    ColumnName("n_positive", "Positive side", .count, "Papers on the positive side alone."),
    ColumnName(
      "n_reached", "Runs that reached it", .count, unit: "runs",
      "How many of the 20 longer runs reached the same likelihood."),
    ColumnName(
      "n_reference", "n of the reference", .count, unit: "papers",
      "Papers of the reference group."),
    ColumnName(
      "n_states", "n of states", .count, unit: "cells",
      "Cells that both raters were asked."),
    ColumnName("n_subsets", "Subsets", .count, "The subsets of studies that are summarised."),
    ColumnName(
      "n_units", "Units", .count, unit: "units",
      "The papers, or the clusters if there are any, that take part."),
    ColumnName(
      "n_visible", "n of the visible item", .count, unit: "papers",
      "Papers to which the visible item applies."),
    ColumnName("n_yes", "Yes", .count, unit: "cells", "Cells answered with yes: the numerator."),
    ColumnName(
      "naive", "Naive", .number,
      "The same by the rater alone, with its errors."),
    ColumnName(
      "naive_high", "Naive high", .number,
      "The upper limit by the rater alone."),
    ColumnName(
      "naive_low", "Naive low", .number,
      "The lower limit by the rater alone."),
    ColumnName("name", "Name", .text, "The name of the column."),
    ColumnName("new", "Now", .estimate, "The number of this report."),
    ColumnName(
      "new_high", "Upper limit now", .estimate,
      "The upper limit of the number of this report."),
    ColumnName(
      "new_low", "Lower limit now", .estimate,
      "The lower limit of the number of this report."),
    ColumnName("no", "No", .fraction, "The share of cells answered with no."),
    ColumnName(
      "nonuniform_p", "p (non-uniform)", .probability,
      "The p-value of the product of group and score in a logistic regression."),
    ColumnName("nonzero", "Not zero", .count, "The number of coefficients that are not zero."),
    ColumnName(
      "not_applicable", "Does not apply", .fraction,
      "The share of cells whose item does not apply."),
    ColumnName(
      "note", "Note", .text,
      "Why a value is undefined or doubtful, in short words separated by semicolons."),
    ColumnName(
      "ns_per_unit", "Time a unit", .number, unit: "ns",
      "The median time for a unit of work."),
    ColumnName(
      "nuanced", "Mean of nuanced side", .number,
      "The mean score of the papers on the nuanced side alone."),
    ColumnName("null_deviance", "Null deviance", .number, "The deviance without predictors."),
    ColumnName("observed", "Observed", .count, "1 where the outcome is yes."),
    ColumnName(
      "odds_high", "Upper limit of odds ratio", .ratio,
      "The upper limit of the odds ratio."),
    ColumnName(
      "odds_low", "Lower limit of odds ratio", .ratio,
      "The lower limit of the odds ratio."),
    ColumnName(
      "odds_ratio", "Odds ratio", .ratio,
      "By what the odds of yes are multiplied, for a unit of the covariate or between groups."),
    ColumnName("old", "Earlier", .estimate, "The number of the earlier report."),
    ColumnName(
      "old_high", "Earlier upper limit", .estimate,
      "The upper limit of the earlier number."),
    ColumnName(
      "old_low", "Earlier lower limit", .estimate,
      "The lower limit of the earlier number."),
    ColumnName("on", "On", .text, "The covariate of the slope, or of the comparison."),
    ColumnName("option", "Option", .text, "An option of the run."),
    ColumnName(
      "other_basis", "On the other basis", .points,
      "The difference over own papers where the basis is joint, over joint papers where it is own."),
    ColumnName(
      "other_tier", "Tier with another answer", .text,
      "The tier of the paper if one of its answers were the other one."),
    ColumnName("outcome", "Outcome", .text, "The item, pattern or condition that is explained."),
    ColumnName(
      "p_adjusted", "Adjusted p", .probability,
      "The p-value, adjusted for all rows of the table that have one."),
    ColumnName("p_exact", "Exact p", .probability, "The exact McNemar test."),
    ColumnName("p_mid", "Mid-p", .probability, "The mid-p-value of McNemar's test."),
    ColumnName(
      "p_permutation", "p (permutations)", .probability,
      "The share of orders of the moderators with a statistic as large."),
    ColumnName(
      "p_value", "p", .probability,
      "The probability of a result at least as far from no effect, were there none."),
    ColumnName("pairs", "Pairs", .count, "The number of pairs."),
    ColumnName(
      "pairs_p", "p (beyond pairs)", .probability,
      "The p-value that three answers say no more than their pairs."),
    ColumnName(
      "pairs_p_adjusted", "Adjusted p (beyond pairs)", .probability,
      "The same, adjusted over all sets of items."),
    ColumnName("paper", "Paper", .text, "The paper's slug."),
    ColumnName("papers", "Papers", .count, "The number of papers."),
    ColumnName(
      "parallel_level", "Quantile of chance", .fraction,
      "Which quantile of the eigenvalues of reference data a component has to exceed."),
    ColumnName(
      "parallel_quantile", "Chance eigenvalue", .number,
      "The quantile of the eigenvalue in reference data without correlations."),
    ColumnName(
      "parallel_sets", "Reference data sets", .count,
      "The number of reference data sets of parallel analysis."),
    ColumnName(
      "parameter", "Parameter", .text,
      "What is estimated: a rate, or how a rater errs."),
    ColumnName("parameters", "Parameters", .count, "The number of parameters of the fit."),
    ColumnName("part", "Part", .text, "What is described."),
    ColumnName("pass_rate", "Pass rate", .fraction, "The share of applicable cells that are yes."),
    ColumnName(
      "peak_mb", "Peak memory", .number, unit: "MB",
      "The greatest memory of the process."),
    ColumnName(
      "pearson_residual", "Pearson residual", .number,
      "The outcome less the fitted probability, over its standard deviation."),
    ColumnName(
      "per_unit", "Per unit", .points,
      "The change of the row divided by the span of the covariate."),
    ColumnName(
      "per_unit_high", "Upper limit per unit", .points, "The upper limit of per_unit."),
    ColumnName(
      "per_unit_low", "Lower limit per unit", .points, "The lower limit of per_unit."),
    ColumnName(
      "phi_over_max", "Phi over its maximum", .correlation,
      "Phi over the greatest value that the two rates allow."),
    ColumnName("place", "Place", .text, "Line and column, or path, in the file."),
    ColumnName(
      "pooled_kappa", "Pooled kappa", .correlation,
      "Kappa of the cells of all items put together, which also counts that items differ in how common they are."
    ),
    ColumnName(
      "pooled_kappa_high", "Upper limit of pooled kappa", .correlation,
      "The upper limit of pooled_kappa."),
    ColumnName(
      "pooled_kappa_low", "Lower limit of pooled kappa", .correlation,
      "The lower limit of pooled_kappa."),
    ColumnName("position", "Position", .count, "The place in the order."),
    ColumnName(
      "positive", "Mean of positive side", .number,
      "The mean score of the papers on the positive side alone."),
    ColumnName(
      "posterior_prob", "Posterior probability", .fraction,
      "The probability of the model, or of all models with the part, after the data."),
    ColumnName(
      "power", "Power", .fraction,
      "How much the rater's words count in prediction-powered inference: 0 not at all, 1 fully."),
    ColumnName(
      "predict_high", "Prediction, to", .estimate,
      "The upper limit of the effect of a further study, on the natural scale."),
    ColumnName(
      "predict_low", "Prediction, from", .estimate,
      "The lower limit of the effect of a further study, on the natural scale."),
    ColumnName(
      "prior_prob", "Prior probability", .fraction,
      "The probability of the model, or of all models with the part, before the data."),
    ColumnName(
      "probability", "Probability", .fraction,
      "How probably the paper belongs to the class."),
    ColumnName("proportion", "Share of variance", .fraction, "The share of the variance."),
    ColumnName(
      "proportion_explained", "Share of explained variance", .fraction,
      "The share of the variance that all factors explain."),
    ColumnName(
      "proportion_high", "Upper limit of share", .fraction,
      "The upper limit of the share of variance."),
    ColumnName(
      "proportion_low", "Lower limit of share", .fraction,
      "The lower limit of the share of variance."),
    ColumnName(
      "published", "Published", .estimate,
      "What the earlier report published, where its answers now give another number."),
    ColumnName(
      "q", "Q", .number,
      "Cochran's Q of heterogeneity; of likelihoods the likelihood ratio statistic of studies that differ at will."
    ),
    ColumnName(
      "q_df", "Q, df", .count,
      "The degrees of freedom of Q."),
    ColumnName(
      "q_p", "Q, p", .probability,
      "The p-value of Q."),
    ColumnName(
      "qe_del", "Q without", .number, "Cochran's Q without the study."),
    ColumnName(
      "qm", "QM", .number,
      "The statistic of the test that groups of studies are equal."),
    ColumnName(
      "qm_df", "QM, df", .number,
      "Its degrees of freedom."),
    ColumnName(
      "qm_p", "QM, p", .probability,
      "Its p-value."),
    ColumnName("quantity", "Quantity", .text, "What the estimate of the row is."),
    ColumnName(
      "r_squared", "R²", .fraction,
      "The share of the variance of the score that is explained in the papers of the fit."),
    ColumnName(
      "r_squared_change", "Change of R²", .fraction,
      "How much group and product add to Nagelkerke's R² of the score alone."),
    ColumnName(
      "random_high", "Random orders to", .number,
      "The upper end of the band that random orders keep to."),
    ColumnName(
      "random_low", "Random orders from", .number,
      "The lower end of the band that random orders keep to."),
    ColumnName(
      "random_median", "Random orders", .number,
      "The median of the number over random orders of the papers."),
    ColumnName(
      "range_high", "Greatest without one", .number,
      "The greatest value over fits that leave an anchor out."),
    ColumnName(
      "range_low", "Least without one", .number,
      "The least value over fits that leave an anchor out."),
    ColumnName(
      "rank", "Rank", .count,
      "The rank of the item; 1 is the highest rate, ties share the best rank."),
    ColumnName(
      "rank_high", "Upper limit of rank", .count,
      "The upper limit of the rank over replicates."),
    ColumnName(
      "rank_low", "Lower limit of rank", .count,
      "The lower limit of the rank over replicates."),
    ColumnName("rank_p_value", "p of ranks", .probability, "The Mann-Whitney test."),
    ColumnName("rate", "Rate", .fraction, "The observed rate."),
    ColumnName("rate_a", "Rate of A", .fraction, "The share of the n papers in which A is yes."),
    ColumnName("rate_b", "Rate of B", .fraction, "The share of the n papers in which B is yes."),
    ColumnName(
      "rate_from", "Rate at first", .fraction,
      "The fitted rate or mean score at the smallest value of the covariate."),
    ColumnName(
      "rate_group", "Rate of the group", .fraction,
      "The rate or mean score of the group."),
    ColumnName("rate_invisible", "Invisible", .fraction, "The rate of the invisible item."),
    ColumnName(
      "rate_ratio", "Ratio of means", .ratio,
      "The mean count for one unit more over that without."),
    ColumnName(
      "rate_reference", "Rate of the reference", .fraction,
      "The rate or mean score of the reference group."),
    ColumnName(
      "rate_to", "Rate at last", .fraction,
      "The fitted rate or mean score at the largest value of the covariate."),
    ColumnName("rate_visible", "Visible", .fraction, "The rate of the visible item."),
    ColumnName("rater", "Rater", .text, "Who gave the answers."),
    ColumnName(
      "rater_a", "Rater A", .text,
      "The first of two raters."),
    ColumnName(
      "rater_b", "Rater B", .text,
      "The second of two raters."),
    ColumnName("ratio", "Ratio", .ratio, "The observed over the expected number."),
    ColumnName("ratio_high", "Upper limit of ratio", .ratio, "The upper limit of the ratio."),
    ColumnName("ratio_low", "Lower limit of ratio", .ratio, "The lower limit of the ratio."),
    ColumnName(
      "re_answered", "Re-answered", .text,
      "Whether the better rater has answered the paper."),
    ColumnName("reading", "Reading", .text, "What a pattern says of a paper, in plain words."),
    ColumnName("reason", "Reason", .text, "Why it is so."),
    ColumnName(
      "reference", "Reference", .text,
      "The group or value that others are compared with."),
    ColumnName("relation", "Relation", .text, "How the item left out relates to the one kept."),
    ColumnName("remedy", "Remedy", .text, "What to do about it."),
    ColumnName("replicate", "Replicate", .count, "The number of the replicate."),
    ColumnName("replicates", "Replicates", .count, "The number of replicates."),
    ColumnName("retained", "Retained", .text, "Whether the component is kept."),
    ColumnName(
      "rigor_irt", "Rigor", .number, unit: "standard deviations",
      "The rigor of the paper in an item response model."),
    ColumnName(
      "rigor_irt_std_error", "Standard error of rigor", .number, unit: "standard deviations",
      "The standard error of rigor_irt."),
    ColumnName("risk_high", "Upper limit of ratio", .ratio, "The upper limit of the risk ratio."),
    ColumnName("risk_low", "Lower limit of ratio", .ratio, "The lower limit of the risk ratio."),
    ColumnName(
      "risk_ratio", "Risk ratio", .ratio,
      "The rate of the group over that of the reference."),
    ColumnName(
      "row_kind", "Row", .text,
      "What the row is: an average over models, a component of models, or a single model."),
    ColumnName(
      "rstudent", "Deleted residual", .number,
      "The effect of the study less that expected without it, in standard errors."),
    ColumnName("rule", "Rule", .text, "The rule that says how many."),
    ColumnName("runs", "Runs", .count, "How often the work was timed."),
    ColumnName(
      "same_state", "Same state", .fraction,
      "The share of cells in which both raters say the same of yes, no and does not apply."),
    ColumnName(
      "same_state_high", "Upper limit of same state", .fraction,
      "The upper limit of same_state."),
    ColumnName(
      "same_state_low", "Lower limit of same state", .fraction,
      "The lower limit of same_state."),
    ColumnName("satisfied", "In order", .text, "Whether the better paper scores higher."),
    ColumnName("scale", "Scale", .text, "What kind of value the column holds."),
    ColumnName(
      "score", "Score", .percent,
      "Passed over applicable cells, in percent; in a distribution the name of the score."),
    ColumnName("score_cited", "Score of cited", .percent, "The score of the paper that is cited."),
    ColumnName("score_citing", "Score of citing", .percent, "The score of the paper that cites."),
    ColumnName("score_from", "From", .percent, "The lower bound of the bin."),
    ColumnName("score_to", "To", .percent, "The upper bound of the bin."),
    ColumnName(
      "sd", "Standard deviation", .number,
      "The standard deviation between clusters, on the logit scale."),
    ColumnName(
      "sd_p_value", "p of the standard deviation", .probability,
      "The likelihood-ratio test that clusters do not differ."),
    ColumnName(
      "sd_std_error", "Its standard error", .number,
      "The standard error of the standard deviation between clusters."),
    ColumnName("second", "Second", .text, "The second of the two that are joined."),
    ColumnName("seconds", "Time", .number, unit: "s", "The median time of a run."),
    ColumnName("seconds_high", "Longest time", .number, unit: "s", "The longest time of a run."),
    ColumnName("seconds_low", "Shortest time", .number, unit: "s", "The shortest time of a run."),
    ColumnName("section", "Section", .text, "The section of the report."),
    ColumnName(
      "sensitivity", "Sensitivity", .fraction,
      "Of what is yes by the better rater and applies by both, the share that the rater says is yes."
    ),
    ColumnName("sentence", "Sentence", .text, "What the row says, for prose."),
    ColumnName(
      "separation", "Separation", .fraction,
      "How clearly papers belong to one class: 1 less the entropy of memberships over that of chance."
    ),
    ColumnName("severity", "Severity", .text, "left_out, refused or note."),
    ColumnName(
      "share", "Share", .fraction,
      "The share of all of the kind, as of strong claims among claims."),
    ColumnName(
      "share_answers", "Share of answers", .fraction,
      "The share of the applicable answers that belong to the items compared."),
    ColumnName("share_high", "Upper limit of share", .fraction, "The upper limit of the share."),
    ColumnName("share_low", "Lower limit of share", .fraction, "The lower limit of the share."),
    ColumnName(
      "share_unknown", "Share of what is unknown", .fraction,
      "The share of an item, or of items, in what the rater leaves unknown of all."),
    ColumnName(
      "shift", "Shift", .points,
      "The Hodges-Lehmann shift of scores from the reference to the group."),
    ColumnName("shift_high", "Upper limit of shift", .points, "The upper limit of the shift."),
    ColumnName("shift_low", "Lower limit of shift", .points, "The lower limit of the shift."),
    ColumnName(
      "shows", "Shows it", .text,
      "Whether the paper shows the pattern: yes, no, or undefined."),
    ColumnName("size", "Size", .count, "The number of variables in the new cluster."),
    ColumnName("source", "Source", .text, "Who gave the answer, or where a value is from."),
    ColumnName("spearman", "Spearman's rho", .correlation, "The rank correlation."),
    ColumnName(
      "specificity", "Specificity", .fraction,
      "Of what is no by the better rater and applies by both, the share that the rater says is no."),
    ColumnName(
      "stage", "Stage", .text,
      "What became of records: identified, excluded, not pooled or pooled."),
    ColumnName(
      "standard_group", "Standardised rate of the group", .fraction,
      "The rate of the group at the common mix."),
    ColumnName(
      "standard_reference", "Standardised rate of the reference", .fraction,
      "The rate of the reference group at the common mix."),
    ColumnName(
      "statistic", "Statistic", .number,
      "The test statistic: z, t or chi-square, as `test` or `method` says."),
    ColumnName("std_error", "Standard error", .estimate, "The standard error of the estimate."),
    ColumnName("step", "Step", .count, "The number of the step."),
    ColumnName(
      "stored_agreements", "Stored agreements", .count, unit: "cells",
      "Equal answers, as the calibration says."),
    ColumnName(
      "stored_disagreements", "Stored disagreements", .count, unit: "cells",
      "Different answers, as the calibration says."),
    ColumnName(
      "stored_n", "Stored n", .count, unit: "cells",
      "Questions, as the calibration says."),
    ColumnName(
      "stored_rate", "Stored rate", .fraction,
      "The share of equal answers, as the calibration says."),
    ColumnName(
      "strata_left_out", "Strata left out", .count,
      "Strata in which only one group has papers."),
    ColumnName(
      "structure", "Structure", .correlation,
      "The correlation of the variable with the factor."),
    ColumnName(
      "study", "Study", .text,
      "The study: a row of the table, or a stratum of the corpus."),
    ColumnName("subset", "Subset", .text, "The numbers of the studies in the subset."),
    ColumnName(
      "subset_high", "Subsets, to", .number,
      "The pooled effect that 97.5 % of the subsets stay below, on the natural scale."),
    ColumnName(
      "subset_low", "Subsets, from", .number,
      "The pooled effect that 2.5 % of the subsets stay below, on the natural scale."),
    ColumnName(
      "subsets", "Subsets", .text,
      "Which subsets of studies: all, those with the study, those without it."
    ),
    ColumnName("supported", "Supported", .text, "yes, limited or no."),
    ColumnName("table", "Table", .text, "The table whose column it is; all tables without one."),
    ColumnName("tags", "Tags", .text, "The paper's tags, separated by semicolons."),
    ColumnName(
      "tau", "τ", .number, "The standard deviation between studies on the scale of analysis."),
    ColumnName(
      "tau2", "τ²", .number,
      "The variance between studies on the scale of analysis."),
    ColumnName(
      "tau2_del", "τ² without", .number, "The variance between studies without the study."),
    ColumnName(
      "tau2_high", "τ², to", .number,
      "The upper limit of τ²."),
    ColumnName(
      "tau2_low", "τ², from", .number,
      "The lower limit of τ²."),
    ColumnName(
      "term", "Term", .text,
      "What the row is about: an item, category, quantity or predictor."),
    ColumnName("test", "Test", .text, "The test of p_value."),
    ColumnName("text", "Text", .text, "The number as it stands in the text."),
    ColumnName("theil_sen", "Theil-Sen slope", .points, "The median slope of all pairs of papers."),
    ColumnName(
      "theil_sen_high", "Upper limit of Theil-Sen slope", .points,
      "The upper limit of the median slope."),
    ColumnName(
      "theil_sen_low", "Lower limit of Theil-Sen slope", .points,
      "The lower limit of the median slope."),
    ColumnName("tier", "Tier", .text, "The band of the paper's score."),
    ColumnName("title", "Title", .text, "The title of the paper."),
    ColumnName(
      "tjur", "Tjur's R²", .fraction,
      "The mean fitted probability of papers with the outcome less that of the others."),
    ColumnName("to", "To", .number, "The largest value of the covariate."),
    ColumnName(
      "to_all", "From here to all papers", .estimate,
      "By how much the estimate changed from here to all papers."),
    ColumnName("total", "Total", .number, "The sum over the papers."),
    ColumnName("trend", "Trend", .text, "Whether the fitted rates rise or fall."),
    ColumnName("type", "Type", .text, "The type of the paper."),
    ColumnName(
      "uniform_p", "p (uniform)", .probability,
      "The p-value of the group in a logistic regression on score and group."),
    ColumnName(
      "uniqueness", "Uniqueness", .fraction,
      "The share of the variable's variance that the factors do not explain."),
    ColumnName("unit", "Unit", .text, "The unit."),
    ColumnName(
      "unknown", "Unknown", .number,
      "The root of the variance that the rater's answers leave of the better answers, over all items."
    ),
    ColumnName("value", "Value", .text, "The value."),
    ColumnName("variable", "Variable", .text, "The variable or expression."),
    ColumnName("venue", "Venue", .text, "Where the paper appeared."),
    ColumnName("version", "Version", .count, "The version of the instrument."),
    ColumnName("visible", "Visible", .text, "The item of the pair that everybody sees."),
    ColumnName(
      "visible_high", "Upper limit, visible", .fraction,
      "The upper limit of the rate of the visible item."),
    ColumnName(
      "visible_low", "Lower limit, visible", .fraction,
      "The lower limit of the rate of the visible item."),
    ColumnName("visible_term", "Name of the visible item", .text, "Its name."),
    ColumnName("weight", "Weight", .number, "What the paper counts for."),
    ColumnName(
      "weight_share", "Weight", .fraction,
      "The share of the study in all weights."),
    ColumnName("what", "What", .text, "What is counted."),
    ColumnName("whole", "All papers", .number, "The number of all papers."),
    ColumnName("with", "With", .text, "The items that it relates to."),
    ColumnName("without", "Mean without it", .number, "The mean score of the papers that do not."),
    ColumnName("wordings", "Wordings", .count, "How many wordings count as the same."),
    ColumnName("workload", "Workload", .text, "The work that was timed."),
    ColumnName("worse", "Worse", .text, "The paper that should score lower."),
    ColumnName("x", "x", .number, "The value of the variable at which the smooth is taken."),
    ColumnName("year", "Year", .count, "The year of the paper."),
    ColumnName(
      "year_slope", "Slope a year", .logOdds,
      "By how much the log-odds of yes grow a year in a simulation."),
    ColumnName("yes", "Yes", .fraction, "The share of cells answered with yes."),
  ]

  /// What `estimate` is in each table.
  public static let estimates: [ColumnName] = [
    ColumnName(
      "estimate", "Estimate", .fraction, table: "rates",
      "The rate: yes cells over applicable cells."),
    ColumnName(
      "estimate", "Estimate", .percent, table: "distribution",
      "A quantity of the scores in percent; rows `share …` are fractions of the papers with a score."
    ),
    ColumnName(
      "estimate", "Estimate", .points, table: "compare",
      "The difference of rates or mean scores, group less reference, as a difference of shares of one."
    ),
    ColumnName(
      "estimate", "Estimate", .points, table: "standardized",
      "The difference at a common mix, group less reference."),
    ColumnName(
      "estimate", "Estimate", .points, table: "pairs",
      "The rate of A less that of B."),
    ColumnName(
      "estimate", "Estimate", .points, table: "trend",
      "The change of the rate, or of the mean score as a share of one, from the smallest to the largest value of the covariate."
    ),
    ColumnName(
      "estimate", "Estimate", .points, table: "differences",
      "The difference of two changes per unit of the covariate, group less reference."),
    ColumnName(
      "estimate", "Estimate", .correlation, table: "correlations",
      "The coefficient."),
    ColumnName(
      "estimate", "Estimate", .correlation, table: "partial",
      "The correlation given all other variables."),
    ColumnName(
      "estimate", "Estimate", .correlation, table: "loadings",
      "The loading of the variable."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "communalities",
      "The share of the variable's variance that the factors explain."),
    ColumnName(
      "estimate", "Estimate", .correlation, table: "dimensions",
      "The congruence of the factor rotated to the dimension with the dimension."),
    ColumnName(
      "estimate", "Estimate", .number, table: "fit",
      "The index of fit named in `term`."),
    ColumnName(
      "estimate", "Estimate", .correlation, table: "reliability",
      "The coefficient named in `term`."),
    ColumnName(
      "estimate", "Estimate", .correlation, table: "reliability_items",
      "The coefficient named in `term`."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "sampling_adequacy",
      "The Kaiser-Meyer-Olkin measure."),
    ColumnName(
      "estimate", "Estimate", .logOdds, table: "logit",
      "The coefficient: the change of the log-odds of yes."),
    ColumnName(
      "estimate", "Estimate", .number, table: "tests",
      "The test of the term."),
    ColumnName(
      "estimate", "Estimate", .points, table: "effects",
      "The average marginal effect on the probability of yes."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "predictions",
      "The average predicted probability of yes."),
    ColumnName(
      "estimate", "Estimate", .number, table: "items",
      "In item response models discrimination or difficulty, as the column says."),
    ColumnName(
      "estimate", "Estimate", .correlation, table: "agreement",
      "The coefficient named in `coefficient`."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "confusion",
      "The share of the cells that both raters were asked."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "directions",
      "The share of the disagreements."),
    ColumnName(
      "estimate", "Estimate", .points, table: "bias",
      "The rate of the first rater less that of the second."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "calibration",
      "The share of equal answers."),
    ColumnName(
      "estimate", "Estimate", .number, table: "leave_one_out",
      "The pooled effect without the study, on the natural scale."),
    ColumnName(
      "estimate", "Estimate", .number, table: "cumulative",
      "The pooled effect of the studies up to this one, on the natural scale."),
    ColumnName(
      "estimate", "Estimate", .number, table: "meta_bias",
      "What the column quantity says; effects are on the natural scale."),
    ColumnName(
      "estimate", "Estimate", .number, table: "meta_models",
      "The posterior mean, of effects on the natural scale."),
    ColumnName(
      "estimate", "Estimate", .number, table: "subsets",
      "The pooled effect of the subset, on the natural scale."),
    ColumnName(
      "estimate", "Estimate", .number, table: "gosh",
      "The median of the pooled effects of the subsets, on the natural scale."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "variation",
      "The rate of the middle venue, year or type."),
    ColumnName(
      "estimate", "Estimate", .number, table: "meta",
      "The pooled estimate on the natural scale of the measure: a rate, a ratio, a difference."),
    ColumnName(
      "estimate", "Estimate", .number, table: "meta_studies",
      "The effect of the study on the natural scale."),
    ColumnName(
      "estimate", "Estimate", .number, table: "meta_moderators",
      "The coefficient on the scale of analysis."),
    ColumnName(
      "estimate", "Estimate", .number, table: "meta_subgroups",
      "The pooled estimate of the group on the natural scale."),
    ColumnName(
      "estimate", "Estimate", .number, table: "faults",
      "The quantity named in `quantity`."),
    ColumnName(
      "estimate", "Estimate", .correlation, table: "item_rest",
      "The correlation of the item with the percent passed of all others."),
    ColumnName(
      "estimate", "Estimate", .points, table: "drift",
      "The share in the highest group less that in the lowest."),
    ColumnName(
      "estimate", "Estimate", .logOdds, table: "dif",
      "The logarithm of the common odds ratio of yes, group over reference."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "redundant",
      "The share of papers that answer the two items differently."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "short_form",
      "R² for papers that played no part in the choice of items."),
    ColumnName(
      "estimate", "Estimate", .number, table: "against",
      "The coefficient, the points of the score, or the mean score, as `part` and `term` say."),
    ColumnName("estimate", "Estimate", .fraction, table: "citations", "The share of n."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "cited_inside",
      "The share of the papers that could cite the paper which do."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "cited_outside",
      "The share of the papers with a list that cite the work."),
    ColumnName(
      "estimate", "Estimate", .number, table: "citation_scores",
      "The coefficient; of a rate ratio its logarithm."),
    ColumnName("estimate", "Estimate", .number, table: "weights", "The weight, from 0 to 5."),
    ColumnName("estimate", "Estimate", .percent, table: "anchors", "The score under the weights."),
    ColumnName(
      "estimate", "Estimate", .number, table: "anchor_pairs",
      "By how many points the better paper leads."),
    ColumnName(
      "estimate", "Estimate", .number, table: "weight_shift",
      "The score under the weights less the unweighted one."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "combinations",
      "The share of n that shows the combination."),
    ColumnName("estimate", "Estimate", .fraction, table: "classes", "The share of papers."),
    ColumnName(
      "estimate", "Estimate", .fraction, table: "class_items",
      "The probability of yes in the class."),
    ColumnName(
      "estimate", "Estimate", .logOdds, table: "class_covariates",
      "The change of the log-odds of the class against the first."),
    ColumnName(
      "estimate", "Estimate", .number, table: "growth_stability",
      "The number after so many papers in their order; scores in percent, shares as fractions."),
    ColumnName(
      "estimate", "Estimate", .number, table: "leave_out",
      "The number without the group; scores in percent, shares as fractions."),
  ]
}
