/// The section `.ARM.attributes`, read as far as the two attributes that tell platforms apart.
struct ARMAttributes {
    private(set) var architecture: String?
    private(set) var passesFloatsInRegisters: Bool?

    private enum Tag {
        static let file: UInt64 = 1
        static let rawName: UInt64 = 4
        static let name: UInt64 = 5
        static let architecture: UInt64 = 6
        static let floatArguments: UInt64 = 28
        static let compatibility: UInt64 = 32
    }

    /// Reads the section's bytes; what is damaged is left out.
    init(_ bytes: Slice<UnsafeRawBufferPointer>, _ endianness: ELFFile.Endianness) {
        var cursor = Cursor(bytes: bytes, endianness: endianness)
        guard cursor.byte() == UInt8(ascii: "A") else { return }
        while let length = cursor.length(), let start = cursor.start(ofBlock: length, headerSize: 4) {
            var vendor = cursor.block(from: start, to: cursor.position)
            if vendor.text() == "aeabi" { readSubsections(&vendor) }
        }
    }

    private mutating func readSubsections(_ cursor: inout Cursor) {
        while let tag = cursor.number() {
            guard let length = cursor.length() else { return }
            guard let start = cursor.start(ofBlock: length, headerSize: 5) else { return }
            var attributes = cursor.block(from: start, to: cursor.position)
            if tag == Tag.file { readAttributes(&attributes) }
        }
    }

    private mutating func readAttributes(_ cursor: inout Cursor) {
        while let tag = cursor.number() {
            switch tag {
            case Tag.rawName, Tag.name:
                guard cursor.text() != nil else { return }
            case Tag.compatibility:
                guard cursor.number() != nil, cursor.text() != nil else { return }
            case Tag.architecture:
                guard let value = cursor.number() else { return }
                architecture = Self.architecture(value)
            case Tag.floatArguments:
                guard let value = cursor.number() else { return }
                // 0: base (general registers), 1: floating-point registers, 2: the compiler's own, 3: no such call.
                passesFloatsInRegisters = value == 1 ? true : value == 0 ? false : nil
            case 33...:
                // From 32 on, the lowest bit tells: odd tags hold text, even ones numbers.
                guard tag.isMultiple(of: 2) ? cursor.number() != nil : cursor.text() != nil else { return }
            default:
                guard cursor.number() != nil else { return }
            }
        }
    }

    /// The architecture of a value of Tag_CPU_arch.
    private static func architecture(_ value: UInt64) -> String? {
        switch value {
        case 1, 2: "v4"
        case 3, 4, 5: "v5"
        case 6, 7, 8, 9, 11, 12: "v6"
        case 10, 13: "v7"
        case 14...21: "v8"
        case 22: "v9"
        default: nil
        }
    }

    private struct Cursor {
        let bytes: Slice<UnsafeRawBufferPointer>
        let endianness: ELFFile.Endianness
        var position: Int

        init(bytes: Slice<UnsafeRawBufferPointer>, endianness: ELFFile.Endianness) {
            self.bytes = bytes
            self.endianness = endianness
            position = bytes.startIndex
        }

        mutating func byte() -> UInt8? {
            guard position < bytes.endIndex else { return nil }
            defer { position += 1 }
            return bytes[position]
        }

        mutating func length() -> Int? {
            guard bytes.endIndex - position >= 4 else { return nil }
            defer { position += 4 }
            let digits = bytes[position..<(position + 4)]
            return (endianness == .little ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
        }

        /// ULEB128, as far as it fits 63 bits.
        mutating func number() -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: 0, to: 63, by: 7) {
                guard let next = byte() else { return nil }
                value |= UInt64(next & 0x7F) << UInt64(shift)
                if next < 0x80 { return value }
            }
            return nil
        }

        mutating func text() -> String? {
            guard let end = bytes[position...].firstIndex(of: 0) else { return nil }
            defer { position = end + 1 }
            return String(decoding: bytes[position..<end], as: UTF8.self)
        }

        /// Steps over a block whose length, just read, counts its header, and returns where its contents start.
        mutating func start(ofBlock length: Int, headerSize: Int) -> Int? {
            guard length >= headerSize, length - headerSize <= bytes.endIndex - position else { return nil }
            defer { position += length - headerSize }
            return position
        }

        func block(from start: Int, to end: Int) -> Cursor {
            Cursor(bytes: bytes[start..<end], endianness: endianness)
        }
    }
}
