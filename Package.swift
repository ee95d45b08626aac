// swift-tools-version: 6.2
import PackageDescription

/// A program has no clients: its imports need no access levels.
let strictProgram: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let strict = strictProgram + [.enableUpcomingFeature("InternalImportsByDefault")]

/// Every use of a pointer in the libraries is marked.
let strictLibrary = strict + [.strictMemorySafety()]

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
    .library(name: "SurveyFigures", targets: ["SurveyFigures"]),
    .library(name: "SurveyReport", targets: ["SurveyReport"]),
    .library(name: "SurveySimulation", targets: ["SurveySimulation"]),
    .library(name: "SurveyImport", targets: ["SurveyImport"]),
    .library(name: "MetaAnalysis", targets: ["MetaAnalysis"]),
    .library(name: "SurveyExplorer", targets: ["SurveyExplorer"]),
    .executable(name: "metastat", targets: ["metastat"]),
    .executable(name: "metastat-formats", targets: ["metastat-formats"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
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
      swiftSettings: strictLibrary + optimized),
    // Pictures; the figures of a meta-analysis are made of the same parts.
    .target(
      name: "SurveyFigures", dependencies: ["SurveyStats"],
      swiftSettings: strictLibrary + optimized),
    // Without access to what is `package`: these say and simulate what the public interface gives.
    .target(
      name: "SurveyReport",
      dependencies: [
        "SurveyFigures", "SurveyStats", .product(name: "RealModule", package: "swift-numerics"),
      ],
      packageAccess: false, swiftSettings: strictLibrary + optimized),
    .target(
      name: "SurveySimulation",
      dependencies: ["SurveyStats", .product(name: "RealModule", package: "swift-numerics")],
      packageAccess: false, swiftSettings: strictLibrary + optimized),
    // Reads foreign formats in a process of its own; its libraries are loaded when they are needed.
    .executableTarget(
      name: "metastat-formats",
      linkerSettings: [.linkedLibrary("stdc++"), .linkedLibrary("m"), .linkedLibrary("dl")]),
    .target(
      name: "SurveyImport", dependencies: ["SurveyStats"],
      resources: [.embedInCode("Resources/vocabularies.json")],
      swiftSettings: strictLibrary + optimized),
    .target(
      name: "MetaAnalysis",
      dependencies: [
        "SurveyFigures", "SurveyReport", "SurveyStats",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: strictLibrary + optimized),
    .target(
      name: "SurveyExplorer", dependencies: ["SurveyReport", "SurveyStats"],
      resources: explorerFiles.map { .embedInCode("Web/\($0)") },
      swiftSettings: strictLibrary + optimized),
    .executableTarget(
      name: "metastat",
      dependencies: [
        "SurveyStats", "SurveyFigures", "SurveyReport", "SurveySimulation", "SurveyImport",
        "MetaAnalysis", "SurveyExplorer", "CKernels",
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
        "SurveyStats", "SurveyReport", "SurveySimulation", "CKernels",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      resources: [.copy("Golden")],
      swiftSettings: strict),
    .testTarget(
      name: "SurveyFiguresTests", dependencies: ["SurveyFigures", "SurveyStats"],
      swiftSettings: strict),
    .testTarget(
      name: "SurveyReportTests",
      dependencies: ["SurveyFigures", "SurveyReport", "SurveySimulation", "SurveyStats"],
      swiftSettings: strict),
    .testTarget(
      name: "SurveySimulationTests", dependencies: ["SurveySimulation", "SurveyStats"],
      swiftSettings: strict),
    .testTarget(
      name: "SurveyImportTests", dependencies: ["SurveyImport", "SurveyStats"],
      exclude: ["Files"], swiftSettings: strict),
    .testTarget(
      name: "MetaAnalysisTests",
      dependencies: ["MetaAnalysis", "SurveyFigures", "SurveyReport", "SurveyStats"],
      resources: [.copy("Golden")], swiftSettings: strict),
    .testTarget(
      name: "SurveyExplorerTests", dependencies: ["SurveyExplorer", "SurveyReport", "SurveyStats"],
      swiftSettings: strict),
    .testTarget(
      name: "metastatTests",
      dependencies: [
        "metastat", "SurveyExplorer", "SurveyReport", "SurveyStats",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

// libFuzzer's program is there for `scripts/fuzz-readers` alone.
if Context.environment["METASTAT_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz-readers",
      dependencies: ["SurveyImport", "SurveyReport", "SurveySimulation", "SurveyStats"],
      path: "Tests/Fuzzing", exclude: ["Corpus"],
      swiftSettings: strictProgram + [.unsafeFlags(["-parse-as-library"])]))
}
