/// Lower-case hexadecimal, written by hand: `String(format:)` is slow and has a data race on Linux.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two lower-case digits for each byte.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that lower-case digits stand for; nil for an odd count or any other character.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for character in text {
            guard let value = value(of: character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    /// What sixteen lower-case digits at a place stand for, the first the highest; nil for any other character.
    ///
    /// There must be sixteen bytes from there on.
    static func word(_ text: UnsafeRawBufferPointer, at place: Int) -> UInt64? {
        guard let high = half(text, at: place), let low = half(text, at: place + 8) else { return nil }
        return high << 32 | low
    }

    // Eight digits at once, each in a byte of a word.
    private static func half(_ text: UnsafeRawBufferPointer, at place: Int) -> UInt64? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let digits = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        // 0 to 9 are 0x30 to 0x39, a to f are 0x61 to 0x66.
        let (high, low) = (digits & (ones &* 0xF0), digits & (ones &* 0x0F))
        let isLetter = (digits >> 6) & ones
        let isTooLarge = ((low &+ ones &* 6 &+ isLetter &* 3) >> 4) & ones
        let isZero = (~(low &+ ones &* 0x0F) >> 4) & isLetter
        guard high == ones &* 0x30 &+ isLetter &* 0x30, isTooLarge | isZero == 0 else { return nil }
        var value = (low &+ isLetter &* 9).byteSwapped
        value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        return (value | value >> 16) & 0xFFFF_FFFF
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
