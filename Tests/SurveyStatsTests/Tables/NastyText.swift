/// Text that breaks writers and readers, the same for the same seed.
struct NastyText {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) }

  /// The next bits of SplitMix64.
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }

  mutating func text() -> String {
    (0..<below(5)).map { _ in Self.pieces[below(Self.pieces.count)] }.joined()
  }

  /// Any finite number at all.
  mutating func real() -> Double {
    let value = Double(bitPattern: bits())
    return value.isFinite ? value : Double(below(2000) - 1000) / 8
  }

  static let pieces = [
    "a", " ", ",", ";", "\"", "\"\"", "\n", "\r", "\r\n", "\t", "\\", "|", "'", "NA", "1", "0", "",
    "<script>alert(1)</script>", "&amp;", "*_`[x](y)", "=cmd()", "+1", "-1", "@x", "\u{0}",
    "\u{1B}",
    "\u{1B}[2J", "\u{202E}", "\u{200F}", "\u{2028}", "\u{FEFF}", "é", "e\u{301}", "漢字", "👩‍👩‍👧", "🇩🇪",
    "null", "NaN", "%", "$x$",
  ]
}
