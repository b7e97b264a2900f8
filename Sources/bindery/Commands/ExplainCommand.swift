import ArgumentParser
import ImageAuditor
import Printable

struct ExplainCommand: BinderyCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says what an audit's finding means and what to do about it.",
        discussion: """
            Examples:
              bindery explain BND021
              bindery explain --json
            """
    )

    @Argument(help: "The finding's code; all of them when left out.", completion: Completions.findings)
    var code: String?

    @OptionGroup var output: OutputOptionGroup

    func run() throws {
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
            throw UsageError(description: "'\(code)' is not a finding's code: `bindery explain` lists them all")
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
