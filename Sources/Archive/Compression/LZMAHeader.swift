/// The header of an LZMA stream (lzma-file-format.txt of XZ Utils, section 1.1): properties, dictionary, size.
enum LZMAHeader {
    static let size = 13

    /// lc 3, lp 0, pb 2: what all encoders use unless they are told otherwise.
    private static let properties: UInt8 = 0x5D
    private static let leastDictionary: UInt32 = 4096
    private static let largestSize: UInt64 = 256 << 30

    /// Whether bytes can be such a header: the dictionary's size is 2ⁿ or 2ⁿ + 2ⁿ⁻¹, the stream's unknown or below
    /// 256 GiB, as xz looks at it.
    static func matches(_ prefix: some Collection<UInt8>) -> Bool {
        let header = Array(prefix.prefix(size))
        guard header.count == size, header[0] == properties else { return false }
        let dictionary = header[1...4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let unpacked = header[5...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard dictionary >= leastDictionary, unpacked == .max || unpacked < largestSize else { return false }
        let lowest = dictionary.trailingZeroBitCount
        let rest = dictionary >> UInt32(lowest)
        return rest == 1 || rest == 3 || dictionary == .max
    }
}
