/// Reads one document, from its first byte to its last.
struct XMLReader {
    private let bytes: [UInt8]
    private let depth: Int
    private var position = 0

    init(_ bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        self.depth = depth
    }

    /// The root element, with nothing but blanks and comments around it.
    mutating func document() throws(XMLError) -> XMLElement {
        _ = skip([0xEF, 0xBB, 0xBF])
        if skip("<?xml") {
            guard let end = find("?>") else { throw fail("the XML declaration has no end") }
            position = end
        }
        try skipBlanksAndComments()
        let root = try element(level: 1)
        try skipBlanksAndComments()
        guard position == bytes.count else { throw fail("something stands behind the document") }
        return root
    }

    private mutating func element(level: Int) throws(XMLError) -> XMLElement {
        guard level <= depth else { throw fail("elements are nested too deep") }
        guard skip("<") else { throw fail("an element is expected") }
        let name = try self.name()
        while skipBlanks(), let byte = next, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") {
            try attribute()
        }
        if skip("/>") { return XMLElement(name: Self.local(name), text: "", children: []) }
        guard skip(">") else { throw fail("the start of <\(name)> has no end") }
        var text: [UInt8] = []
        var children: [XMLElement] = []
        while true {
            guard let byte = next else { throw fail("<\(name)> has no end") }
            switch byte {
            case UInt8(ascii: "<"):
                if skip("</") {
                    guard try self.name() == name else { throw fail("another element than <\(name)> ends here") }
                    _ = skipBlanks()
                    guard skip(">") else { throw fail("the end of <\(name)> has no end") }
                    guard let text = String(validating: text, as: UTF8.self) else { throw fail("it is not UTF-8") }
                    return XMLElement(name: Self.local(name), text: text, children: children)
                }
                if try !skipComment() { children.append(try element(level: level + 1)) }
            case UInt8(ascii: "&"): text += try reference()
            default:
                guard byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else {
                    throw fail("a control character stands in <\(name)>")
                }
                text.append(byte)
                position += 1
            }
        }
    }

    private mutating func attribute() throws(XMLError) {
        _ = try name()
        _ = skipBlanks()
        guard skip("=") else { throw fail("an attribute has no value") }
        _ = skipBlanks()
        guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw fail("an attribute's value has no quotation marks")
        }
        position += 1
        while let byte = next, byte != quote {
            guard byte != UInt8(ascii: "<") else { throw fail("an attribute's value has no end") }
            position += 1
        }
        guard next == quote else { throw fail("an attribute's value has no end") }
        position += 1
    }

    private mutating func name() throws(XMLError) -> String {
        let start = position
        while let byte = next, Self.isOfName(byte) { position += 1 }
        guard position > start else { throw fail("a name is expected") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    // Letters and digits of ASCII, and what may stand between them: services use no others.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private static func local(_ name: String) -> String {
        name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }

    private static let entities: [String: UInt8] = [
        "amp": UInt8(ascii: "&"), "lt": UInt8(ascii: "<"), "gt": UInt8(ascii: ">"), "quot": UInt8(ascii: "\""),
        "apos": UInt8(ascii: "'"),
    ]
    /// `&#x10FFFF;` is the longest reference.
    private static let longestReference = 10

    private mutating func reference() throws(XMLError) -> [UInt8] {
        let text = bytes[position...].prefix(Self.longestReference).prefix { $0 != UInt8(ascii: ";") }
        guard position + text.count < bytes.count, bytes[position + text.count] == UInt8(ascii: ";") else {
            throw fail("a reference has no end")
        }
        let name = String(decoding: text.dropFirst(), as: UTF8.self)
        defer { position += text.count + 1 }
        if let byte = Self.entities[name] { return [byte] }
        let number =
            name.hasPrefix("#x")
            ? UInt32(name.dropFirst(2), radix: 16)
            : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
        guard let number, let scalar = Unicode.Scalar(number), number >= 0x20 || [9, 10, 13].contains(number) else {
            throw fail("a reference to nothing that XML has")
        }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func skipBlanksAndComments() throws(XMLError) {
        repeat { _ = skipBlanks() } while try skipComment()
    }

    private mutating func skipComment() throws(XMLError) -> Bool {
        guard skip("<!--") else { return false }
        guard let end = find("-->") else { throw fail("a comment has no end") }
        position = end
        return true
    }

    // Always true, so that it can stand in a condition.
    private mutating func skipBlanks() -> Bool {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
        return true
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ text: StaticString) -> Bool {
        skip(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func skip(_ text: some Collection<UInt8>) -> Bool {
        guard bytes[position...].starts(with: text) else { return false }
        position += text.count
        return true
    }

    // The offset behind a text.
    private func find(_ text: String) -> Int? {
        bytes[position...].firstRange(of: Array(text.utf8))?.upperBound
    }

    private func fail(_ reason: String) -> XMLError { XMLError(offset: position, reason: reason) }
}
