extension BinaryMatrix {
  /// The matrix with the answers of each row divided among those who gave them; answers whose source is
  /// not stated stay with the rater of the row.
  public func dividing(by sources: CellSources) -> BinaryMatrix {
    var parts: [(row: Int, rater: String?)] = []
    var partOf: [[Int?]] = []
    for (row, paper) in papers.enumerated() {
      var known: [String?: Int] = [:]
      partOf.append(
        items.indices.map { column in
          guard asked[row, column] else { return nil }
          let rater = sources.source(of: items[column].id, for: paper) ?? paper.rater
          if let part = known[rater] { return part }
          known[rater] = parts.count
          parts.append((row, rater))
          return parts.count - 1
        })
    }
    return BinaryMatrix(
      papers: parts.map { part in
        var paper = papers[part.row]
        paper.rater = part.rater
        return paper
      }, items: items
    ) { part, column in
      partOf[parts[part].row][column] == part ? self[parts[part].row, column] : .absent
    }
  }

  /// The papers that stand in the matrix under several names, each name as a reading of one paper.
  ///
  /// The readings are called `reading 1`, `reading 2` and so on, in the order of the matrix.
  public func readingsOfDuplicates() -> BinaryMatrix {
    let groups = Duplicates(of: papers, policy: .keep) { _ in "" }.groups
    var places: [String: (slug: String, reading: Int)] = [:]
    for group in groups {
      for (reading, slug) in group.slugs.enumerated() {
        places[slug] = (group.slugs[0], reading + 1)
      }
    }
    let rows = papers.indices.filter { places[papers[$0].slug] != nil }
    return selecting(papers: rows).replacing(
      papers: rows.map { row in
        var paper = papers[row]
        if let place = places[paper.slug] {
          paper.slug = place.slug
          paper.rater = "reading \(place.reading)"
        }
        return paper
      })
  }

  /// The matrix with all rows of one rater.
  public func named(rater: String) -> BinaryMatrix {
    replacing(
      papers: papers.map { paper in
        var paper = paper
        paper.rater = rater
        return paper
      })
  }
}
