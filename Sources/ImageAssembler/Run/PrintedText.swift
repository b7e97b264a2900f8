/// What `echo` and `printf` print: shells and programs differ in what they make of a backslash.
enum PrintedText {
    /// The command `echo [-neE] WORD…`.
    static func echo(_ arguments: [String], _ surroundings: RunExecution.Surroundings) throws(RunRefusal) -> [UInt8] {
        var words = arguments[...]
        var endsLine = true
        // Dash knows -n alone, and escapes always count.
        var hasEscapes = surroundings.builtIn == .dash
        if hasEscapes {
            endsLine = words.first != "-n"
            if !endsLine { words.removeFirst() }
        } else {
            while let options = words.first, options.first == "-", options.count > 1,
                options.dropFirst().allSatisfy({ "neE".contains($0) })
            {
                words.removeFirst()
                for letter in options.dropFirst() {
                    switch letter {
                    case "n": endsLine = false
                    case "e": hasEscapes = true
                    // Busybox takes -E, and doesn't take -e back by it.
                    default: hasEscapes = hasEscapes && surroundings.isBusybox
                    }
                }
            }
        }
        var text: [UInt8] = []
        for (index, word) in words.enumerated() {
            if index > 0 { text.append(UInt8(ascii: " ")) }
            text += hasEscapes ? try unescaped(word, "echo", octalZero: true, surroundings) : Array(word.utf8)
        }
        return text + (endsLine ? [UInt8(ascii: "\n")] : [])
    }

    /// The command `printf FORMAT WORD…`, with `%s`, `%b`, `%c`, `%d` and `%%`.
    static func printf(_ arguments: [String], _ surroundings: RunExecution.Surroundings) throws(RunRefusal) -> [UInt8] {
        var arguments = arguments[...]
        if arguments.first == "--" { arguments.removeFirst() }
        guard let format = arguments.popFirst(), !format.hasPrefix("-") else {
            throw .form("printf", reason: "write printf FORMAT [WORD…]")
        }
        var words = arguments
        var text: [UInt8] = []
        while true {
            let before = words.count
            var rest = Substring(format)
            while !rest.isEmpty {
                let plain = rest.prefix { $0 != "%" }
                text += try unescaped(String(plain), "printf", octalZero: false, surroundings)
                rest = rest.dropFirst(plain.count)
                guard rest.popFirst() != nil else { break }
                text += try converted(rest.popFirst(), &words, surroundings)
                guard text.count <= RunExecution.longestText else {
                    throw .form("printf", reason: "it prints more than 1 MiB")
                }
            }
            // A format that takes no word is used once, whatever follows it.
            if words.isEmpty || words.count == before { return text }
        }
    }

    private static func converted(
        _ conversion: Character?,
        _ words: inout ArraySlice<String>,
        _ surroundings: RunExecution.Surroundings
    ) throws(RunRefusal) -> [UInt8] {
        switch conversion {
        case "%": return [UInt8(ascii: "%")]
        case "s": return Array((words.popFirst() ?? "").utf8)
        case "b": return try unescaped(words.popFirst() ?? "", "printf", octalZero: true, surroundings)
        case "d":
            // To busybox nothing is not a number.
            guard let word = words.popFirst() else { throw .form("printf", reason: "%d without a number") }
            let digits = word.utf8.first == UInt8(ascii: "-") ? word.dropFirst() : word[...]
            guard let number = Int32(word), String(number) == word, !digits.isEmpty else {
                throw .form("printf", reason: "'\(word.prefix(64))' for %d: write it in plain digits")
            }
            return Array(word.utf8)
        case "c":
            guard let first = words.popFirst()?.utf8.first, first < 0x80 else {
                throw .form("printf", reason: "%c without an ASCII character")
            }
            return [first]
        default:
            throw .form(
                "printf",
                reason: "'%\(conversion.map(String.init) ?? "")' in the format: %s %b %c %d %% are known"
            )
        }
    }

    // `\0ooo` in words, `\ooo` in a format. What isn't an escape to anybody stands for itself.
    private static func unescaped(
        _ text: String,
        _ command: String,
        octalZero: Bool,
        _ surroundings: RunExecution.Surroundings
    ) throws(RunRefusal) -> [UInt8] {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard let letter = rest.popFirst() else {
                throw .form(command, reason: "a backslash at the end: shells differ")
            }
            if let known = letters[letter] {
                result.append(known)
            } else if letter == UInt8(ascii: "0") || !octalZero && (0x31...0x37).contains(letter) {
                var digits = rest.prefix(octalZero ? 3 : 2).prefix { (0x30...0x37).contains($0) }
                rest = rest.dropFirst(digits.count)
                digits = ArraySlice([letter] + digits)
                let value = digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
                guard value < 0x100 else { throw .form(command, reason: "an octal number above 0377") }
                result.append(UInt8(value))
            } else if letter == UInt8(ascii: "x"), surroundings.builtIn != .dash {
                let digits = rest.prefix(2).prefix { hexadecimal($0) != nil }
                guard !digits.isEmpty else { throw .form(command, reason: "\\x without digits") }
                rest = rest.dropFirst(digits.count)
                result.append(digits.reduce(0) { $0 << 4 | (hexadecimal($1) ?? 0) })
            } else if differing.contains(letter) {
                throw .form(command, reason: "'\\\(String(decoding: [letter], as: UTF8.self))': shells differ")
            } else {
                result += [byte, letter]
            }
        }
        return result
    }

    private static let letters: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11,
        UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13, UInt8(ascii: "\\"): 0x5C,
    ]
    private static let differing = Set("1234567ceEuU\"'%\n".utf8)

    private static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
