import Foundation
import SurveyStats
import Testing

@testable import SurveyImport

/// Formats that are read by libraries, in a process of their own.
@Suite struct FormatReaderTests {
  private func bytes(_ name: String) throws -> [UInt8] {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Files/\(name)")
    return [UInt8](try Data(contentsOf: url))
  }

  @Test func `a workbook: the sheet is chosen and said, keys keep their zeros`() throws {
    let bytes = try bytes("extraction.xlsx")
    let file = TableFile(bytes, name: "extraction.xlsx")
    #expect(file.problems.isEmpty && file.source.sheet == "Extraction")
    #expect(file.remarks.first?.contains("'Read me'") == true)
    let read = TableShapesTests.read(bytes)
    #expect(read.slugs == ["007", "010", "100", "200"])
    #expect(read.items == ["Registered", "Funding", "Blinded"] && read.counts == [4, 4, 1, 3])
    #expect(read.matrix?.papers[0].covariates["Coded on"] == "2024-05-01")
    var choices = ImportChoices()
    choices.sheet = "Read me"
    #expect(TableFile(bytes, name: "t", choices: choices).grid.row(0) == ["How this was coded"])
    choices.sheet = "None"
    #expect(
      TableFile(bytes, name: "t", choices: choices).problems[0].remedy.contains("'Extraction'"))
  }

  @Test func `a million empty rows are none`() throws {
    let read = TableShapesTests.read(try bytes("sheet.ods"))
    #expect(read.slugs == ["001", "002", "003"] && read.counts == [2, 2, 0, 2])
  }

  @Test func `labels of SPSS say what codes are, and codes that are no values too`() throws {
    let read = TableShapesTests.read(try bytes("coded.sav"))
    #expect(read.slugs == ["a", "b", "c", "d"] && read.counts == [2, 3, 1, 2])
    #expect(read.matrix?.items.map(\.label) == ["Protocol registered?", "Blinding described?"])
    #expect(read.matrix?.papers.map(\.year) == [2019, 2020, 2021, 2022])
    #expect(TableShapesTests.read(try bytes("coded.dta")).counts == read.counts)
  }

  @Test func `portable files of SPSS, and files of SAS, are tables`() throws {
    var choices = ImportChoices()
    choices.na = ["8"]
    choices.absent = ["9"]
    let portable = TableShapesTests.read(try bytes("table.por"), choices)
    #expect(portable.slugs == ["s1", "s2", "s3", "s4"] && portable.counts == [2, 3, 1, 2])
    #expect(portable.matrix?.items.map(\.label) == ["Registered?", "Blinded?"])
    for name in ["table.sas7bdat", "table.xpt"] {
      let read = TableShapesTests.read(try bytes(name))
      #expect(read.slugs == ["s1", "s2", "s3"] && read.counts == [3, 2, 0, 1], "\(name)")
    }
  }

  @Test func `files that are cut off are refused, and say so`() throws {
    for name in [
      "extraction.xlsx", "sheet.ods", "coded.sav", "coded.dta", "table.por", "table.sas7bdat",
      "table.xpt",
    ] {
      let whole = try bytes(name)
      for part in [whole.count / 2, whole.count - 40] {
        let file = TableFile(Array(whole[..<part]), name: name)
        let isRefused = file.problems.contains { $0.severity == .refused }
        #expect(isRefused || file.grid.rowCount > 0, "\(name), \(part)")
      }
    }
  }

  @Test func `the bounds hold`() throws {
    var reader = FormatReader()
    reader.memoryLimit = 8
    let file = TableFile(try bytes("extraction.xlsx"), name: "t", reader: reader)
    #expect(file.problems.map(\.severity) == [.refused])
    reader = FormatReader()
    reader.unpackedLimit = 0
    #expect(
      TableFile(try bytes("extraction.xlsx"), name: "t", reader: reader).problems[0].message
        .contains("unpacked"))
    reader.program = "/no/such/program"
    #expect(
      TableFile(try bytes("coded.sav"), name: "t", reader: reader).problems[0].remedy
        .contains("install"))
  }
}
