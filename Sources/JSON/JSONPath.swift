/// The way to a value in a document, `layers[2].size`.
struct JSONPath {
    private(set) var text = ""

    // Names are from outside, and the path is for a message.
    private static let longestName = 60

    mutating func append(name: String) {
        if !text.isEmpty { text += "." }
        text += name.count > Self.longestName ? name.prefix(Self.longestName) + "…" : name
    }

    mutating func append(index: Int) {
        text += "[\(index)]"
    }
}
