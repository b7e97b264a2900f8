/// Numbers and parts at offsets that come from the archive itself.
struct ByteFields {
    let bytes: UnsafeRawBufferPointer
    let format: ArchiveFormat

    /// A number; throws where the archive is shorter.
    func number<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type,
        at offset: Int,
        isBig: Bool = false
    ) throws(ArchiveError) -> Value {
        let field = try part(at: offset, count: MemoryLayout<Value>.size)
        let value = field.loadUnaligned(as: Value.self)
        return isBig ? Value(bigEndian: value) : Value(littleEndian: value)
    }

    /// A part; throws where the archive is shorter.
    func part(at offset: Int, count: Int) throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard offset >= 0, count >= 0, count <= bytes.count, offset <= bytes.count - count else {
            throw ArchiveError(.truncated, format, at: offset)
        }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }
}
