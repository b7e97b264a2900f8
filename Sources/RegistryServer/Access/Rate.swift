/// So much in a time, as `600/m`: at once at most that much, then as it comes again.
package struct Rate: Equatable, Sendable {
    let amount: Int64
    let milliseconds: Int64

    /// Reads a number, or a size such as `10GB`, and a time behind a slash: `s`, `m`, `h`, or `d`; nil for what is none.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let times: [Substring: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard parts.count == 2, let amount = ByteSize(parsing: String(parts[0])), let time = times[parts[1]] else {
            return nil
        }
        (self.amount, milliseconds) = (amount.bytes, time)
    }
}

/// A size on the command line: bytes, or with `kB`, `MB`, `GB`, `TB` (1000), `KiB`, `MiB`, `GiB`, `TiB` (1024).
package struct ByteSize: Equatable, Sendable {
    package let bytes: Int64

    /// Reads one above 0; nil for what is none.
    package init?(parsing text: String) {
        let units: [(name: String, factor: Int64)] = [
            ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("kB", 1000), ("MB", 1_000_000),
            ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("", 1),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let digits = text.dropLast(unit.name.count)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits) else {
            return nil
        }
        let (bytes, isOver) = number.multipliedReportingOverflow(by: unit.factor)
        guard !isOver, bytes > 0 else { return nil }
        self.bytes = bytes
    }
}
