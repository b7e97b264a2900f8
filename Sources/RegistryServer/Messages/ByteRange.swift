/// The part of a content that a request asks for (RFC 9110, section 14).
enum ByteRange: Equatable {
    /// All of it: no range, several of them, or another unit.
    case whole
    /// These bytes.
    case part(Range<Int64>)
    /// None that the content has.
    case unsatisfiable

    /// Reads the field `Range` for a content of that many bytes.
    ///
    /// A server may ignore a range: one that is malformed is ignored, and so are several, which no client of registries
    /// asks for.
    init(_ field: String?, size: Int64) {
        guard let field, let set = Self.set(field), !set.contains(",") else {
            self = .whole
            return
        }
        let ends = set.split(separator: "-", omittingEmptySubsequences: false).map(Self.trimmed)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            self = .whole
            return
        }
        switch (ends[0].isEmpty, ends[1].isEmpty) {
        case (true, true): self = .whole
        // A number that is too large for us is larger than any content.
        case (true, false):
            let count = min(Int64(ends[1]) ?? .max, size)
            self = count > 0 ? .part(size - count..<size) : .unsatisfiable
        case (false, let isOpen):
            let first = Int64(ends[0]) ?? .max
            let last = isOpen ? .max : Int64(ends[1]) ?? .max
            // One that ends before it begins may be ignored or refused (RFC 9110, section 14.2): whoever asks for it errs.
            if last < first || first >= size {
                self = .unsatisfiable
            } else {
                self = .part(first..<min(last, size - 1) + 1)
            }
        }
    }

    private static func set(_ field: String) -> Substring? {
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, trimmed(parts[0]).lowercased() == "bytes" else { return nil }
        return parts[1]
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
