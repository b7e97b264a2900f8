import ContentAddress

/// The digests of a program's sections.
enum SectionDigests {
    /// One for each range; nil for an empty one, and where sections overlap so much that hashing them all would take
    /// too long.
    static func of(_ ranges: [Range<Int>], in bytes: UnsafeRawBufferPointer) -> [Digest?] {
        // Sections of honest files don't overlap; twice the file's size leaves room for those that do a little.
        var budget = bytes.count &* 2
        return ranges.map { range in
            guard !range.isEmpty, range.upperBound <= bytes.count, range.count <= budget else { return nil }
            budget -= range.count
            return .of(UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }
}
