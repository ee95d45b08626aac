/// Why a quantity is undefined, has no limits, or is to be read with care.
///
/// Every note has a code, which stays the same over time and stands in the `note` column of a table,
/// and words for a page. Notes of an estimator are static members beside it.
public struct Note: Sendable, Hashable, CustomStringConvertible {
  /// What a note says of the row that it stands in.
  public enum Effect: Sendable, Hashable {
    /// There is no estimate, and this is why.
    case noValue
    /// There are no limits, and this is why.
    case noLimits
    /// The estimate or its limits are doubtful, or not those that were asked for.
    case doubt
    /// The row is sound; this belongs to reading it.
    case remark
  }

  /// The short word of the `note` column.
  public let code: String
  /// A number or name that belongs to it.
  public let detail: String?
  /// What it says of its row.
  public let effect: Effect
  /// The same as a phrase for a page.
  public let words: String

  /// Creates a note; without words the code is read with spaces for its hyphens.
  public init(_ code: String, detail: String? = nil, effect: Effect, words: String? = nil) {
    self.code = code
    self.detail = detail
    self.effect = effect
    self.words = words ?? code.replacing("-", with: " ") + (detail.map { ": \($0)" } ?? "")
  }

  /// The text of the `note` column: the code, and the detail after a colon.
  public var description: String { detail.map { "\(code): \($0)" } ?? code }
}

extension Note {
  /// The limits do not hold the estimate.
  public static let estimateOutsideInterval = Note("estimate-outside-interval", effect: .doubt)

  /// The replicates are those of another quantity than the estimate, so that they give no limits.
  public static let replicatesOfAnotherEstimate = Note(
    "replicates-of-another-estimate", effect: .noLimits)
}

extension Sequence<Note> {
  /// The notes as they stand in a table: separated by semicolons, each once; `nil` if there are none.
  public var text: String? {
    var seen: Set<Note> = []
    let texts = filter { seen.insert($0).inserted }.map(\.description)
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }
}
