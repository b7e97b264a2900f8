/// What ``TarReader/next(_:)`` found.
package enum TarEvent {
    /// An entry starts. Its content follows, if it has any.
    case entry(TarEntry)
    /// A piece of the entry's content: part of the input that was handed in, valid as long as that is.
    case content(UnsafeRawBufferPointer)
    /// So many zero bytes of a sparse file's content that the archive doesn't store.
    ///
    /// The count comes from outside and may be near `Int64.max`: have a limit before producing it.
    case hole(Int64)
    /// The entry is complete.
    case endOfEntry
    /// A global PAX header, which POSIX applies to all later entries and the container engines pass over.
    case globalHeader(PAXRecords)
    /// The two blocks of zeros. What follows in the input belongs to nobody.
    case endOfArchive
}
