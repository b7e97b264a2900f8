/// The archives that releases are published as, as their first bytes tell.
package enum ArchiveFormat: String, Sendable, CaseIterable {
    /// A tar archive, or any compressed stream: one that holds no tar archive is a single file.
    ///
    /// Alpine's packages are this, too: several gzip members that give one tar archive.
    case tar
    /// A zip file, also one that a program or a script stands before.
    case zip
    /// A Debian package: `data.tar` in an ar archive.
    case deb
    /// An RPM package: a cpio archive behind two headers.
    case rpm
    /// A cpio archive; one that is compressed is a compressed stream, as a tar archive is.
    case cpio

    /// How many first bytes ``init(detecting:)`` wants to see.
    package static let prefixLength = TarHeaderBlock.size

    /// Looks at a file's first bytes; nil for what isn't an archive.
    package init?(detecting prefix: UnsafeRawBufferPointer) {
        if prefix.starts(with: [0x50, 0x4B, 3, 4]) || prefix.starts(with: [0x50, 0x4B, 5, 6]) {
            self = .zip
        } else if prefix.starts(with: ArArchive.magic + "debian-binary".utf8) {
            self = .deb
        } else if prefix.starts(with: RPMPackage.magic) {
            self = .rpm
        } else if CPIOHeader.isOne(prefix) {
            self = .cpio
        } else if Self.isTar(prefix) || Compression(detectingInArchive: prefix) != .none {
            self = .tar
        } else {
            return nil
        }
    }

    /// How many last bytes ``endsAsZip(_:)`` wants to see.
    package static let suffixLength = ZipArchive.endSize

    /// Whether a file that begins as something else has a zip file at its end: the last bytes are the end of a directory
    /// with members.
    package static func endsAsZip(_ suffix: UnsafeRawBufferPointer) -> Bool {
        guard suffix.count == suffixLength, suffix.starts(with: [0x50, 0x4B, 5, 6]) else { return false }
        return (suffix[10] != 0 || suffix[11] != 0) && suffix[20] == 0 && suffix[21] == 0
    }

    private static let endings = [
        ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar.bz2", ".tbz2", ".tar.lzma",
        ".tlz", ".zip", ".deb", ".rpm", ".apk", ".cpio", ".cpio.gz", ".cpio.xz", ".cpio.zst", ".cpio.bz2",
    ]

    /// Whether a file's name says that it is an archive, of a kind that can be read or that ``UnreadArchive`` knows.
    package static func isNamed(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix(".lzma") || endings.contains { name.hasSuffix($0) }
    }

    /// A file's name or path without the ending that says that it is an archive.
    package static func plainName(_ name: String) -> String {
        let lowercased = name.lowercased()
        guard let ending = endings.first(where: { lowercased.hasSuffix($0) }) else { return name }
        return String(name.dropLast(ending.count))
    }

    /// What a tar archive without members begins with: the two blocks that end it.
    static let emptyTarLength = 2 * TarHeaderBlock.size

    /// Whether what a compressed file holds is a tar archive without members: zeros, and its name says so.
    static func isEmptyTar(_ prefix: UnsafeRawBufferPointer, named name: [UInt8]) -> Bool {
        prefix.count >= emptyTarLength && prefix.prefix(emptyTarLength).allSatisfy { $0 == 0 }
            && isNamed(String(decoding: name, as: UTF8.self))
    }

    package static func isTar(_ prefix: UnsafeRawBufferPointer) -> Bool {
        guard prefix.count >= TarHeaderBlock.size else { return false }
        let block = UnsafeRawBufferPointer(rebasing: prefix.prefix(TarHeaderBlock.size))
        return !TarHeaderBlock.isZero(block) && (try? TarHeaderBlock(block, at: 0)) != nil
    }
}
