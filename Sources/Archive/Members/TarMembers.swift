/// The members of a tar archive that a stream unpacks to.
enum TarMembers {
    static func read(
        _ stream: UnpackedStream,
        budget: WorkBudget,
        _ body: (ArchiveEvent) throws -> Void
    ) throws {
        var reader = TarReader()
        while try stream.refill() {
            try stream.use { piece in
                while let event = try reader.next(&piece) { try pass(event, budget: budget, body) }
                try reader.count(in: budget)
            }
            // What follows the archive's end belongs to nobody, but a stream that was cut off or changed must be seen.
            if reader.isAtEnd { return try stream.passRest() }
        }
        try reader.finish()
        // Go takes an archive without its end for a whole one; a release that lost its last files mustn't be.
        throw ArchiveError(.truncated, .tar, at: reader.offset)
    }

    /// A compressed file that isn't an archive: one member, called like the file without the compression's ending.
    static func readSingle(
        _ stream: UnpackedStream,
        name: [UInt8],
        _ body: (ArchiveEvent) throws -> Void
    ) throws {
        try body(.member(ArchiveMember(path: plain(name), kind: .file, mode: 0o644)))
        while try stream.refill() { try stream.pass(Int64(stream.piece.count)) { try body(.content($0)) } }
        try body(.end)
    }

    private static func pass(_ event: TarEvent, budget: WorkBudget, _ body: (ArchiveEvent) throws -> Void) throws {
        switch event {
        case .entry(let entry):
            let member = ArchiveMember(
                path: entry.path,
                kind: entry.kind,
                mode: UInt16(truncatingIfNeeded: entry.mode & 0o7777),
                linkName: entry.linkName
            )
            try body(.member(member))
        case .content(let piece): try body(.content(piece))
        case .hole(let count):
            try budget.take(count, .bytes)
            var rest = count
            try zeros.withUnsafeBytes { bytes in
                while rest > 0 {
                    let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(min(rest, Int64(bytes.count)))))
                    try body(.content(piece))
                    rest -= Int64(piece.count)
                }
            }
        case .endOfEntry: try body(.end)
        case .globalHeader, .endOfArchive: break
        }
    }

    private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

    private static func plain(_ name: [UInt8]) -> [UInt8] {
        let endings = [".gz", ".xz", ".zst", ".bz2", ".lzma"].map { Array($0.utf8) }
        guard let ending = endings.first(where: { name.count > $0.count && name.suffix($0.count) == $0[...] }) else {
            return name
        }
        return name.dropLast(ending.count)
    }
}
