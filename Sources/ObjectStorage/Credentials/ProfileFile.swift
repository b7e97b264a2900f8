/// A file of profiles, as AWS's tools write it: sections in brackets, and `name = value` in them.
struct ProfileFile {
    private var sections: [String: [String: String]] = [:]

    /// No file needs more.
    static let largestSize = 1 << 20

    /// Reads a text.
    ///
    /// Nested values (indented below a name without one) are passed over.
    ///
    /// Throws ``ObjectStorageError/credentials(reason:)`` for a line that is none of these.
    init(_ text: String, path: String) throws(ObjectStorageError) {
        var section: String?
        for (position, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let isIndented = line.first == " " || line.first == "\t"
            let line = line.drop(while: \.isWhitespace)
            guard let first = line.first, first != "#", first != ";" else { continue }
            if first == "[", !isIndented, let end = line.firstIndex(of: "]") {
                let words = line[line.index(after: line.startIndex)..<end].split(whereSeparator: \.isWhitespace)
                section = words.joined(separator: " ")
                continue
            }
            guard !isIndented else { continue }
            guard let equals = line.firstIndex(of: "="), let section else {
                throw .credentials(reason: "\(path), line \(position + 1): NAME = VALUE below a [profile] is expected")
            }
            let name = line[..<equals].split(whereSeparator: \.isWhitespace).joined().lowercased()
            var value = line[line.index(after: equals)...].drop(while: \.isWhitespace)
            while value.last?.isWhitespace == true { value.removeLast() }
            sections[section, default: [:]][name] = String(value)
        }
    }

    /// What a section says; nil where there is none.
    subscript(section: String) -> [String: String]? { sections[section] }
}
