/// Finds keys that occur more than once in one object.
struct RepeatedKeys {
  /// The identities of the later members of the same name.
  private(set) var members: Set<Int> = []

  // Keys of the objects that are open, outermost first.
  private var keys: [JSONText] = []

  /// Looks through an outermost value and everything in it.
  init(in value: JSONValue) {
    guard value.mayRepeatKeys else { return }
    keys.reserveCapacity(64)
    visit(value)
  }

  private mutating func visit(_ value: JSONValue) {
    switch value.kind {
    case .object:
      let first = keys.count
      var index: Set<JSONText>?
      for member in value.members {
        // Few keys are compared one by one, many through a set.
        if index == nil, keys.count - first == 24 { index = Set(keys[first...]) }
        if index?.contains(member.key) ?? isAmong(first, member.key) {
          members.insert(member.identity)
        } else {
          keys.append(member.key)
          index?.insert(member.key)
        }
        visit(member.value)
      }
      keys.removeLast(keys.count - first)
    case .array:
      for element in value.elements { visit(element) }
    default: break
    }
  }

  /// Whether a key is among those from `first` on.
  private func isAmong(_ first: Int, _ key: JSONText) -> Bool {
    for index in first..<keys.count where keys[index] == key { return true }
    return false
  }

  /// The JSON paths of the later members, at most `limit`, in the order of the text.
  func places(in root: JSONValue, limit: Int) -> [String] {
    var places: [String] = []
    func visit(_ value: JSONValue, _ path: String) {
      guard places.count < limit else { return }
      for member in value.members {
        let place = path.isEmpty ? member.key.shortened : "\(path).\(member.key.shortened)"
        if members.contains(member.identity), places.count < limit { places.append(place) }
        visit(member.value, place)
      }
      for (index, element) in value.elements.enumerated() { visit(element, "\(path)[\(index)]") }
    }
    if !members.isEmpty { visit(root, "") }
    return places
  }
}
