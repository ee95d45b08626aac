extension ScanDecoder {
  /// Counts the claims, also by support level.
  mutating func claims(
    _ value: JSONValue?, into covariates: inout CovariateGatherer
  ) -> [Claim] {
    guard let objects = objects(value, "claims") else { return [] }
    var counts = ["strong", "moderate", "weak"].map { (level: $0, count: 0) }
    for (index, object) in objects.all.enumerated() {
      guard let support = object["supported"], support.kind != .null else { continue }
      guard let text = support.text else {
        reportWrongType(support, "claims[\(index)].supported", expected: "text")
        continue
      }
      let level = supportLevels.value(of: text) { ScanDecoder.columnName($0.string.trimmed) }
      if let known = counts.firstIndex(where: { $0.level == level }) {
        counts[known].count += 1
      } else if !level.isEmpty {
        counts.append((level, 1))
      }
    }
    covariates.add(String(objects.count), as: "claims")
    // Further levels in one order, so that papers share the names of their covariates.
    counts[3...].sort { $0.level < $1.level }
    for (level, count) in counts { covariates.add(String(count), as: "claims_" + level) }
    guard details.contains(.claims) else { return [] }
    return objects.all.map { object in
      let support = object["supported"]?.text?.string.trimmed ?? ""
      return Claim(
        claim: object["claim"]?.text?.string ?? "", evidence: object["evidence"]?.text?.string,
        support: support.isEmpty ? nil : support)
    }
  }

  /// Counts the red flags.
  mutating func redFlags(
    _ value: JSONValue?, into covariates: inout CovariateGatherer
  ) -> [RedFlag] {
    guard let objects = objects(value, "red_flags") else { return [] }
    covariates.add(String(objects.count), as: "red_flags")
    guard details.contains(.redFlags) else { return [] }
    return objects.all.map {
      RedFlag(flag: $0["flag"]?.text?.string ?? "", detail: $0["detail"]?.text?.string)
    }
  }

  /// The key findings, a list or one text, if they are asked for.
  func keyFindings(_ value: JSONValue?) -> [String] {
    guard details.contains(.keyFindings), let value else { return [] }
    let texts = value.kind == .array ? value.elements.map(\.text) : [value.text]
    return texts.compactMap { $0?.string.trimmed }.filter { !$0.isEmpty }
  }

  /// Counts the cited works.
  mutating func citedPapers(
    _ value: JSONValue?, into covariates: inout CovariateGatherer
  ) -> [CitedPaper] {
    guard let objects = objects(value, "cited_papers") else { return [] }
    covariates.add(String(objects.count), as: "cited_papers")
    guard details.contains(.citedPapers) else { return [] }
    return objects.all.map { object in
      let doi = object["doi"]?.text.map { DOI.read($0.string) }
      var identifier: String?
      if case .identifier(let name) = doi { identifier = name }
      return CitedPaper(
        title: object["title"]?.text?.string ?? "",
        authors: object["authors"]?.elements.compactMap { $0.text?.string } ?? [],
        year: object["year"]?.integer,
        arxivID: object["arxiv_id"]?.text.flatMap { ArXivIdentifier.normalized($0.string) },
        doi: identifier)
    }
  }

  /// Adds the scores of the engagement factors, each an object with a score or a bare number.
  mutating func addEngagement(
    _ value: JSONValue?, to covariates: inout CovariateGatherer
  ) {
    guard let factors = object(value, "engagement_factors") else { return }
    for member in factors.members where member.value.kind != .null {
      let score = member.value.kind == .object ? member.value["score"] : member.value
      guard let score, score.kind != .null else { continue }
      guard let number = score.integer, number >= 0 else {
        reportWrongType(
          score, "engagement_factors.\(member.key.shortened)", expected: "a whole number")
        continue
      }
      let name = engagementNames.value(of: member.key) {
        "engagement_" + ScanDecoder.columnName($0.string)
      }
      covariates.add(String(number), as: name)
    }
  }

  /// Adds the numbers among the Hacker News data, and of a list of posts their number and the sums of
  /// their points, scores and comments.
  mutating func addAttention(_ value: JSONValue?, to covariates: inout CovariateGatherer) {
    guard let data = object(value, "hn_data") else { return }
    for member in data.members {
      if member.value.kind == .array {
        addPosts(member, to: &covariates)
        continue
      }
      if let whole = member.value.integer {
        covariates.add(String(whole), as: attentionName(member.key))
      } else if let number = member.value.number {
        covariates.add("\(number)", as: attentionName(member.key))
      }
    }
  }

  private mutating func attentionName(_ key: JSONText) -> String {
    attentionNames.value(of: key) { "hn_" + ScanDecoder.columnName($0.string) }
  }

  private mutating func addPosts(
    _ list: JSONValue.Member, to covariates: inout CovariateGatherer
  ) {
    var count = 0
    var sums: [(key: JSONText, sum: Double)] = []
    for post in list.value.elements {
      count += 1
      for member in post.members {
        guard let number = member.value.number else { continue }
        let name = ScanDecoder.columnName(member.key.string)
        guard ["point", "score", "comment"].contains(where: name.contains) else { continue }
        if let known = sums.firstIndex(where: { $0.key == member.key }) {
          sums[known].sum += number
        } else {
          sums.append((member.key, number))
        }
      }
    }
    let name = attentionName(list.key)
    covariates.add(String(count), as: name)
    for (key, sum) in sums {
      let column = "\(name)_\(ScanDecoder.columnName(key.string))"
      covariates.add(Int(exactly: sum).map { String($0) } ?? "\(sum)", as: column)
    }
  }

  /// The text in lower case, with `_` for everything but letters and digits, at most 60 long.
  private static func columnName(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0.isASCIIDigit || $0 == UInt8(ascii: "_")
    }
    if isPlain, text.utf8.count <= 60 { return text }
    var name = ""
    for scalar in text.lowercased().unicodeScalars.prefix(60) {
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        name.unicodeScalars.append(scalar)
      } else if !name.isEmpty, name.last != "_" {
        name.append("_")
      }
    }
    return name.last == "_" ? String(name.dropLast()) : name
  }
}
