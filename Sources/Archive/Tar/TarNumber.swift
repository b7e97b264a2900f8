/// The ways in which tar writes numbers.
///
/// Each reader gives nil for what is not a number or doesn't fit.
enum TarNumber {
    /// A header field: octal digits between spaces and NULs (POSIX), or base 256 with the top bit set (GNU).
    static func field(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let first = bytes.first else { return 0 }
        return first & 0x80 != 0 ? base256(bytes) : octal(bytes)
    }

    /// Octal digits; an empty field is 0.
    static func octal(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let isPadding = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == 0 }
        // As Go's archive/tar reads it: padding of both ends goes first, then the text ends at a NUL.
        let trimmed = bytes.drop(while: isPadding)
        guard let last = trimmed.lastIndex(where: { !isPadding($0) }) else { return 0 }
        var value: UInt64 = 0
        for byte in trimmed[...last] {
            if byte == 0 { break }
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte), value >> 60 == 0 else { return nil }
            value = value << 3 | UInt64(byte - UInt8(ascii: "0"))
        }
        return Int64(exactly: value)
    }

    /// Whether an octal field has a NUL before digits.
    static func isUnclear(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = bytes.first, first & 0x80 == 0, let end = bytes.firstIndex(of: 0) else { return false }
        return bytes[end...].contains { $0 != 0 && $0 != UInt8(ascii: " ") }
    }

    // Two's complement, most significant byte first; the top bit of the first byte is only the mark.
    private static func base256(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let isNegative = bytes[0] & 0x40 != 0
        var value: UInt64 = 0
        for (position, byte) in bytes.enumerated() {
            var byte = isNegative ? ~byte : byte
            if position == 0 { byte &= 0x7F }
            guard value >> 56 == 0 else { return nil }
            value = value << 8 | UInt64(byte)
        }
        guard let magnitude = Int64(exactly: value) else { return nil }
        return isNegative ? ~magnitude : magnitude
    }

    /// Decimal digits, at least one, and nothing else.
    static func decimal(_ bytes: some Collection<UInt8>) -> Int64? {
        guard !bytes.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, overSum) = product.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
            guard !over, !overSum else { return nil }
            value = sum
        }
        return value
    }

    /// A PAX time, `[-]SECONDS[.FRACTION]`, as whole seconds rounded down and nanoseconds; further digits are dropped.
    static func time(_ bytes: [UInt8]) -> (seconds: Int64, nanoseconds: Int32)? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let parts = bytes.dropFirst(isNegative ? 1 : 0).split(
            separator: UInt8(ascii: "."),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let whole = parts.first, let seconds = decimal(whole) else { return nil }
        var nanoseconds: Int64 = 0
        if parts.count == 2 {
            guard parts[1].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            let digits =
                Array(parts[1].prefix(9)) + Array(repeating: UInt8(ascii: "0"), count: 9 - min(9, parts[1].count))
            nanoseconds = decimal(digits) ?? 0
        }
        guard isNegative else { return (seconds, Int32(nanoseconds)) }
        return nanoseconds == 0 ? (-seconds, 0) : (-seconds - 1, Int32(1_000_000_000 - nanoseconds))
    }
}
