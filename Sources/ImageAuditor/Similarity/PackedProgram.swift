/// A program that UPX has packed, and what its header says of the one inside.
struct PackedProgram: Codable, Sendable, Hashable {
    /// The unpacked file's size in bytes.
    let size: Int64

    /// Nil for a program that isn't packed.
    ///
    /// UPX puts `l_info` (a checksum, "UPX!", …) behind the program headers and `p_info` (program, file size, block
    /// size) behind that, in the byte order of the program (UPX, src/stub/src/include/linux.h).
    init?(_ bytes: UnsafeRawBufferPointer) {
        let mark = Array("UPX!".utf8)
        let head = bytes.prefix(4096)
        let place = head.indices.dropLast(mark.count - 1).first { position in
            head[position..<(position + mark.count)].elementsEqual(mark)
        }
        guard let place else { return nil }
        let isLittleEndian = bytes.count > 5 && bytes[5] == 1
        let sizePlace = place + 12
        guard sizePlace + 4 <= bytes.count else { return nil }
        let size = bytes.loadUnaligned(fromByteOffset: sizePlace, as: UInt32.self)
        self.size = Int64(isLittleEndian ? UInt32(littleEndian: size) : UInt32(bigEndian: size))
    }
}
