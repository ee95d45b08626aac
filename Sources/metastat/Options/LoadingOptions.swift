import ArgumentParser

/// How loadings are laid out for people.
struct LoadingOptions: ParsableArguments {
  @Option(help: "Leave smaller loadings blank in text, Markdown and HTML; CSV and JSON have all.")
  var cut = 0.3

  @Flag(help: "Keep the items in their order in text, instead of sorting them by factor.")
  var inputOrder = false

  func validate() throws {
    guard cut >= 0, cut.isFinite else {
      throw ValidationError("--cut takes a number of 0 or more, such as 0.3.")
    }
  }
}
