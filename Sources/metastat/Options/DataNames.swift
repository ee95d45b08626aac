import ArgumentParser
import Dispatch
import Glibc
import SurveyReport
import SurveyStats

/// Names that the data of a command line have, for a shell that completes an option.
enum DataNames: Sendable {
  /// Variables: metadata, covariates, items, categories.
  case variables
  case items, categories, modules, tags, types, venues, raters

  /// The names, for the inputs among the words that were typed.
  ///
  /// - Parameters:
  ///   - words: The words of the command line, the command's name first.
  ///   - prefix: How the name begins.
  func names(_ words: [String], startingWith prefix: String) async -> [String] {
    let inputs = Self.inputs(among: words)
    guard !inputs.isEmpty else { return [] }
    return Set(await read(from: inputs)).filter { $0.hasPrefix(prefix) }.sorted()
  }

  /// The columns as they stand in the first line of the first input.
  static func columns(_ words: [String], startingWith prefix: String) -> [String] {
    let header = inputs(among: words).first.map(header) ?? []
    return Set(header).filter { $0.hasPrefix(prefix) }.sorted()
  }

  /// The words that are files or folders of data: those that stand before the options, else all.
  private static func inputs(among words: [String]) -> [String] {
    let rest = words.dropFirst()
    func isInput(_ word: String) -> Bool {
      var status = stat()
      guard !word.hasPrefix("-"), stat(word, &status) == 0, InputKind(word) != .unknown else {
        return false
      }
      // A shell waits for the names; those of a large file would come too late.
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      return isFolder || status.st_mode & S_IFMT == S_IFREG && status.st_size < 64 << 20
    }
    let command = rest.drop { !isInput($0) && !$0.hasPrefix("-") }
    let first = command.prefix { !$0.hasPrefix("-") }.filter(isInput)
    return first.isEmpty ? rest.filter(isInput).prefix(1).map { $0 } : first
  }

  private static func header(of path: String) -> [String] {
    guard let bytes = try? InputBytes.read(path), let reader = try? CSVReader(bytes) else {
      return []
    }
    return reader.header
  }

  private func read(from inputs: [String]) async -> [String] {
    var console = Console.standard
    console.isQuiet = true
    guard let corpus = try? CorpusOptions.parse(inputs),
      let loaded = try? await corpus.load(
        console: console, jobs: Processors.count, isStrict: false, saysChoice: false)
    else { return [] }
    let (items, papers) = (loaded.matrix.items, loaded.matrix.papers)
    return switch self {
    case .variables: loaded.matrix.variables.names
    case .items: items.map(\.id.description)
    case .categories: items.map(\.id.category)
    case .modules: items.map(\.module)
    case .tags: papers.flatMap(\.tags)
    case .types: papers.compactMap(\.type)
    case .venues: papers.flatMap { MetadataColumn.venue.values(of: $0) }
    case .raters: papers.compactMap(\.rater)
    }
  }
}

/// Waits for a task.
///
/// The parser of options asks for names without concurrency. Not to be called from a task, as the thread
/// that waits could be the only one.
private enum Awaited {
  private final class Answer: @unchecked Sendable { var names: [String] = [] }

  static func result(_ names: @escaping @Sendable () async -> [String]) -> [String] {
    let (answer, done) = (Answer(), DispatchSemaphore(value: 0))
    Task.detached {
      answer.names = await names()
      done.signal()
    }
    done.wait()
    return answer.names
  }
}

extension CompletionKind {
  /// Completes names of the data.
  static func names(_ names: DataNames) -> CompletionKind {
    let found: @Sendable ([String], Int, String) -> [String] = { words, _, prefix in
      Awaited.result { await names.names(words, startingWith: prefix) }
    }
    return .custom(found)
  }

  /// Completes the columns of a table.
  static var header: CompletionKind {
    let columns: @Sendable ([String], Int, String) -> [String] = { words, _, prefix in
      DataNames.columns(words, startingWith: prefix)
    }
    return .custom(columns)
  }

  /// Completes the sections of a report.
  static var sections: CompletionKind { .list(SectionChoices.recipes.map(\.id)) }

  /// Completes the columns of result tables, also behind the `-` of a descending order.
  static var resultColumns: CompletionKind {
    let columns: @Sendable ([String], Int, String) -> [String] = { _, _, prefix in
      let sign = prefix.hasPrefix("-") ? "-" : ""
      return Set(Glossary.columns.map { sign + $0.name }).filter { $0.hasPrefix(prefix) }.sorted()
    }
    return .custom(columns)
  }
}
