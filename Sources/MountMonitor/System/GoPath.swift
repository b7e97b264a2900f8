/// Paths as Go's `path/filepath` makes them.
enum GoPath {
    /// Joins two parts and cleans the result by its letters alone: without doubled slashes and dots, and `..` takes the
    /// part before it away, wherever a link there leads.
    static func join(_ directory: String, _ file: String) -> String {
        let whole = [directory, file].filter { !$0.isEmpty }.joined(separator: "/")
        guard !whole.isEmpty else { return "" }
        let isAbsolute = whole.hasPrefix("/")
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        let text = parts.joined(separator: "/")
        return isAbsolute ? "/" + text : text.isEmpty ? "." : text
    }
}
