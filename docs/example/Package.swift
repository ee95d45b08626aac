// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "example",
  dependencies: [.package(name: "metastat", path: "../..")],
  targets: [
    .executableTarget(
      name: "rigor", dependencies: [.product(name: "SurveyStats", package: "metastat")])
  ],
  swiftLanguageModes: [.v6]
)
