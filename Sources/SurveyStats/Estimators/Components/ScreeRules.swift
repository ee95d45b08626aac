extension PrincipalComponents {
  /// The number of eigenvalues above 1 (Kaiser 1960): an upper bound more than an estimate.
  public var kaiserCount: Int { eigenvalues.count { $0 > 1 } }

  /// The number of components before the elbow of the scree plot, by the acceleration factor.
  ///
  /// The elbow is the component at which the plot bends most: where the second difference
  /// `λ_{k-1} - 2 λ_k + λ_{k+1}` is largest, the first of equals. `nil` for fewer than three
  /// components. After one dominant component the rule tends to say one.
  ///
  /// Reference: Raîche, Walls, Magis, Riopel and Blais (2013), Methodology 9:23.
  public var accelerationCount: Int? {
    guard eigenvalues.count >= 3 else { return nil }
    var elbow = (position: 1, bend: -Double.infinity)
    for position in 1..<eigenvalues.count - 1 {
      let before = eigenvalues[position - 1] - eigenvalues[position]
      let after = eigenvalues[position] - eigenvalues[position + 1]
      if before - after > elbow.bend { elbow = (position, before - after) }
    }
    return elbow.position
  }
}
