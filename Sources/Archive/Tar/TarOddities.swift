/// What readers of tar archives in use take in different ways, of one entry.
///
/// ``TarReader`` reads as Go's archive/tar does; others read otherwise, or refuse the archive (docs/layers.md).
package struct TarOddities: OptionSet, Hashable, Sendable {
    /// The oddities as bits.
    package let rawValue: UInt16

    /// Oddities from their bits.
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// A regular file whose name ends in a slash: GNU tar makes a directory of it.
    package static let trailingSlash = TarOddities(rawValue: 1)
    /// A PAX header has a record twice, with different values.
    package static let repeatedRecord = TarOddities(rawValue: 2)
    /// Several headers of one kind stand before the entry, or a global header between them and the entry.
    package static let repeatedHeader = TarOddities(rawValue: 4)
    /// A PAX record and a GNU long name say different things.
    package static let twoNames = TarOddities(rawValue: 8)
    /// A PAX record gives a size that the header could have given, and gives otherwise.
    package static let twoSizes = TarOddities(rawValue: 16)
    /// An entry that has no content has a size.
    package static let sizeWithoutContent = TarOddities(rawValue: 32)
    /// An extended attribute that only libarchive knows.
    package static let foreignAttribute = TarOddities(rawValue: 64)
    /// Records of a sparse file for an entry that isn't one to Go: other readers go by fewer of them.
    package static let looseSparseRecords = TarOddities(rawValue: 128)
    /// A file of a type that container engines refuse: contiguous, or sparse in GNU tar's first form.
    package static let refusedType = TarOddities(rawValue: 256)
    /// A header whose dialect isn't clear, with something where ustar has the beginning of the path.
    package static let unclearPrefix = TarOddities(rawValue: 512)
    /// A mode that says of what type the file is, and says otherwise than the type.
    package static let typeInMode = TarOddities(rawValue: 1024)
    /// A PAX record that sets path, link target or size to nothing: the header's counts to Go, nothing to GNU tar.
    package static let emptyRecord = TarOddities(rawValue: 2048)

    /// Each of them in a few words.
    package var words: [String] {
        Self.texts.compactMap { contains($0.0) ? $0.1 : nil }
    }

    private static let texts: [(TarOddities, String)] = [
        (.trailingSlash, "a regular file whose name ends in a slash"),
        (.repeatedRecord, "a PAX header with a record twice"),
        (.repeatedHeader, "several extended headers of one kind, or a global one between them and the entry"),
        (.twoNames, "a PAX record and a GNU long name that differ"),
        (.twoSizes, "a PAX record and a header with different sizes"),
        (.sizeWithoutContent, "a size for an entry without content"),
        (.foreignAttribute, "an extended attribute that only libarchive reads"),
        (.looseSparseRecords, "records of a sparse file for a file that isn't sparse"),
        (.refusedType, "a type that tar programs make a file of, and container engines refuse"),
        (.unclearPrefix, "a header whose path begins elsewhere for other readers"),
        (.typeInMode, "a mode with another file type than the entry's"),
        (.emptyRecord, "a PAX record with an empty path, link target or size"),
    ]
}
