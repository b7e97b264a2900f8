/// Why a text or a document is not what the OCI specifications describe.
public enum OCIError: Error, Equatable, CustomStringConvertible {
    /// A text that doesn't follow its grammar: what it should be, the text, and the rule it breaks.
    case malformed(what: String, text: String, rule: String)
    /// A JSON document that can't be read as what its media type promises.
    case document(what: String, reason: String)
    /// A JSON document that tools in use read in different ways.
    case ambiguous(what: String, reason: String)

    /// One line for a person.
    public var description: String {
        switch self {
        case .malformed(let what, let text, let rule):
            "'\(Self.printable(text))' is not \(what): \(rule)"
        case .document(let what, let reason):
            "\(what) can't be read: \(reason)"
        case .ambiguous(let what, let reason):
            "\(what) can be read in two ways: \(reason)"
        }
    }

    /// A text from outside, cut to 80 characters and without control characters, so that it can't play with a terminal.
    static func printable(_ text: String) -> String {
        let cut = text.unicodeScalars.prefix(80).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
        return cut.joined() + (text.unicodeScalars.count > 80 ? "…" : "")
    }
}
