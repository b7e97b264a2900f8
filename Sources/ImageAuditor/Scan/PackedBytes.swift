import ContentAddress

/// Numbers and byte strings, one behind the other: small numbers take one byte, and strings stand behind their count.
struct PackedWriter {
    private(set) var bytes: [UInt8] = []

    /// A number, in groups of seven bits, the lowest first; the lowest bit of all is the sign.
    mutating func add(_ number: Int64) {
        var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func add(_ string: [UInt8]) {
        add(Int64(string.count))
        bytes.append(contentsOf: string)
    }

    mutating func add(_ digest: Digest) { bytes.append(contentsOf: digest.bytes) }
}

/// Reads what a ``PackedWriter`` wrote.
struct PackedReader {
    /// The bytes aren't what was to be read.
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func number() throws(Malformed) -> Int64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < bytes.count else { throw Malformed() }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            guard byte >= 0x80 else { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
        }
        throw Malformed()
    }

    /// A number of another type.
    mutating func number<Value: FixedWidthInteger>(_ type: Value.Type) throws(Malformed) -> Value {
        guard let value = Value(exactly: try number()) else { throw Malformed() }
        return value
    }

    mutating func string() throws(Malformed) -> [UInt8] { Array(try take(try number(Int.self))) }

    mutating func digest() throws(Malformed) -> Digest {
        guard let digest = try? Digest(bytes: try take(Digest.byteCount)) else { throw Malformed() }
        return digest
    }

    private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else { throw Malformed() }
        position += count
        return bytes[(position - count)..<position]
    }
}
