extension String {
    /// The first character that begins with one that may mean something, such as `/` or a space, and combines it with
    /// what follows, such as an accent.
    ///
    /// Engines read the two apart. Letters and digits mean nothing alone, and keycaps such as `#️⃣` are symbols.
    var combinedCharacter: Character? {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        return first { character in
            let scalars = character.unicodeScalars
            guard scalars.count > 1, character != "\r\n", let first = scalars.first, first.isASCII else { return false }
            let isKeycap = (first == "#" || first == "*") && scalars.dropFirst().first == "\u{FE0F}"
            return !first.properties.isAlphabetic && first.properties.numericType == nil && !isKeycap
        }
    }
}
