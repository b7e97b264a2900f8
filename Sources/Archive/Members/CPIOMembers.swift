/// The members of a cpio archive in the "new" form, with or without checksums (cpio(5)).
struct CPIOMembers {
    static let magics = [Array("070701".utf8), Array("070702".utf8)]

    private static let headerSize = 110
    private static let longestName = 4096
    private static let endName = Array("TRAILER!!!".utf8)

    private let stream: UnpackedStream
    private let budget: WorkBudget
    // Names of files with several, whose content comes with the last of them.
    private var waiting: [Identity: [ArchiveMember]] = [:]

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt32
    }

    private struct Header {
        let identity: Identity
        let mode: UInt32
        let links: UInt32
        let size: UInt32
        let name: [UInt8]
    }

    init(_ stream: UnpackedStream, budget: WorkBudget) {
        self.stream = stream
        self.budget = budget
    }

    mutating func read(_ body: (ArchiveEvent) throws -> Void) throws {
        while let header = try header() {
            let member = ArchiveMember(
                path: header.name,
                kind: Self.kind(header.mode),
                mode: UInt16(truncatingIfNeeded: header.mode & 0o7777)
            )
            let isShared = member.kind == .file && header.links > 1
            if isShared, header.size == 0 {
                try budget.take(Int64(header.name.count) + 64, .memory)
                waiting[header.identity, default: []].append(member)
                continue
            }
            try body(.member(member))
            try stream.pass(Int64(header.size)) { if member.kind == .file { try body(.content($0)) } }
            try skip(Int64(header.size))
            try body(.end)
            if isShared { try link(waiting.removeValue(forKey: header.identity) ?? [], to: header.name, body) }
        }
        // Names whose content never came are those of empty files.
        for member in waiting.values.joined().sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
            try body(.member(member))
            try body(.end)
        }
    }

    private func link(_ names: [ArchiveMember], to target: [UInt8], _ body: (ArchiveEvent) throws -> Void) throws {
        for name in names {
            try body(.member(ArchiveMember(path: name.path, kind: .hardLink, mode: name.mode, linkName: target)))
            try body(.end)
        }
    }

    // nil at the archive's end.
    private func header() throws -> Header? {
        let start = stream.offset
        let bytes = try stream.bytes(Self.headerSize)
        guard Self.magics.contains(Array(bytes[..<6])) else {
            // Files of 4 GiB and more have headers that point into the package's own.
            let isLarge = bytes.starts(with: "07070X".utf8)
            let reason: ArchiveError.Reason =
                isLarge
                ? .unsupported("a package with files of 4 GiB")
                : .malformed("there is no cpio header")
            throw ArchiveError(reason, .rpm, at: start)
        }
        let numbers = try (0..<13).map { try Self.hexadecimal(bytes[(6 + 8 * $0)..<(14 + 8 * $0)], at: start) }
        let length = Int(numbers[11])
        guard length > 0, length <= Self.longestName else {
            throw ArchiveError(.malformed("a name has \(length) bytes"), .rpm, at: start)
        }
        let name = try stream.bytes(length)
        try skip(Int64(Self.headerSize + length))
        guard name.last == 0, !name.dropLast().contains(0) else {
            throw ArchiveError(.malformed("a name has a NUL byte"), .rpm, at: start)
        }
        let path = Array(name.dropLast())
        guard path != Self.endName else { return nil }
        return Header(
            identity: Identity(device: UInt64(numbers[7]) << 32 | UInt64(numbers[8]), inode: numbers[0]),
            mode: numbers[1],
            links: numbers[4],
            size: numbers[6],
            name: path
        )
    }

    // What comes next begins at a multiple of four.
    private func skip(_ count: Int64) throws {
        try stream.pass((4 - count % 4) % 4) { _ in }
    }

    private static func kind(_ mode: UInt32) -> TarEntry.Kind {
        UnixKind.kind(mode) ?? .other(0)
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>, at offset: Int64) throws(ArchiveError) -> UInt32 {
        var value: UInt32 = 0
        for digit in digits {
            guard let number = Character(UnicodeScalar(digit)).hexDigitValue else {
                throw ArchiveError(.malformed("a number isn't hexadecimal"), .rpm, at: offset)
            }
            value = value << 4 | UInt32(number)
        }
        return value
    }
}

/// The kind of a file in the upper bits of its mode (POSIX, `sys/stat.h`).
enum UnixKind {
    static func kind(_ mode: UInt32) -> TarEntry.Kind? {
        switch mode & 0o170000 {
        case 0o100000: .file
        case 0o040000: .directory
        case 0o120000: .symbolicLink
        case 0o020000: .characterDevice
        case 0o060000: .blockDevice
        case 0o010000: .pipe
        default: nil
        }
    }
}
