/// Which scans to use of a paper that has several.
public enum VersionChoice: Sendable, Equatable {
  /// The scans of these instrument versions; papers without one are left out.
  case versions(Set<Int>)
  /// The scans of the highest version.
  case newest
  /// Every scan, as rows of their own.
  case all

  /// The scans of one version.
  public static func version(_ version: Int) -> VersionChoice { .versions([version]) }
}
