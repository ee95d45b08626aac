import FoundationEssentials
import SurveyStats

/// An explorer as one HTML page that needs neither network nor server.
///
/// Everything on the page is inline; its security policy allows no outside source, and no script but
/// its own, by its hash. Data are compressed and stand in blocks that no browser runs.
public struct ExplorerPage: Sendable {
  /// What the page shows.
  public let explorer: Explorer
  /// After how many bytes reasons, evidence and details are cut, so that the page has at most as many bytes
  /// as its settings say; `nil` when all are whole.
  public let longestText: Int?
  /// The texts, compressed.
  private let texts: [UInt8]?

  /// Creates a page.
  ///
  /// Of texts that are too much the longest are cut, all after the same number of bytes: the largest of a few
  /// for which the page is small enough, or the smallest.
  public init(_ explorer: Explorer) {
    self.explorer = explorer
    func compressed(_ length: Int?) -> [UInt8]? {
      ExplorerData(explorer: explorer, longestText: length).texts.map { Deflate.compress($0) }
    }
    let whole = compressed(nil)
    guard let whole, let most = explorer.settings.mostBytes else {
      (longestText, texts) = (nil, whole)
      return
    }
    func encodedSize(_ texts: [UInt8]) -> Int { (texts.count + 2) / 3 * 4 }
    if Self.bytes(explorer, texts: [], longestText: nil).count + encodedSize(whole) <= most {
      (longestText, texts) = (nil, whole)
      return
    }
    let room = most - Self.bytes(explorer, texts: [], longestText: Self.lengths[0]).count
    // The sizes ascend with the lengths: halve until one is left.
    var (low, high) = (0, Self.lengths.count)
    var best: [UInt8]?
    while low < high {
      let middle = (low + high) / 2
      if let texts = compressed(Self.lengths[middle]), encodedSize(texts) <= room {
        (best, low) = (texts, middle + 1)
      } else {
        high = middle
      }
    }
    longestText = Self.lengths[max(0, low - 1)]
    texts = best ?? compressed(Self.lengths[0])
  }

  /// After how many bytes texts may be cut.
  static let lengths = [
    40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 180, 200, 220, 250, 300, 400, 500,
    700,
    1_000, 1_500, 2_000, 4_000,
  ]

  /// The modules of the page, each after those that it builds on.
  static let modules: [[UInt8]] = [
    PackageResources.data_mjs, PackageResources.counts_mjs, PackageResources.language_mjs,
    PackageResources.variables_mjs, PackageResources.state_mjs, PackageResources.dom_mjs,
    PackageResources.corpus_mjs, PackageResources.table_mjs, PackageResources.chart_mjs,
    PackageResources.filter_mjs, PackageResources.findings_mjs,
    PackageResources.items_mjs, PackageResources.heatmap_mjs, PackageResources.papers_mjs,
    PackageResources.paper_mjs, PackageResources.scatter_mjs, PackageResources.groups_mjs,
    PackageResources.claims_mjs, PackageResources.definitions_mjs, PackageResources.main_mjs,
  ]

  /// The modules as one: without their imports, whose names are unique in the whole program.
  static var script: String {
    var lines: [Substring] = []
    for module in modules {
      let text = String(decoding: module, as: UTF8.self)
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("import ") { continue }
        lines.append(line.hasPrefix("export ") ? line.dropFirst(7) : line)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The page.
  public var bytes: [UInt8] { Self.bytes(explorer, texts: texts, longestText: longestText) }

  private static func bytes(
    _ explorer: Explorer, texts: [UInt8]?, longestText: Int?
  ) -> [UInt8] {
    let data = ExplorerData(explorer: explorer, longestText: longestText)
    let script = Self.script
    let style = String(decoding: PackageResources.explorer_css, as: UTF8.self)
    let title = HTMLWriter.escaped(explorer.settings.title)
    let opening = explorer.opening.map { HTMLWriter.escaped($0) }.joined(separator: " ")
    var page: [UInt8] = []
    page.append(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      script-src \(Self.source(script)); style-src \(Self.source(style)); img-src data: blob:; \
      base-uri 'none'; form-action 'none'">
      <meta name="generator" content="\(HTMLWriter.escaped(explorer.settings.generator))">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <style>\(style)</style>
      </head>
      <body>
      <a class="skip" href="#content">Skip to the content</a>
      <header>
      <h1>\(title)</h1>
      <nav id="views" aria-label="Views"></nav>
      </header>
      <div id="selection"></div>
      <main id="content" tabindex="-1">
      \(explorer.headline.map { "<h2>\(HTMLWriter.escaped($0))</h2>" } ?? "")
      <p>\(opening)</p>
      <noscript><p>The explorer counts in the browser and needs JavaScript; it loads nothing from \
      anywhere.</p></noscript>
      </main>
      <footer id="about"></footer>
      <div id="status" role="status" aria-live="polite" class="hidden"></div>

      """)
    block("facts", Deflate.compress(data.facts), to: &page)
    if let texts { block("texts", texts, to: &page) }
    page.append("<script type=\"module\">\(script)</script>\n</body>\n</html>\n")
    return page
  }

  /// What the policy says of a script or style that it allows.
  private static func source(_ text: String) -> String {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    return "'sha256-\(Data(hash.digest).base64EncodedString())'"
  }

  /// Appends data that the page decodes.
  private static func block(_ name: String, _ bytes: [UInt8], to page: inout [UInt8]) {
    page.append("<script type=\"text/plain\" id=\"\(name)\">")
    page += Data(bytes).base64EncodedData()
    page.append("</script>\n")
  }
}
