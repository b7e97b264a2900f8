/// Writes cpio archives and the packages around them, also such as nobody else writes.
struct CPIOBuilder {
    private(set) var bytes: [UInt8] = []

    mutating func add(
        _ name: String,
        mode: UInt32,
        inode: UInt32 = 0,
        links: UInt32 = 1,
        _ content: String = "",
        size: UInt32? = nil,
        magic: String = "070701"
    ) {
        let size = size ?? UInt32(content.utf8.count)
        let numbers = [inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, UInt32(name.utf8.count + 1), 0]
        bytes += Array(magic.utf8)
        for number in numbers {
            let digits = String(number, radix: 16)
            bytes += Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
        }
        bytes += Array(name.utf8) + [0]
        pad()
        bytes += Array(content.utf8)
        pad()
    }

    /// The archive with its end.
    var archive: [UInt8] {
        var whole = self
        whole.add("TRAILER!!!", mode: 0)
        return whole.bytes
    }

    /// A package around a payload, with a signature and a header that hold nothing.
    static func rpm(_ payload: [UInt8], dataSize: UInt8 = 5, count: UInt8 = 0) -> [UInt8] {
        let magic: [UInt8] = [0x8E, 0xAD, 0xE8, 1, 0, 0, 0, 0]
        let lead: [UInt8] = [0xED, 0xAB, 0xEE, 0xDB, 3, 0] + [UInt8](repeating: 0, count: 90)
        // Five bytes of data, padded to eight; the second header isn't padded.
        let signature = magic + [0, 0, 0, count, 0, 0, 0, dataSize] + [UInt8](repeating: 1, count: 5) + [0, 0, 0]
        let header = magic + [0, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]
        return lead + signature + header + payload
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}
