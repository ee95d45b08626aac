/// The name of a column with what it means: an entry of the ``Glossary``.
public struct ColumnName: Sendable, Hashable {
  /// What kind of value a column holds.
  public enum Scale: String, Sendable, CaseIterable {
    /// Text, or one of a few words.
    case text
    /// A whole number.
    case count
    /// A share of one.
    case fraction
    /// A difference of shares of one; 0.1 is ten percentage points.
    case points
    /// A score from 0 to 100.
    case percent
    /// A p-value.
    case probability
    /// A correlation or another coefficient from −1 to 1.
    case correlation
    /// A logarithm of odds, or a difference of them.
    case logOdds = "log-odds"
    /// A ratio of odds or rates.
    case ratio
    /// Any real number; the sentence says which.
    case number
    /// The scale of the estimate in the same row.
    case estimate
  }

  /// The name, in snake case.
  public let name: String
  /// The heading for people.
  public let heading: String
  /// What kind of value it holds.
  public let scale: Scale
  /// The unit, where it is not plain from the scale.
  public let unit: String?
  /// The only table that the entry is about; `nil` for all.
  public let table: String?
  /// What it means.
  public let sentence: String

  init(
    _ name: String, _ heading: String, _ scale: Scale, unit: String? = nil, table: String? = nil,
    _ sentence: String
  ) {
    self.name = name
    self.heading = heading
    self.scale = scale
    self.unit = unit
    self.table = table
    self.sentence = sentence
  }
}
