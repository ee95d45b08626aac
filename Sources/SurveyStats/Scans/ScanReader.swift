/// Reads scans of all instrument versions from folders and files.
///
/// Bad input never stops a reading: it is left out, counted, and reported as a `ScanProblem`. The
/// corpus is the same for any number of jobs and any order of the files on disk.
public struct ScanReader: Sendable {
  /// Lists and texts that are kept in full rather than only counted.
  public struct Details: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: UInt8

    /// Creates a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The authors of the papers.
    public static let authors = Details(rawValue: 1)
    /// The claims with their evidence and support.
    public static let claims = Details(rawValue: 2)
    /// The red flags.
    public static let redFlags = Details(rawValue: 4)
    /// The cited works.
    public static let citedPapers = Details(rawValue: 8)
    /// The key findings.
    static let keyFindings = Details(rawValue: 16)
    /// The justifications of the answers; reading is slower with them.
    public static let justifications = Details(rawValue: 32)
    /// Everything.
    public static let all: Details = [
      .authors, .claims, .redFlags, .citedPapers, .keyFindings, .justifications,
    ]
  }

  /// The lists to keep in full.
  public var details: Details
  /// The number of files that are read at the same time.
  public var jobs: Int
  /// The size in bytes above which a file, or a line of a `.jsonl`, is left out.
  var maximumFileSize: Int
  /// The share of the papers to read; all of them without one.
  public var share: ScanShare?

  /// Creates a reader.
  public init(details: Details = [], jobs: Int = 1, maximumFileSize: Int = 64 << 20) {
    self.details = details
    self.jobs = jobs
    self.maximumFileSize = maximumFileSize
  }

  /// Reads everything that the paths lead to.
  ///
  /// A path is a folder, whose paper folders are searched for `scan.json` and `scan-v<N>.json`; a
  /// single scan file; or a `.jsonl` with a scan on each line, whose slug is its `slug` or
  /// `paper_id`, else `file:line`. Paths are taken in sorted order.
  ///
  /// - Parameters:
  ///   - paths: folders and files, relative to the working folder or absolute.
  ///   - progress: called now and then with the number of scans dealt with so far.
  /// - Throws: `ScanReadError.noSuchInput`, or `CancellationError` when the task is cancelled.
  public func read(
    _ paths: [String], progress: (@Sendable (Int) -> Void)? = nil
  ) async throws -> Corpus {
    let sources = try ScanFolders(paths).sources
    var work = ScanWork(share?.selecting(sources) ?? sources, lineLimit: maximumFileSize)
    var batches: [ScanBatch] = []
    try await withThrowingTaskGroup(of: (Int, ScanBatch).self) { group in
      var ended = 0
      var count = 0
      while true {
        try Task.checkCancellation()
        let portion = batches.count - ended < max(1, jobs) ? work.next() : nil
        if let portion {
          let number = batches.count
          batches.append(ScanBatch())
          group.addTask { (number, ScanBatchReader.read(portion, for: self)) }
        } else {
          guard let (number, batch) = try await group.next() else { break }
          batches[number] = batch
          ended += 1
          count += batch.filesFound
          progress?(count)
        }
      }
    }
    return Corpus(batches)
  }

  /// Reads one scan that is in memory.
  ///
  /// - Parameters:
  ///   - bytes: the text of the scan file.
  ///   - file: the path to report; the name of its folder is the slug.
  /// - Returns: a corpus of one scan, or of none with a problem that says why.
  public func parse(bytes: [UInt8], file: String) -> Corpus {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let origin = ScanOrigin(
      file: file, slug: ScanFolders.slug(ofFile: file), version: ScanFileName(name)?.version)
    return Corpus([ScanBatchReader.read(.bytes(bytes, origin), for: self)])
  }
}

/// Why nothing could be read at all.
public enum ScanReadError: Error, Equatable, CustomStringConvertible {
  /// An input path leads nowhere.
  case noSuchInput(String)

  /// One line that says what is wrong and what to do.
  public var description: String {
    switch self {
    case .noSuchInput(let path):
      "\(ScanProblem.escaped(path)): no such file or folder; check the path"
    }
  }
}

/// A portion of the work that one task does.
enum ScanPortion: Sendable {
  /// Some files.
  case sources(ArraySlice<ScanSource>)
  /// Some lines of a file.
  case lines(LineBlock, path: String, isFirst: Bool)
  /// A scan in memory.
  case bytes([UInt8], ScanOrigin)
}

/// Divides the work into portions that do not depend on the number of jobs.
struct ScanWork: ~Copyable {
  // Every portion learns the items anew, so that a large corpus has larger ones.
  private let portionSize: Int
  private let sources: [ScanSource]
  private let lineLimit: Int
  private var position = 0
  private var lines: LineReader?
  private var isFirstBlock = true

  init(_ sources: [ScanSource], lineLimit: Int) {
    self.sources = sources
    self.lineLimit = lineLimit
    portionSize = min(max(64, sources.count / 32), 512)
  }

  /// The next portion; `nil` when all work is given out.
  mutating func next() -> ScanPortion? {
    while position < sources.count {
      guard case .lines(let path) = sources[position] else {
        let start = position
        while position < sources.count, position < start + portionSize {
          if case .lines = sources[position] { break }
          position += 1
        }
        return .sources(sources[start..<position])
      }
      do throws(InputFile.Failure) {
        if lines == nil {
          lines = try LineReader(path, lineLimit: lineLimit)
          isFirstBlock = true
        }
        if let block = try lines?.next() {
          defer { isFirstBlock = false }
          return .lines(block, path: path, isFirst: isFirstBlock)
        }
        lines = nil
        position += 1
      } catch {
        lines = nil
        position += 1
        return .sources([.unusable(error.problem(path))])
      }
    }
    return nil
  }
}

extension InputFile.Failure {
  func problem(_ path: String) -> ScanProblem {
    switch self {
    case .system(let failure): .unreadable(path, failure)
    case .notAFile(let kind): .notAFile(path, kind)
    }
  }
}
