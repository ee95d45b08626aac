/// The distinct values of an array, where they are few, and the place of each value among them.
struct DistinctPlaces {
  /// The most distinct values of so many: beyond that sorting is as fast.
  private static func most(of count: Int) -> Int { min(4_096, 16 + count / 16) }

  /// The place of each value, from the smallest.
  let places: [UInt16]
  /// The distinct values, ascending.
  let values: [Double]
  /// The number of distinct values.
  var count: Int { values.count }

  /// Finds the values; `nil` where there are too many of them.
  init?(_ values: [Double]) {
    let most = Self.most(of: values.count)
    var distinct: [Double] = []
    var found = [UInt16](repeating: 0, count: values.count)
    var numberOfPlace: [UInt16] = []
    // The value that was last seen in each of a few slots, and its number: most values are there.
    var recent = [Double](repeating: .nan, count: 256)
    var numberOfRecent = [UInt16](repeating: 0, count: 256)
    for (index, value) in values.enumerated() {
      let slot = Int((value.bitPattern &* 0x9E37_79B9_7F4A_7C15) >> 56)
      if recent[slot] == value {
        found[index] = numberOfRecent[slot]
        continue
      }
      var (low, high) = (0, distinct.count)
      while low < high {
        let middle = (low + high) / 2
        if distinct[middle] < value { low = middle + 1 } else { high = middle }
      }
      if low == distinct.count || distinct[low] != value {
        guard distinct.count < most else { return nil }
        numberOfPlace.insert(UInt16(distinct.count), at: low)
        distinct.insert(value, at: low)
      }
      found[index] = numberOfPlace[low]
      (recent[slot], numberOfRecent[slot]) = (value, numberOfPlace[low])
    }
    var placeOfNumber = numberOfPlace
    for (place, number) in numberOfPlace.enumerated() { placeOfNumber[Int(number)] = UInt16(place) }
    places = found.map { placeOfNumber[Int($0)] }
    self.values = distinct
  }

  /// The total weight of the values at each place.
  func totals(_ weights: [Double]) -> [Double] {
    var totals = [Double](repeating: 0, count: count)
    for (index, place) in places.enumerated() { totals[Int(place)] += weights[index] }
    return totals
  }
}
