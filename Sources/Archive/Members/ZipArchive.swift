/// Zip files (PKWARE's APPNOTE.TXT 6.3.10), read as their directory has them.
///
/// A member whose own header says something else than the directory can be read in two ways, and isn't. What stands before
/// the first member, such as the program of a self-extracting file, may or may not be counted in the offsets.
struct ZipArchive {
    static let endSize = 22
    private static let localSize = 30

    private let fields: ByteFields
    private let directory: UnsafeRawBufferPointer
    private let start: Int
    /// What is added to all offsets.
    private let shift: Int
    private let count: UInt64

    /// Finds the directory, which stands at the end.
    init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        fields = ByteFields(bytes: bytes, format: .zip)
        let end = try Self.end(fields)
        var count = UInt64(try fields.number(UInt16.self, at: end + 10))
        var size = UInt64(try fields.number(UInt32.self, at: end + 12))
        var offset = UInt64(try fields.number(UInt32.self, at: end + 16))
        var directoryEnd = end
        if let large = try Self.largeEnd(fields, before: end) {
            directoryEnd = large
            count = try fields.number(UInt64.self, at: large + 32)
            size = try fields.number(UInt64.self, at: large + 40)
            offset = try fields.number(UInt64.self, at: large + 48)
        }
        guard let offset = Int(exactly: offset), let size = Int(exactly: size), offset <= end else {
            throw ArchiveError(.malformed("its directory lies outside of it"), .zip, at: end)
        }
        shift = try Self.shift(fields, offset, size, end: directoryEnd)
        start = offset + shift
        directory = try fields.part(at: start, count: size)
        self.count = count
    }

    // Readers differ where a directory stands at both places.
    private static func shift(_ fields: ByteFields, _ offset: Int, _ size: Int, end: Int) throws(ArchiveError) -> Int {
        let shift = end - size - offset
        guard size > 0, size <= end, shift > 0, isEntry(fields, at: offset + shift) else { return 0 }
        guard !isEntry(fields, at: offset) else { throw ArchiveError(.twoReadings, .zip, at: offset) }
        return shift
    }

    private static func isEntry(_ fields: ByteFields, at offset: Int) -> Bool {
        (try? fields.number(UInt32.self, at: offset)) == ZipEntry.signature
    }

    /// Hands out all members in the directory's order.
    func read(budget: WorkBudget, _ body: (ArchiveEvent) throws -> Void) throws {
        var offset = 0
        var found: UInt64 = 0
        var packed: Int64 = 0
        while offset < directory.count {
            let entry = try ZipEntry(ByteFields(bytes: directory, format: .zip), at: offset, from: start)
            offset += entry.length
            found += 1
            packed += entry.packedSize
            guard packed <= Int64(fields.bytes.count) else { throw ArchiveError(.overlap, .zip, at: start + offset) }
            try body(.member(entry.member))
            do {
                guard !entry.hasTwoNames else {
                    throw ArchiveError(
                        .unsupported("a name with backslashes, which divide it to some readers alone,"),
                        .zip,
                        at: entry.localOffset
                    )
                }
                if entry.member.kind == .file { try unpack(entry, budget: budget, body) }
                try body(.end)
            } catch let error as ArchiveError {
                try body(.failed(error))
            } catch let error as CompressionError {
                try body(.failed(ArchiveError(.malformed("\(error)"), .zip, at: entry.localOffset)))
            }
        }
        guard found == count else {
            throw ArchiveError(.malformed("its directory has \(found) members, its end says \(count)"), .zip, at: start)
        }
    }

    private func unpack(_ entry: ZipEntry, budget: WorkBudget, _ body: (ArchiveEvent) throws -> Void) throws {
        guard !entry.isEncrypted else { throw ArchiveError(.encrypted, .zip, at: entry.localOffset) }
        var input = try content(entry)
        let decoder = try ZipMethod.decoder(entry)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
        defer { output.deallocate() }
        var check = CRC32()
        var size: Int64 = 0
        while true {
            let before = input.count
            let written: Int
            do throws(CompressionError.Reason) {
                written = try decoder.decode(&input, into: output)
            } catch {
                throw ArchiveError(.malformed(error.explanation), .zip, at: entry.localOffset)
            }
            guard written > 0 || input.count < before else { break }
            size += Int64(written)
            guard size <= entry.size else { break }
            try budget.take(Int64(written), .bytes)
            let piece = UnsafeRawBufferPointer(rebasing: output[..<written])
            check.update(piece)
            if written > 0 { try body(.content(piece)) }
        }
        guard decoder.isComplete, input.isEmpty, size == entry.size, check.value == entry.check else {
            throw ArchiveError(.otherContent, .zip, at: entry.localOffset)
        }
    }

    // The packed bytes, behind the member's own header.
    private func content(_ entry: ZipEntry) throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard let offset = Int(exactly: entry.localOffset).map({ $0.addingReportingOverflow(shift) }),
            !offset.overflow, case let offset = offset.partialValue,
            try fields.number(UInt32.self, at: offset) == ZipEntry.localSignature
        else { throw ArchiveError(.twoReadings, .zip, at: entry.localOffset) }
        let method = try fields.number(UInt16.self, at: offset + 8)
        let nameLength = Int(try fields.number(UInt16.self, at: offset + 26))
        let extraLength = Int(try fields.number(UInt16.self, at: offset + 28))
        let name = try fields.part(at: offset + Self.localSize, count: nameLength)
        guard method == entry.method, name.elementsEqual(entry.member.path), let size = Int(exactly: entry.packedSize)
        else { throw ArchiveError(.twoReadings, .zip, at: entry.localOffset) }
        return try fields.part(at: offset + Self.localSize + nameLength + extraLength, count: size)
    }

    // The end's record is the last thing but for a comment, whose length it has, and what was appended, which readers pass
    // over where there is one such record alone.
    private static func end(_ fields: ByteFields) throws(ArchiveError) -> Int {
        let size = fields.bytes.count
        let first = max(0, size - endSize - Int(UInt16.max))
        var others: [Int] = []
        for offset in stride(from: size - endSize, through: first, by: -1)
        where try fields.number(UInt32.self, at: offset) == 0x0605_4B50 {
            let comment = Int(try fields.number(UInt16.self, at: offset + 20))
            if offset + endSize + comment == size { return offset }
            if offset + endSize + comment < size { others.append(offset) }
        }
        guard let end = others.first else { throw ArchiveError(.truncated, .zip, at: size) }
        guard others.count == 1 else { throw ArchiveError(.twoReadings, .zip, at: end) }
        return end
    }

    private static func largeEnd(_ fields: ByteFields, before end: Int) throws(ArchiveError) -> Int? {
        let locator = end - 20
        guard locator >= 0, try fields.number(UInt32.self, at: locator) == 0x0706_4B50 else { return nil }
        let place = try fields.number(UInt64.self, at: locator + 8)
        // Its own size, without what an extension adds, where something stands before the first member.
        let behind = locator - 56
        let places = Set([behind, Int(exactly: place)].compactMap(\.self)).filter { offset in
            offset <= locator && (try? fields.number(UInt32.self, at: offset)) == 0x0606_4B50
        }
        guard let offset = places.first else {
            throw ArchiveError(.malformed("its Zip64 end isn't where it should be"), .zip, at: locator)
        }
        guard places.count == 1 else { throw ArchiveError(.twoReadings, .zip, at: locator) }
        return offset
    }
}
