import FoundationEssentials
import SurveyStats

/// A PNG image of at most four colours, two bits a pixel, without compression.
///
/// Reference: *Portable Network Graphics (PNG) Specification*, ISO/IEC 15948; RFC 1950 and 1951.
struct PalettePNG {
  let width: Int
  let height: Int
  let pixels: [UInt8]
  let palette: [(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8)]

  /// The image in base 64.
  var base64: String { Data(bytes).base64EncodedString() }

  /// The image file.
  var bytes: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    Self.append("IHDR", Self.big(width) + Self.big(height) + [2, 3, 0, 0, 0], to: &file)
    Self.append("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] }, to: &file)
    Self.append("tRNS", palette.map(\.alpha), to: &file)
    Self.append("IDAT", Self.stored(scanlines), to: &file)
    Self.append("IEND", [], to: &file)
    return file
  }

  /// The rows: a filter byte, then four pixels a byte.
  private var scanlines: [UInt8] {
    var bytes: [UInt8] = []
    for row in 0..<height {
      bytes.append(0)
      for start in stride(from: 0, to: width, by: 4) {
        var byte: UInt8 = 0
        for offset in 0..<4 where start + offset < width {
          byte |= (pixels[row * width + start + offset] & 3) << UInt8(6 - 2 * offset)
        }
        bytes.append(byte)
      }
    }
    return bytes
  }

  /// A zlib stream of blocks that are stored as they are.
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65_535, data.count)
      let size = UInt16(end - start)
      stream.append(end == data.count ? 1 : 0)
      stream += [UInt8(size & 255), UInt8(size >> 8), UInt8(~size & 255), UInt8(~size >> 8)]
      stream += data[start..<end]
      start = end
    } while start < data.count
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return stream + big(Int(b << 16 | a))
  }

  private static func append(_ kind: String, _ data: [UInt8], to file: inout [UInt8]) {
    let body = Array(kind.utf8) + data
    var check: UInt32 = 0xFFFF_FFFF
    for byte in body {
      check ^= UInt32(byte)
      for _ in 0..<8 { check = check & 1 == 1 ? check >> 1 ^ 0xEDB8_8320 : check >> 1 }
    }
    file += big(data.count) + body + big(Int(~check))
  }

  private static func big(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
