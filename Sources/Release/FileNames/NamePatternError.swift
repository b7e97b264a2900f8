/// Why a name pattern can't be read, or a path not by it.
package enum NamePatternError: Error, Hashable {
    /// A `{` without `}`.
    case unclosed(pattern: String)
    /// A word in braces that isn't a field.
    case unknownField(String, pattern: String, known: [String])
    /// A field that stands twice in the pattern.
    case repeatedField(String, pattern: String)
    /// A path that doesn't follow the pattern.
    case noMatch(path: String, pattern: String, isPlatformKnown: Bool)
    /// A path with several readings.
    case ambiguous(path: String, readings: [String])
    /// A version in what would be the name, since the pattern has no field for it.
    case versionInName(String, path: String)
}

extension NamePatternError: CustomStringConvertible {
    /// One or more lines: what was found, and what to do.
    package var description: String {
        switch self {
        case .unclosed(let pattern): "the pattern '\(pattern)' has a '{' without '}'"
        case .unknownField(let word, let pattern, let known):
            "the pattern '\(pattern)' has '{\(word)}'; known are \(known.joined(separator: ", "))"
        case .repeatedField(let word, let pattern): "the pattern '\(pattern)' has '{\(word)}' twice"
        case .noMatch(let path, let pattern, let isPlatformKnown):
            "\(path) doesn't follow the pattern \(pattern)"
                + (isPlatformKnown ? "" : "; --platform allows any words for {os} and {arch}")
        case .ambiguous(let path, let readings):
            "\(path) can be read in several ways:\n"
                + readings.map { "  \($0)\n" }.joined() + "Give --name or --version."
        case .versionInName(let name, let path):
            """
            the name '\(name)' of \(path) has a version in it
            Put {version} into the pattern, or give --name.
            """
        }
    }
}
