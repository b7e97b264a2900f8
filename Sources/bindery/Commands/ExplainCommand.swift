import ArgumentParser
import ImageAuditor
import Printable

struct ExplainCommand: BinderyCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says what an audit's finding or verdict means and what to do about it.",
        discussion: """
            Examples:
              bindery explain BND021
              bindery explain mismatch
              bindery explain --json
            """
    )

    @Argument(help: "The finding's code, or the verdict; all findings when left out.", completion: Completions.findings)
    var code: String?

    @OptionGroup var output: OutputOptionGroup

    func run() throws {
        if let (word, help) = verdict() {
            if output.json { return try Output.json(["verdict": word, "help": help]) }
            Output.line(Style.bold(word))
            return Output.line(Message(verbatim: Fold.paragraph(help, columns: Output.columns)), isFolded: false)
        }
        let codes = try chosen()
        if output.json { return try Output.json(["findings": codes.map(Shape.init)]) }
        for (position, code) in codes.enumerated() {
            if position > 0 { Output.line() }
            Output.line(Style.bold("\(code.rawValue)  \(code.title)") + "  (\(code.severity.rawValue))")
            // A paragraph: no line of it hangs.
            Output.line(Message(verbatim: Fold.paragraph(code.help, columns: Output.columns)), isFolded: false)
            if code.isMismatch { Output.line("It makes the verdict mismatch.") }
            if let words = Self.words(code.doubt) { Output.line("\(words)") }
        }
    }

    private func verdict() -> (word: String, help: String)? {
        guard let word = code?.lowercased() else { return nil }
        return word == "damaged" ? (word, Verdict.damagedHelp) : Verdict(rawValue: word).map { (word, $0.help) }
    }

    private static func words(_ doubt: Doubt) -> String? {
        switch doubt {
        case .damaged: "There is no verdict then; the exit status is 4."
        case .ambiguous: "It makes the verdict ambiguous."
        case .incomplete: "It makes the verdict incomplete."
        default: nil
        }
    }

    private func chosen() throws -> [FindingCode] {
        guard let code else { return FindingCode.allCases }
        guard let known = FindingCode(rawValue: code.uppercased()) else {
            throw UsageError(
                description: "'\(code)' is neither a finding's code nor a verdict: `bindery explain` lists the findings"
            )
        }
        return [known]
    }

    private struct Shape: Encodable {
        let code: FindingCode
        let severity: Severity
        let title: String
        let help: String
        let mismatch: Bool

        init(_ code: FindingCode) {
            self.code = code
            severity = code.severity
            title = code.title
            help = code.help
            mismatch = code.isMismatch
        }
    }
}
