import RealModule

/// A penalised fit of one outcome with its strengths tried out, or why there is none.
public struct PenalizedFit: Sendable {
  /// The name of the outcome.
  public let outcome: String
  /// The path and its cross-validation.
  public let result: Result<ElasticNet.CrossValidation, LogisticRegressionError>

  /// Creates a fit.
  public init(
    outcome: String, result: Result<ElasticNet.CrossValidation, LogisticRegressionError>
  ) {
    self.outcome = outcome
    self.result = result
  }
}

extension Table {
  /// Penalised coefficients at the strength with the smallest deviance of left-out papers, and at
  /// the strongest within one standard error of it.
  ///
  /// Shrunken coefficients have no standard errors, so that no interval is given. The reference
  /// levels and the coding of terms are those of the design.
  public init(
    penalized fits: [PenalizedFit], method: String, design: DesignMatrix? = nil,
    notes: [String] = []
  ) {
    struct Row {
      let outcome: String
      var validation: ElasticNet.CrossValidation?
      var column = 0
      var note: String?

      func coefficient(_ strength: (ElasticNet.CrossValidation) -> Int) -> Double? {
        validation.map { $0.path.coefficients[strength($0)][column] }
      }

      func lambda(_ strength: (ElasticNet.CrossValidation) -> Int) -> Double? {
        validation.map { $0.path.lambdas[strength($0)] }
      }
    }
    let rows = fits.flatMap { fit -> [Row] in
      switch fit.result {
      case .failure(let error): [Row(outcome: fit.outcome, note: error.description)]
      case .success(let validation):
        validation.path.columnNames.indices.map {
          Row(outcome: fit.outcome, validation: validation, column: $0)
        }
      }
    }
    let codings = rows.map { row in
      row.validation.flatMap { design?.columnCodings[$0.path.columnNames[row.column]] }
    }
    self.init(
      name: "logit", caption: "Penalised log odds ratios of the outcome, without intervals.",
      columns: [
        Column("outcome", .text(rows.map(\.outcome))),
        Column("term", .text(rows.map { $0.validation?.path.columnNames[$0.column] })),
        Column("estimate", .real(rows.map { $0.coefficient(\.best) })),
        Column(
          "odds_ratio", .real(rows.map { $0.coefficient(\.best).map { Double.exp($0) } })),
        Column("lambda", .real(rows.map { $0.lambda(\.best) })),
        Column("estimate_1se", .real(rows.map { $0.coefficient(\.sparse) })),
        Column("lambda_1se", .real(rows.map { $0.lambda(\.sparse) })),
        Column("n", .integer(rows.map { $0.validation?.path.paperCount })),
        Column("n_events", .integer(rows.map { $0.validation?.path.eventCount })),
        Column("method", .text(rows.map { $0.validation == nil ? nil : method })),
        Column("note", .text(rows.map(\.note))),
        Column("reference", .text(codings.map { $0?.reference }), isDetail: true),
        Column("coding", .text(codings.map { $0?.coding }), isDetail: true),
      ],
      notes: notes)
  }

  /// The whole path of each outcome, one row a strength (table `path` of `logit`).
  ///
  /// Coefficients stand in columns named after their terms, which are left out in text.
  public init(penaltyPaths fits: [PenalizedFit], notes: [String] = []) {
    let paths = fits.compactMap { fit in
      (try? fit.result.get()).map { (outcome: fit.outcome, validation: $0) }
    }
    let rows = paths.flatMap { path in
      path.validation.path.lambdas.indices.map {
        (outcome: path.outcome, validation: path.validation, index: $0)
      }
    }
    var columns = [
      Column("outcome", .text(rows.map(\.outcome))),
      Column("lambda", .real(rows.map { $0.validation.path.lambdas[$0.index] })),
      Column(
        "nonzero",
        .integer(
          rows.map { row in
            row.validation.path.coefficients[row.index].dropFirst().count { $0 != 0 }
          })),
      Column("deviance", .real(rows.map { $0.validation.path.deviances[$0.index] })),
      Column("cv_deviance", .real(rows.map { $0.validation.meanDeviances[$0.index] })),
      Column("cv_std_error", .real(rows.map { $0.validation.standardErrors[$0.index] })),
      Column(
        "choice",
        .text(
          rows.map { row in
            let names = [(row.validation.best, "min"), (row.validation.sparse, "1se")]
              .filter { $0.0 == row.index }.map(\.1)
            return names.isEmpty ? nil : names.joined(separator: " ")
          })),
    ]
    for (position, name) in (paths.first?.validation.path.columnNames ?? []).enumerated() {
      columns.append(
        Column(
          name, .real(rows.map { $0.validation.path.coefficients[$0.index][position] }),
          isDetail: true))
    }
    self.init(
      name: "path",
      caption: "Penalised fits from the strongest penalty to the weakest; deviance of left-out "
        + "papers per paper.",
      columns: columns, notes: notes)
  }
}
