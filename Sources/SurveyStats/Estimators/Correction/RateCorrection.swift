/// An estimator of a rate without a rater's errors, from what a better rater says about some papers.
protocol RateCorrection: Sendable {
  /// Its name in tables.
  var name: MethodName { get }

  /// The rate among the cells to which the better rater says that the items apply.
  func estimate(_ sample: CorrectionSample, level: Double) -> Estimate
}

/// The ways to correct a rate for a rater's errors, by name.
public enum CorrectionMethod: String, Sendable, Hashable, CaseIterable {
  /// Double sampling in three states; see ``CorrectedRates``.
  case doubleSampling = "double-sampling"
  /// The same, with errors borrowed over items; see `BorrowedErrors`.
  case borrowing = "double-sampling-borrowing"
  /// Prediction-powered inference; see ``PredictionPoweredMean``.
  case ppi
  /// The same with power tuning.
  case ppiPlusPlus = "ppi++"
  /// The same with the power chosen by other papers.
  case crossPPI = "cross-ppi"
  /// Rogan and Gladen's rate with Lang and Reiczigel's limits.
  case roganGladen = "rogan-gladen"

  /// Whether a prior speaks where nothing was re-answered.
  var usesPrior: Bool { self == .doubleSampling || self == .borrowing }

  /// How its limits are made.
  var interval: String {
    switch self {
    case .doubleSampling, .borrowing: "posterior"
    case .ppi, .ppiPlusPlus, .crossPPI: "normal"
    case .roganGladen: "lang-reiczigel"
    }
  }

  /// The estimator, which may learn from the tables of all items first.
  func estimator(
    known: KnownErrors?, seed: UInt64, itemTables: () -> [StateTable]
  ) -> any RateCorrection {
    switch self {
    case .doubleSampling: DoubleSampling()
    case .borrowing: BorrowedErrors(tables: itemTables(), seed: seed)
    case .ppi: PredictionPowered(tunesPower: false)
    case .ppiPlusPlus: PredictionPowered(tunesPower: true)
    case .crossPPI: PredictionPowered(tunesPower: true, crossFits: true)
    case .roganGladen: RoganGladen(known: known)
    }
  }
}
