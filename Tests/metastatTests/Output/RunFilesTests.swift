import ArgumentParser
import Testing

@testable import metastat

@Suite struct RunFilesTests {
  @Test func `every command says what it reads and writes`() {
    for command in Metastat.configuration.subcommands {
      #expect(command is any CommandWithFiles.Type, "\(command)")
    }
  }
}
