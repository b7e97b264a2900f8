/// The bytes of one ELF file, read at offsets that come from the file itself: nothing here traps on them.
struct ByteView {
    let bytes: UnsafeRawBufferPointer
    let elfClass: ELFFile.Class
    let endianness: ELFFile.Endianness

    var size: UInt64 { UInt64(bytes.count) }

    /// Bytes of an address, an offset or a native word.
    var wordSize: UInt64 { elfClass == .elf64 ? 8 : 4 }

    /// The bytes of a structure, which must lie in the file.
    func range(_ what: @autoclosure () -> String, at offset: UInt64, size: UInt64) throws(ELFError) -> Range<Int> {
        let (end, overflow) = offset.addingReportingOverflow(size)
        guard !overflow, end <= self.size, let lower = Int(exactly: offset), let upper = Int(exactly: end) else {
            throw .truncated(what: what(), offset: offset, size: size, fileSize: self.size)
        }
        return lower..<upper
    }

    /// An unsigned number of a whole number of bytes, in the file's byte order.
    func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type,
        _ what: @autoclosure () -> String,
        at offset: UInt64
    ) throws(ELFError) -> Value {
        let place = try range(what(), at: offset, size: UInt64(MemoryLayout<Value>.size))
        let value = bytes.loadUnaligned(fromByteOffset: place.lowerBound, as: Value.self)
        return endianness == .little ? Value(littleEndian: value) : Value(bigEndian: value)
    }

    /// An address, an offset or a native word: 4 or 8 bytes, as the class says.
    func word(_ what: @autoclosure () -> String, at offset: UInt64) throws(ELFError) -> UInt64 {
        elfClass == .elf64
            ? try integer(UInt64.self, what(), at: offset) : UInt64(try integer(UInt32.self, what(), at: offset))
    }

    /// The text from an offset to the next NUL, which must stand before the end of the region and within the limit.
    ///
    /// Bytes that are not UTF-8 come out as U+FFFD.
    func string(
        _ what: @autoclosure () -> String,
        at offset: UInt64,
        in region: Range<Int>,
        limit: UInt64
    ) throws(ELFError) -> String {
        guard let start = Int(exactly: offset), region.contains(start) else {
            throw .invalid(
                what: what(),
                offset: offset,
                found: "outside its string table",
                expected: "an offset from \(region.lowerBound) to before \(region.upperBound)"
            )
        }
        let rest = bytes[start..<region.upperBound]
        guard let end = rest.prefix(Int(limit) + 1).firstIndex(of: 0) else {
            guard UInt64(rest.count) > limit else {
                throw .invalid(what: what(), offset: offset, found: "not ended", expected: "a NUL byte at its end")
            }
            throw .tooMany(what: "the length of \(what())", offset: offset, found: UInt64(rest.count), limit: limit)
        }
        return String(decoding: rest[start..<end], as: UTF8.self)
    }
}
