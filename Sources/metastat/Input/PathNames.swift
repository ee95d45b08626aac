import Glibc
import SurveyStats

/// Names of files and folders, for one that was mistyped.
enum PathNames {
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// What to say of a path that there is not: the nearest names in its folder, if any is near.
  static func suggestion(for path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard let name = parts.last else { return "" }
    let start = path.hasPrefix("/") ? "/" : ""
    let folder = start + parts.dropLast().joined(separator: "/")
    guard let stream = opendir(folder.isEmpty ? "." : folder) else { return "" }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let text = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !text.hasPrefix(".") { names.append(text) }
    }
    let prefix = folder.isEmpty || folder == "/" ? folder : folder + "/"
    return NearestNames.suggestion(
      of: NearestNames(names).nearest(to: name).map { prefix + $0 })
  }
}
