/// One of several nearly equal shares of the papers of a corpus, so that processes or machines can
/// read it together.
///
/// Shares divide the folders and files in the order in which they are read; all scans in a paper's
/// folder are in one share, and so are all lines of a `.jsonl`.
public struct ScanShare: Sendable, Equatable {
  /// The number of the share; the first is 1.
  public let number: Int
  /// The number of shares.
  public let count: Int

  /// Names a share; `nil` unless its number is from 1 to the number of shares.
  public init?(_ number: Int, of count: Int) {
    guard number >= 1, number <= count else { return nil }
    self.number = number
    self.count = count
  }

  /// The sources that belong to the share.
  func selecting(_ sources: [ScanSource]) -> [ScanSource] {
    var starts: [Int] = []
    var latest: String?
    for (index, source) in sources.enumerated() {
      switch source {
      case .file(_, let origin):
        if latest == nil || origin.slug != latest { starts.append(index) }
        latest = origin.slug
      case .lines:
        starts.append(index)
        latest = nil
      case .unusable, .remark: break
      }
    }
    // What cannot be a scan goes with the paper before it, or with the first.
    let bounds = [number - 1, number].map { part in
      let group = starts.count * part / count
      return group == 0 && part == 0 ? 0 : group < starts.count ? starts[group] : sources.count
    }
    return Array(sources[bounds[0]..<bounds[1]])
  }
}
