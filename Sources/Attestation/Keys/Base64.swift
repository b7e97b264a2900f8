/// Base64 with padding (RFC 4648, section 4), in which each sequence of bytes has one form.
package enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of bytes.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var rest = bytes[...]
        while !rest.isEmpty {
            let group = Array(rest.prefix(3))
            rest = rest.dropFirst(3)
            let word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for place in 0..<4 {
                let isPadding = place > group.count
                text.append(isPadding ? UInt8(ascii: "=") : digits[Int(word >> (18 - 6 * UInt32(place)) & 0x3F)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil for one that ``encode(_:)`` doesn't write.
    ///
    /// With `urlSafe`, also for one in the alphabet of section 5, which DSSE's verifiers must accept.
    package static func decode(_ text: String, urlSafe: Bool = false) -> [UInt8]? {
        var text = Array(text.utf8)
        if urlSafe, !text.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }) {
            text = text.map { character in
                switch character {
                case UInt8(ascii: "-"): UInt8(ascii: "+")
                case UInt8(ascii: "_"): UInt8(ascii: "/")
                default: character
                }
            }
        }
        guard text.count.isMultiple(of: 4) else { return nil }
        let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var word: UInt32 = 0
        var count = 0
        for character in text.dropLast(padding) {
            guard let value = value(of: character) else { return nil }
            word = word << 6 | UInt32(value)
            count += 1
            guard count == 4 else { continue }
            bytes += [UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 8)]
            bytes.append(UInt8(truncatingIfNeeded: word))
            (word, count) = (0, 0)
        }
        switch (count, padding) {
        case (0, 0): return bytes
        // The bits behind the last byte are 0, or one sequence of bytes would have several texts.
        case (2, 2) where word & 0xF == 0: return bytes + [UInt8(truncatingIfNeeded: word >> 4)]
        case (3, 1) where word & 0x3 == 0:
            return bytes + [UInt8(truncatingIfNeeded: word >> 10), UInt8(truncatingIfNeeded: word >> 2)]
        default: return nil
        }
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
