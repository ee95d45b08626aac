// swift-tools-version: 6.2
import PackageDescription

/// A package by itself, so that building the program needs none of its dependencies.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "metastat", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "SurveyStatsBenchmarks",
      dependencies: [
        .product(name: "SurveyStats", package: "metastat"),
        .product(name: "SurveySimulation", package: "metastat"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/SurveyStatsBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
