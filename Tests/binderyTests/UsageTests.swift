import ArgumentParser
import Testing

@testable import bindery

/// What a wrong call is told: the right option, all problems, the command's name.
@Suite struct UsageTests {
    private static func problems(_ words: [String]) -> [String] {
        do {
            _ = try Bindery.parseAsRoot(words)
            return []
        } catch {
            return UsageProblems(words, error).lines
        }
    }

    @Test(
        arguments: [
            (["ls", "--jsno"], ["unknown option --jsno; did you mean --json?"]),
            (["audit", "--exapct", "agent@1", "image"], ["unknown option --exapct; did you mean --exact?"]),
            (
                ["ls", "--limit", "x", "--foo", "--after", "A@"],
                [
                    "unknown option --foo", "--limit: 'x' is not a whole number",
                    "--after: ",
                ]
            ),
            (["put", "a"], ["give --name, or --name-pattern", "give --version, or a --name-pattern"]),
            (["put", "a", "--name", "x", "--version"], ["--version needs a value: The release's version"]),
            (["get"], ["missing argument '<release>'"]),
            (["unpin", "a", "b"], ["unexpected argument"]),
            (["audit", "x", "--max-size", "1G", "--exact"], ["--max-size: '1G' is not a whole number"]),
            (["audit", "x", "--max-size=1G", "--bogus=2"], ["unknown option --bogus", "--max-size: '1G'"]),
        ] as [([String], [String])]
    )
    func everyProblemOfACallIsTold(words: [String], expected: [String]) {
        let lines = Self.problems(words)
        for text in expected { #expect(lines.contains { $0.contains(text) }, "\(text) is not in \(lines)") }
        #expect(lines.last == "See `bindery \(words[0]) --help`.")
    }

    @Test(
        arguments: [
            (["--store", "/s", "ls"], ["ls", "--store", "/s"]),
            (["--json", "--store=/s", "ls", "agent"], ["ls", "--json", "--store=/s", "agent"]),
            (["--quiet"], ["--quiet"]), (["--store"], ["--store"]), (["ls", "--json"], ["ls", "--json"]),
            (["--foo", "ls"], ["--foo", "ls"]), ([], []),
        ] as [([String], [String])]
    )
    func optionsOfAllCommandsMayStandBeforeTheCommand(words: [String], moved: [String]) {
        #expect(GlobalOptions.moved(behindTheCommandOf: words) == moved)
    }

    @Test func anOptionGivenTwiceIsRefusedWhereOneValueCounts() {
        for words in [
            ["ls", "--limit", "1", "--limit=2"], ["get", "a@1", "-o", "a", "--output", "b"],
            ["get", "a@1", "-o", "a", "-o", "b"],
        ] {
            #expect(throws: UsageError.self, "\(words)") { try MistakenOptions.check(words) }
        }
        for words in [
            ["audit", "x", "--expect", "a@1", "--expect", "b@1"], ["ls", "--json", "--json"],
            ["ls", "--", "--limit", "--limit"], ["build", "a@1", "-t", "a", "--tag", "b", "--timeout", "3"],
        ] {
            #expect(throws: Never.self, "\(words)") { try MistakenOptions.check(words) }
        }
    }

    @Test func anEmptyValueIsRefused() {
        for words in [["audit", "x", "--policy", ""], ["put", "x", "--expect-text="], ["verifier", "--only", ""]] {
            #expect(throws: UsageError.self, "\(words)") { try MistakenOptions.check(words) }
        }
        for words in [["ls", ""], ["seal", "a@1", "--signer-arg", ""], ["build", "--build-arg", "A="]] {
            #expect(throws: Never.self, "\(words)") { try MistakenOptions.check(words) }
        }
    }

    @Test(arguments: Bindery.commandNames)
    func everyCommandHasAUsageOfOneLine(name: String) throws {
        let command = try #require(Bindery.command(named: name))
        let usage = try #require(CommandCatalog.of(command)).usage(name)
        #expect(usage.hasPrefix("bindery \(name) [options]") && !usage.contains("\n"))
    }
}
