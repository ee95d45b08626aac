/// Headings for people, by column name.
public enum Glossary {
  /// The heading of a column: its entry here, or its name in words.
  public static func heading(for name: String) -> String {
    if let heading = headings[name] { return heading }
    let words = name.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  private static let headings = [
    "a": "Item A",
    "absent": "Never asked",
    "all_items": "Where all items apply",
    "armitage_p": "p (Cochran-Armitage)",
    "arxiv_id": "arXiv",
    "b": "Item B",
    "by": "Grouped by",
    "conf_high": "Upper limit",
    "conf_level": "Confidence level",
    "conf_low": "Lower limit",
    "crude": "As answered",
    "crude_high": "Upper limit as answered",
    "crude_low": "Lower limit as answered",
    "df": "Degrees of freedom",
    "doi": "DOI",
    "estimate": "Estimate",
    "interval": "Interval",
    "n": "n",
    "n00": "Neither",
    "n01": "B only",
    "n10": "A only",
    "n11": "Both",
    "n_absent": "Never asked",
    "n_all_items": "n where all apply",
    "n_applicable": "Applicable",
    "n_cells": "Cells",
    "n_events": "Events",
    "n_items": "Items compared",
    "n_no": "No",
    "n_not_applicable": "Does not apply",
    "n_papers": "Papers",
    "n_yes": "Yes",
    "not_applicable": "Does not apply",
    "odds_high": "Upper limit of odds ratio",
    "odds_low": "Lower limit of odds ratio",
    "odds_ratio": "Odds ratio",
    "p_adjusted": "Adjusted p",
    "p_value": "p",
    "std_error": "Standard error",
    "term": "Term",
    "to_all": "From here to all papers",
  ]
}
