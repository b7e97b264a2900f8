/// Where a value stands in the bytes of its document.
///
/// The nodes of a document are a list in the order of the bytes: an object is followed by its members, each a node of
/// its name and then its value's; a list by its elements.
struct JSONNode: Sendable {
    enum Kind: UInt8, Sendable {
        case null, `true`, `false`, number, string, array, object

        var isContainer: Bool { self == .array || self == .object }
    }

    /// The first byte.
    var start: UInt32
    /// The byte behind the last.
    var end: UInt32
    /// The first node that isn't part of this value.
    var next: UInt32
    var kind: Kind
    /// A text with escapes, or bytes that are not UTF-8.
    var isEscaped = false
    /// A text of ASCII alone, without escapes.
    var isASCII = false
    /// A number without fraction and exponent.
    var isWhole = false
}
