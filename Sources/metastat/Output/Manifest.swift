import FoundationEssentials
import Glibc
import SurveyStats

/// What was done, so that it can be done again: versions, arguments, seed, inputs, counts.
struct Manifest: Encodable {
  /// One input with its hash.
  struct Input: Encodable {
    let path: String
    let sha256: String
  }

  /// The sizes of what was analysed.
  struct Counts: Encodable {
    let filesFound: Int
    let filesRead: Int
    let papersBeforeSelection: Int
    let papers: Int
    let rows: Int
    /// Papers of which a row of another version was left out, and of another rater.
    let papersOfOtherVersion: Int
    let papersOfOtherRater: Int
    let items: Int
    let cellsYes: Int
    let cellsNo: Int
    let cellsNotApplicable: Int
    let cellsAbsent: Int
  }

  /// One problem of the input.
  struct Problem: Encodable {
    let kind: String
    let severity: String
    let text: String
  }

  let tool = "metastat"
  let version = Version.text
  let arguments: [String]
  let seed: UInt64?
  let replicates: Int?
  let blasCore: String
  let kernels: String
  let created: String
  let inputs: [Input]
  let counts: Counts
  let problems: [Problem]

  /// Describes a run; the time is that of SOURCE_DATE_EPOCH when it is set.
  init(
    _ loaded: LoadedCorpus, seed: UInt64?, replicates: Int?,
    arguments: [String] = Array(CommandLine.arguments.dropFirst())
  ) throws {
    self.arguments = arguments
    self.seed = seed
    self.replicates = replicates
    blasCore = NumericCore.blasCore
    kernels = NumericCore.kernels
    let epoch = getenv("SOURCE_DATE_EPOCH").flatMap { Double(String(cString: $0)) }
    created = (epoch.map { Date(timeIntervalSince1970: $0) } ?? Date()).formatted(.iso8601)
    inputs = try loaded.files.map { record in
      switch record {
      case .file(let path):
        Input(path: path, sha256: SHA256.hexDigest(of: try InputBytes.read(path)))
      case .hashed(let name, let sha256): Input(path: name, sha256: sha256)
      }
    }
    let matrix = loaded.matrix
    let columns = matrix.items.indices
    let count = { (plane: BitColumns) in columns.reduce(0) { $0 + plane.count(column: $1) } }
    let (yes, applies, asked) = (count(matrix.yes), count(matrix.applies), count(matrix.asked))
    counts = Counts(
      filesFound: loaded.filesFound, filesRead: loaded.filesRead,
      papersBeforeSelection: loaded.papersBeforeSelection,
      papers: matrix.distinctPaperCount, rows: matrix.papers.count,
      papersOfOtherVersion: loaded.chosen?.otherVersionCount ?? 0,
      papersOfOtherRater: loaded.chosen?.otherRaterCount ?? 0, items: matrix.items.count,
      cellsYes: yes, cellsNo: applies - yes,
      cellsNotApplicable: asked - applies,
      cellsAbsent: matrix.papers.count * matrix.items.count - asked)
    problems = loaded.problems.map {
      Problem(kind: $0.kind.rawValue, severity: $0.severity.rawValue, text: $0.description)
    }
  }

  /// The manifest as JSON with sorted keys.
  func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let json = String(decoding: try encoder.encode(self), as: UTF8.self)
    return Array((DisplayText.visibleJSON(json) + "\n").utf8)
  }
}

extension OutputOptions {
  /// Writes the manifest, if one was asked for.
  func writeManifest(
    of loaded: LoadedCorpus, seed: UInt64?, replicates: Int?,
    arguments: [String] = Array(CommandLine.arguments.dropFirst())
  ) throws {
    guard let manifest else { return }
    try OutputFile(manifest).write(
      try Manifest(loaded, seed: seed, replicates: replicates, arguments: arguments).json())
  }
}
