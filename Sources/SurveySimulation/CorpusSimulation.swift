public import SurveyStats

/// A synthetic corpus with known truth.
///
/// Papers are independent, and each is a function of the seed and its index alone, so the first n
/// papers of any corpus are the corpus of n papers. Answers follow ``AnswerModel``; whether items
/// apply is drawn independently of the answers, for all items of a block at once. A corpus is given
/// as a matrix (``matrix()``) or as scan files (``files(ofPaper:)``); nothing is written anywhere.
///
/// Versions 1 to 3 ask the base items, versions 2 and 3 also those of the modules that the tags of
/// the paper turn on. Versions 4 and 5 ask the core categories of every paper, the other base items
/// of empirical papers, and of other papers the items whose module is the name of the paper's type.
public struct CorpusSimulation: Sendable {
  /// What the corpus is like.
  public let parameters: Parameters
  /// How answers come about.
  public let model: AnswerModel
  /// The modules that can be active, in the order of the items.
  let modules: [String]
  private let roles: [ItemRole]
  private let blocks: [Int]
  private let blockCount: Int
  /// Keeps the random numbers of papers apart from those of a bootstrap with the same seed.
  private static let substream: UInt64 = 0x7061_7065_7273

  /// When an item is asked.
  private enum ItemRole {
    case core(firstVersion: Int)
    case base(firstVersion: Int)
    case module(Int)
  }

  /// Creates a corpus.
  ///
  /// - Throws: ``SimulationError`` when the parameters are impossible.
  public init(_ parameters: Parameters) throws(SimulationError) {
    try parameters.validate()
    self.parameters = parameters
    model = AnswerModel(items: parameters.items, years: parameters.years)
    var modules: [String] = []
    var blockNames: [String: Int] = [:]
    var blockCount = 0
    var blocks: [Int] = []
    var roles: [ItemRole] = []
    for item in parameters.items {
      if item.item.module == Item.baseModule {
        let isCore = parameters.coreCategories.contains(item.item.id.category)
        let first = item.firstVersion
        roles.append(isCore ? .core(firstVersion: first) : .base(firstVersion: first))
      } else {
        let position = modules.firstIndex(of: item.item.module) ?? modules.count
        if position == modules.count { modules.append(item.item.module) }
        roles.append(.module(position))
      }
      if let name = item.block, let block = blockNames[name] {
        blocks.append(block)
      } else {
        if let name = item.block { blockNames[name] = blockCount }
        blocks.append(blockCount)
        blockCount += 1
      }
    }
    self.modules = modules
    self.roles = roles
    self.blocks = blocks
    self.blockCount = blockCount
  }

  /// The papers and their answers as a matrix, one row a paper.
  ///
  /// A paper has the answers of its first scan; further versions, duplicates and damage concern
  /// files only. Cost: papers × items draws, no other memory than the matrix.
  public func matrix() -> BinaryMatrix {
    let items = parameters.items.map(\.item)
    var yes = BitColumns(rowCount: parameters.paperCount, columnCount: items.count)
    var applies = yes
    var asked = yes
    var papers: [Paper] = []
    papers.reserveCapacity(parameters.paperCount)
    var draw = PaperDraw(itemCount: items.count, factorCount: parameters.factors.count)
    for index in 0..<parameters.paperCount {
      self.draw(index, into: &draw)
      papers.append(paper(draw, version: draw.version))
      for item in items.indices where isAsked(item, version: draw.version, of: draw) {
        asked[index, item] = true
        guard draw.applies[item] else { continue }
        applies[index, item] = true
        if draw.answers[item] { yes[index, item] = true }
      }
    }
    return BinaryMatrix(papers: papers, items: items, yes: yes, applies: applies, asked: asked)
  }

  /// One paper with everything that is true of it.
  ///
  /// - Precondition: the index is not negative; it may exceed the number of papers.
  public func paper(at index: Int) -> SimulatedPaper {
    let draw = draw(index)
    return SimulatedPaper(
      paper: paper(draw, version: draw.version), factors: draw.factors, responses: draw.responses,
      cells: cells(draw, version: draw.version))
  }

  /// What is true of every item: rate, applicability, year slope, thresholds and loadings.
  ///
  /// With year slopes there is one threshold column a year, otherwise one for all years.
  public func itemTruth() -> Table {
    let items = parameters.items
    var columns = [
      Column("term", .text(items.map { $0.item.id.description })),
      Column("module", .text(items.map(\.item.module))),
      Column("block", .text(items.map(\.block))),
      Column("pass_rate", .real(items.map(\.passRate)), style: .share),
      Column("applicability", .real(items.map(\.applicability)), style: .share),
      Column("year_slope", .real(items.map(\.yearSlope))),
      Column("first_version", .integer(items.map(\.firstVersion))),
    ]
    let hasTrend = items.contains { $0.yearSlope != 0 }
    for (position, year) in parameters.years.values.enumerated() where hasTrend || position == 0 {
      let thresholds = model.thresholds.map { $0[position].isFinite ? $0[position] : nil }
      columns.append(Column(hasTrend ? "threshold_\(year)" : "threshold", .real(thresholds)))
    }
    for (position, factor) in parameters.factors.enumerated() {
      let loadings = items.map { $0.loadings.isEmpty ? 0 : $0.loadings[position] }
      columns.append(Column("loading_\(factor)", .real(loadings)))
    }
    columns.append(Column("source", .text(items.map(\.source))))
    return Table(
      name: "items", caption: "The truth about the \(items.count) items of a simulated corpus.",
      columns: columns)
  }

  /// Draws a paper.
  func draw(_ index: Int) -> PaperDraw {
    var draw = PaperDraw(
      itemCount: parameters.items.count, factorCount: parameters.factors.count)
    self.draw(index, into: &draw)
    return draw
  }

  /// Draws a paper into storage that is used again.
  private func draw(_ index: Int, into draw: inout PaperDraw) {
    var stream = RandomStream(
      seed: parameters.seed, stream: UInt64(index), substream: Self.substream)
    draw.index = index
    draw.version = parameters.versions.value(of: stream.uniform())
    draw.year = parameters.years.index(of: stream.uniform())
    draw.venue = parameters.venues.index(of: stream.uniform())
    draw.type = parameters.types.index(of: stream.uniform())
    let tag = parameters.tags.value(of: stream.uniform())
    let further = stream.uniform()
    let second = parameters.tags.value(of: stream.uniform())
    draw.tags = further < parameters.secondTagRate && second != tag ? [tag, second] : [tag]
    draw.activeModules = modules.map { module in
      draw.tags.contains { parameters.modulesByTag[$0]?.contains(module) ?? false }
    }
    draw.hasArxiv = stream.uniform() < parameters.arxivRate
    draw.hasDOI = stream.uniform() < parameters.doiRate
    draw.raters = stream.index(below: 3)

    for factor in draw.factors.indices { draw.factors[factor] = stream.normal() }
    draw.blocks.removeAll(keepingCapacity: true)
    for _ in 0..<blockCount { draw.blocks.append(stream.uniform()) }
    for item in parameters.items.indices {
      var response = model.uniqueDeviations[item] * stream.normal()
      for position in model.starts[item]..<model.starts[item + 1] {
        let loading = model.loadings[position]
        response += loading.value * draw.factors[loading.factor]
      }
      draw.responses[item] = response
      draw.answers[item] = response > model.thresholds[item][draw.year]
      draw.applies[item] = draw.blocks[blocks[item]] < parameters.items[item].applicability
    }
    draw.stream = stream
  }

  /// Whether a version asks an item of a paper.
  func isAsked(_ item: Int, version: Int, of draw: PaperDraw) -> Bool {
    switch roles[item] {
    case .core(let firstVersion):
      return version >= firstVersion
    case .base(let firstVersion):
      return version >= firstVersion
        && (version <= 3 || parameters.types.values[draw.type] == "empirical")
    case .module(let module):
      switch version {
      case 1: return false
      case 2, 3: return draw.activeModules[module]
      default: return modules[module] == parameters.types.values[draw.type]
      }
    }
  }

  /// The cells of a paper under one version.
  func cells(_ draw: PaperDraw, version: Int) -> [Cell] {
    parameters.items.indices.map { item in
      guard isAsked(item, version: version, of: draw) else { return .absent }
      guard draw.applies[item] else { return .notApplicable }
      return draw.answers[item] ? .yes : .no
    }
  }

  /// The metadata of a paper under one version.
  func paper(_ draw: PaperDraw, version: Int) -> Paper {
    let year = parameters.years.values[draw.year]
    let venue = parameters.venues.values[draw.venue]
    var paper = Paper(
      slug: "synthetic-\(Self.padded(draw.index, to: 7))-\(year)",
      title: "Synthetic paper no. \(draw.index)", year: year,
      venue: venue.isEmpty ? nil : venue.hasPrefix("arXiv") ? "arXiv" : venue,
      type: version >= 4 ? parameters.types.values[draw.type] : nil, tags: draw.tags,
      version: version, rater: rater(draw, version: version))
    if draw.hasArxiv, draw.index < 600_000 {
      // arXiv has never had 50,000 papers in a month, so that these are no real papers.
      paper.arxivID =
        Self.padded(year % 100, to: 2) + Self.padded(1 + draw.index / 50_000, to: 2) + "."
        + String(50_000 + draw.index % 50_000)
    }
    if draw.hasDOI { paper.doi = "10.5555/synthetic.\(draw.index)" }
    return paper
  }

  /// The sources of the answers under one version, joined by `+`.
  private func rater(_ draw: PaperDraw, version: Int) -> String? {
    guard version >= 4 else { return nil }
    let sources = AnswerSources(version: version, choice: draw.raters)
    var names: Set<String> = []
    for item in parameters.items.indices where isAsked(item, version: version, of: draw) {
      if let name = isCore(item) ? sources.core : sources.other { names.insert(name) }
    }
    return names.isEmpty ? nil : names.sorted().joined(separator: "+")
  }

  /// Whether an item belongs to a core category.
  func isCore(_ item: Int) -> Bool {
    parameters.coreCategories.contains(parameters.items[item].item.id.category)
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// A paper of a simulated corpus with its latent values.
public struct SimulatedPaper: Sendable, Equatable {
  /// The metadata, under the version of the first scan.
  public let paper: Paper
  /// The values of the latent factors.
  public let factors: [Double]
  /// The latent answers, one an item, asked or not; yes is above the threshold.
  public let responses: [Double]
  /// The cells of the first scan, one an item.
  public let cells: [Cell]
}

/// Who answered the core items of a scan and the others; `nil` in versions that do not say.
struct AnswerSources {
  let core: String?
  let other: String?

  /// The sources of a version; the choice, one of three, matters for version 4 only.
  init(version: Int, choice: Int) {
    switch (version, choice) {
    case (...3, _): (core, other) = (nil, nil)
    case (4, 0): (core, other) = ("opus", "haiku")
    case (4, 1): (core, other) = ("sonnet", "sonnet")
    default: (core, other) = ("haiku", "haiku")
    }
  }
}

/// The draws of one paper, before a version decides what is asked.
struct PaperDraw {
  var index = 0
  var version = 0
  /// Positions in the distributions of years, venues and types.
  var year = 0
  var venue = 0
  var type = 0
  var tags: [String] = []
  var activeModules: [Bool] = []
  var hasArxiv = false
  var hasDOI = false
  /// Who answered version 4: a choice of ``AnswerSources``.
  var raters = 0
  var factors: [Double]
  /// One uniform number a block: an item applies where it is below the applicability.
  var blocks: [Double] = []
  var responses: [Double]
  var answers: [Bool]
  var applies: [Bool]
  /// The stream after all of these, for what only files need.
  var stream = RandomStream(seed: 0, stream: 0)

  init(itemCount: Int, factorCount: Int) {
    factors = [Double](repeating: 0, count: factorCount)
    responses = [Double](repeating: 0, count: itemCount)
    answers = [Bool](repeating: false, count: itemCount)
    applies = answers
  }
}
