import Glibc
import SurveyFigures
import SurveyStats

/// A picture that a command writes beside its table, as a specification or drawn.
///
/// The name of the file says what is drawn (`forest.svg`), or stands after what is drawn
/// (`forest:out/plot.svg`); its extension how: `.vl.json` is the Vega-Lite specification, `.svg` and `.png`
/// are drawn by ``FigureRenderer``.
struct FigureFile<Kind: RawRepresentable & CaseIterable & Sendable>: Sendable
where Kind.RawValue == String {
  /// What is drawn.
  let kind: Kind
  /// Where it is written.
  let path: String
  /// `.vl.json`, `.svg` or `.png`.
  let format: String

  private static var formats: [String] { [".vl.json", ".svg", ".png"] }

  /// Reads an argument of `--figure`.
  init(_ argument: String) throws(CommandFailure) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    let names = Kind.allCases.map(\.rawValue)
    let named = parts.count == 2 ? Kind(rawValue: parts[0]) : nil
    path = named == nil ? argument : parts[1]
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let format = Self.formats.first(where: { file.hasSuffix($0) }) else {
      throw CommandFailure(
        .usage, "--figure \(argument): name a file that ends in .vl.json, .svg or .png")
    }
    self.format = format
    let stem = String(file.dropLast(format.count))
    guard let kind = named ?? Kind(rawValue: stem) else {
      throw CommandFailure(
        .usage,
        "--figure \(argument): name the file after what is drawn (\(names.joined(separator: ", "))), "
          + "or write \(names.first ?? "forest"):FILE"
          + NearestNames.suggestion(of: NearestNames(names).nearest(to: stem)))
    }
    self.kind = kind
  }

  /// Checks that the file can be written.
  func check() throws(CommandFailure) { _ = try OutputFile(path) }

  /// Writes the specification, or the picture that it gives.
  func write(_ specification: VegaLite) throws(CommandFailure) {
    let file = try OutputFile(path)
    let json = specification.root.json
    guard format != ".vl.json" else { return try file.write(json) }
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    guard let temporary = Temporary(.folder, in: folder) else {
      throw CommandFailure(
        .output, "\(folder): \(String(cString: strerror(errno))); name another folder in TMPDIR")
    }
    defer { temporary.discard() }
    let name = kind.rawValue
    try OutputFile("\(temporary.path)/\(name).vl.json").write(json)
    do throws(FigureRenderer.Failure) {
      try FigureRenderer().render(
        [name], in: temporary.path, jobs: 1)
    } catch {
      throw CommandFailure(
        .output, "\(error.message); --figure \(name).vl.json needs none")
    }
    guard let drawn = try? InputBytes.contents("\(temporary.path)/\(name)\(format)") else {
      throw CommandFailure(.output, "\(path): the renderer drew nothing")
    }
    try file.write(drawn)
  }
}
