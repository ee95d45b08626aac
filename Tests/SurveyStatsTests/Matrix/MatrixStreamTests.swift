import Testing

@testable import SurveyStats

/// The quick reader against the plain one: it gives the same matrix, or leaves the file to it.
@Suite struct MatrixStreamTests {
  private static let plain = #"""
    paper,title,year,venue,tags,version,weight,doi,points,a.x,a.y,b
    p1,"One, two",2020,arXiv,x;y,3,0.5,10.1/a,7,1,0,NA
    p2,NA,NA,"NA",,NA,NA,NA,NA,,1,1
    p3,"said ""so"", once",2021.0,"",z,2,2,10.1/c,"8",0,NA,
    """#

  private func matrices(_ bytes: [UInt8], metadata: [String] = []) -> [BinaryMatrix?] {
    KernelPath.available.flatMap { path in
      [4 << 20, 256, 160].map { size in
        var stream = MatrixStream(metadata: metadata)
        stream.path = path
        stream.pieceSize = size
        return stream.read(bytes)
      }
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r", "\n\n"])
  func `a plain file is read whatever its line breaks`(
    end: String
  ) throws {
    for ending in ["", end, end + end] {
      let bytes = Array((Self.plain.replacing("\n", with: end) + ending).utf8)
      let expected = try MatrixCSV(metadata: ["points"]).read(bytes)
      let read = MatrixStream(metadata: ["points"]).read(bytes)
      #expect(read == expected)
      #expect(read?.papers[0].covariates["points"] == "7")
      #expect(read?.papers[2].title == "said \"so\", once" && read?.papers[2].year == 2021)
      #expect(read?.papers[1].venue == "NA" && read?.papers[2].venue == "")
    }
  }

  /// What a file gives that is read by several tasks, in parts of at least so many bytes.
  private func parted(_ bytes: [UInt8], jobs: Int, partSize: Int) async -> BinaryMatrix? {
    var stream = MatrixStream(metadata: ["points"])
    stream.partSize = partSize
    stream.pieceSize = 64
    return await stream.read(size: bytes.count, jobs: jobs) { offset, target in
      // Fewer bytes than were asked for, as files may give.
      let count = min(target.count, bytes.count - offset, 37)
      bytes.withUnsafeBytes {
        target.copyMemory(from: .init(rebasing: $0[offset..<offset + count]))
      }
      return count
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func `parts of a file are the whole of it`(
    end: String
  ) async throws {
    var lines = ["paper,title,arxiv_id,points,a.x,a.y,b"]
    for row in 0..<700 {
      let title = row % 50 == 0 ? "\"Two,\(end)lines \(row)\"" : "title \(row % 97)"
      lines.append(
        "p\(1_000 + row),\(title),2401.\(10_000 + row),\(row % 7),\(row % 2),\(row % 3 == 0 ? "NA" : "0"),1"
      )
    }
    let bytes = Array(lines.joined(separator: end).utf8)
    let expected = try MatrixCSV(metadata: ["points"]).read(bytes)
    for jobs in [1, 2, 3, 7, 20] {
      let read = await parted(bytes, jobs: jobs, partSize: 100)
      #expect(read == expected, "\(jobs) tasks")
      #expect(read?.papers.last?.title == expected.papers.last?.title)
      let groups = try #require(read).papers
      #expect(
        Duplicates(of: groups) { _ in "" } == Duplicates(of: expected.papers) { _ in "" })
    }
  }

  @Test func `a line break within quotes divides no records, wherever a part begins`() async throws
  {
    // As records, the lines of the title would be plain.
    let title = (0..<40).map { "q\($0),t,2401.00001,1,1,1,1" }.joined(separator: "\n")
    let text =
      "paper,title,arxiv_id,points,a.x,a.y,b\np1,\"\(title)\",NA,3,0,0,1\np2,x,NA,4,1,1,1\n"
    let bytes = Array(text.utf8)
    let expected = try MatrixCSV(metadata: ["points"]).read(bytes)
    #expect(expected.papers.count == 2)
    for jobs in 1...12 { #expect(await parted(bytes, jobs: jobs, partSize: 20) == expected) }
  }

  @Test func `a file that ends early, or fails, is left to the plain reader`() async {
    let bytes = Array(Self.plain.utf8)
    for limit in [0, 40, 90] {
      let read = await MatrixStream(metadata: ["points"]).read(size: bytes.count, jobs: 2) {
        offset, target in
        let count = min(target.count, limit - offset)
        guard count > 0 else { return limit == 40 ? -1 : 0 }
        bytes.withUnsafeBytes {
          target.copyMemory(from: .init(rebasing: $0[offset..<offset + count]))
        }
        return count
      }
      #expect(read == nil)
    }
  }

  @Test func `a header and records that are longer than a piece are read`() throws {
    let items = (0..<3_000).map { "i\($0)" }.joined(separator: ",")
    let row = [String](repeating: "1", count: 3_000).joined(separator: ",")
    let bytes = Array("paper,\(items)\np,\(row)\nq,\(row)\n".utf8)
    var stream = MatrixStream()
    stream.pieceSize = 128
    #expect(try stream.read(bytes) == MatrixCSV().read(bytes))
  }

  @Test func `names of covariates are known without their texts`() throws {
    let text = "paper,points,more,a\np,1,NA,1\nq,NA,NA,0\nr,3,x,0\n"
    let stream = MatrixStream(metadata: ["points", "more"])
    let papers = try #require(stream.read(Array(text.utf8))).papers
    #expect(papers.map(\.covariateNames) == papers.map { $0.covariates.keys })
    #expect(papers.covariateNames == ["points", "more"])
    #expect(Array(papers[..<2]).covariateNames == ["points"])
    #expect(
      [Paper(slug: "x", covariates: ["z": "1"]), papers[0]].covariateNames == ["points", "z"])
    #expect([Paper]().covariateNames.isEmpty)
  }

  @Test func `papers of a table are papers: they change, compare and lose no field`() throws {
    let bytes = Array(Self.plain.utf8)
    let read = try #require(MatrixStream(metadata: ["points"]).read(bytes))
    var paper = read.papers[0]
    #expect(paper.source != nil && paper == read.papers[0])
    paper.covariates["more"] = "1"
    #expect(paper.source == nil && paper != read.papers[0])
    #expect(paper.covariates.keys == ["more", "points"] && paper.tags == ["x", "y"])
    paper.covariates["more"] = nil
    #expect(paper == read.papers[0])
    paper.slug = "q"
    #expect(paper.slug == "q" && read.papers[0].slug == "p1" && paper.doi == "10.1/a")
  }

  @Test(arguments: [
    "paper,a\np,1\np,0\n", "paper,a\np,2\n", "paper,a\np,1,0\n", "paper,a\np\n", "paper,a\n,1\n",
    "paper,a\n\"\",1\n", "paper,a\nNA,1\n", "paper,weight,a\np,,1\n", "paper,weight,a\np,x,1\n",
    "paper,year,a\np,20x,1\n", "paper,a\np,\"1\"\n", "paper,a\np,yes\n", "paper,a\np\"q,1\n",
    "paper,a\n\"p\"q,1\n", "paper,a\n\"p,1\n", "paper,a,a\np,1,0\n", "study,a\np,1\n", "",
    "paper,\"a\nb\"\np,1\n", "paper,a\np,N\n", "paper,a\np,NAN\n", "paper,a\np,11\n", "paper,a",
  ]) func `what is not plainly right is left to the plain reader`(text: String) {
    for matrix in matrices(Array(text.utf8)) where text != "paper,a" { #expect(matrix == nil) }
  }

  @Test func `bytes that are no text are left to the plain reader`() {
    let bytes = Array("paper,title,a\np,x".utf8) + [0xC3, 0x28] + Array(",1\n".utf8)
    #expect(matrices(bytes).allSatisfy { $0 == nil })
  }

  @Test func `many items and papers go to their bits on every path`() throws {
    var random = RandomStream(seed: 3, stream: 5)
    for (papers, items) in [(1, 1), (63, 64), (64, 65), (513, 127), (700, 130), (40, 300)] {
      var text = "paper," + (0..<items / 2).map { "i\($0)" }.joined(separator: ",")
      text +=
        (items > 1 ? "," : "") + "venue,"
        + (items / 2..<items).map { "i\($0)" }.joined(separator: ",")
      for paper in 0..<papers {
        let cells = (0..<items).map { _ in ["1", "0", "NA", ""][Int(random.next() % 4)] }
        text += "\np\(1_000 + paper),"
        text +=
          (cells[..<(items / 2)] + ["v, \(paper)"].map { "\"\($0)\"" } + cells[(items / 2)...])
          .joined(separator: ",")
      }
      let bytes = Array((text + "\n").utf8)
      let expected = try MatrixCSV().read(bytes)
      for path in KernelPath.available {
        var stream = MatrixStream()
        stream.path = path
        stream.pieceSize = 4096
        #expect(stream.read(bytes) == expected, "\(path) \(papers) \(items)")
      }
    }
  }

  /// Damaged files: wherever the quick reader gives a matrix, the plain one gives the same.
  @Test func `damaged files are never read otherwise`() {
    var random = RandomStream(seed: 11, stream: 2)
    func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
    let seed = Array((Self.plain + "\np4,T,2022,v,,1,1,10.1/d,9,1,1,1\n").utf8)
    var read = 0
    for number in 0..<4_000 {
      var bytes = seed
      for _ in 0...below(3) where !bytes.isEmpty {
        let place = below(bytes.count)
        let end = min(bytes.count, place + 1 + below(6))
        switch below(6) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
        case 3: bytes.insert(Array("\",\n\r01NA .".utf8)[below(10)], at: place)
        case 4: bytes.swapAt(place, below(bytes.count))
        default: bytes.removeSubrange(place...)
        }
      }
      let plain = try? MatrixCSV(metadata: ["points"]).read(bytes)
      for matrix in matrices(bytes, metadata: ["points"]) {
        guard let matrix else { continue }
        read += 1
        #expect(matrix == plain, "mutant \(number): \(String(decoding: bytes, as: UTF8.self))")
      }
    }
    #expect(read > 1_000)
  }
}
