import ArgumentParser

@main
struct Metastat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metastat", abstract: "Rigor statistics from checklist scans of papers.")
}
