import Testing

@testable import bindery

@Suite struct FoldTests {
    @Test(arguments: [
        ("one two three four five", "one two three four\n  five"),
        ("  one two three four five", "  one two three four\n    five"),
        ("exact  oci:a/long/name:1  sha256:0", "exact\n  oci:a/long/name:1\n  sha256:0"),
        ("run `bindery ls tool --x` now", "run\n  `bindery ls tool --x`\n  now"),
        ("a\nfourfourfour fivefivefive", "a\nfourfourfour\n  fivefivefive"),
        ("wordthatislongerthantwentycolumns", "wordthatislongerthantwentycolumns"),
        ("short", "short"), ("", ""), ("a `b c", "a `b c"),
        ("\u{1B}[31mone two three four\u{1B}[0m", "\u{1B}[31mone two three four\u{1B}[0m"),
    ])
    func linesBreakBetweenWords(text: String, folded: String) {
        #expect(Fold.lines(text, columns: 20) == folded)
    }

    @Test func aPipeGetsWholeLines() {
        let line = String(repeating: "word ", count: 50)
        #expect(Fold.lines(line, columns: nil) == line)
    }
}
