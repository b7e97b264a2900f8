import ArgumentParser
import Printable

/// All that is wrong with a call, and how the command is called.
struct UsageProblems: Error {
    /// What to print, a line each.
    let lines: [String]

    /// Looks for everything that is wrong, from the first error of the parser on.
    init(_ words: [String], _ error: any Error) {
        guard let name = words.first, let command = Bindery.command(named: name),
            let catalog = CommandCatalog.of(command)
        else {
            lines = ["bindery: " + Self.plain(Bindery.message(for: error)), "See `bindery --help`."]
            return
        }
        let problems = Self.problems(name, Array(words.dropFirst()), catalog, error)
        lines =
            problems.map { "bindery \(name): \($0)" } + [
                "usage: \(catalog.usage(name))", "See `bindery \(name) --help`.",
            ]
    }

    /// One problem of a call that the parser let pass.
    init(_ name: String, _ problem: String) {
        lines = ["bindery \(name): \(problem)", "See `bindery \(name) --help`."]
    }

    /// More than these help nobody.
    private static let most = 16

    private static func problems(
        _ name: String,
        _ words: [String],
        _ catalog: CommandCatalog,
        _ error: any Error
    ) -> [String] {
        let walk = OptionWalk(words, in: catalog)
        var problems = walk.unknown.map { spelling in
            let nearest = NearestName.of(spelling, in: catalog.spellings).map { "; did you mean \($0)?" } ?? ""
            return "unknown option \(printable(spelling, limit: 80))\(nearest)"
        }
        // The parser names one problem: it is asked again without what it named.
        var rest = walk.known
        while problems.count < most {
            do {
                _ = try Bindery.parseAsRoot([name] + rest)
                break
            } catch {
                guard let problem = ParserMessage(Bindery.message(for: error)) else {
                    // What is missing may be what was taken away.
                    if problems.isEmpty {
                        problems += plain(Bindery.message(for: error)).split(separator: "\n").map(String.init)
                    }
                    break
                }
                problems.append(problem.text(in: catalog, rest))
                guard problem.remove(from: &rest) else { break }
            }
        }
        return problems.isEmpty ? [plain(Bindery.message(for: error))] : problems
    }

    // The parser's sentences begin with a capital letter, and point at arguments by <name>.
    private static func plain(_ message: String) -> String {
        guard let first = message.first else { return message }
        let text = first.isUppercase ? first.lowercased() + message.dropFirst() : message
        return text.replacing(" ...'", with: "'").replacing("missing expected argument", with: "missing argument")
    }
}

/// A problem with one option, as the parser words it.
private struct ParserMessage {
    private enum Kind {
        case badValue(String, reason: String?)
        case missingValue
    }

    private let kind: Kind
    /// The option with its value's name, `--limit <limit>`, or an argument, `<release>`.
    private let subject: String

    init?(_ message: String) {
        if let match = message.wholeMatch(
            of: /The value '(.*?)' is invalid for '([-<][^']*)'(?:: (.*)|\. Please provide one of (.*)\.)?/
                .dotMatchesNewlines()
        ) {
            let choices = match.4.map { "'\(printable(match.1, limit: 80))' is none of \($0)" }
            kind = .badValue(String(match.1), reason: match.3.map(String.init) ?? choices)
            subject = String(match.2)
        } else if let match = message.wholeMatch(
            of: /The value '(.*?)' is invalid for '([-<][^']*)'\. Please provide one of the following:\n(.*)/
                .dotMatchesNewlines()
        ) {
            let choices = match.3.split(separator: "\n").map { $0.drop { " -".contains($0) } }.joined(separator: ", ")
            kind = .badValue(String(match.1), reason: "'\(printable(match.1, limit: 80))' is none of \(choices)")
            subject = String(match.2)
        } else if let match = message.wholeMatch(of: /Missing value for '(-[^']*)'/) {
            kind = .missingValue
            subject = String(match.1)
        } else {
            return nil
        }
    }

    private var spelling: String { String(subject.prefix { $0 != " " }) }

    // What is wrong with an argument says what it should be.
    private var isArgument: Bool { subject.hasPrefix("<") }

    func text(in catalog: CommandCatalog, _ words: [String]) -> String {
        switch kind {
        case .missingValue:
            if let next = words.lastIndex(of: spelling).flatMap({ words.dropFirst($0 + 1).first }), next.hasPrefix("-"),
                catalog.option(next.prefix { $0 != "=" }) == nil
            {
                return "\(spelling): '\(next)' is taken for an option: write \(spelling)=\(next) for such a value"
            }
            return "\(spelling) needs a value: \(catalog.option(spelling)?.abstract ?? subject)"
        case .badValue(_, let reason?): return isArgument ? reason : "\(spelling): \(reason)"
        // Only numbers are read by the parser itself.
        case .badValue(let value, nil):
            let isTooLarge = value.wholeMatch(of: /-?[0-9]+/) != nil
            let reason =
                "'\(printable(value, limit: 80))' is \(isTooLarge ? "too large a number" : "not a whole number")"
            return isArgument ? reason : "\(spelling): \(reason)"
        }
    }

    /// Takes the option out of a call; false when it can't be found in it.
    func remove(from words: inout [String]) -> Bool {
        guard
            let position = words.lastIndex(where: { word in
                guard word.prefix(while: { $0 != "=" }) == spelling else { return false }
                guard case .badValue(let value, _) = kind else { return true }
                return word == "\(spelling)=\(value)" || words.contains(value)
            })
        else { return false }
        let isAlone: Bool
        if case .missingValue = kind { isAlone = true } else { isAlone = words[position].contains("=") }
        words.removeSubrange(position..<min(words.count, position + (isAlone ? 1 : 2)))
        return true
    }
}
