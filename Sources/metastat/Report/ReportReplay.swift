import FoundationEssentials
import SurveyStats

/// An earlier run of `report`, known from its manifest.
struct ReportReplay: Decodable {
  /// One input with its hash at the time.
  struct Input: Decodable, Equatable {
    let path: String
    let sha256: String
  }

  let version: String
  let arguments: [String]
  let inputs: [Input]

  /// The arguments with those of the manifest that `report --manifest FILE` names put in front.
  ///
  /// Arguments given now come after the recorded ones and so go before them.
  static func expanding(_ arguments: [String]) throws(CommandFailure) -> [String] {
    guard arguments.first == "report", let path = path(in: arguments) else { return arguments }
    let replay: ReportReplay = try JSONFile.decode(path, allowsOtherKeys: true)
    guard replay.arguments.first == "report" else {
      throw CommandFailure(.invalidInput, "\(path) is not the manifest of a report")
    }
    return replay.arguments + arguments.dropFirst()
  }

  /// What differs between the inputs then and now, a line each.
  func differences(from inputs: [Input]) -> [String] {
    let now = Dictionary(inputs.map { ($0.path, $0.sha256) }) { first, _ in first }
    let then = Dictionary(self.inputs.map { ($0.path, $0.sha256) }) { first, _ in first }
    return self.inputs.compactMap { input in
      guard let hash = now[input.path] else { return "\(input.path) is gone" }
      return hash == input.sha256 ? nil : "\(input.path) has changed"
    } + inputs.filter { then[$0.path] == nil }.map { "\($0.path) is new" }
  }

  private static func path(in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      if argument == "--manifest", index + 1 < arguments.count { return arguments[index + 1] }
      if argument.hasPrefix("--manifest=") { return String(argument.dropFirst(11)) }
    }
    return nil
  }
}
