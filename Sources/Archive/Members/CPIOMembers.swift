/// The members of a cpio archive in the portable form or the new one, with or without checksums (cpio(5)).
struct CPIOMembers {
    private static let longestName = 4096
    private static let endName = Array("TRAILER!!!".utf8)

    private let stream: UnpackedStream
    /// What it is in, for errors.
    private let format: ArchiveFormat
    private let budget: WorkBudget
    // Names of files with several, whose content comes with the last of them.
    private var waiting: [CPIOHeader.Identity: [ArchiveMember]] = [:]

    init(_ stream: UnpackedStream, in format: ArchiveFormat, _ budget: WorkBudget) {
        self.stream = stream
        self.format = format
        self.budget = budget
    }

    mutating func read(_ body: (ArchiveEvent) throws -> Void) throws {
        while let header = try header() {
            let member = ArchiveMember(
                path: header.name,
                kind: UnixKind.kind(header.mode) ?? .other(0),
                mode: UInt16(truncatingIfNeeded: header.mode & 0o7777)
            )
            let isShared = member.kind == .file && header.links > 1
            if isShared, header.size == 0 {
                try budget.take(Int64(header.name.count) + 64, .memory)
                waiting[header.identity, default: []].append(member)
                continue
            }
            try body(.member(member))
            try stream.pass(header.size) { if member.kind == .file { try body(.content($0)) } }
            try skip(header.size, header.form)
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
    private func header() throws -> CPIOHeader? {
        let start = stream.offset
        let magic = try stream.bytes(CPIOHeader.magicSize)
        guard let form = CPIOHeader.Form(magic) else {
            // Files of 4 GiB and more have headers that point into the package's own.
            let isLarge = magic == Array("07070X".utf8)
            let reason: ArchiveError.Reason =
                isLarge
                ? .unsupported("a package with files of 4 GiB")
                : .malformed("there is no cpio header")
            throw ArchiveError(reason, format, at: start)
        }
        guard var header = CPIOHeader(try stream.bytes(form.size - CPIOHeader.magicSize), form) else {
            throw ArchiveError(.malformed(form.words), format, at: start)
        }
        let length = header.nameLength
        guard length > 0, length <= Self.longestName else {
            throw ArchiveError(.malformed("a name has \(length) bytes"), format, at: start)
        }
        let name = try stream.bytes(length)
        try skip(Int64(form.size + length), form)
        guard name.last == 0, !name.dropLast().contains(0) else {
            throw ArchiveError(.malformed("a name has a NUL byte"), format, at: start)
        }
        header.name = Array(name.dropLast())
        return header.name == Self.endName ? nil : header
    }

    // What comes next begins at a multiple of four in the new forms.
    private func skip(_ count: Int64, _ form: CPIOHeader.Form) throws {
        guard form == .new else { return }
        try stream.pass((4 - count % 4) % 4) { _ in }
    }
}
