import SurveyImport
import SurveyStats

/// A matrix that is ready to be analysed, with what was found and left out on the way.
struct LoadedCorpus: Sendable {
  /// The matrix after selection, rows in the order of their papers, versions and raters.
  var matrix: BinaryMatrix
  /// Where each paper stood in the input.
  var inputPositions: [Int]
  /// Everything wrong with the input, in the order of the files.
  var problems: [ScanProblem] = []
  /// The input files, in sorted order.
  var files: [InputRecord] = []
  /// Scan files or matrix rows found.
  var filesFound = 0
  /// Scan files or matrix rows read.
  var filesRead = 0
  /// Whether the input is a matrix, of rows, rather than scans.
  var isMatrix = false
  /// Which rows of each paper were chosen.
  var chosen: RowChoice.Rows?
  /// Scans that were read but not chosen, because of another scan of the same paper.
  var otherScans: Int { chosen?.leftOutCount ?? 0 }
  /// Papers that were left out because they stand in the input under another name too.
  var duplicatesLeftOut = 0
  /// Papers before selection.
  var papersBeforeSelection = 0
  /// The names that weights and dimensions may use: all items before selection, and the instrument's.
  var scoreNames = ScoreNames(data: [])
  /// Raters that stand before the others, such as files in the order of the command line.
  var raterOrder: [String] = []
  /// The name of the rater whose answers are to correct those of the others, if one was named.
  var betterRater: String?
  /// The columns that were joined to the papers, or declared with `--metadata`.
  var covariateNames: [String] = []
  /// The scans with their calibrations, if those were asked for.
  var calibrated: CalibratedScans?
  /// The texts of the scans, by their place in the input, if they were asked for.
  var texts: [ScanTexts]?
  /// Who gave each answer, if that was asked for and is known.
  var sources: CellSources?
  /// The scans with all their texts, by their place in the input, if they were asked for.
  var scans: Corpus?
  /// How the table was read, if it was no matrix CSV.
  var recipe: Recipe?
  /// What a report says of the recipe.
  var citation: String?
  /// How the table compares with its codebook, if there is one.
  var comparison: CodebookComparison?
  /// The names of metadata that the table had besides those that a matrix CSV knows by itself.
  var metadata: [String] = []

  /// How many rows have no weight where others have one; they count as 1.
  var weightRemark: String? {
    guard matrix.hasWeights else { return nil }
    let without = matrix.papers.count { $0.weight == nil }
    guard without > 0, without < matrix.papers.count else { return nil }
    return
      "\(without) of \(matrix.papers.count) rows \(without == 1 ? "has" : "have") no weight and count\(without == 1 ? "s" : "") as 1"
  }

  /// The number of papers, and of scans where they are more, in words.
  var size: String {
    let (scans, papers) = (matrix.papers.count, matrix.distinctPaperCount)
    let text = "\(papers) paper\(papers == 1 ? "" : "s")"
    return scans == papers ? text : "\(scans) \(isMatrix ? "rows" : "scans") of \(text)"
  }

  /// The rows in the order of the input, or of a number that a variable or expression gives; ties and papers without
  /// a number keep the order of the input, the latter at the end.
  func ordered(_ rows: [Int], by order: String) throws -> [Int] {
    let byInput = rows.sorted { inputPositions[$0] < inputPositions[$1] }
    guard order != "input" else { return byInput }
    let all: [Double?]
    do throws(VariableError) {
      all = try matrix.variables.numbers(order)
    } catch { throw CommandFailure(error, option: "--order") }
    let numbers = byInput.map { all[$0] }
    return byInput.indices.sorted { left, right in
      let (a, b) = (numbers[left] ?? .infinity, numbers[right] ?? .infinity)
      return a == b ? left < right : a < b
    }.map { byInput[$0] }
  }
}

/// The texts of a scan that are not answers.
struct ScanTexts: Sendable {
  /// What the paper claims.
  let claims: [String]
  /// The red flags that were raised.
  let flags: [String]
  /// The works that the paper cites.
  let cited: [CitedPaper]

  init(_ scan: Scan) {
    claims = scan.claims.map(\.claim)
    flags = scan.redFlags.map(\.flag)
    cited = scan.citedPapers
  }
}

/// One input file, for the manifest.
enum InputRecord: Sendable, Equatable {
  /// A file on disk.
  case file(String)
  /// Bytes that were read once and cannot be read again, with their hash.
  case hashed(name: String, sha256: String)
}

extension BinaryMatrix {
  /// The groups of a metadata column, or everything as one group without a name.
  func groups(by column: String?) throws -> [(name: String?, papers: [Int])] {
    guard let column else { return [(nil, Array(papers.indices))] }
    do throws(VariableError) {
      return try groups(of: column).map { ($0.name, $0.papers) }
    } catch {
      throw CommandFailure(error, option: "--by")
    }
  }
}
