import SurveyStats

extension Pooling {
  /// Pools effects of several outcomes in clusters together: a row an outcome.
  ///
  /// An outcome's τ² is its variance between clusters; how outcomes go together is in the note.
  ///
  /// - Throws: ``MetaError`` where there are no clusters or outcomes, or no effect is known.
  public func pooledByOutcome(_ studies: StudyEffects) throws(MetaError) -> [PooledStudies] {
    let usable = studies.usable
    guard !usable.isEmpty else { throw .noStudies }
    guard let outcomes = studies.outcomes else {
      throw .unfittingModel(
        MetaModel.multivariate.rawValue, reason: "needs outcomes; name them with `outcome:`")
    }
    let (names, design) = MultivariateModel.design(usable.map { outcomes[$0] })
    let fit = try fit(studies, design: design)
    var rows: [PooledStudies] = []
    for (column, name) in names.enumerated() {
      let all = studies.labels.indices.filter { outcomes[$0] == name }
      let members = all.filter { studies.effects[$0].isUsable }
      var row = PooledStudies(
        term: name, measure: studies.measure, studyCount: all.count, notes: [])
      row.pooledCount = members.count
      let sizes = members.compactMap { studies.counts[$0]?.size }
      if sizes.count == members.count {
        row.size = sizes.reduce(0, +)
        row.harmonicSize = Double(sizes.count) / sizes.reduce(0) { $0 + 1 / $1 }
      }
      var own = fit
      own.tau2 = fit.outcomes?.covariance[column, column] ?? fit.tau2
      own.studyCount = members.count
      replace(&row, by: own, column: column, of: studies)
      row.notes = fit.notes
      if all.count > members.count {
        row.notes.append(.studiesLeftOut(all.count - members.count))
      }
      if row.prediction == nil { row.notes.append(.noPrediction) }
      if let outcomes = fit.outcomes { row.notes.append(.outcomes(outcomes)) }
      rows.append(row)
    }
    return rows
  }
}

extension MultivariateModel.Components {
  /// The variances of the outcomes and their correlations.
  var words: String {
    let variances = names.indices.map {
      "\(names[$0]) \(NumberFormat.readable(covariance[$0, $0], digits: 4))"
    }
    let correlations = names.indices.flatMap { one in
      names.indices.filter { $0 > one }.compactMap { other in
        correlation(one, other).map {
          "\(names[one])–\(names[other]) \(NumberFormat.readable($0, digits: 3))"
        }
      }
    }
    return "variance " + variances.joined(separator: ", ")
      + (correlations.isEmpty ? "" : ", correlation " + correlations.joined(separator: ", "))
      + ", clusters \(clusterCount)"
  }
}
