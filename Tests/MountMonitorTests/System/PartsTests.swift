import Testing

@testable import MountMonitor

@Suite struct PartsTests {
    @Test(arguments: [
        ("a--b--c", "--", .max, ["a", "b", "c"]), ("a--b--c", "--", 1, ["a", "b--c"]), ("--", "--", .max, ["", ""]),
        ("a---b", "--", .max, ["a", "-b"]), ("a-", "--", .max, ["a-"]), ("", "--", .max, [""]),
        ("ab", "", .max, ["ab"]),
        // Byte by byte: what a letter is to a reader doesn't matter.
        ("a\r\n\r\nb", "\n\r", .max, ["a\r", "\nb"]), ("e\u{301}", "e", .max, ["", "\u{301}"]),
    ])
    func parts(text: String, separator: String, maxSplits: Int, parts: [String]) {
        let found = text.parts(separatedBy: separator, maxSplits: maxSplits)
        #expect(found.map { Array($0.utf8) } == parts.map { Array($0.utf8) })
        #expect(Substring(text).parts(separatedBy: separator, maxSplits: maxSplits).count == parts.count)
    }
}
