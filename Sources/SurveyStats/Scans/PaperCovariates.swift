/// The further columns of a paper: texts by name.
///
/// The papers of a survey mostly have the same names, which they share; so a paper takes little more
/// memory than its texts.
public struct PaperCovariates: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// The names, in order.
  public private(set) var keys: [String] = []
  /// The texts, at the places of their names.
  private var values: [String] = []

  /// Creates covariates by name; of several with one name the last counts.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { self[name] = value }
  }

  /// Creates covariates from distinct sorted names and the texts at the same places.
  init(sortedNames: [String], values: [String]) {
    precondition(sortedNames.count == values.count)
    keys = sortedNames
    self.values = values
  }

  /// The text of a name; `nil` when there is none.
  public subscript(name: String) -> String? {
    get {
      let place = place(of: name)
      return place < keys.count && keys[place] == name ? values[place] : nil
    }
    set {
      let place = place(of: name)
      let isKnown = place < keys.count && keys[place] == name
      switch newValue {
      case let text? where isKnown: values[place] = text
      case let text?:
        keys.insert(name, at: place)
        values.insert(text, at: place)
      case nil where isKnown:
        keys.remove(at: place)
        values.remove(at: place)
      case nil: break
      }
    }
  }

  /// These and others, whose names are in order and go before equal ones of these.
  ///
  /// - Parameter names: The names that others have, which are shared where they are the same.
  func adding(
    _ others: some Sequence<(name: String, value: String)>, sharing names: inout [String]
  ) -> PaperCovariates {
    var merged: [String] = []
    var texts: [String] = []
    merged.reserveCapacity(names.count)
    texts.reserveCapacity(names.count)
    var place = 0
    for (name, value) in others {
      while place < keys.count, keys[place] < name {
        merged.append(keys[place])
        texts.append(values[place])
        place += 1
      }
      if place < keys.count, keys[place] == name { place += 1 }
      merged.append(name)
      texts.append(value)
    }
    merged += keys[place...]
    texts += values[place...]
    if merged != names { names = merged }
    return PaperCovariates(sortedNames: names, values: texts)
  }

  /// The number of names before a name.
  private func place(of name: String) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Gathers the covariates of one paper after another.
///
/// Most papers have the same names in the same order as one before, whose names they then share;
/// nothing needs to be hashed or sorted for them.
struct CovariateGatherer {
  /// Names that came in some order.
  private struct Shape {
    let names: [String]
    let sortedNames: [String]
    /// The places of the names among the sorted ones.
    let places: [Int]

    init(_ names: [String]) {
      self.names = names
      let order = names.indices.sorted { names[$0] < names[$1] }
      sortedNames = order.map { names[$0] }
      var places = order
      for (place, index) in order.enumerated() { places[index] = place }
      self.places = places
    }
  }

  private static let shapeLimit = 16
  private var shapes: [Shape] = []
  private var oldest = 0
  /// The shape whose first names have come so far; past the end when it is a new one.
  private var shape = 0
  private var values: [String] = []
  // Of a new shape: the names in order, and their places.
  private var names: [String] = []
  private var places: [String: Int] = [:]

  /// Adds a covariate; the first of several with one name counts.
  mutating func add(_ value: String, as name: String) {
    if shape < shapes.count {
      if values.count < shapes[shape].names.count, shapes[shape].names[values.count] == name {
        values.append(value)
        return
      }
      let begun = shapes[shape].names.prefix(values.count)
      let other = shapes.firstIndex {
        $0.names.count > begun.count && $0.names[begun.count] == name
          && $0.names.starts(with: begun)
      }
      if let other {
        shape = other
        values.append(value)
        return
      }
      beginShape(Array(begun))
    }
    guard places[name] == nil else { return }
    places[name] = names.count
    names.append(name)
    values.append(value)
  }

  /// The covariates that were added since the last time.
  mutating func gathered() -> PaperCovariates {
    if shape < shapes.count, shapes[shape].names.count != values.count {
      let begun = shapes[shape].names.prefix(values.count)
      if let other = shapes.firstIndex(where: { $0.names.elementsEqual(begun) }) {
        shape = other
      } else {
        beginShape(Array(begun))
      }
    }
    if shape == shapes.count { learnShape() }
    let found = shapes[shape]
    var sorted = values
    for (place, value) in zip(found.places, values) { sorted[place] = value }
    values.removeAll(keepingCapacity: true)
    return PaperCovariates(sortedNames: found.sortedNames, values: sorted)
  }

  private mutating func beginShape(_ names: [String]) {
    shape = shapes.count
    self.names = names
    places = [:]
    for (place, name) in names.enumerated() { places[name] = place }
  }

  private mutating func learnShape() {
    if shapes.count < CovariateGatherer.shapeLimit {
      shapes.append(Shape(names))
    } else {
      shape = oldest
      shapes[oldest] = Shape(names)
      oldest = (oldest + 1) % CovariateGatherer.shapeLimit
    }
    names = []
    places = [:]
  }
}
