/// The distinct values of an array, where they are few, and the place of each value among them.
struct DistinctPlaces {
  /// The most distinct values of so many: beyond that sorting is as fast.
  private static func most(of count: Int) -> Int { min(4_096, 16 + count / 16) }

  /// The place of each value, from the smallest.
  let places: [UInt16]
  /// The number of distinct values.
  let count: Int

  /// Finds the values; `nil` where there are too many of them.
  init?(_ values: [Double]) {
    let most = Self.most(of: values.count)
    var distinct: [Double] = []
    var found = [UInt16](repeating: 0, count: values.count)
    var numberOfPlace: [UInt16] = []
    var last: (value: Double, number: UInt16)?
    for (index, value) in values.enumerated() {
      if let last, last.value == value {
        found[index] = last.number
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
      last = (value, numberOfPlace[low])
    }
    var placeOfNumber = numberOfPlace
    for (place, number) in numberOfPlace.enumerated() { placeOfNumber[Int(number)] = UInt16(place) }
    places = found.map { placeOfNumber[Int($0)] }
    count = distinct.count
  }

  /// The total weight of the values at each place.
  func totals(_ weights: [Double]) -> [Double] {
    var totals = [Double](repeating: 0, count: count)
    for (index, place) in places.enumerated() { totals[Int(place)] += weights[index] }
    return totals
  }
}
