/// The items over which the two groups of a contrast are compared.
///
/// The mix is that of all groups, so that all contrasts are over the same items; where one of the two has no
/// rate over it, the two groups have a mix of their own.
struct ContrastMix {
  /// The mix of all groups, or of the two.
  let mix: ItemMix
  /// The place of the first group in the mix.
  let first: Int
  /// The place of the second group in the mix.
  let second: Int
  /// Whether several groups share no mix, and the two have their own.
  let isOfPair: Bool

  /// The columns of the items: those of the mix, or of the target where nothing is held fixed.
  var items: [Int] { mix.method == .crude ? mix.items : mix.mixedItems }

  /// Why there is no difference over the mix.
  var reason: Note {
    let note = mix.note(of: first) ?? mix.note(of: second)
    return note.map { Note($0.description, effect: .noValue) } ?? .noCommonItem
  }

  /// Finds the mix of every contrast for the items of a target.
  static func all(
    _ contrasts: [GroupContrast], items: [Int], of matrix: BinaryMatrix, design: SamplingDesign,
    method: ItemMix.Method
  ) -> [ContrastMix] {
    let groups = groups(of: contrasts)
    let common = groups.map { groups in
      ItemMix(
        matrix, items: items, groups: groups.papers, design: design, method: method,
        fewestPapers: ItemMix.fewestPapers)
    }
    return contrasts.map { contrast in
      if let common, let groups, let first = groups.names.firstIndex(of: contrast.first),
        let second = groups.names.firstIndex(of: contrast.second),
        method != .common || (common.value(first) != nil && common.value(second) != nil)
      {
        return ContrastMix(mix: common, first: first, second: second, isOfPair: false)
      }
      let own = ItemMix(
        matrix, items: items, groups: [contrast.firstPapers, contrast.secondPapers],
        design: design, method: method)
      return ContrastMix(mix: own, first: 0, second: 1, isOfPair: groups != nil)
    }
  }

  /// The groups of all contrasts by name; `nil` when each contrast has its own.
  private static func groups(
    of contrasts: [GroupContrast]
  ) -> (names: [String], papers: [[Int]])? {
    guard contrasts.count > 1, !contrasts.contains(where: { $0.second == GroupContrast.rest })
    else { return nil }
    var papers: [String: [Int]] = [:]
    for contrast in contrasts {
      papers[contrast.first] = contrast.firstPapers
      papers[contrast.second] = contrast.secondPapers
    }
    let names = papers.keys.sorted()
    return (names, names.map { papers[$0] ?? [] })
  }
}
