/// Numbers at offsets that come from the file itself.
struct ForeignReader {
    let bytes: UnsafeRawBufferPointer
    /// Where it starts in the whole file.
    let base: Int

    init(_ bytes: UnsafeRawBufferPointer, base: Int = 0) {
        self.bytes = bytes
        self.base = base
    }

    /// A number; nil where the file is shorter.
    func number<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type,
        at offset: UInt64,
        isBig: Bool = false
    ) -> Value? {
        let (end, isOver) = offset.addingReportingOverflow(UInt64(MemoryLayout<Value>.size))
        guard !isOver, end <= UInt64(bytes.count), let start = Int(exactly: offset) else { return nil }
        let value = bytes.loadUnaligned(fromByteOffset: start, as: Value.self)
        return isBig ? Value(bigEndian: value) : Value(littleEndian: value)
    }

    /// A part; nil where the file is shorter.
    func part(at offset: UInt64, size: UInt64) -> ForeignReader? {
        let (end, isOver) = offset.addingReportingOverflow(size)
        guard !isOver, end <= UInt64(bytes.count), let start = Int(exactly: offset), let end = Int(exactly: end) else {
            return nil
        }
        return ForeignReader(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), base: base + start)
    }

    /// A part of the whole file that has bytes; nil where the file is shorter.
    func fileRange(at offset: UInt64, size: UInt64) -> Range<Int>? {
        guard size > 0, let part = part(at: offset, size: size) else { return nil }
        return part.base..<(part.base + part.bytes.count)
    }

    /// A name in a field of fixed size, up to the first NUL.
    func name(at offset: UInt64, size: UInt64) -> String? {
        part(at: offset, size: size).map { String(decoding: $0.bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
