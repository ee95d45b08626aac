import SurveyStats

extension ReportSection {
  /// The command that makes the report again, and how to cite it.
  static let reproduction = ReportSection(
    id: "reproduction", title: "To reproduce and to cite"
  ) { analysis in
    let settings = analysis.input.settings
    return Section(
      id: "reproduction", title: "To reproduce and to cite",
      sentences: [
        """
        The report was made by metastat \(name: settings.version) with the command below; with the \
        same inputs, seed and version it comes out the same, byte for byte. The hashes of the \
        inputs are in the file manifest.json. Start the command in the folder from which the report \
        was made.
        """
      ],
      paragraphs: [
        """
        To cite: metastat, version \(name: settings.version), "\(name: settings.title)", with the \
        date and the hashes of the manifest; and the source of the scans.
        """
      ],
      code: settings.command.map(shellQuoted).joined(separator: " "))
  }

  /// A word of a command line, in quotes when the shell would change it.
  static func shellQuoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_./=:,@+%".utf8.contains(byte)
        }
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
