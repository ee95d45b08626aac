/// Whole lines of a file, read together.
struct LineBlock: Sendable {
  /// The lines, followed by the padding that the parser needs.
  var bytes: [UInt8]
  /// The number of bytes that belong to lines.
  var count: Int
  /// The number of the first line, from 1.
  var firstLine: Int
  /// The length of a line above the limit, whose bytes are not kept.
  var lengthOfLongLine: Int?
}

/// Reads a file in blocks of whole lines, so that its size does not matter.
struct LineReader: ~Copyable {
  private let file: InputFile
  private let lineLimit: Int
  private var pending: [UInt8] = []
  private var line = 1
  private var isAtEnd = false

  private static let blockSize = 1 << 21

  init(_ path: String, lineLimit: Int) throws(InputFile.Failure) {
    file = try InputFile(path)
    self.lineLimit = lineLimit
  }

  /// The next lines; `nil` after the last.
  mutating func next() throws(InputFile.Failure) -> LineBlock? {
    var block = pending
    pending = []
    var searched = 0
    while !isAtEnd {
      let start = block.count
      block.append(contentsOf: repeatElement(0, count: LineReader.blockSize))
      let count = try file.read(into: &block, at: start, count: LineReader.blockSize)
      block.removeLast(LineReader.blockSize - count)
      isAtEnd = count < LineReader.blockSize
      if let end = block[searched...].lastIndex(of: UInt8(ascii: "\n")) {
        pending = Array(block[(end + 1)...])
        block.removeLast(block.count - end - 1)
        break
      }
      searched = block.count
      if block.count > lineLimit { return try skipLine(read: block.count) }
    }
    guard !block.isEmpty else { return nil }
    let count = block.count
    let firstLine = line
    for byte in block where byte == UInt8(ascii: "\n") { line += 1 }
    block.append(contentsOf: repeatElement(0, count: JSONParser.padding))
    return LineBlock(bytes: block, count: count, firstLine: firstLine)
  }

  /// Passes over the rest of a line that is too long to be kept.
  private mutating func skipLine(read: Int) throws(InputFile.Failure) -> LineBlock {
    var length = read
    var bytes = [UInt8](repeating: 0, count: LineReader.blockSize)
    while !isAtEnd {
      let count = try file.read(into: &bytes, at: 0, count: bytes.count)
      isAtEnd = count < bytes.count
      if let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) {
        pending = Array(bytes[(end + 1)..<count])
        length += end
        break
      }
      length += count
    }
    line += 1
    return LineBlock(bytes: [], count: 0, firstLine: line - 1, lengthOfLongLine: length)
  }
}
