/// What an archive says of one of its files, before the content.
package struct ArchiveMember: Hashable, Sendable {
    /// The path as it is written, in raw bytes.
    package let path: [UInt8]
    /// What it is.
    package let kind: TarEntry.Kind
    /// Permission bits.
    package let mode: UInt16
    /// What a link leads to; empty for the symbolic links of zip and cpio, where it is content.
    package let linkName: [UInt8]

    init(path: [UInt8], kind: TarEntry.Kind, mode: UInt16, linkName: [UInt8] = []) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.linkName = linkName
    }

    /// The path without `./` and slashes at the start and the end; nil for one that leads out of the archive.
    ///
    /// Empty for the archive's own root.
    package var relativePath: [UInt8]? { Self.relative(path) }

    /// The same of any path that an archive has, such as a link's.
    package static func relative(_ path: [UInt8]) -> [UInt8]? {
        guard path.first != UInt8(ascii: "/") else { return nil }
        let components = path.split(separator: UInt8(ascii: "/")).filter { $0 != [UInt8(ascii: ".")] }
        guard !components.contains([UInt8(ascii: "."), UInt8(ascii: ".")]) else { return nil }
        return Array(components.joined(separator: [UInt8(ascii: "/")]))
    }
}

/// What ``ArchiveReader`` found.
package enum ArchiveEvent {
    /// A member starts.
    case member(ArchiveMember)
    /// A piece of its content, valid during the call.
    case content(UnsafeRawBufferPointer)
    /// The member is complete, and as its archive says that it is.
    case end
    /// The member can't be read: what came of it doesn't count. Others may follow.
    case failed(ArchiveError)
}
