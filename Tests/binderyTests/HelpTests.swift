import ArgumentParser
import Foundation
import Testing

@testable import bindery

/// The examples in the help are commands that parse: a renamed option can't leave them behind.
@Suite struct HelpTests {
    @Test func everyCommandHasExamplesThatParse() throws {
        var checked = 0
        for command in Self.commands(below: Bindery.self) {
            let lines = command.configuration.discussion.split(separator: "\n").map { String($0) }
            let examples = lines.compactMap(Self.arguments(ofExample:))
            #expect(!examples.isEmpty, "\(command) has no examples")
            for example in examples {
                #expect(throws: Never.self, "\(example)") { _ = try Bindery.parseAsRoot(example) }
                checked += 1
            }
        }
        #expect(checked > 20)
    }

    @Test func everyCommandIsDescribed() {
        for command in Self.commands(below: Bindery.self) {
            #expect(command.configuration.abstract.hasSuffix("."), "\(command)")
        }
    }

    private static func commands(below root: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        let children = root.configuration.subcommands + root.configuration.groupedSubcommands.flatMap(\.subcommands)
        return [root] + children.flatMap { commands(below: $0) }
    }

    // The words of the first `bindery` command in a line of a pipeline, as a shell splits them.
    private static func arguments(ofExample line: String) -> [String]? {
        let trimmed = line.drop { $0 == " " }
        guard line.hasPrefix("  "), let start = trimmed.range(of: "bindery ") else { return nil }
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in trimmed[start.upperBound...] {
            switch character {
            case "'":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted, "|" where !isQuoted, ">" where !isQuoted, "\\" where !isQuoted:
                if let finished = word { words.append(finished) }
                word = nil
                if character != " " { return words }
            default:
                word = (word ?? "") + String(character)
            }
        }
        if let finished = word { words.append(finished) }
        return words
    }
}
