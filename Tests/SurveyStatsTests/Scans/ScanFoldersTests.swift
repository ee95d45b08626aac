import Glibc
import Testing

@testable import SurveyStats

@Suite struct ScanFoldersTests {
  @Test(arguments: [
    ("scan.json", true, nil), ("scan-v4.json", true, 4), ("scan-v12.json", true, 12),
    ("scan-v0.json", false, nil), ("scan-v.json", false, nil), ("scan-4.json", false, nil),
    ("scan.jsonl", false, nil), ("triage.json", false, nil), ("myscan.json", false, nil),
    ("scan.json.json", false, nil), ("scan-v+4.json", false, nil),
  ]) func `a scan file is known by its name`(name: String, isScan: Bool, version: Int?) {
    #expect((ScanFileName(name) != nil) == isScan)
    #expect(ScanFileName(name)?.version == version)
  }

  @Test(arguments: [
    ("papers/a-2025/scan.json", "a-2025"), ("scan.json", "scan"), ("./scan-v4.json", "scan-v4"),
    ("x/a-2025.json", "a-2025"), ("", ""),
  ]) func `a path names its paper`(path: String, slug: String) {
    #expect(ScanFolders.slug(ofFile: path) == slug)
  }

  private func found(_ folders: ScanFolders) -> [String] {
    folders.sources.map { source in
      switch source {
      case .file(_, let origin): origin.slug ?? "?"
      case .lines(let path): path
      case .unusable(let problem), .remark(let problem): problem.kind.rawValue
      }
    }
  }

  @Test func `paper folders are found at all levels that may hold them`() throws {
    let folder = try TemporaryFolder()
    for name in [
      "direct-2024/scan.json", "papers/a-2025/scan.json", "x/y/papers/b-2025/scan-v4.json",
      "papers/a-2025/old/scan.json", ".hidden/scan.json", "papers/a-2025/triage.json",
    ] { try folder.write("{}", to: name) }
    #expect(
      found(try ScanFolders([folder.path]))
        == ["near_scan_name", "direct-2024", "a-2025", "outside_paper_folder", "b-2025"])
    #expect(
      found(try ScanFolders([folder.path("papers/a-2025")])) == ["a-2025", "outside_paper_folder"])
    #expect(found(try ScanFolders([folder.path("direct-2024/scan.json")])) == ["direct-2024"])
  }

  @Test func `scans are in the order of slugs and versions`() throws {
    let folder = try TemporaryFolder()
    for name in [
      "b-2025/scan.json", "a-2025-2/scan.json", "a-2025/scan-v10.json", "a-2025/scan-v4.json",
      "a-2025/scan.json",
    ] { try folder.write("{}", to: name) }
    let folders = try ScanFolders([folder.path])
    #expect(found(folders) == ["a-2025", "a-2025", "a-2025", "a-2025-2", "b-2025"])
    let versions = folders.sources.prefix(3).map { source -> Int? in
      if case .file(_, let origin) = source { origin.version } else { nil }
    }
    #expect(versions == [nil, 4, 10])
  }

  @Test func `a folder may hold more names than are listed at a time`() throws {
    let folder = try TemporaryFolder()
    let names = (0..<1_500).map { "paper-\(10_000 + $0)-\(String(repeating: "x", count: 40))" }
    for name in names { try folder.makeFolder(name) }
    try folder.write("{}", to: "\(names[0])/scan.json")
    try folder.write("{}", to: "\(names[1_499])/scan-v2.json")
    #expect(found(try ScanFolders([folder.path])) == [names[0], names[1_499]])
  }

  @Test func `what cannot be a scan is reported`() throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("a-2025/scan.json")
    try folder.link("b-2025", to: "b-2025")
    try folder.makeFolder("c-2025")
    try folder.link("c-2025/up", to: "..")
    try folder.makeFolder("d-2025")
    try folder.link("d-2025/scan.json", to: "scan.json")
    try folder.makeFolder("e-2025")
    try folder.link("e-2025/scan.json", to: "nowhere")
    #expect(
      found(try ScanFolders([folder.path]))
        == ["symlink_loop", "not_a_file", "symlink_loop", "symlink_loop", "unreadable"])
  }

  @Test func `linked folders are followed once`() throws {
    let folder = try TemporaryFolder()
    let elsewhere = try TemporaryFolder()
    try elsewhere.write("{}", to: "scan.json")
    try folder.link("a-2025", to: elsewhere.path)
    try folder.link("b-2025", to: elsewhere.path)
    #expect(found(try ScanFolders([folder.path])) == ["a-2025", "repeated_input"])
  }

  @Test func `inputs that overlap are read once`() throws {
    let folder = try TemporaryFolder()
    try folder.write("{}", to: "a-2025/scan.json")
    let inputs = [
      folder.path("a-2025/scan.json"), folder.path, folder.path + "/./", folder.path("a-2025"),
    ]
    let names = found(try ScanFolders(inputs))
    #expect(names.filter { $0 == "a-2025" }.count == 1)
    #expect(names.filter { $0 == "repeated_input" }.count == 3)
  }

  @Test(arguments: ["", "/nowhere/at/all"]) func `an input that leads nowhere is an error`(
    path: String
  ) {
    #expect(throws: ScanReadError.noSuchInput(path)) { try ScanFolders([path]) }
  }

  @Test func `a name that is not UTF-8 is reported`() throws {
    let folder = try TemporaryFolder()
    let name = (folder.path + "/a").utf8.map { CChar(bitPattern: $0) } + [-1, 0]
    #expect(mkdir(name, 0o700) == 0)
    #expect(found(try ScanFolders([folder.path])) == ["unreadable"])
  }

  @Test(arguments: [
    ("Scan.json", true), ("SCAN.JSON", true), ("scan_v4.json", true), ("scan (1).json", true),
    ("scan.json.gz", true), ("scan-v0.json", true), ("scan.jsonl", true), ("scan.json", false),
    ("scan-v4.json", false), ("triage.json", false), ("scan.txt", false), ("", false),
  ]) func `a name that is almost that of a scan is known`(name: String, isNear: Bool) {
    #expect(ScanFileName.isNear(name) == isNear)
  }

  @Test func `what is passed over by its name is remarked on`() throws {
    let folder = try TemporaryFolder()
    for name in [
      "papers/a-2025/scan.json", "papers/a-2025/scan (1).json", "papers/b-2025/Scan.json",
      "papers/c-2025/triage.json", "papers/d-2025/triage.json", "papers/.e-2025/scan.json",
      "papers/.git/config",
    ] { try folder.write("{}", to: name) }
    #expect(
      found(try ScanFolders([folder.path]))
        == ["near_scan_name", "near_scan_name", "a-2025", "near_scan_name", "no_scan"])
    let remarks = try ScanFolders([folder.path]).sources.compactMap { source -> String? in
      if case .remark(let problem) = source { problem.description } else { nil }
    }
    #expect(remarks.last?.contains("2 of 4 folders have no scan, the first c-2025") == true)
    #expect(remarks.contains { $0.contains("papers/.e-2025: a hidden folder has a scan") })
  }
}
