/// One answer of one paper to one checklist item.
///
/// "Does not apply" is a judgement about the paper; "absent" means that the paper's instrument
/// version never asked. Neither is a no, and the two are counted apart.
public enum Cell: UInt8, Sendable, CaseIterable {
  /// The item applies and the answer is no.
  case no
  /// The item applies and the answer is yes.
  case yes
  /// The item does not apply to this paper (structural NA).
  case notApplicable
  /// The item was never asked of this paper.
  case absent
}
