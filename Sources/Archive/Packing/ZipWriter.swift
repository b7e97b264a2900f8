/// Writes zip files of one fixed profile (PKWARE's APPNOTE.TXT 6.3.10): DEFLATE, Unix modes, one time for all members.
///
/// A member's sizes and checksum are known only behind its content: its header is written twice, with zeros first.
package struct ZipWriter {
    /// The profile's name for members of a time, in seconds since 1970: another byte anywhere is another name.
    ///
    /// The first had a wrong time of day, but for midnight.
    package static func profile(modified: Int64) -> String {
        DOSTime.encode(modified) & 0xFFFF == 0 ? "bindery-zip/1" : "bindery-zip/2"
    }

    /// What a member and a file may have at most: no Zip64.
    package static let largestSize = Int64(UInt32.max) - 1
    /// How many members a file may have.
    package static let largestCount = Int(UInt16.max) - 1

    /// What is known of a member behind its content.
    package struct Content: Sendable {
        let check: UInt32
        let packedSize: UInt32
        let size: UInt32

        /// Sizes are at most ``ZipWriter/largestSize``; nil for larger ones.
        package init?(check: UInt32, packedSize: Int64, size: Int64) {
            guard packedSize <= largestSize, size <= largestSize, let packed = UInt32(exactly: packedSize),
                let size = UInt32(exactly: size)
            else { return nil }
            self.check = check
            self.packedSize = packed
            self.size = size
        }
    }

    private let time: UInt32
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    /// Starts a file whose members all have this time, in seconds since 1970; before 1980 and after 2107 the nearest.
    package init(modified: Int64) {
        time = DOSTime.encode(modified)
    }

    /// A member's own header, as long as any other of the same path.
    package func header(path: String, _ content: Content?) -> [UInt8] {
        little(0x0403_4B50 as UInt32) + common(path, content) + Array(path.utf8)
    }

    /// Notes a member whose header is at an offset.
    package mutating func add(path: String, mode: UInt16, _ content: Content, at offset: UInt32) {
        // Made on Unix (3): the upper half of the attributes is the mode of a regular file.
        directory += little(0x0201_4B50 as UInt32) + little(3 << 8 | 20 as UInt16) + common(path, content)
        directory += little(0 as UInt16) + little(0 as UInt16) + little(0 as UInt16)
        directory += little(UInt32(0o100000 | mode & 0o7777) << 16) + little(offset) + Array(path.utf8)
        count &+= 1
    }

    /// The directory that ends the file, which begins at an offset; nil where it doesn't fit.
    package func end(at offset: UInt32) -> [UInt8]? {
        guard let size = UInt32(exactly: directory.count) else { return nil }
        return directory + little(0x0605_4B50 as UInt32) + little(0 as UInt32) + little(count) + little(count)
            + little(size) + little(offset) + little(0 as UInt16)
    }

    private func common(_ path: String, _ content: Content?) -> [UInt8] {
        // Bit 11: the name is UTF-8.
        let flags: UInt16 = path.utf8.contains { $0 >= 0x80 } ? 1 << 11 : 0
        let deflate: UInt16 = 8
        return little(20 as UInt16) + little(flags) + little(deflate) + little(time) + little(content?.check ?? 0)
            + little(content?.packedSize ?? 0) + little(content?.size ?? 0)
            + little(UInt16(truncatingIfNeeded: path.utf8.count)) + little(0 as UInt16)
    }

    private func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}

/// Date and time as MS-DOS has them: in UTC, two seconds each.
enum DOSTime {
    private static let first: Int64 = 315_532_800
    private static let last: Int64 = 4_354_819_198

    static func encode(_ seconds: Int64) -> UInt32 {
        let time = min(max(seconds, first), last)
        let (days, rest) = (time / 86_400, time % 86_400)
        // Days to a date, in years that begin in March (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = (year - 1980) << 9 | month << 5 | day
        // Shifts bind tighter than divisions.
        let clock = (rest / 3600) << 11 | (rest / 60 % 60) << 5 | (rest % 60 / 2)
        return UInt32(truncatingIfNeeded: date << 16 | clock)
    }
}
