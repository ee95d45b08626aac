public import SurveyStats

/// A scan file of a simulated corpus, with what is true of it.
public struct SimulatedFile: Sendable, Equatable {
  /// The path below the folder of the corpus, such as `papers/synthetic-0000001-2024/scan.json`.
  public let relativePath: String
  /// The content.
  public let bytes: [UInt8]
  /// The metadata the file states, or would without its defect.
  public let paper: Paper
  /// The cells the file states, one an item, or would without its defect.
  public let cells: [Cell]
  /// How many cells that do not apply say yes all the same.
  public let contradictionCount: Int
  /// How the file is damaged.
  public let defect: FileDefect?
  /// The slug of the paper of which this is a second scan under another slug.
  public let duplicateOf: String?
}

extension CorpusSimulation {
  /// The scan files of one paper, in the layout of their versions: one, or up to three with another
  /// version and a duplicate under another slug.
  ///
  /// The first file has the answers of ``matrix()``. The answers of the others are the opposite of
  /// those with the chance of the disagreement rate.
  ///
  /// - Precondition: the index is not negative; it may exceed the number of papers.
  public func files(ofPaper index: Int) -> [SimulatedFile] {
    let draw = draw(index)
    var stream = draw.stream
    let hasOtherVersion = stream.uniform() < parameters.severalVersionsRate
    let isLater = stream.uniform() < 0.5
    let isDuplicated = stream.uniform() < parameters.duplicateRate
    var texts = stream.next()

    let original = paper(draw, version: draw.version)
    var files = [file(draw, paper: original, stream: &stream, textSeed: &texts)]
    if hasOtherVersion {
      let version = draw.version <= 3 ? (isLater ? 5 : 4) : 3
      files.append(
        file(
          disagreeing(draw, from: &stream), paper: paper(draw, version: version), stream: &stream,
          textSeed: &texts))
    }
    if isDuplicated {
      var copy = original
      copy.slug += "-2"
      files.append(
        file(
          disagreeing(draw, from: &stream), paper: copy, duplicateOf: original.slug,
          stream: &stream, textSeed: &texts))
    }
    return files
  }

  /// The draws of a second reading of the same paper.
  private func disagreeing(_ draw: PaperDraw, from stream: inout RandomStream) -> PaperDraw {
    var other = draw
    for item in other.answers.indices where stream.uniform() < parameters.disagreementRate {
      other.answers[item].toggle()
    }
    return other
  }

  private func file(
    _ draw: PaperDraw, paper: Paper, duplicateOf: String? = nil,
    stream: inout RandomStream, textSeed: inout UInt64
  ) -> SimulatedFile {
    let version = paper.version ?? draw.version
    let isDamaged = stream.uniform() < parameters.defectRate
    let kind = parameters.defects.isEmpty ? 0 : stream.index(below: parameters.defects.count)
    let place = stream.uniform()
    let styles: [ScanText.Style] = [.indented, .indented, .indented, .compact, .ascii]
    let style = styles[stream.index(below: styles.count)]
    let cells = cells(draw, version: version)
    var scan = SimulatedScan(
      simulation: self, draw: draw, paper: paper, version: version, cells: cells,
      contradicts: cells.map { cell in
        let hit = stream.uniform() < parameters.contradictionRate
        return hit && cell == .notApplicable
      },
      stream: RandomStream(seed: textSeed, stream: UInt64(version)))
    textSeed &+= 1
    let defect = isDamaged ? parameters.defects[kind] : nil
    let bytes = scan.text(style: style)
    return SimulatedFile(
      relativePath: "papers/\(paper.slug)/\(SimulatedScan.fileName(version: version))",
      bytes: defect?.damaging(bytes, at: place) ?? bytes, paper: paper, cells: cells,
      contradictionCount: scan.contradicts.count { $0 }, defect: defect, duplicateOf: duplicateOf)
  }
}
