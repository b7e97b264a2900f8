/// An element of an XML document with what stands in it.
///
/// Names are without their namespace's prefix, and attributes are checked and forgotten: S3's answers have none that
/// mean anything.
struct XMLElement: Equatable {
    let name: String
    /// The text directly in it, references resolved.
    let text: String
    let children: [XMLElement]

    /// The one child of that name; nil for none and for several, of which nobody could say which one counts.
    func child(_ name: String) -> XMLElement? {
        let found = children(name)
        return found.count == 1 ? found[0] : nil
    }

    /// The text of the one child of that name.
    func text(_ name: String) -> String? { child(name)?.text }

    /// All children of that name, in order.
    func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

extension XMLElement {
    /// The root of a document (XML 1.0, fifth edition), as far as services answer with it.
    ///
    /// Throws ``XMLError`` for more than the limits, and for what such answers don't have and parsers were attacked by:
    /// document types, entities, processing instructions, CDATA sections; comments are passed over.
    init(parsing bytes: [UInt8], largestSize: Int = 8 << 20, depth: Int = 16) throws(XMLError) {
        guard bytes.count <= largestSize else { throw XMLError(offset: largestSize, reason: "it is too large") }
        var reader = XMLReader(bytes, depth: depth)
        self = try reader.document()
    }
}

/// Why a text is not XML of the kind that services answer with.
struct XMLError: Error, Equatable {
    /// Where, in bytes.
    let offset: Int
    let reason: String
}
