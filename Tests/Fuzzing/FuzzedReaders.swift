import SurveyImport
import SurveyReport
import SurveySimulation
import SurveyStats

/// Every reader of files and of texts of options, as libFuzzer calls it.
///
/// A reader must come to an end on any bytes, with a value or with an error; what else it promises is
/// checked by `require`. `METASTAT_READER` names the reader; `scripts/fuzz-readers` builds and runs all.
enum FuzzedReader: String, CaseIterable {
  case scan, matrix, table, records, covariates, recipe, condition, formula, options, instrument
  case calibration, part

  private static let papers = RandomCondition.corpus

  /// Reads some bytes.
  func read(_ bytes: [UInt8]) throws {
    switch self {
    case .scan:
      let corpus = ScanReader(details: .all).parse(bytes: bytes, file: "scan.json")
      require(corpus.scans.count == corpus.filesRead, "every file that is read gives a scan")
      require(
        corpus.filesRead == 1 || !corpus.problems.isEmpty, "a file that is left out has a problem")
      require(corpus.problems.allSatisfy { isShortLine("\($0)") }, "a problem is a short line")
      require(BinaryMatrix(corpus).items.count == corpus.items.count, "every item is in the matrix")
    case .matrix:
      let faults = MatrixCSV().faults(bytes)
      require(faults.allSatisfy { isShortLine("\($0)") }, "a fault is a short line")
      let written = try MatrixCSV().write(try MatrixCSV().read(bytes))
      let again = try? MatrixCSV().read(written)
      require(again.flatMap { try? MatrixCSV().write($0) } == written, "a matrix reads back")
    case .table:
      // Packed and foreign formats are read by another program, which `make fuzz` damages.
      guard case .table(let format) = TableFile.Kind(bytes), [.csv, .json].contains(format)
      else { return }
      let file = TableFile(bytes, name: "table", reader: FormatReader())
      let recipe = RecipeProposal().recipe(for: file.grid, source: file.source)
      let imported = ImportedMatrix(recipe, to: file.grid, file: "table")
      let problems = file.problems + imported.problems
      require(problems.allSatisfy { isShortLine("\($0)") }, "a problem is a short line")
      require((try? Recipe(json: recipe.json)) == recipe, "a proposed recipe reads back")
      require(
        imported.matrix != nil || problems.contains { $0.severity == .refused },
        "what gives no matrix is refused")
    case .records: _ = try JSONRecords(bytes)
    case .covariates: _ = try Covariates(jsonLines: bytes)
    case .recipe:
      let recipe = try Recipe(json: bytes)
      require((try? Recipe(json: recipe.json)) == recipe, "a recipe reads back")
    case .condition:
      let expression = try Expression(String(decoding: bytes, as: UTF8.self))
      // Quotes that a name does not need are not written.
      let text = expression.description
      require((try? Expression(text))?.description == text, "a condition reads back")
      _ = try Self.papers.variables.truths(expression)
    case .formula: _ = try ModelFormula(String(decoding: bytes, as: UTF8.self))
    case .options:
      // The first byte says which file it is.
      let rest = Array(bytes.dropFirst())
      switch bytes.first {
      case UInt8(ascii: "p"): _ = try OptionFile.decode(NamedPatterns.self, from: rest)
      case UInt8(ascii: "w"): _ = try OptionFile.decode(CompositeWeights.self, from: rest)
      case UInt8(ascii: "d"): _ = try OptionFile.decode(Dimensions.self, from: rest)
      case UInt8(ascii: "a"): _ = try OptionFile.decode(WeightAnchors.self, from: rest)
      case UInt8(ascii: "i"): _ = try OptionFile.decode(ItemPairs.self, from: rest)
      default: _ = try OptionFile.decode(Tensions.self, from: rest)
      }
    case .instrument: _ = try Instrument(json: bytes)
    case .calibration: _ = try Calibration(json: bytes)
    case .part:
      // Without its hash no part is looked at.
      let whole = bytes + Array((SHA256.hexDigest(of: bytes) + "\n").utf8)
      let part = try ReplicatePart(decoding: whole, name: "a.part")
      require(
        (try? ReplicatePart(decoding: part.encoded(), name: "a.part").encoded())
          == part.encoded(), "a part reads back")
    }
  }

  /// Reads some bytes, and checks that an error is one line of bounded length.
  func callAsFunction(_ bytes: [UInt8]) {
    do { try read(bytes) } catch { require(isShortLine("\(error)"), "an error is a short line") }
  }

  private func isShortLine(_ text: String) -> Bool {
    text.utf8.count <= 8_000 && !text.contains(where: \.isNewline)
  }

  private func require(_ isKept: Bool, _ promise: String) {
    if !isKept { fatalError("\(rawValue): \(promise)") }
  }
}
