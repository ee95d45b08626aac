/// The predictors of a regression: one row a paper whose covariates are all known, one column a
/// coefficient, the intercept first.
///
/// Papers with a missing covariate are left out (complete cases) and counted by variable. Numeric
/// variables make one column, categories one column a level but the reference, labels such as tags
/// one column a label, items one column with yes = 1 and no = 0 (missing when the item does not
/// apply or was not asked). The columns of an interaction are the products of its variables'
/// columns. Whether columns are constant or collinear depends on the papers that have an outcome
/// too and is found when fitting (see `RankCheck`).
///
/// Cost: O(papers × columns) in time and memory.
public struct DesignMatrix: Sendable {
  /// The formula.
  public let formula: ModelFormula
  /// The papers of the rows, as positions in the corpus.
  public let papers: [Int]
  /// The number of papers of the corpus, with and without missing covariates.
  public let paperCount: Int
  /// The values, one column a coefficient.
  public let values: DenseMatrix
  /// The names of the columns, the first being `(Intercept)`.
  public let columnNames: [String]
  /// The position of the term of each column in the formula, `nil` for the intercept.
  public let termOfColumn: [Int?]
  /// The variables with missing values, and how many papers lack each.
  public let missing: [MissingCovariate]
  /// What a reader must know of the coding: reference levels, centres, scales.
  public let notes: [String]
  /// How many rows were left out for missing covariates, and for which; `nil` for none.
  public let missingNote: String?
  /// The coding of each variable.
  let encodings: [VariableEncoding]
  /// What a reader of a coefficient must know of its column, by name.
  let columnCodings: [String: ColumnCoding]

  /// A variable that is not known for some papers.
  public struct MissingCovariate: Sendable, Equatable {
    /// The variable.
    public let variable: String
    /// The number of papers without a value.
    public let papers: Int
  }

  /// The name of the intercept's column.
  public static let intercept = "(Intercept)"

  /// Makes the columns of a formula from the variables of a source.
  public init(_ formula: ModelFormula, from source: some VariableSource)
    throws(ModelFormulaError)
  {
    var encodings: [VariableEncoding] = []
    for variable in formula.variables {
      let values: VariableValues
      do throws(VariableError) {
        values = try source.values(
          of: variable.name, asCategories: variable.form.isCategorical)
      } catch { throw .variable(error) }
      let encoding = try VariableEncoding(variable, values: values, rowName: source.rowName)
      guard encoding.hasValues || source.paperCount == 0 else { throw .noValues(variable.name) }
      encodings.append(encoding)
    }
    let complete = (0..<source.paperCount).filter { paper in
      encodings.allSatisfy { $0.values[paper] != nil }
    }
    var notes: [String] = []
    var missing: [MissingCovariate] = []
    for encoding in encodings {
      if let note = encoding.note, !notes.contains(note) { notes.append(note) }
      let count = encoding.values.count { $0 == nil }
      let name = encoding.variable.name
      if count > 0, !missing.contains(where: { $0.variable == name }) {
        missing.append(MissingCovariate(variable: name, papers: count))
      }
    }
    if complete.count < source.paperCount {
      let reasons = missing.map { "\($0.variable) \($0.papers)" }.joined(separator: ", ")
      let note =
        "\(source.paperCount - complete.count) of \(source.paperCount) \(source.rowName) left "
        + "out for missing covariates (\(reasons))"
      notes.append(note)
      missingNote = note
    } else {
      missingNote = nil
    }
    self.formula = formula
    self.encodings = encodings
    self.missing = missing
    self.notes = notes
    papers = complete
    paperCount = source.paperCount
    let layout = Self.layout(of: formula, encodings: encodings)
    columnNames = layout.map(\.name)
    columnCodings = Dictionary(
      layout.map { column in
        (
          column.name,
          ColumnCoding(
            column.name, factors: column.factors.map { encodings[$0.encoding] }, formula: formula)
        )
      }, uniquingKeysWith: { first, _ in first })
    termOfColumn = layout.map(\.term)
    values = Self.columns(layout, encodings: encodings, papers: complete, replacing: nil)
  }

  /// The number of columns, the intercept among them.
  public var columnCount: Int { columnNames.count }

  /// The same columns with one variable set to a value for every paper, or to a function of its
  /// own value; the rows are the same papers.
  func values(
    replacing variable: String,
    with value: @escaping (VariableEncoding.Value) -> VariableEncoding.Value
  ) -> DenseMatrix {
    Self.columns(
      Self.layout(of: formula, encodings: encodings), encodings: encodings, papers: papers,
      replacing: Replacement(name: variable, value: value))
  }

  private struct Replacement {
    let name: String
    let value: (VariableEncoding.Value) -> VariableEncoding.Value
  }

  /// A column: the variables that are multiplied, each with the position among its own columns.
  private struct ColumnLayout {
    let name: String
    let term: Int?
    let factors: [(encoding: Int, column: Int)]
  }

  private static func layout(of formula: ModelFormula, encodings: [VariableEncoding])
    -> [ColumnLayout]
  {
    var layout = [ColumnLayout(name: intercept, term: nil, factors: [])]
    for (position, term) in formula.terms.enumerated() {
      var products: [[(encoding: Int, column: Int)]] = [[]]
      for variable in term.variables {
        guard let index = encodings.firstIndex(where: { $0.variable == variable }) else { continue }
        products = encodings[index].columnNames.indices.flatMap { column in
          products.map { $0 + [(index, column)] }
        }
      }
      layout += products.map { factors in
        let names = factors.map { encodings[$0.encoding].columnNames[$0.column] }
        return ColumnLayout(
          name: names.joined(separator: "*"), term: position, factors: factors)
      }
    }
    return layout
  }

  private static func columns(
    _ layout: [ColumnLayout], encodings: [VariableEncoding], papers: [Int],
    replacing replacement: Replacement?
  ) -> DenseMatrix {
    let coded = encodings.map { encoding in
      papers.map { paper -> [Double] in
        guard var value = encoding.values[paper] else { return [] }
        if let replacement, replacement.name == encoding.variable.name {
          value = replacement.value(value)
        }
        return encoding.columns(at: value)
      }
    }
    var matrix = DenseMatrix(rows: papers.count, columns: layout.count, repeating: 1)
    for (column, entry) in layout.enumerated() {
      for (encoding, position) in entry.factors {
        for row in papers.indices { matrix[row, column] *= coded[encoding][row][position] }
      }
    }
    return matrix
  }
}
