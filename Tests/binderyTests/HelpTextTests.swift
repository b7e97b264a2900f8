import Testing

@testable import bindery

@Suite struct HelpTextTests {
    @Test("A paragraph is wrapped once, at words, and examples stay as they are", arguments: [60, 80, 120])
    func everyHelpFits(columns: Int) throws {
        for name in Bindery.commandNames {
            let command = try #require(Bindery.command(named: name))
            let text = HelpText.of(command, columns: columns)
            for line in text.split(separator: "\n") where line.count > columns {
                // An example, or one word that is longer than the line.
                #expect(
                    line.hasPrefix("  bindery") || line.first == " " && line.split(separator: " ").count <= 2
                        || line.contains("bindery "),
                    "\(name): \(line)"
                )
            }
        }
    }

    @Test func linesOfAParagraphAreJoined() {
        #expect(HelpText.wrapped("a b c\nd e f\n\n  x   y\nz", columns: 40) == "a b c d e f\n\n  x   y\nz")
        #expect(HelpText.wrapped("one two three four", columns: 9) == "one two\nthree\nfour")
    }

    @Test func anOptionGoesOnBelowWhatItDoes() {
        let line = "  --limit <limit>         At most so many releases of a name."
        let wrapped = HelpText.wrapped("USAGE: bindery ls [--limit <limit>] [--json]\n\n" + line, columns: 44)
        #expect(
            wrapped.hasSuffix(
                "  --limit <limit>         At most so many\n                          releases of a\n                          name."
            )
        )
        #expect(wrapped.hasPrefix("USAGE: bindery ls [--limit <limit>] [--json]"))
    }
}
