// swift-tools-version: 6.2
import PackageDescription

let strictProgram: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let dependencies: [Target.Dependency] = [
  .product(name: "SurveyStats", package: "metastat"),
  .product(name: "SurveySimulation", package: "metastat"),
  .product(name: "ArgumentParser", package: "swift-argument-parser"),
]

let package = Package(
  name: "Studies",
  dependencies: [
    .package(name: "metastat", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    .executableTarget(
      name: "coverage", dependencies: dependencies, swiftSettings: strictProgram),
    .executableTarget(
      name: "correction",
      dependencies: dependencies + [.product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: strictProgram),
    .executableTarget(name: "fuzz", dependencies: dependencies, swiftSettings: strictProgram),
    .executableTarget(
      name: "fuzz-tables",
      dependencies: dependencies + [.product(name: "SurveyImport", package: "metastat")],
      swiftSettings: strictProgram),
    .executableTarget(
      name: "inference", dependencies: dependencies, swiftSettings: strictProgram),
    .executableTarget(
      name: "meta",
      dependencies: dependencies + [.product(name: "MetaAnalysis", package: "metastat")],
      swiftSettings: strictProgram),
    .executableTarget(
      name: "questions", dependencies: dependencies, swiftSettings: strictProgram),
  ],
  swiftLanguageModes: [.v6]
)
