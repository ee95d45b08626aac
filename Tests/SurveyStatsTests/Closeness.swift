/// Whether two numbers are both known and at most a distance apart, or both unknown.
func isClose(_ found: Double?, _ expected: Double?, within distance: Double = 1e-12) -> Bool {
  guard let found, let expected else { return found == nil && expected == nil }
  return abs(found - expected) <= distance
}
