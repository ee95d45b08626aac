import FoundationEssentials

/// What a checklist calls its categories and items, and in which order.
///
/// An instrument only names and orders: which items there are is found in the data.
public struct Instrument: Sendable, Equatable {
  /// A category of items.
  public struct Category: Sendable, Equatable {
    /// The name, as in the scans.
    public let name: String
    /// The name to show to people.
    public let label: String?
    /// The module that the category belongs to.
    public let module: String
    /// The items, in order.
    public let items: [Entry]

    /// Creates a category.
    public init(
      name: String, label: String? = nil, module: String = Item.baseModule, items: [Entry]
    ) {
      self.name = name
      self.label = label
      self.module = module
      self.items = items
    }
  }

  /// An item of a category.
  public struct Entry: Sendable, Equatable, Decodable {
    /// The name, as in the scans.
    public let name: String
    /// The text to show to people.
    public let label: String?

    /// Creates an item.
    public init(name: String, label: String? = nil) {
      self.name = name
      self.label = label
    }
  }

  /// The name of the instrument.
  public let name: String
  /// The version, when the instrument has any.
  public let version: Int?
  /// The categories, in order.
  public let categories: [Category]

  /// All items, in order.
  var itemIDs: [ItemID] {
    categories.flatMap { category in
      category.items.map { ItemID(category: category.name, name: $0.name) }
    }
  }

  /// Creates an instrument.
  public init(name: String, version: Int? = nil, categories: [Category]) {
    self.name = name
    self.version = version
    self.categories = categories
  }

  /// Reads an instrument from the bytes of a JSON file.
  ///
  /// - Throws: `InstrumentError` for text that is no instrument, or that names a category, or an
  ///   item of a category, twice.
  public init(json: [UInt8]) throws(InstrumentError) {
    let syntax = JSONSyntax(json, in: json.indices)
    if let fault = syntax.fault {
      let (line, column) = syntax.place(of: fault.offset)
      throw .invalid(place: "line \(line), column \(column)", message: fault.message)
    }
    do {
      self = try JSONDecoder().decode(Instrument.self, from: Data(json))
    } catch let error as DecodingError {
      throw InstrumentError(error)
    } catch { throw .invalid(place: "", message: "not an instrument") }
    do throws(OptionFileError) {
      _ = try OptionFile.decode(Instrument.self, from: json)
    } catch {
      throw .invalid(place: "line \(error.line), column \(error.column)", message: error.message)
    }
    var categoryNames: Set<String> = []
    for category in categories {
      guard categoryNames.insert(category.name).inserted else {
        throw .repeated("category \(ScanProblem.quoted(category.name))")
      }
      var names: Set<String> = []
      for item in category.items where !names.insert(item.name).inserted {
        throw .repeated(
          "item \(ScanProblem.quoted(ItemID(category: category.name, name: item.name).description))"
        )
      }
    }
  }

  /// The discovered items with their labels, in the order of the instrument.
  ///
  /// Items that the instrument does not know follow those of their category that it does know;
  /// categories that it does not know follow those that it does. Among themselves they keep the
  /// order of discovery, and all keep the module of discovery unless the instrument names one.
  /// Items that were not discovered do not appear.
  public func arranging(_ discovered: [Item]) -> [Item] {
    var remaining: [String: [Item]] = [:]
    for item in discovered { remaining[item.id.category, default: []].append(item) }
    var arranged: [Item] = []
    for category in categories {
      let found = remaining.removeValue(forKey: category.name) ?? []
      let known = Set(found.map(\.id.name))
      for entry in category.items where known.contains(entry.name) {
        let id = ItemID(category: category.name, name: entry.name)
        arranged.append(Item(id: id, label: entry.label, module: category.module))
      }
      let named = Set(category.items.map(\.name))
      for item in found where !named.contains(item.id.name) {
        arranged.append(Item(id: item.id, label: item.label, module: category.module))
      }
    }
    for item in discovered {
      arranged += remaining.removeValue(forKey: item.id.category) ?? []
    }
    return arranged
  }
}

/// Why a file is no instrument.
public enum InstrumentError: Error, Equatable, CustomStringConvertible {
  /// The text at the place is not what an instrument has there.
  case invalid(place: String, message: String)
  /// A name occurs twice.
  case repeated(String)

  /// One line that says what is wrong.
  public var description: String {
    let text =
      switch self {
      case .invalid(let place, let message): place.isEmpty ? message : "\(place): \(message)"
      case .repeated(let name): "\(name) occurs twice; remove one"
      }
    return ScanProblem.escaped(text)
  }

  fileprivate init(_ error: DecodingError) {
    let message: String
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(let type, let found), .valueNotFound(let type, let found):
      message = "expected \(InstrumentError.name(of: type))"
      context = found
    case .keyNotFound(let key, let found):
      message = "\(ScanProblem.quoted(key.stringValue)) is missing"
      context = found
    case .dataCorrupted(let found):
      message = found.debugDescription
      context = found
    @unknown default:
      self = .invalid(place: "", message: "not an instrument")
      return
    }
    var place = ""
    for key in context.codingPath {
      if let index = key.intValue {
        place += "[\(index)]"
      } else {
        place += (place.isEmpty ? "" : ".") + key.stringValue
      }
    }
    self = .invalid(place: place, message: message)
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "text"
    case is Int.Type: "a whole number"
    case is [Instrument.Category].Type, is [Instrument.Entry].Type, is [Any].Type: "a list"
    default: "an object"
    }
  }
}

extension Instrument: Decodable {
  private enum CodingKeys: String, CodingKey { case name, version, categories }
}

extension Instrument.Category: Decodable {
  private enum CodingKeys: String, CodingKey { case name, label, module, items }

  /// Decodes a category; without a module it is in the base module.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      label: try container.decodeIfPresent(String.self, forKey: .label),
      module: try container.decodeIfPresent(String.self, forKey: .module) ?? Item.baseModule,
      items: try container.decode([Instrument.Entry].self, forKey: .items))
  }
}
