/// Writes tar archives of one fixed profile: ustar, with a pax header before an entry where ustar can't hold a value
/// (POSIX.1-2017, pax, "pax Interchange Format").
///
/// Pure functions: the same header gives the same bytes, whatever the locale, the time zone or the library. Owners are
/// numbers only.
package enum TarWriter {
    /// The profile's name, which recipes record: another byte anywhere is another name.
    package static let profile = "bindery-tar/1"
    /// Size of a block in bytes: headers are whole blocks, contents are padded to them.
    package static let blockSize = 512
    /// What ends an archive: two blocks of zeros, and nothing more.
    package static let trailer = [UInt8](repeating: 0, count: 2 * blockSize)

    /// The profile's name where names are as ``encodeWithLongName(_:)`` has them.
    package static let profileWithLongNames = "bindery-tar-long/1"

    /// The bytes before an entry's content.
    package static func encode(_ header: TarHeader) -> [UInt8] {
        encode(header, path: Array(header.path.utf8), linkName: Array(header.linkName.utf8))
    }

    /// The same with names that needn't be UTF-8, in place of the header's.
    package static func encode(_ header: TarHeader, path: [UInt8], linkName: [UInt8]) -> [UInt8] {
        let path = path + (header.kind == .directory ? [slash] : [])
        var records: [(String, [UInt8])] = []
        let split = split(path)
        if split == nil { records.append(("path", path)) }
        if linkName.count > 100 { records.append(("linkpath", linkName)) }
        if header.size > largestSize { records.append(("size", decimal(header.size))) }
        if header.uid > largestID { records.append(("uid", decimal(Int64(header.uid)))) }
        if header.gid > largestID { records.append(("gid", decimal(Int64(header.gid)))) }
        if !(0...largestSize).contains(header.modified) { records.append(("mtime", decimal(header.modified))) }
        for (name, value) in header.extendedAttributes { records.append(("SCHILY.xattr." + name, value)) }
        var bytes: [UInt8] = []
        if !records.isEmpty {
            let text = records.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.flatMap(record)
            bytes += block(name: paxName, type: UInt8(ascii: "x"), mode: 0o644, size: Int64(text.count))
            bytes += text + padding(after: Int64(text.count))
        }
        let (prefix, name) = split ?? ([], Array(path.prefix(100)))
        bytes += block(
            name: name,
            prefix: prefix,
            type: type(of: header.kind),
            mode: header.mode,
            uid: min(header.uid, largestID),
            gid: min(header.gid, largestID),
            size: header.size > largestSize ? 0 : header.size,
            modified: (0...largestSize).contains(header.modified) ? header.modified : 0,
            linkName: Array(linkName.prefix(100)),
            device: device(of: header.kind)
        )
        return bytes
    }

    /// The bytes before an entry's content for readers without pax: a name beyond ASCII as it is, and GNU tar's entry
    /// `L` before one that is too long.
    ///
    /// Such are dpkg's (deb(5)). Nil for a header with anything else that ustar can't hold.
    package static func encodeWithLongName(_ header: TarHeader) -> [UInt8]? {
        let path = Array(header.path.utf8) + (header.kind == .directory ? [slash] : [])
        var plain = header
        plain.path = "-"
        guard encode(plain).count == blockSize else { return nil }
        var bytes: [UInt8] = []
        let fitting = split(path, isASCII: false)
        if fitting == nil {
            let size = Int64(path.count + 1)
            bytes += block(name: longName, type: UInt8(ascii: "L"), mode: 0o644, size: size)
            bytes += path + [0] + padding(after: size)
        }
        let (prefix, name) = fitting ?? ([], Array(path.prefix(100)))
        return bytes
            + block(
                name: name,
                prefix: prefix,
                type: type(of: header.kind),
                mode: header.mode,
                uid: header.uid,
                gid: header.gid,
                size: header.size,
                modified: header.modified,
                linkName: Array(header.linkName.utf8),
                device: device(of: header.kind)
            )
    }

    /// Whether both functions make the same of an entry's name.
    package static func isPlain(_ path: String) -> Bool { split(Array(path.utf8)) != nil }

    /// The zeros between a content and the next block.
    package static func padding(after size: Int64) -> [UInt8] {
        let rest = Int(size % Int64(blockSize))
        return [UInt8](repeating: 0, count: rest == 0 ? 0 : blockSize - rest)
    }

    private static let slash = UInt8(ascii: "/")
    private static let paxName = Array("PaxHeaders/entry".utf8)
    private static let longName = Array("././@LongLink".utf8)
    /// What eleven octal digits hold.
    private static let largestSize: Int64 = 0o777_7777_7777
    /// What seven octal digits hold.
    private static let largestID: UInt32 = 0o777_7777

    // ustar splits a long path at a slash: at most 155 bytes before, at most 100 behind. The last slash that fits is
    // taken, as by GNU tar and Go.
    private static func split(_ path: [UInt8], isASCII: Bool = true) -> (prefix: [UInt8], name: [UInt8])? {
        guard !isASCII || path.allSatisfy({ $0 < 0x80 }) else { return nil }
        if path.count <= 100 { return ([], path) }
        let end = min(path.count - 1, 156)
        guard let place = path[..<end].lastIndex(of: slash), place > 0 else { return nil }
        let name = Array(path[(place + 1)...])
        guard !name.isEmpty, name.count <= 100 else { return nil }
        return (Array(path[..<place]), name)
    }

    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let body = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        // The length counts its own digits, so it may take two tries.
        var length = body.count + 1
        while decimal(Int64(length)).count + body.count != length { length = decimal(Int64(length)).count + body.count }
        return decimal(Int64(length)) + body
    }

    private static func decimal(_ value: Int64) -> [UInt8] { Array(String(value).utf8) }

    private static func type(of kind: TarHeader.Kind) -> UInt8 {
        switch kind {
        case .file: UInt8(ascii: "0")
        case .hardLink: UInt8(ascii: "1")
        case .symbolicLink: UInt8(ascii: "2")
        case .characterDevice: UInt8(ascii: "3")
        case .blockDevice: UInt8(ascii: "4")
        case .directory: UInt8(ascii: "5")
        case .pipe: UInt8(ascii: "6")
        }
    }

    private static func device(of kind: TarHeader.Kind) -> (UInt32, UInt32) {
        switch kind {
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor): (major, minor)
        case .file, .directory, .symbolicLink, .hardLink, .pipe: (0, 0)
        }
    }

    private static func block(
        name: [UInt8],
        prefix: [UInt8] = [],
        type: UInt8,
        mode: UInt16,
        uid: UInt32 = 0,
        gid: UInt32 = 0,
        size: Int64 = 0,
        modified: Int64 = 0,
        linkName: [UInt8] = [],
        device: (UInt32, UInt32) = (0, 0)
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ bytes: [UInt8], at place: Int) { block.replaceSubrange(place..<place + bytes.count, with: bytes) }
        put(name, at: 0)
        put(octal(UInt64(mode & 0o7777), digits: 7), at: 100)
        put(octal(UInt64(uid), digits: 7), at: 108)
        put(octal(UInt64(gid), digits: 7), at: 116)
        put(octal(UInt64(size), digits: 11), at: 124)
        put(octal(UInt64(modified), digits: 11), at: 136)
        put(Array("        ".utf8), at: 148)
        block[156] = type
        put(linkName, at: 157)
        put(Array("ustar".utf8) + [0, UInt8(ascii: "0"), UInt8(ascii: "0")], at: 257)
        put(octal(UInt64(min(device.0, largestID)), digits: 7), at: 329)
        put(octal(UInt64(min(device.1, largestID)), digits: 7), at: 337)
        put(prefix, at: 345)
        let sum = block.reduce(UInt64(0)) { $0 + UInt64($1) }
        put(octal(sum, digits: 6) + [0, UInt8(ascii: " ")], at: 148)
        return block
    }

    private static func octal(_ value: UInt64, digits: Int) -> [UInt8] {
        (0..<digits).reversed().map { UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value >> (3 * UInt64($0)) & 7) }
    }
}
