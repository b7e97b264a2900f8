/// Reads the files of an archive that is in memory: what it packs is handed on in pieces and never held.
package enum ArchiveReader {
    /// Hands out all members in the archive's order.
    ///
    /// `name` is the archive's own file name, which a compressed file without an archive in it is called after. Throws
    /// ``ArchiveError``, ``TarError`` or ``CompressionError`` for one that is damaged, ``WorkBudget/Spent`` for one that
    /// costs more than it may, and what `body` throws; members that came before are as they were handed out.
    package static func read(
        _ bytes: UnsafeRawBufferPointer,
        as format: ArchiveFormat,
        name: [UInt8],
        budget: WorkBudget,
        _ body: (ArchiveEvent) throws -> Void
    ) throws {
        budget.earn(Int64(bytes.count))
        let metered: (ArchiveEvent) throws -> Void = { event in
            if case .member(let member) = event {
                try budget.take(stepsPerMember, .steps)
                try budget.take(Int64(member.path.count), .memory)
            }
            try body(event)
        }
        switch format {
        case .tar:
            let stream = try UnpackedStream(bytes, in: format, budget: budget)
            _ = try stream.fill(atLeast: ArchiveFormat.emptyTarLength)
            if ArchiveFormat.isTar(stream.piece) || ArchiveFormat.isEmptyTar(stream.piece, named: name) {
                try TarMembers.read(stream, budget: budget, metered)
            } else if CPIOHeader.isOne(stream.piece) {
                try readCPIO(stream, budget: budget, metered)
            } else {
                try TarMembers.readSingle(stream, name: name, metered)
            }
        case .zip: try ZipArchive(bytes).read(budget: budget, metered)
        case .deb:
            let data = try ArArchive.debianData(bytes)
            let stream = try UnpackedStream(data, in: format, budget: budget)
            guard try stream.fill(atLeast: TarHeaderBlock.size) else {
                throw ArchiveError(.truncated, format, at: bytes.count)
            }
            try TarMembers.read(stream, budget: budget, metered)
        case .rpm:
            let payload = try RPMPackage.payload(bytes)
            var members = CPIOMembers(try UnpackedStream(payload, in: format, budget: budget), in: format, budget)
            try members.read(metered)
        case .cpio: try readCPIO(UnpackedStream(bytes, in: format, budget: budget), budget: budget, metered)
        }
    }

    private static func readCPIO(
        _ stream: UnpackedStream,
        budget: WorkBudget,
        _ body: (ArchiveEvent) throws -> Void
    ) throws {
        var members = CPIOMembers(stream, in: .cpio, budget)
        try members.read(body)
        // The kernel reads on behind the end of the first, cpio doesn't.
        while try stream.refill() {
            guard stream.piece.allSatisfy({ $0 == 0 }) else {
                throw ArchiveError(.unsupported("what follows the archive's end"), .cpio, at: stream.offset)
            }
            try stream.pass(Int64(stream.piece.count)) { _ in }
        }
    }

    /// A member costs about this many steps of a tree of files: its header, and what is remembered of it.
    private static let stepsPerMember: Int64 = 8
}
