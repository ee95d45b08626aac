/// The version of the tool, which is part of what makes a result reproducible.
enum Version {
  static let text = "0.1.0"
}
