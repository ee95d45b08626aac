extension ScanDecoder {
  /// Counts the claims, also by support level.
  mutating func claims(
    _ value: JSONValue?, into covariates: inout [String: String]
  ) -> [Claim] {
    guard let objects = objects(value, "claims") else { return [] }
    var counts: [(level: String, count: Int)] = [("strong", 0), ("moderate", 0), ("weak", 0)]
    var claims: [Claim] = []
    for (index, object) in objects.enumerated() {
      let support = text(object["supported"], "claims[\(index)].supported")
      if let support {
        let level = ScanDecoder.columnName(support)
        if let known = counts.firstIndex(where: { $0.level == level }) {
          counts[known].count += 1
        } else if !level.isEmpty {
          counts.append((level, 1))
        }
      }
      if details.contains(.claims) {
        claims.append(
          Claim(
            claim: object["claim"]?.text?.string ?? "",
            evidence: object["evidence"]?.text?.string, support: support))
      }
    }
    covariates["claims"] = "\(objects.count)"
    for (level, count) in counts { covariates["claims_" + level] = "\(count)" }
    return claims
  }

  /// Counts the red flags.
  mutating func redFlags(
    _ value: JSONValue?, into covariates: inout [String: String]
  ) -> [RedFlag] {
    guard let objects = objects(value, "red_flags") else { return [] }
    covariates["red_flags"] = "\(objects.count)"
    guard details.contains(.redFlags) else { return [] }
    return objects.map {
      RedFlag(flag: $0["flag"]?.text?.string ?? "", detail: $0["detail"]?.text?.string)
    }
  }

  /// Counts the cited works.
  mutating func citedPapers(
    _ value: JSONValue?, into covariates: inout [String: String]
  ) -> [CitedPaper] {
    guard let objects = objects(value, "cited_papers") else { return [] }
    covariates["cited_papers"] = "\(objects.count)"
    guard details.contains(.citedPapers) else { return [] }
    return objects.map { object in
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
    _ value: JSONValue?, to covariates: inout [String: String]
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
      addCovariate("engagement_", member.key, "\(number)", to: &covariates)
    }
  }

  /// Adds the numbers among the Hacker News data, and of a list of posts their number and the sums of
  /// their points, scores and comments.
  mutating func addAttention(_ value: JSONValue?, to covariates: inout [String: String]) {
    guard let data = object(value, "hn_data") else { return }
    for member in data.members {
      if member.value.kind == .array {
        addPosts(member, to: &covariates)
        continue
      }
      if let whole = member.value.integer {
        addCovariate("hn_", member.key, "\(whole)", to: &covariates)
      } else if let number = member.value.number {
        addCovariate("hn_", member.key, "\(number)", to: &covariates)
      }
    }
  }

  private func addPosts(_ list: JSONValue.Member, to covariates: inout [String: String]) {
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
    addCovariate("hn_", list.key, "\(count)", to: &covariates)
    let prefix = "hn_\(ScanDecoder.columnName(list.key.string))_"
    for (key, sum) in sums {
      addCovariate(prefix, key, Int(exactly: sum).map(String.init) ?? "\(sum)", to: &covariates)
    }
  }

  private func addCovariate(
    _ prefix: String, _ key: JSONText, _ value: String, to covariates: inout [String: String]
  ) {
    let name = prefix + ScanDecoder.columnName(key.string)
    if covariates[name] == nil { covariates[name] = value }
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
