/// What identifies a paper whatever its slug: an identifier or a title.
///
/// One reader serves scans, matrices, covariates and joins. Placeholders (`N/A`, `unknown`, a template's
/// DOI) are no keys; nor are titles that are short or generic.
struct PaperKey: Hashable, CustomStringConvertible {
  /// The kinds, in the order in which they are named to the user.
  enum Kind: UInt8, CaseIterable {
    case arXiv, doi, pubMed, openAlex, title

    /// Those that are identifiers.
    static let identifiers: [Kind] = [.arXiv, .doi, .pubMed, .openAlex]
  }

  let kind: Kind
  let text: String

  /// A key of a kind.
  init(_ kind: Kind, text: String) {
    self.kind = kind
    self.text = text
  }

  /// The key of a paper; `nil` when the paper does not state it, or a title does not identify a paper.
  init?(_ kind: Kind, of paper: Paper) {
    let text: String? =
      switch kind {
      case .arXiv:
        paper.arxivID.flatMap(ArXivIdentifier.normalized)
          ?? paper.doi.flatMap(DOI.normalized).flatMap(DOI.arXivID)
      case .doi: paper.doi.flatMap(DOI.normalized).flatMap { DOI.arXivID($0) == nil ? $0 : nil }
      case .pubMed: paper.pmid.flatMap(PubMedIdentifier.normalized)
      case .openAlex: paper.openAlexID.flatMap(OpenAlexIdentifier.normalized)
      case .title: paper.title.flatMap(Self.identifying)
      }
    guard let text else { return nil }
    self.kind = kind
    self.text = text
  }

  var description: String {
    switch kind {
    case .arXiv: "arXiv identifier \(text)"
    case .doi: "DOI \(text)"
    case .pubMed: "PMID \(text)"
    case .openAlex: "OpenAlex identifier \(text)"
    case .title: "title"
    }
  }

  private static func identifying(_ title: String) -> String? {
    let text = TitleKey.normalized(title)
    return TitleKey.isLongEnough(text) && !TitleKey.isGeneric(title) ? text : nil
  }
}
