/// One member, as the directory of a zip file has it (APPNOTE, section 4.3.12).
struct ZipEntry {
    static let localSignature: UInt32 = 0x0403_4B50

    static let signature: UInt32 = 0x0201_4B50
    private static let fixedSize = 46
    private static let largeFieldID: UInt16 = 1

    let member: ArchiveMember
    let method: UInt16
    let isEncrypted: Bool
    /// Whether backslashes divide the name to some readers, and are part of it to others.
    let hasTwoNames: Bool
    let check: UInt32
    let packedSize: Int64
    let size: Int64
    let localOffset: Int64
    /// How many bytes it takes in the directory.
    let length: Int

    init(_ fields: ByteFields, at offset: Int, from start: Int) throws(ArchiveError) {
        guard try fields.number(UInt32.self, at: offset) == Self.signature else {
            throw ArchiveError(.malformed("there is no entry of its directory"), .zip, at: start + offset)
        }
        let system = try fields.number(UInt16.self, at: offset + 4) >> 8
        let flags = try fields.number(UInt16.self, at: offset + 8)
        method = try fields.number(UInt16.self, at: offset + 10)
        check = try fields.number(UInt32.self, at: offset + 16)
        let nameLength = Int(try fields.number(UInt16.self, at: offset + 28))
        let extraLength = Int(try fields.number(UInt16.self, at: offset + 30))
        let commentLength = Int(try fields.number(UInt16.self, at: offset + 32))
        let attributes = try fields.number(UInt32.self, at: offset + 38)
        let name = Array(try fields.part(at: offset + Self.fixedSize, count: nameLength))
        let extra = try fields.part(at: offset + Self.fixedSize + nameLength, count: extraLength)
        length = Self.fixedSize + nameLength + extraLength + commentLength
        isEncrypted = flags & 1 != 0
        // Old writers of Windows wrote no slashes (APPNOTE, section 4.4.17); FAT, NTFS and VFAT.
        hasTwoNames =
            [0, 10, 11, 14].contains(system) && name.contains(UInt8(ascii: "\\")) && !name.contains(UInt8(ascii: "/"))
        var numbers = [
            UInt64(try fields.number(UInt32.self, at: offset + 24)),
            UInt64(try fields.number(UInt32.self, at: offset + 20)),
            UInt64(try fields.number(UInt32.self, at: offset + 42)),
        ]
        try Self.enlarge(&numbers, by: ByteFields(bytes: extra, format: .zip))
        let sizes = numbers.compactMap { Int64(exactly: $0) }
        guard sizes.count == 3, !name.contains(0) else {
            throw ArchiveError(.malformed("a size or name can't be"), .zip, at: start + offset)
        }
        (size, packedSize, localOffset) = (sizes[0], sizes[1], sizes[2])
        // Unix and macOS keep the mode in the upper half; others have none.
        let mode = system == 3 || system == 19 ? attributes >> 16 : 0
        let isDirectory = name.last == UInt8(ascii: "/")
        var kind = isDirectory ? .directory : mode & 0o170000 == 0 ? .file : UnixKind.kind(mode) ?? .other(0)
        // What was read from a pipe has the pipe's mode.
        if case .pipe = kind { kind = .file }
        let bits = mode == 0 ? (isDirectory ? 0o755 : 0o644) : UInt16(truncatingIfNeeded: mode & 0o7777)
        member = ArchiveMember(path: name, kind: kind, mode: bits)
    }

    // Zip64: where a number is all ones, the extra field has it, in this order (APPNOTE, section 4.5.3).
    private static func enlarge(_ numbers: inout [UInt64], by extra: ByteFields) throws(ArchiveError) {
        var offset = 0
        while offset + 4 <= extra.bytes.count {
            let id = try extra.number(UInt16.self, at: offset)
            let size = Int(try extra.number(UInt16.self, at: offset + 2))
            if id == largeFieldID {
                let field = ByteFields(bytes: try extra.part(at: offset + 4, count: size), format: .zip)
                var place = 0
                for index in numbers.indices where numbers[index] == UInt64(UInt32.max) {
                    numbers[index] = try field.number(UInt64.self, at: place)
                    place += 8
                }
                return
            }
            offset += 4 + size
        }
    }
}

/// How members of a zip file are compressed (APPNOTE, section 4.4.5).
enum ZipMethod {
    static func decoder(_ entry: ZipEntry) throws -> any StreamDecoder {
        switch entry.method {
        case 0: CopyDecoder()
        case 8: try DeflateDecoder()
        case 12: BZip2Decoder()
        case 93: try ZstdDecoder()
        case 95: try XZDecoder()
        default:
            throw ArchiveError(.unsupported("compression method \(entry.method)"), .zip, at: entry.localOffset)
        }
    }
}
