/// Writes ar archives as Debian's packages are (deb(5)).
package enum ArWriter {
    /// What an archive begins with.
    package static let magic = ArArchive.magic

    /// A member's header, 60 bytes; its size has at most ten digits.
    package static func header(name: String, size: Int64, modified: Int64) -> [UInt8] {
        field(name, 16) + field(String(max(0, modified)), 12) + field("0", 6) + field("0", 6) + field("100644", 8)
            + field(String(size), 10) + Array("`\n".utf8)
    }

    private static func field(_ text: String, _ width: Int) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(width))
        return bytes + [UInt8](repeating: UInt8(ascii: " "), count: width - bytes.count)
    }
}
