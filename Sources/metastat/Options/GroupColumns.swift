extension [String] {
  /// The columns of groups as one variable, whose values are their combinations; `nil` without any.
  var joinedColumns: String? { isEmpty ? nil : joined(separator: ",") }
}
