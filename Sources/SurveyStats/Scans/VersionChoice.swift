/// Which scan to use of a paper that has several.
public enum VersionChoice: Sendable, Equatable {
  /// The scan of that instrument version; papers without one are left out.
  case version(Int)
  /// The scan of the highest version.
  case newest
  /// Every scan, as rows of their own.
  case all
}

extension Corpus {
  /// The corpus of the chosen scans.
  ///
  /// A second scan of the same slug and version, which can come from another input folder, is left
  /// out with a problem.
  public func choosing(_ choice: VersionChoice) -> Corpus {
    var result = self
    var firstFiles: [ScanKey: String] = [:]
    var newest: [String: Int] = [:]
    result.scans = scans.filter { scan in
      let key = ScanKey(slug: scan.paper.slug, version: scan.version)
      if let earlier = firstFiles[key] {
        result.problems.append(.repeatedScan(scan, earlier: earlier))
        return false
      }
      firstFiles[key] = scan.file
      newest[key.slug] = max(newest[key.slug] ?? 0, key.version)
      return true
    }
    switch choice {
    case .version(let version): result.scans.removeAll { $0.version != version }
    case .newest: result.scans.removeAll { $0.version != newest[$0.paper.slug] }
    case .all: break
    }
    return result
  }
}

private struct ScanKey: Hashable {
  let slug: String
  let version: Int
}

extension ScanProblem {
  fileprivate static func repeatedScan(_ scan: Scan, earlier: String) -> ScanProblem {
    ScanProblem(
      file: scan.file, kind: .repeatedScan,
      message: "\(scan.paper.slug) has a version \(scan.version) in \(earlier) already",
      remedy: "the first is kept; rename or remove one", severity: .leftOut)
  }
}
