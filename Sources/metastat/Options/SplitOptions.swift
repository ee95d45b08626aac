import ArgumentParser

/// Which of a run's replicates to draw, when the run is split.
enum ReplicateRange: Equatable, ExpressibleByArgument {
  /// The replicates from one number up to, not including, another; the first is 0.
  case bounds(Range<Int>)
  /// One of so many nearly equal shares; the first is 1.
  case share(Int, of: Int)

  init?(argument: String) {
    func numbers(_ separator: Character) -> (Int, Int)? {
      let parts = argument.split(separator: separator, omittingEmptySubsequences: false)
      guard parts.count == 2, let first = Int(parts[0]), let second = Int(parts[1]) else {
        return nil
      }
      return (first, second)
    }
    if let (lower, upper) = numbers(":"), lower >= 0, lower < upper {
      self = .bounds(lower..<upper)
    } else if let (share, count) = numbers("/"), share >= 1, share <= count {
      self = .share(share, of: count)
    } else {
      return nil
    }
  }

  /// The numbers of the replicates among so many; `nil` if there are no such replicates.
  func resolved(of total: Int) -> Range<Int>? {
    switch self {
    case .bounds(let range): range.upperBound <= total ? range : nil
    case .share(let share, let count):
      count <= total ? total * (share - 1) / count..<total * share / count : nil
    }
  }
}

/// How a run is split over processes or machines.
struct SplitOptions: ParsableArguments {
  @Option(
    help: "Draw replicates A up to B only, or share I of N (I/N), into --part; see 'merge'.")
  var replicateRange: ReplicateRange?

  @Option(
    help: ArgumentHelp(
      "Write the replicates of --replicate-range to FILE, for 'metastat merge'.", valueName: "file"),
    completion: .file())
  var part: String?

  func validate() throws {
    guard (replicateRange == nil) == (part == nil) else {
      throw ValidationError(
        "--replicate-range says which replicates to draw and --part where to write them; give "
          + "both or none.")
    }
  }
}
