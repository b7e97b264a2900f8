/// RPM packages (rpm's manual, "Package format"): a lead, two headers, and a payload.
enum RPMPackage {
    static let magic: [UInt8] = [0xED, 0xAB, 0xEE, 0xDB]

    private static let leadSize = 96
    private static let headerMagic: UInt32 = 0x8EAD_E801
    /// What rpm itself allows: 256 MiB of data, 65,535 entries.
    private static let largestData: UInt32 = 256 << 20
    private static let largestCount: UInt32 = 65_535

    /// The compressed cpio archive.
    static func payload(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> UnsafeRawBufferPointer {
        let fields = ByteFields(bytes: bytes, format: .rpm)
        let signature = try headerSize(fields, at: leadSize)
        // The signature is padded, the header that follows isn't.
        let header = leadSize + (signature + 7) / 8 * 8
        let start = header + (try headerSize(fields, at: header))
        let payload = try fields.part(at: start, count: max(0, bytes.count - start))
        guard Compression(detectingInArchive: payload) != .none || CPIOHeader.isOne(payload) else {
            throw ArchiveError(.unsupported("its payload's compression"), .rpm, at: start)
        }
        return payload
    }

    private static func headerSize(_ fields: ByteFields, at offset: Int) throws(ArchiveError) -> Int {
        guard try fields.number(UInt32.self, at: offset, isBig: true) == headerMagic else {
            throw ArchiveError(.malformed("there is no header"), .rpm, at: offset)
        }
        let count = try fields.number(UInt32.self, at: offset + 8, isBig: true)
        let size = try fields.number(UInt32.self, at: offset + 12, isBig: true)
        guard count <= largestCount, size <= largestData else {
            throw ArchiveError(.malformed("a header is larger than rpm allows"), .rpm, at: offset)
        }
        let whole = 16 + 16 * Int(count) + Int(size)
        _ = try fields.part(at: offset, count: whole)
        return whole
    }
}
