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
            (["put", "a", "--mode", "-1"], ["--mode: '-1' is taken for an option: write --mode=-1 for such a value"]),
            (["put", "a", "--kind", "foo"], ["--kind: 'foo' is none of 'archive', 'checksums'"]),
            (["index", "remove", "a:1"], ["bindery index: 'remove' is none of 'create' and 'add'"]),
            (["key", "sign"], ["bindery key: 'sign' is none of generate, show"]),
            (["get", "agent"], ["bindery get: 'agent' is not a release: name@version is expected"]),
            (["tag", "a:1", "oci:x"], ["'oci:x' begins with a transport"]),
            (["build", "a@1", "-t", "docker://r/x:1"], ["-t: 'docker://r/x:1' begins with a transport"]),
            (["get", "a@1", "--all", "-o", "-"], ["--all writes to a directory"]),
            (["pack", "a@1", "--as", "zip", "-o", "-"], ["pack writes to a directory"]),
            (["rm", "a:1", "--reason", "x"], ["--reason, --harmless, --force and --draft are for releases"]),
            (["verify", "--since", "2999-01-01"], ["--since is in the future"]),
            (["put", "a", "--name", "x", "--version", "1", "--dry-run", "--no-sync"], ["--no-sync has no effect"]),
            (["ls", "oci:dir", "x"], ["a place is looked into alone"]),
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
            #expect(throws: UsageProblems.self, "\(words)") { try MistakenOptions.check(words) }
        }
        for words in [
            ["audit", "x", "--expect", "a@1", "--expect", "b@1"], ["ls", "--json", "--json"],
            ["ls", "--", "--limit", "--limit"], ["build", "a@1", "-t", "a", "--tag", "b", "--timeout", "3"],
        ] {
            #expect(throws: Never.self, "\(words)") { try MistakenOptions.check(words) }
        }
    }

    @Test func anEmptyValueIsRefused() {
        for words in [
            ["audit", "x", "--policy", ""], ["put", "x", "--expect-text="], ["verifier", "--only", ""], ["ls", ""],
            ["put", "a", ""], ["put", "--name", "x", "--", ""],
        ] {
            #expect(throws: UsageProblems.self, "\(words)") { try MistakenOptions.check(words) }
        }
        for words in [["seal", "a@1", "--signer-arg", ""], ["build", "--build-arg", "A="]] {
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
