import SurveyStats

extension Range<Int> {
  /// The numbers in an order that the seed decides.
  func shuffled(seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed)
    var numbers = Array(self)
    for index in numbers.indices.dropFirst().reversed() {
      numbers.swapAt(index, stream.index(below: index + 1))
    }
    return numbers
  }
}
