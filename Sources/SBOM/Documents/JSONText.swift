import ContentAddress
import Printable

/// JSON that is written from the start to the end, without a tree of values in memory.
///
/// Names of members must come in canonical order (RFC 8785); what ``printable(_:limit:)`` escapes in a line is escaped
/// here, too.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Writes a member's name; its value comes next.
    mutating func name(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    mutating func object(_ body: (inout Self) throws -> Void) rethrows {
        open("{")
        try body(&self)
        close("}")
    }

    mutating func array(_ body: (inout Self) throws -> Void) rethrows {
        open("[")
        try body(&self)
        close("]")
    }

    mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    mutating func value(_ value: JSONValue) {
        separate()
        append(value)
        needsComma = true
    }

    mutating func string(_ text: String) {
        separate()
        if text.utf8.allSatisfy(Self.isPlain) {
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: text.utf8)
            bytes.append(UInt8(ascii: "\""))
        } else {
            append(.string(text))
        }
        needsComma = true
    }

    /// Ends the document's line, and gives what was written since the last time.
    mutating func take(ending isLast: Bool = false) -> [UInt8] {
        if isLast { bytes.append(UInt8(ascii: "\n")) }
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func append(_ value: JSONValue) {
        let text = String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
        bytes.append(contentsOf: printableJSON(text).utf8)
    }

    // Neither escaped in JSON nor the start of a command.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            && byte != UInt8(ascii: "#")
    }
}
