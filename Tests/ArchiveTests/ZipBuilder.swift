import Archive

/// Writes zip files whose members are stored, also such as nobody else writes.
struct ZipBuilder {
    private var content: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0
    private var last: [UInt8] = []

    mutating func add(
        _ name: String,
        _ text: String,
        method: UInt16 = 0,
        flags: UInt16 = 0,
        check: UInt32? = nil,
        size: UInt32? = nil
    ) {
        let bytes = Array(text.utf8)
        var sum = CRC32()
        bytes.withUnsafeBytes { sum.update($0) }
        let common =
            Self.little(UInt16(20)) + Self.little(flags) + Self.little(method) + Self.little(UInt32(0))
            + Self.little(check ?? sum.value) + Self.little(UInt32(bytes.count))
            + Self.little(size ?? UInt32(bytes.count)) + Self.little(UInt16(name.utf8.count)) + Self.little(UInt16(0))
        last =
            common + Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt32(0))
            + Self.little(UInt32(content.count))
        content += Self.little(UInt32(0x0403_4B50)) + common + Array(name.utf8) + bytes
        addAgain(name)
    }

    /// The last member once more in the directory, under another name.
    mutating func addAgain(_ name: String) {
        directory += Self.little(UInt32(0x0201_4B50)) + Self.little(UInt16(20)) + last[..<22]
        directory += Self.little(UInt16(name.utf8.count)) + last[24...] + Array(name.utf8)
        count += 1
    }

    /// The whole file.
    var archive: [UInt8] {
        content + directory + Self.little(UInt32(0x0605_4B50)) + Self.little(UInt32(0)) + Self.little(count)
            + Self.little(count) + Self.little(UInt32(directory.count)) + Self.little(UInt32(content.count))
            + Self.little(UInt16(0))
    }

    private static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
