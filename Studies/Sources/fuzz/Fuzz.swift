import ArgumentParser
import Foundation
import SurveySimulation
import SurveyStats

/// Reads damaged scans, and checks that each becomes a scan or has a problem reported.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads damaged scan files and checks that none crashes the reader or gets lost.",
    discussion: """
      The scans of FOLDER and simulated ones of all versions are damaged at random, and read. Every
      mutant must become a scan or have a problem reported. Exits with 1 if one does neither; a
      crash ends the program as crashes do, and the last line of progress says where. Before, random
      conditions on papers are read and answered: none may crash, and a name that nothing has is an
      error in each.
      """)

  @Argument(help: "The folder of papers whose scans are damaged.")
  var folder = "data/papers"

  @Option(help: "The number of mutants.")
  var mutations = 100_000

  @Option(help: "The number of the first mutant.")
  var first = 0

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "The number of simulated papers whose scans are damaged too.")
  var simulated = 50

  @Option(help: "The number of expressions about papers that are tried.")
  var expressions = 100_000

  func run() throws {
    var fuzz = ExpressionFuzz()
    fuzz.run(expressions, seed: seed) { Self.report("expressions from \($0)") }
    print(fuzz.summary)
    let files = try scans(below: folder) + simulatedScans()
    guard !files.isEmpty else { throw ValidationError("there are no scans in \(folder)") }
    let mutation = ScanMutation(seed: seed)
    let reader = ScanReader(details: .all)
    var outcome = FuzzOutcome()
    for number in first..<first + mutations {
      if number % 1_000 == 0 { Self.report("mutants from \(number)") }
      let file = files[number % files.count]
      let donor = files[(number / files.count + 1 + number) % files.count]
      let bytes = mutation.mutant(number, of: file.bytes, donor: donor.bytes)
      outcome.add(reader.parse(bytes: bytes, file: file.path), mutant: number)
    }
    print("seed \(seed), \(files.count) scans\n\(outcome.summary)")
    if !(outcome.failures + fuzz.failures).isEmpty { throw ExitCode.failure }
  }

  /// The scan files below a folder, in the order of their paths.
  private func scans(below folder: String) throws -> [(path: String, bytes: [UInt8])] {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return try paths.sorted()
      .filter { path in
        let name = path.split(separator: "/").last ?? ""
        return name.hasPrefix("scan") && name.hasSuffix(".json")
      }
      .map { ("\(folder)/\($0)", [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\($0)")))) }
  }

  /// Files of simulated papers of all versions, some of them in two versions and some defective.
  private func simulatedScans() throws -> [(path: String, bytes: [UInt8])] {
    var parameters = CorpusSimulation.Parameters(paperCount: simulated, seed: seed)
    parameters.versions = [1: 1, 2: 1, 3: 1, 4: 1, 5: 1]
    parameters.severalVersionsRate = 0.3
    parameters.duplicateRate = 0.1
    parameters.contradictionRate = 0.05
    parameters.defectRate = 0.1
    let simulation = try CorpusSimulation(parameters)
    return (0..<simulated).flatMap { simulation.files(ofPaper: $0) }
      .map { ($0.relativePath, $0.bytes) }
  }

  private static func report(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}
