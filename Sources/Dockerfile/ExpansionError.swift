/// Why a word's variables can't be expanded.
package enum ExpansionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `${` without `}`.
    case missingBrace
    /// `${name/pattern` without the second `/`.
    case missingSlash
    /// `${}` and the like, which name nothing.
    case badSubstitution
    /// A form of `${…}` that a Dockerfile doesn't have.
    case unsupportedModifier(String)
    /// A quote that isn't closed.
    case unterminatedQuote(Unicode.Scalar)
    /// `${name?message}` of a variable that isn't set, or with `:?` is empty.
    case required(name: String, message: String)
    /// The pattern of `#`, `%` or `/` has an escape of an ordinary character.
    case invalidPattern(String)
    /// More than ``ShellLexer/maximumDepth`` nested `${…}`.
    case tooDeep
    /// The result has more characters than ``ShellLexer/maximumLength``, or finding it takes too many steps.
    case tooLong

    /// One line for a person.
    package var description: String {
        switch self {
        case .missingBrace: "a '${' lacks its '}'"
        case .missingSlash: "a '${name/pattern/replacement}' lacks its second '/'"
        case .badSubstitution: "a '${…}' names no variable"
        case .unsupportedModifier(let modifier):
            "'\(modifier)' can't follow a variable's name: :- :+ :? - + ? # ## % %% / and // can"
        case .unterminatedQuote(let quote):
            "a \(quote) lacks its closing \(quote): write \\\(quote) for the character itself"
        case .required(let name, let message): "\(name): \(message.prefix(200)) (give it with --build-arg, ARG or ENV)"
        case .invalidPattern(let pattern):
            "the pattern '\(pattern.prefix(64))' escapes what needs no escape: only \\* \\? \\\\ \\} and \\/ do"
        case .tooDeep: "'${…}' are nested more than \(ShellLexer.maximumDepth) deep"
        case .tooLong: "the expanded text is longer than \(ShellLexer.maximumLength) characters"
        }
    }
}
