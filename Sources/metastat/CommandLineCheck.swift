import ArgumentParser
import FoundationEssentials
import SurveyStats

/// Finds slips in a command line that the parser of options passes over, or calls something else.
struct CommandLineCheck {
  private let arguments: [String]
  /// The command that the first argument names.
  private let command: Command?

  /// Looks at the arguments after the program's name.
  init(_ arguments: [String]) {
    self.arguments = arguments
    let type = Self.types.first { $0._commandName == arguments.first }
    let dump = type.flatMap { type in
      try? JSONDecoder().decode(Dump.self, from: Data(type._dumpHelp().utf8))
    }
    command = dump?.command
  }

  private static var types: [any ParsableCommand.Type] { Metastat.configuration.subcommands }

  /// An option that takes one value and is given two, of which the parser would drop the first.
  static func repeatedOption(in arguments: [String]) -> String? {
    var names: Set<Substring> = []
    let occursTwice = arguments.contains { argument in
      argument.hasPrefix("--") && !names.insert(argument.prefix { $0 != "=" }).inserted
    }
    return occursTwice ? CommandLineCheck(arguments).repeatedOption : nil
  }

  private var repeatedOption: String? {
    var values: [String: String] = [:]
    for use in uses() {
      guard let option = use.option, option.kind == .option, !option.isRepeating,
        let value = use.values.first
      else { continue }
      if let earlier = values.updateValue(value, forKey: option.title), earlier != value {
        return "\(option.title) is given twice, as '\(earlier)' and '\(value)'; give it once"
      }
    }
    return nil
  }

  /// What is wrong with a command line that was not understood, if it is one of the common slips.
  var mistake: String? {
    let isHelp = arguments.first == "help" && arguments.count > 1
    guard let name = isHelp ? arguments[1] : arguments.first, !name.hasPrefix("-"), name != "help"
    else { return nil }
    if isHelp, Self.types.contains(where: { $0._commandName == name }) { return nil }
    guard let command else {
      let names = Self.types.map { $0._commandName }
      let nearest = NearestNames(names).nearest(to: name)
      return "there is no command '\(name)'"
        + (nearest.isEmpty
          ? "; there are " + names.joined(separator: ", ") : NearestNames.suggestion(of: nearest))
    }
    let found = uses()
    for use in found where use.option == nil {
      let names = (command.arguments ?? []).filter { $0.kind != .positional }.map(\.title)
      let nearest = NearestNames(names).nearest(to: use.name)
      return "\(name) has no option '\(use.name)'" + NearestNames.suggestion(of: nearest)
    }
    for use in found {
      guard let option = use.option else { continue }
      if let next = use.next, use.values.isEmpty, next.hasPrefix("-"), Double(next) != nil {
        return "\(use.name) takes no negative number, such as \(next)"
      }
      if option.parsingStrategy != "upToNextOption", let known = option.allValues,
        let value = use.values.first, !known.isEmpty, !known.contains(value)
      {
        let nearest = NearestNames(known).nearest(to: value)
        return nearest.isEmpty
          ? "\(use.name) takes \(known.joined(separator: ", ")); '\(value)' is none of them"
          : "\(use.name): there is no '\(value)'" + NearestNames.suggestion(of: nearest)
      }
      if option.parsingStrategy == "upToNextOption", let known = option.allValues,
        let value = use.values.first(where: { value in
          !value.split(separator: ",").allSatisfy { known.contains(String($0)) }
        })
      {
        return "\(use.name) takes \(known.joined(separator: ", ")); '\(value)' is none of them"
          + "; an INPUT stands before \(use.name)"
      }
    }
    return nil
  }

  /// One option as it was used.
  private struct Use {
    var name: String
    /// What it is; `nil` if the command has no such option.
    var option: Argument?
    var values: [String] = []
    /// The argument after it.
    var next: String?
  }

  /// All options used, in order.
  private func uses() -> [Use] {
    guard let command else { return [] }
    var uses: [Use] = []
    var rest = arguments.dropFirst().prefix { $0 != "--" }
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument.count > 1, Double(argument) == nil else { continue }
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      let option = command.argument(named: parts[0])
      var use = Use(name: parts[0], option: option, next: rest.first)
      if parts.count > 1 {
        use.values = [parts[1]]
      } else if let option, option.kind == .option {
        while let value = rest.first,
          option.parsingStrategy == "unconditional" || !value.hasPrefix("-") || value == "-"
        {
          use.values.append(value)
          rest.removeFirst()
          if option.parsingStrategy != "upToNextOption" { break }
        }
      }
      uses.append(use)
    }
    return uses
  }
}

/// What the parser of options says about the program.
private struct Dump: Decodable {
  let command: Command
}

private struct Command: Decodable {
  let arguments: [Argument]?

  /// The option of that name; several short flags in one are known by the first.
  func argument(named name: String) -> Argument? {
    let isLong = name.hasPrefix("--")
    let text = isLong ? String(name.dropFirst(2)) : String(name.dropFirst().prefix(1))
    return arguments?.first { argument in
      (argument.names ?? []).contains { $0.name == text && ($0.kind == "long") == isLong }
    }
  }
}

private struct Argument: Decodable {
  enum Kind: String, Decodable { case positional, option, flag }

  struct Name: Decodable {
    let kind: String
    let name: String
  }

  let kind: Kind
  let names: [Name]?
  let isRepeating: Bool
  let parsingStrategy: String?
  let allValues: [String]?

  /// The long name if there is one.
  var title: String {
    let long = names?.first { $0.kind == "long" }
    return long.map { "--" + $0.name } ?? names?.first.map { "-" + $0.name } ?? ""
  }
}
