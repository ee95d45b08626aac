import SurveyStats

extension BinaryMatrix {
  /// A matrix from one text a paper.
  ///
  /// `1` is yes, `0` no, `-` does not apply, `.` never asked; spaces are left out. Papers are called p0, p1, … and items i0, i1, … unless they are given.
  init(text rows: [String], papers: [Paper]? = nil, items: [String]? = nil) {
    let cells = rows.map { row in
      row.filter { $0 != " " }.map { (character) -> Cell in
        switch character {
        case "1": .yes
        case "0": .no
        case "-": .notApplicable
        default: .absent
        }
      }
    }
    let count = cells.first?.count ?? items?.count ?? 0
    self.init(
      papers: papers ?? rows.indices.map { Paper(slug: "p\($0)") },
      items: (items ?? (0..<count).map { "i\($0)" }).map { Item(id: ItemID($0)) }
    ) { paper, item in cells[paper][item] }
  }

  /// A matrix of random answers.
  ///
  /// Item j is passed with probability (j + 1) / (items + 1), a fifth of the cells does not apply and
  /// a twentieth was never asked. Items i0, i1 are in category a, i2, i3
  /// in b, and so on.
  static func random(papers: Int, items: Int, seed: UInt64 = 1) -> BinaryMatrix {
    var stream = RandomStream(seed: seed)
    var cells: [[Cell]] = []
    for _ in 0..<papers {
      cells.append(
        (0..<items).map { item in
          let kind = stream.uniform()
          if kind < 0.05 { return .absent }
          if kind < 0.25 { return .notApplicable }
          return stream.uniform() < Double(item + 1) / Double(items + 1) ? .yes : .no
        })
    }
    let categories = Array("abcdefghijklmnopqrstuvwxyz")
    return BinaryMatrix(
      papers: (0..<papers).map { Paper(slug: "p\($0)") },
      items: (0..<items).map { item in
        Item(id: ItemID(category: String(categories[item / 2 % 26]), name: "i\(item)"))
      }
    ) { cells[$0][$1] }
  }
}
