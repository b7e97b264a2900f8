import ContentAddress
import Printable

/// Markup: what is written in the code stands as it is, and what is interpolated is escaped, so that no name, annotation or
/// reason can add an element or an attribute.
///
///     let cell: HTML = "<td title=\"\(path)\">\(name)</td>"
///
/// Attributes are written in double quotes; what is interpolated into a `href` is made by ``Link``.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    private init(markup text: String) { self.text = text }

    static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.text + right.text) }
    static func += (left: inout HTML, right: HTML) { left.text += right.text }

    /// Puts markup together.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 32 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }

        /// A name, a value: made printable, then escaped.
        mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            HTML.escape(printable(value.description), into: &text)
        }

        /// A number, which has nothing to escape.
        mutating func appendInterpolation(_ number: some BinaryInteger) { text += "\(number)" }

        /// A digest, which has nothing to escape.
        mutating func appendInterpolation(_ digest: Digest) { text += digest.description }

        /// The raw bytes of a name.
        mutating func appendInterpolation(bytes: some Sequence<UInt8>) { HTML.escape(printable(bytes), into: &text) }

        /// A text of several lines, which keeps its line feeds.
        mutating func appendInterpolation(lines: String) { HTML.escape(printableMessage(lines), into: &text) }

        /// Where a link leads.
        mutating func appendInterpolation(_ link: Link) { HTML.escape(link.target, into: &text) }

        /// Markup, as it is.
        mutating func appendInterpolation(_ html: HTML) { text += html.text }

        /// Markup, as it is, or nothing.
        mutating func appendInterpolation(_ html: HTML?) { if let html { text += html.text } }

        /// Several pieces of markup, as they are.
        mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { text += part.text } }
    }

    /// Escapes for text and for attributes in quotes (HTML Living Standard, "Serializing HTML fragments").
    private static func escape(_ plain: String, into text: inout String) {
        guard plain.utf8.contains(where: isSpecial) else {
            text += plain
            return
        }
        for character in plain.unicodeScalars {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.unicodeScalars.append(character)
            }
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }
}

extension Sequence<HTML> {
    /// All of them, with something between each two.
    func joined(_ separator: HTML = "") -> HTML {
        var all: HTML = ""
        for (place, part) in self.enumerated() {
            if place > 0 { all += separator }
            all += part
        }
        return all
    }
}
