/// One 512-byte header block, as it stands in the archive (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar
/// manual, "Basic Tar Format").
///
/// Where readers differ, this one reads as Go's archive/tar does, since that is what the container engines unpack
/// with: an audit must see the names that a container gets.
struct TarHeaderBlock {
    /// Size of a block, and what contents are padded to.
    static let size = 512

    /// Which fields the block has.
    enum Dialect {
        case v7
        case ustar
        case star
        case gnu
    }

    let bytes: UnsafeRawBufferPointer
    let offset: Int64

    /// Checks the checksum: both readings of its bytes, unsigned and signed, are in use.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(TarError) {
        self.bytes = bytes
        self.offset = offset
        var unsigned: Int64 = 0
        var signed: Int64 = 0
        for position in 0..<Self.size {
            // The field itself counts as spaces.
            let byte = (148..<156).contains(position) ? UInt8(ascii: " ") : bytes[position]
            unsigned += Int64(byte)
            signed += Int64(Int8(bitPattern: byte))
        }
        let written = TarNumber.octal(field(148, 8))
        guard written == unsigned || written == signed else { throw TarError(.checksum, at: offset) }
    }

    static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.allSatisfy { $0 == 0 }
    }

    var typeFlag: UInt8 { bytes[156] }

    var dialect: Dialect {
        if text(257, 6, endsAtNUL: false).elementsEqual("ustar\0".utf8) {
            return text(508, 4, endsAtNUL: false).elementsEqual("tar\0".utf8) ? .star : .ustar
        }
        return text(257, 8, endsAtNUL: false).elementsEqual("ustar  \0".utf8) ? .gnu : .v7
    }

    var size: Int64 { get throws(TarError) { try number(124, 12, "size") } }

    /// The entry that this block alone describes.
    func entry() throws(TarError) -> TarEntry {
        let dialect = dialect
        var entry = TarEntry(
            path: try fullName(dialect),
            kind: .other(typeFlag),
            mode: UInt32(truncatingIfNeeded: try number(100, 8, "mode") & 0o7777),
            uid: try number(108, 8, "uid"),
            gid: try number(116, 8, "gid"),
            userName: [],
            groupName: [],
            size: try size,
            modified: try number(136, 12, "mtime"),
            modifiedNanoseconds: 0,
            linkName: text(157, 100),
            device: TarEntry.Device(),
            extendedAttributes: [:],
            extents: nil,
            offset: offset,
            contentOffset: 0,
            storedSize: 0
        )
        if dialect != .v7 {
            entry.userName = text(265, 32)
            entry.groupName = text(297, 32)
            entry.device = TarEntry.Device(major: try number(329, 8, "devmajor"), minor: try number(337, 8, "devminor"))
        }
        return entry
    }

    private func fullName(_ dialect: Dialect) throws(TarError) -> [UInt8] {
        let prefix: [UInt8] =
            switch dialect {
            case .v7: []
            case .ustar: text(345, 155)
            case .star: text(345, 131)
            case .gnu: misplacedPrefix()
            }
        return prefix.isEmpty ? text(0, 100) : prefix + [UInt8(ascii: "/")] + text(0, 100)
    }

    // GNU headers have times where ustar has its prefix. Old Go writers put a prefix there all the same, and Go's
    // reader still takes it when the times are not numbers, so that the name isn't cut: the engines do it, so must we.
    private func misplacedPrefix() -> [UInt8] {
        let times = [field(345, 12), field(357, 12)]
        guard times.contains(where: { $0[0] != 0 && TarNumber.field($0) == nil }) else { return [] }
        let prefix = text(345, 155)
        return prefix.allSatisfy { $0 < 0x80 } ? prefix : []
    }

    /// Whether other readers may take the field of ustar's prefix in another way: GNU tar has no prefix in headers of
    /// its own, libarchive takes whatever begins with `ustar` for ustar, Python takes it in every header, and Go refuses
    /// star's without times.
    var hasUnclearPrefix: Bool {
        switch dialect {
        // Some leave out a prefix that is a slash, others begin at the root.
        case .ustar: bytes[345] != 0 && text(345, 155).allSatisfy { $0 == UInt8(ascii: "/") }
        case .gnu: !misplacedPrefix().isEmpty
        // A prefix without an end goes on in the times for readers of ustar.
        case .star: bytes[475] != 0 || [field(476, 12), field(488, 12)].contains { TarNumber.field($0) == nil }
        case .v7: bytes[345] != 0
        }
    }

    /// Whether the block has GNU tar's fields of a sparse file, which libarchive goes by whatever the type is.
    var hasSparseFields: Bool {
        dialect == .gnu && typeFlag != UInt8(ascii: "S") && bytes[386..<495].contains { $0 != 0 }
    }

    // Mode, owner, group, size and checksum.
    private static let numbers = [(100, 8), (108, 8), (116, 8), (124, 12), (148, 8)]
    private static let deviceNumbers = [(329, 8), (337, 8)]

    /// Whether a number has a NUL before or between its digits.
    var hasUnclearNumber: Bool {
        Self.numbers.contains { TarNumber.isUnclear(field($0.0, $0.1)) }
            || (dialect != .v7 && Self.deviceNumbers.contains { TarNumber.isUnclear(field($0.0, $0.1)) })
    }

    /// Whether the block has GNU tar's times, which erofs-utils takes for the beginning of the path.
    var hasTimesForPrefix: Bool { dialect == .gnu && bytes[345] != 0 && misplacedPrefix().isEmpty }

    /// Whether erofs-utils takes the block for one of zeros: it has no name, and the checksum isn't right to a reader that
    /// leaves the last 12 bytes out, or one that passes no NUL over before the number.
    var isUnclear: Bool {
        guard bytes[0] == 0 else { return false }
        let digit = field(148, 8).first { $0 != UInt8(ascii: " ") }.map {
            (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0)
        }
        return digit != true || bytes[500..<Self.size].contains { $0 != 0 }
    }

    /// The type of the file that the mode's upper bits give, as `stat` has it; 0 where they give none.
    var typeOfMode: Int64 { get throws(TarError) { try number(100, 8, "mode") & 0o170000 } }

    func number(_ start: Int, _ count: Int, _ name: String) throws(TarError) -> Int64 {
        guard let value = TarNumber.field(field(start, count)) else { throw TarError(.number(field: name), at: offset) }
        return value
    }

    func field(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
    }

    private func text(_ start: Int, _ count: Int, endsAtNUL: Bool = true) -> [UInt8] {
        let field = bytes[start..<(start + count)]
        return endsAtNUL ? Array(field.prefix { $0 != 0 }) : Array(field)
    }
}
