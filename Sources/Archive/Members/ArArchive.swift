/// ar archives, as Debian's packages are (deb(5)).
enum ArArchive {
    static let magic = Array("!<arch>\n".utf8)

    private static let headerSize = 60

    /// The archive that holds the package's files: its member `data.tar`, however that is compressed.
    static func debianData(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> UnsafeRawBufferPointer {
        let fields = ByteFields(bytes: bytes, format: .deb)
        var data: UnsafeRawBufferPointer?
        var offset = magic.count
        while offset < bytes.count {
            let header = try fields.part(at: offset, count: headerSize)
            guard header[58] == UInt8(ascii: "`"), header[59] == UInt8(ascii: "\n"),
                let size = decimal(header[48..<58])
            else { throw ArchiveError(.malformed("the header of a member isn't one"), .deb, at: offset) }
            let content = try fields.part(at: offset + headerSize, count: size)
            let name = header[..<16].prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "/") }
            if name.starts(with: "data.tar".utf8) {
                // dpkg takes the first, other readers the last.
                guard data == nil else { throw ArchiveError(.twoReadings, .deb, at: offset) }
                guard name.count == 8 || Compression(detectingInArchive: content) != .none else {
                    throw ArchiveError(.unsupported(String(decoding: name, as: UTF8.self)), .deb, at: offset)
                }
                data = content
            }
            // A member begins at an even place.
            offset += headerSize + size + size % 2
        }
        guard let data else { throw ArchiveError(.malformed("it has no data.tar"), .deb, at: bytes.count) }
        return data
    }

    // Digits, and spaces behind them; ten fit any offset.
    private static func decimal(_ field: Slice<UnsafeRawBufferPointer>) -> Int? {
        let digits = field.prefix { $0 != UInt8(ascii: " ") }
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            field.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: " ") })
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
