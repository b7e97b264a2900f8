import Printable

/// Why bytes are not a JSON document: where they stop being one, and the reason.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    /// The byte at which it stops.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// From 1, in bytes.
    package let column: Int
    /// The member around the place, `layers[2].size`; empty at the top.
    ///
    /// Its names are from outside.
    package let path: String
    /// What is wrong.
    package let reason: String

    init(_ bytes: [UInt8], at offset: Int, path: String, _ reason: String) {
        self.offset = offset
        (line, column) = Self.place(of: offset, in: bytes)
        self.path = path
        self.reason = reason
    }

    static func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        let before = bytes.prefix(offset)
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return (before.count { $0 == UInt8(ascii: "\n") } + 1, before.count - start + 1)
    }

    /// Line, column, member and reason.
    package var description: String {
        "line \(line), column \(column)\(path.isEmpty ? "" : ", in \(printable(path))"): \(reason)"
    }
}

/// What readers of JSON repair without a word, or resolve in different ways.
package struct JSONIrregularity: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// A member whose name stood in its object before.
        case repeatedMember
        /// A member whose name is canonically equivalent in Unicode to one before, and has other bytes.
        case equivalentMember
        /// A member whose name differs from a known one in letter case or by folding: the known name.
        case letterCase(known: String)
        /// Text, or half a surrogate pair in an escape, that is not Unicode; readers put U+FFFD there.
        case invalidText
        /// A byte order mark before the value.
        case byteOrderMark
    }

    /// What it is.
    package let kind: Kind
    /// The byte where it stands.
    package let offset: Int
    /// The member that it is about, `config.Cmd`.
    ///
    /// Its names are from outside.
    package let path: String

    init(_ kind: Kind, at offset: Int, path: String) {
        self.kind = kind
        self.offset = offset
        self.path = path
    }

    /// A sentence without its place.
    package var description: String {
        switch kind {
        case .repeatedMember: "the member '\(printable(path))' stands there twice"
        case .equivalentMember: "the member '\(printable(path))' stands there twice to readers that normalise Unicode"
        case .letterCase(let known): "the member '\(printable(path))' is '\(known)' to readers that ignore letter case"
        case .invalidText: path.isEmpty ? "text that is not UTF-8" : "'\(printable(path))' has text that is not UTF-8"
        case .byteOrderMark: "a byte order mark stands before it"
        }
    }
}
