/// Paths as Go's `path/filepath` makes them.
enum GoPath {
    /// Joins two parts and cleans the result by its letters alone: without doubled slashes and dots, and `..` takes the
    /// part before it away, wherever a link there leads.
    static func join(_ directory: String, _ file: String) -> String {
        let whole = directory.isEmpty || file.isEmpty ? directory + file : "\(directory)/\(file)"
        guard !whole.isEmpty else { return "" }
        let isAbsolute = whole.utf8.first == UInt8(ascii: "/")
        // By bytes: a slash and the accent that follows it are one Character.
        var parts: [Substring.UTF8View] = []
        for part in whole.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if !part.elementsEqual("..".utf8) {
                parts.append(part)
            } else if let last = parts.last, !last.elementsEqual("..".utf8) {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        var text = ""
        for part in parts { text += (text.isEmpty && !isAbsolute ? "" : "/") + String(Substring(part)) }
        return text.isEmpty ? (isAbsolute ? "/" : ".") : text
    }
}
