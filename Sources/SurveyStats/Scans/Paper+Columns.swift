extension Paper {
  /// The names of the metadata columns that every paper has a place for, in the order of a matrix
  /// file.
  public static let columnNames = [
    "title", "year", "venue", "type", "tags", "version", "rater", "group", "cluster", "weight",
  ]

  /// The values of a metadata column: none when missing, several for tags.
  ///
  /// Any name that is not a built-in column is looked up among the covariates. The spellings of a
  /// venue count as one, also where a matrix file keeps them apart.
  public func values(of column: String) -> [String] {
    switch column {
    case "paper": [slug]
    case "title": title.map { [$0] } ?? []
    case "year": year.map { [String($0)] } ?? []
    case "venue": venue.flatMap(Venue.normalized).map { [$0] } ?? []
    case "type": type.map { [$0] } ?? []
    case "tags", "tag": tags
    case "version": version.map { [String($0)] } ?? []
    case "rater": rater.map { [$0] } ?? []
    case "group": group.map { [$0] } ?? []
    case "cluster": cluster.map { [$0] } ?? []
    case "weight": weight.map { ["\($0)"] } ?? []
    case "arxiv_id": arxivID.map { [$0] } ?? []
    case "doi": doi.map { [$0] } ?? []
    case "pmid": pmid.map { [$0] } ?? []
    case "openalex": openAlexID.map { [$0] } ?? []
    default: covariates[column].map { $0.isEmpty ? [] : [$0] } ?? []
    }
  }

  /// The value of a numeric metadata column; `nil` when missing or not a finite number.
  public func number(of column: String) -> Double? {
    switch column {
    case "year": return year.map(Double.init)
    case "version": return version.map(Double.init)
    case "weight": return weight
    default:
      guard let text = values(of: column).first, let number = Double(text), number.isFinite
      else { return nil }
      return number
    }
  }
}
