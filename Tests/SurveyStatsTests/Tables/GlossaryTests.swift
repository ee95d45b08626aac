import Foundation
import Testing

@testable import SurveyStats

@Suite struct GlossaryTests {
  @Test func `a heading is that of the entry, else the name in words`() {
    #expect(Glossary.heading(for: "n_applicable") == "Applicable")
    #expect(Glossary.heading(for: "mean_of_something") == "Mean of something")
    #expect(Glossary.heading(for: "") == "")
  }

  @Test func `names are unique and in order, sentences are sentences`() {
    let names = Glossary.columns.map(\.name)
    #expect(names == Set(names).sorted())
    for entry in Glossary.all {
      #expect(entry.sentence.hasSuffix("."), "\(entry.name)")
      #expect(!entry.heading.isEmpty)
    }
  }

  @Test func `every column that the sources name has an entry`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let files = FileManager.default.enumerator(
      at: root.appending(path: "Sources"), includingPropertiesForKeys: nil)
    var missing: Set<String> = []
    var found = 0
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /\bColumn\(\s*"([^"\\]+)"(?!\s*\+)/) {
        found += 1
        if Glossary.entry(for: String(match.1)) == nil { missing.insert(String(match.1)) }
      }
    }
    #expect(found > 300)
    #expect(missing.isEmpty, "no entry in Glossary+Columns.swift: \(missing.sorted())")
  }
}
