import ContentAddress
import OCI
import Testing

@Suite struct NameTests {
    @Test(arguments: ["a", "mount-monitor", "team/agent", "a.b_c__d---e/0", String(repeating: "a", count: 255)])
    func namesOfTheGrammarAreTaken(text: String) throws {
        #expect(try RepositoryName(parsing: text).text == text)
    }

    @Test(arguments: [
        "", "A", "a/", "/a", "a//b", "..", "a/../b", "-a", "a-", "a._b", "a___b", "a..b", "ä", "a b", "a\u{0}", "a\n",
        String(repeating: "a", count: 256),
    ])
    func otherNamesAreRefused(text: String) {
        #expect(throws: OCIError.self) { try RepositoryName(parsing: text) }
    }

    @Test func messagesCarryNoControlCharacters() {
        let error = #expect(throws: OCIError.self) { try RepositoryName(parsing: "a\u{1b}[31mred\u{0}") }
        #expect(error.map { "\($0)".contains("\u{1b}") } == false)
    }

    @Test(arguments: ["1.2.3", "_x", "v1", String(repeating: "9", count: 128)])
    func tagsOfTheGrammarAreTaken(text: String) throws {
        #expect(try Tag(parsing: text).text == text)
    }

    @Test(arguments: ["", ".1", "-1", "1+2", "a/b", "ä", String(repeating: "9", count: 129)])
    func otherTagsAreRefused(text: String) {
        #expect(throws: OCIError.self) { try Tag(parsing: text) }
    }
}
