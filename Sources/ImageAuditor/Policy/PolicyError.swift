import Printable

/// Why a policy file can't be used: the line and what would be right.
package struct PolicyError: Error, Equatable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// What is wrong and what would be right.
    package let reason: String

    init(_ line: Int, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    /// One line for a person.
    package var description: String { ("line \(line): \(reason)" as Message).text }
}
