extension JSONScanner {
    /// Scans a text from its opening to its closing quote (RFC 8259, section 7).
    mutating func text() throws(Failure) {
        let start = position
        var isASCII = true
        var hasEscape = false
        position = JSONText.plainEnd(bytes, from: start + 1)
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                var isEscaped = hasEscape
                if !isASCII, let bad = JSONText.firstInvalid(bytes, start + 1..<position - 1) {
                    markInvalidText(at: bad)
                    isEscaped = true
                }
                add(.string, from: start, isEscaped: isEscaped, isASCII: isASCII && !hasEscape)
                return
            case UInt8(ascii: "\\"):
                hasEscape = true
                try escape()
            case 0..<0x20: throw failure("a control character in a text must be escaped")
            default:
                isASCII = false
                while position < bytes.count, bytes[position] >= 0x80 { position += 1 }
            }
            position = JSONText.plainEnd(bytes, from: position)
        }
        throw failure("a text without its closing quote", at: start)
    }

    private mutating func escape() throws(Failure) {
        let start = position
        position += 1
        guard let byte = peek else { throw failure("the document ends in an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            guard let unit = JSONText.unit(bytes, at: start) else {
                throw failure("\\u wants four hexadecimal digits", at: start)
            }
            position = start + 6
            guard (0xD800..<0xE000).contains(unit) else { return }
            guard unit < 0xDC00, let low = JSONText.unit(bytes, at: position), (0xDC00..<0xE000).contains(low) else {
                markInvalidText(at: start)
                return
            }
            position += 6
        default: throw failure("an escape that JSON does not have", at: start)
        }
    }

    /// Scans a number (RFC 8259, section 6); whether it has neither fraction nor exponent.
    mutating func number() throws(Failure) -> Bool {
        let start = position
        _ = take("-")
        let startsWithZero = peek == UInt8(ascii: "0")
        let count = digits()
        guard count > 0 else { throw failure("a number without digits", at: start) }
        guard !startsWithZero || count == 1 else { throw failure("a number with a leading zero", at: start) }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard digits() > 0 else { throw failure("a number without digits after its point", at: start) }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw failure("a number without digits in its exponent", at: start) }
        }
        // What has less than 300 digits and no exponent is finite.
        if !isWhole || count > 300 {
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            guard let value = Double(text), value.isFinite else { throw failure("a number out of range", at: start) }
        }
        return isWhole
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }
}
