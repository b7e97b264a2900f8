/// What readers of tar archives in use take in different ways, of one entry.
///
/// ``TarReader`` reads as Go's archive/tar does; others read otherwise, or refuse the archive (docs/layers.md).
package struct TarOddities: OptionSet, Hashable, Sendable {
    /// The oddities as bits.
    package let rawValue: UInt32

    /// Oddities from their bits.
    package init(rawValue: UInt32) {
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
    /// A PAX record or a GNU long name that sets path, link target or size to nothing: the header's counts to Go, nothing to
    /// GNU tar and erofs-utils.
    package static let emptyRecord = TarOddities(rawValue: 2048)
    /// A PAX header before a GNU long name: to erofs-utils its size is the long name's, too.
    package static let mixedHeaders = TarOddities(rawValue: 4096)
    /// The type of a file in v7, in a header of another dialect: erofs-utils passes the entry over.
    package static let oldType = TarOddities(rawValue: 8192)
    /// A PAX record with blanks before its key: GNU tar and erofs-utils pass them over.
    package static let unclearKey = TarOddities(rawValue: 16384)
    /// A sparse file: erofs-utils takes what is stored for the content.
    package static let sparse = TarOddities(rawValue: 32768)
    /// A header without a name of its own, whose checksum not every reader finds right: erofs-utils takes it for a block of
    /// zeros.
    package static let unclearHeader = TarOddities(rawValue: 65536)
    /// GNU tar's times, where erofs-utils finds the beginning of the path.
    package static let timesForPrefix = TarOddities(rawValue: 131_072)

    /// A name with `..` in it: erofs-utils makes the directory before it, in place of what lower layers have there.
    package static let parentInName = TarOddities(rawValue: 262_144)

    /// A number with a NUL before or between its digits: readers take it for nothing, or for a part of it.
    package static let unclearNumber = TarOddities(rawValue: 524_288)
    /// An access control list or a device's number in a PAX record, by which libarchive gives the entry another mode or
    /// number than its header.
    package static let otherMetadata = TarOddities(rawValue: 1_048_576)

    /// What matters in layers alone: erofs-utils, which containerd makes file systems of layers with, and programs that
    /// unpack layers read it in another way, and builders that unpack an archive don't.
    package static let ofLayersAlone: TarOddities = [
        .mixedHeaders, .oldType, .sparse, .unclearHeader, .timesForPrefix, .parentInName, .otherMetadata,
    ]

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
        (.emptyRecord, "an extended header with an empty path, link target or size"),
        (.mixedHeaders, "a PAX header before a GNU long name"),
        (.oldType, "a file type of v7 in a header of another dialect"),
        (.unclearKey, "a PAX record with blanks before its key"),
        (.sparse, "a sparse file"),
        (.unclearNumber, "a number with a NUL before or between its digits"),
        (.parentInName, "a name with '..'"),
        (.otherMetadata, "a PAX record with another mode or device number than the header's"),
        (.timesForPrefix, "times where some readers find the beginning of the path"),
        (.unclearHeader, "a header that some readers take for a block of zeros"),
    ]
}
