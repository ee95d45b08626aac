import Testing

@testable import SurveyStats

@Suite struct TitleKeyTests {
  @Test(arguments: [
    (
      "Emergent Abilities: of Large-Language Models", "emergent abilities of large language models?"
    ),
    ("Étude empirique des dépôts", "E\u{301}TUDE empirique des de\u{301}po\u{302}ts"),
    ("Исследование кода моделей", "ИССЛЕДОВАНИЕ КОДА МОДЕЛЕЙ"),
    ("Ｄｅｅｐ　Ｌｅａｒｎｉｎｇ　Ｒｅｖｉｅｗ", "Deep Learning Review"),
    ("Straße und Maße im Netz", "STRASSE UND MASSE IM NETZ"),
    ("Testing & Debugging", "testing and debugging"),
    ("Testing &amp; Debugging", "Testing & debugging"),
    ("Gamma - of things", "Gamma: of things"), ("A title with a note*", "A title with a note"),
  ]) func `spellings of one title are equal`(one: String, other: String) {
    #expect(TitleKey.normalized(one) == TitleKey.normalized(other))
  }

  @Test(arguments: [
    ("Static analysis of C++", "Static analysis of C#"),
    ("Survey of f(x) > 0 methods", "Survey of f(x) < 0 methods"),
    ("Pass@k of models", "Passk of models"),
    ("A* search of programs", "A search of programs"), ("Étude empirique", "Etude empirique"),
  ]) func `signs and accents tell titles apart`(one: String, other: String) {
    #expect(TitleKey.normalized(one) != TitleKey.normalized(other))
  }

  @Test(arguments: [
    "Introduction", "Title not available", "Systematic review", "A Survey",
    "Systematic Literature Review",
    "Guest Editorial", "Chapter 3", "Data Availability Statement", "", "?",
  ]) func `words that many papers share are generic`(title: String) {
    #expect(TitleKey.isGeneric(title))
  }

  @Test(arguments: ["A Survey of Large Language Models", "Introduction to algebra", "大規模言語モデル"])
  func `other titles are not generic`(title: String) { #expect(!TitleKey.isGeneric(title)) }

  @Test func `a title identifies a paper by enough letters`() {
    #expect(!TitleKey.isLongEnough("autogen") && TitleKey.isLongEnough("enablingnextgen"))
    #expect(TitleKey.isLongEnough("大規模言語モデルによるコード生成の評価"))
    #expect(!TitleKey.isLongEnough("++++++++++++++++"))
  }
}
