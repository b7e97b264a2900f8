import ArgumentParser
import Testing

@testable import bindery

@Suite struct RemoveCommandTests {
    @Test func optionsOfReleasesAreNotForImages() {
        for option in [["--force"], ["--platform", "linux/amd64"]] {
            #expect(throws: (any Error).self) { try Bindery.parseAsRoot(["rm", "agent:1.2.3"] + option) }
            #expect(throws: Never.self) { try Bindery.parseAsRoot(["rm", "agent@1.2.3"] + option) }
        }
    }
}
