/// Texts as they stand in a document: escapes resolved, and what isn't Unicode found.
enum JSONText {
    /// The text of a node; U+FFFD stands where it isn't Unicode.
    static func string(_ node: JSONNode, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: content(node, bytes), as: UTF8.self)
    }

    /// The bytes of a node's text, without quotes and escapes.
    static func content(_ node: JSONNode, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let inner = Int(node.start) + 1..<Int(node.end) - 1
        guard node.isEscaped else { return Array(bytes[inner]) }
        var text: [UInt8] = []
        text.reserveCapacity(inner.count)
        var place = inner.lowerBound
        while place < inner.upperBound {
            guard bytes[place] == UInt8(ascii: "\\"), place + 1 < inner.upperBound else {
                text.append(bytes[place])
                place += 1
                continue
            }
            let letter = bytes[place + 1]
            guard letter == UInt8(ascii: "u"), let unit = unit(bytes, at: place) else {
                text.append(plain(letter))
                place += 2
                continue
            }
            place += 6
            if (0xD800..<0xDC00).contains(unit), let low = self.unit(bytes, at: place), (0xDC00..<0xE000).contains(low)
            {
                place += 6
                append(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00), to: &text)
            } else {
                append(unit, to: &text)
            }
        }
        return text
    }

    private static func plain(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    private static func append(_ value: UInt32, to text: inout [UInt8]) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        text.append(contentsOf: UTF8.encode(scalar)?.map(\.self) ?? [])
    }

    /// The UTF-16 unit that `\uXXXX` stands for at a place; nil for anything else.
    static func unit(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> UInt32? {
        guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt32 = 0
        for byte in bytes[place + 2..<place + 6] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }

    /// The first byte from a place on that ends a run of plain ones: a quote, a backslash, a control character, or one
    /// outside ASCII; the end of the bytes when there is none.
    static func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        let ones: UInt64 = 0x0101_0101_0101_0101
        var place = start
        // Eight bytes at a time. The lowest bit that is set is that of the first such byte: a subtraction borrows only
        // from bytes behind one that is found.
        while place + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            let found =
                ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (word &- ones &* 0x20) & ~word
                    | word)
                & (ones &* 0x80)
            if found != 0 { return place + found.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < raw.count {
            let byte = raw[place]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 || byte >= 0x80 { break }
            place += 1
        }
        return place
    }

    /// The first byte that isn't part of well-formed UTF-8 (Unicode, table 3-7).
    static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        var place = range.lowerBound
        while place < range.upperBound {
            let first = bytes[place]
            let (count, second): (Int, ClosedRange<UInt8>) =
                switch first {
                case 0..<0x80: (1, 0...0)
                case 0xC2...0xDF: (2, 0x80...0xBF)
                case 0xE0: (3, 0xA0...0xBF)
                case 0xED: (3, 0x80...0x9F)
                case 0xE1...0xEF: (3, 0x80...0xBF)
                case 0xF0: (4, 0x90...0xBF)
                case 0xF1...0xF3: (4, 0x80...0xBF)
                case 0xF4: (4, 0x80...0x8F)
                default: (0, 0...0)
                }
            guard count > 0, place + count <= range.upperBound else { return place }
            if count > 1, !second.contains(bytes[place + 1]) { return place }
            if count > 2, !(0x80...0xBF).contains(bytes[place + 2]) { return place }
            if count > 3, !(0x80...0xBF).contains(bytes[place + 3]) { return place }
            place += count
        }
        return nil
    }
}
