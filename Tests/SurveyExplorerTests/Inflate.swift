/// Reads a raw DEFLATE stream (RFC 1951), as slowly and plainly as possible.
struct Inflate {
  private let bytes: [UInt8]
  private var place = 0

  /// The bytes that a stream holds; `nil` when it is damaged.
  static func decompress(_ bytes: [UInt8]) -> [UInt8]? {
    var inflate = Inflate(bytes: bytes)
    return inflate.output()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func bits(_ count: Int) -> Int? {
    var value = 0
    for shift in 0..<count {
      guard place / 8 < bytes.count else { return nil }
      value |= Int(bytes[place / 8] >> UInt8(place % 8) & 1) << shift
      place += 1
    }
    return value
  }

  /// The symbols by the length and value of their codes.
  private struct Code {
    var symbols: [[Int]: Int] = [:]

    init(lengths: [Int]) {
      var code = 0
      for length in 1...15 {
        for (symbol, own) in lengths.enumerated() where own == length {
          symbols[[length, code]] = symbol
          code += 1
        }
        code <<= 1
      }
    }
  }

  private mutating func symbol(_ code: Code) -> Int? {
    var value = 0
    for length in 1...15 {
      guard let bit = bits(1) else { return nil }
      value = value << 1 | bit
      if let symbol = code.symbols[[length, value]] { return symbol }
    }
    return nil
  }

  private mutating func codes() -> (literals: Code, distances: Code)? {
    guard let literalCount = bits(5), let distanceCount = bits(5), let count = bits(4) else {
      return nil
    }
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var own = [Int](repeating: 0, count: 19)
    for place in order.prefix(count + 4) {
      guard let length = bits(3) else { return nil }
      own[place] = length
    }
    let code = Code(lengths: own)
    let total = literalCount + 257 + distanceCount + 1
    var lengths: [Int] = []
    while lengths.count < total {
      guard let symbol = symbol(code) else { return nil }
      switch symbol {
      case 16:
        guard let last = lengths.last, let more = bits(2) else { return nil }
        lengths += [Int](repeating: last, count: more + 3)
      case 17, 18:
        guard let more = bits(symbol == 17 ? 3 : 7) else { return nil }
        lengths += [Int](repeating: 0, count: more + (symbol == 17 ? 3 : 11))
      default: lengths.append(symbol)
      }
    }
    guard lengths.count == total else { return nil }
    return (
      Code(lengths: Array(lengths[..<(literalCount + 257)])),
      Code(lengths: Array(lengths[(literalCount + 257)...]))
    )
  }

  private mutating func output() -> [UInt8]? {
    var result: [UInt8] = []
    var isLast = false
    while !isLast {
      // The compressor writes no other blocks than those with codes of their own.
      guard let last = bits(1), bits(2) == 2, let (literals, distances) = codes() else {
        return nil
      }
      isLast = last == 1
      while true {
        guard let symbol = symbol(literals) else { return nil }
        if symbol == 256 { break }
        if symbol < 256 {
          result.append(UInt8(symbol))
          continue
        }
        let length = symbol - 257
        guard let length = extended(length, groups: 4, first: 3, last: 28, longest: 258),
          let code = self.symbol(distances),
          let distance = extended(code, groups: 2, first: 1, last: nil, longest: 0),
          distance <= result.count
        else { return nil }
        for _ in 0..<length { result.append(result[result.count - distance]) }
      }
    }
    return result
  }

  /// The value of a code with further bits: so many codes for each number of bits.
  private mutating func extended(
    _ code: Int, groups: Int, first: Int, last: Int?, longest: Int
  ) -> Int? {
    if code == last { return longest }
    guard code >= 2 * groups else { return first + code }
    let count = code / groups - 1
    guard let more = bits(count) else { return nil }
    return first + (groups + code % groups) << count + more
  }
}
