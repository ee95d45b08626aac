// swift-tools-version: 6.2
import PackageDescription

/// A program has no clients: its imports need no access levels.
let strictProgram: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let strict = strictProgram + [.enableUpcomingFeature("InternalImportsByDefault")]

/// `make test` runs optimised code: the numeric tests are ten times as fast.
let isTested = Context.environment["METASTAT_OPTIMIZED"] != nil
let optimized: [SwiftSetting] = isTested ? [.unsafeFlags(["-O"])] : []

/// The modules of the explorer's page, and how it looks.
let explorerFiles = [
  "chart.mjs", "claims.mjs", "corpus.mjs", "counts.mjs", "data.mjs", "definitions.mjs", "dom.mjs",
  "explorer.css", "filter.mjs", "findings.mjs", "groups.mjs", "heatmap.mjs", "items.mjs",
  "language.mjs",
  "main.mjs", "paper.mjs", "papers.mjs", "scatter.mjs", "state.mjs", "table.mjs", "variables.mjs",
]

let package = Package(
  name: "metastat",
  products: [
    .library(name: "SurveyStats", targets: ["SurveyStats"]),
    .library(name: "SurveyImport", targets: ["SurveyImport"]),
    .library(name: "MetaAnalysis", targets: ["MetaAnalysis"]),
    .library(name: "SurveyExplorer", targets: ["SurveyExplorer"]),
    .executable(name: "metastat", targets: ["metastat"]),
    .executable(name: "metastat-formats", targets: ["metastat-formats"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLapack", pkgConfig: "lapacke openblas",
      providers: [.apt(["liblapacke-dev", "libopenblas-dev"])]),
    .target(name: "CKernels", cSettings: isTested ? [.unsafeFlags(["-O2"])] : []),
    .target(
      name: "CSimdjson",
      linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
    .target(
      name: "SurveyStats",
      dependencies: [
        "CLapack", "CKernels", "CSimdjson",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: strict + optimized),
    // Reads foreign formats in a process of its own; its libraries are loaded when they are needed.
    .executableTarget(
      name: "metastat-formats",
      linkerSettings: [.linkedLibrary("stdc++"), .linkedLibrary("m"), .linkedLibrary("dl")]),
    .target(
      name: "SurveyImport", dependencies: ["SurveyStats"],
      resources: [.embedInCode("Resources/vocabularies.json")], swiftSettings: strict + optimized),
    .target(
      name: "MetaAnalysis",
      dependencies: ["SurveyStats", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: strict + optimized),
    .target(
      name: "SurveyExplorer", dependencies: ["SurveyStats"],
      resources: explorerFiles.map { .embedInCode("Web/\($0)") },
      swiftSettings: strict + optimized),
    .executableTarget(
      name: "metastat",
      dependencies: [
        "SurveyStats", "SurveyImport", "MetaAnalysis", "SurveyExplorer", "CKernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [
        .embedInCode("Resources/instrument.json"), .embedInCode("Resources/pairs.json"),
        .embedInCode("Resources/patterns.json"), .embedInCode("Resources/render.py"),
        .embedInCode("Resources/report.css"), .embedInCode("Resources/report.js"),
      ],
      swiftSettings: strictProgram),
    .testTarget(
      name: "SurveyStatsTests",
      dependencies: [
        "SurveyStats", "CKernels", .product(name: "RealModule", package: "swift-numerics"),
      ],
      resources: [.copy("Golden")],
      swiftSettings: strict),
    .testTarget(
      name: "SurveyImportTests", dependencies: ["SurveyImport", "SurveyStats"],
      exclude: ["Files"], swiftSettings: strict),
    .testTarget(
      name: "MetaAnalysisTests", dependencies: ["MetaAnalysis", "SurveyStats"],
      resources: [.copy("Golden")], swiftSettings: strict),
    .testTarget(
      name: "SurveyExplorerTests", dependencies: ["SurveyExplorer", "SurveyStats"],
      swiftSettings: strict),
    .testTarget(
      name: "metastatTests",
      dependencies: [
        "metastat", "SurveyExplorer", "SurveyStats",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
