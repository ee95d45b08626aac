import ArgumentParser
import Testing

@testable import metastat

@Suite struct HelpTests {
  @Test func `the command is called metastat`() {
    #expect(Metastat.configuration.commandName == "metastat")
  }
}
