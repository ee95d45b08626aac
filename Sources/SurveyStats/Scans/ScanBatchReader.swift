/// Reads one portion of the scans with one parser and one buffer.
struct ScanBatchReader: ~Copyable {
  private let parser = JSONParser()
  private var decoder: ScanDecoder
  private var buffer: [UInt8] = []
  private var batch = ScanBatch()
  private let sizeLimit: Int

  private init(for reader: ScanReader) {
    decoder = ScanDecoder(details: reader.details)
    sizeLimit = reader.maximumFileSize
  }

  /// Reads a portion.
  static func read(_ portion: ScanPortion, for reader: ScanReader) -> ScanBatch {
    var batchReader = ScanBatchReader(for: reader)
    switch portion {
    case .sources(let sources):
      for source in sources { batchReader.add(source) }
    case .lines(let block, let path, let isFirst):
      if isFirst { batchReader.batch.files.append(path) }
      batchReader.add(block, path: path)
    case .bytes(let bytes, let origin):
      batchReader.batch.files.append(origin.file)
      batchReader.batch.filesFound += 1
      let padded = bytes + [UInt8](repeating: 0, count: JSONParser.padding)
      batchReader.add(padded, in: bytes.indices, origin: origin)
    }
    batchReader.batch.items = batchReader.decoder.items
    return batchReader.batch
  }

  private mutating func add(_ source: ScanSource) {
    switch source {
    case .remark(let problem): batch.problems.append(problem)
    case .unusable(let problem):
      batch.filesFound += 1
      batch.problems.append(problem)
    case .file(let path, let origin):
      batch.filesFound += 1
      do throws(InputFile.Failure) {
        let file = try InputFile(path)
        batch.files.append(path)
        guard file.size <= sizeLimit else {
          reportTooLarge(file.size, origin.file)
          return
        }
        let space = file.size + JSONParser.padding
        if buffer.count < space {
          buffer = [UInt8](repeating: 0, count: max(space, 1 << 16, 2 * buffer.count))
        }
        let count = try file.read(into: &buffer, at: 0, count: file.size)
        // A second name for the bytes, because adding them changes the reader.
        let bytes = buffer
        add(bytes, in: 0..<count, origin: origin)
      } catch { batch.problems.append(error.problem(path)) }
    case .lines: break
    }
  }

  private mutating func add(_ block: LineBlock, path: String) {
    if let length = block.lengthOfLongLine {
      batch.filesFound += 1
      reportTooLarge(length, "\(path):\(block.firstLine)")
      return
    }
    var line = block.firstLine
    var start = 0
    while start < block.count {
      let end = block.bytes[start..<block.count].firstIndex(of: UInt8(ascii: "\n")) ?? block.count
      if !block.bytes[start..<end].allSatisfy(\.isJSONSpace) {
        batch.filesFound += 1
        let file = "\(path):\(line)"
        if end - start > sizeLimit {
          reportTooLarge(end - start, file)
        } else {
          let origin = ScanOrigin(file: file, slug: nil, version: nil)
          add(block.bytes, in: start..<end, origin: origin)
        }
      }
      line += 1
      start = end + 1
    }
  }

  private mutating func reportTooLarge(_ size: Int, _ file: String) {
    batch.problems.append(
      ScanProblem(
        file: file, kind: .tooLarge,
        message: "\(size) bytes are more than the limit of \(sizeLimit)",
        remedy: "it is left out; a scan has some ten thousand bytes", severity: .leftOut))
  }

  /// Adds the scan that the bytes of the range spell.
  private mutating func add(_ bytes: [UInt8], in range: Range<Int>, origin: ScanOrigin) {
    batch.bytesRead += range.count
    var start = range.lowerBound
    if range.count >= 3, bytes[start] == 0xEF, bytes[start + 1] == 0xBB, bytes[start + 2] == 0xBF {
      start += 3
    }
    let text = start..<range.upperBound
    var log = ScanProblemLog(file: origin.file)
    guard !bytes[text].allSatisfy(\.isJSONSpace) else {
      log.report(
        .emptyFile, "the file is empty", remedy: "it is left out; scan the paper again", .leftOut,
        wholeFile: true)
      batch.problems += log.problems
      return
    }
    do throws(JSONParser.Rejection) {
      try decode(bytes, in: text, origin: origin, log: log)
    } catch {
      addRejected(bytes, in: text, origin: origin, log: &log, reason: error.message)
    }
  }

  private mutating func decode(
    _ bytes: [UInt8], in range: Range<Int>, origin: ScanOrigin, log: ScanProblemLog
  ) throws(JSONParser.Rejection) {
    let scan = try parser.withValue(of: bytes, in: range) { value in
      decoder.decode(value, from: origin, log: log)
    }
    if let scan { batch.scans.append(scan) }
    batch.problems += decoder.problems
  }

  /// Says what is wrong with a text that the parser has rejected, or reads it without the tokens
  /// that no value can stand for.
  private mutating func addRejected(
    _ bytes: [UInt8], in range: Range<Int>, origin: ScanOrigin, log: inout ScanProblemLog,
    reason: String
  ) {
    let syntax = JSONSyntax(bytes, in: range)
    if let fault = syntax.fault {
      log.report(
        ScanProblem.Kind(fault.kind), at: place(of: fault.offset, in: syntax, origin),
        fault.message, remedy: "it is left out; scan the paper again", .leftOut, wholeFile: true)
    } else if !syntax.repairs.isEmpty {
      for repair in syntax.repairs.prefix(ScanProblemLog.limit) {
        log.report(
          ScanProblem.Kind(repair.kind), at: place(of: repair.range.lowerBound, in: syntax, origin),
          repair.message, remedy: "it is read as \(repair.replacement); correct it", .note)
      }
      do throws(JSONParser.Rejection) {
        try decode(syntax.repaired(), in: range, origin: origin, log: log)
        return
      } catch { reportRejection(error.message, to: &log) }
    } else {
      reportRejection(reason, to: &log)
    }
    batch.problems += log.problems
  }

  private func place(of offset: Int, in syntax: JSONSyntax, _ origin: ScanOrigin) -> String {
    let (line, column) = syntax.place(of: offset)
    return origin.slug == nil ? "column \(column)" : "line \(line), column \(column)"
  }

  private func reportRejection(_ reason: String, to log: inout ScanProblemLog) {
    log.report(
      .malformedJSON, "not valid JSON: \(reason)",
      remedy: "it is left out; scan the paper again", .leftOut, wholeFile: true)
  }
}

extension ScanProblem.Kind {
  fileprivate init(_ kind: JSONSyntax.Fault.Kind) {
    self =
      switch kind {
      case .notUTF8: .notUTF8
      case .nestedTooDeep: .nestedTooDeep
      case .malformed: .malformedJSON
      }
  }

  fileprivate init(_ kind: JSONSyntax.Repair.Kind) {
    self =
      switch kind {
      case .numberOutOfRange: .numberOutOfRange
      case .loneSurrogate: .loneSurrogate
      }
  }
}
