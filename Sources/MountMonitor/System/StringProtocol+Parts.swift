extension StringProtocol {
    /// What stands before, between and behind the places where the separator does, byte by byte; all of it where it
    /// stands nowhere.
    ///
    /// The standard library's searches for a text (`contains`, `split`, `firstRange` with more than a character) are
    /// those of its regular expressions, which make a static program a megabyte larger.
    func parts(separatedBy separator: String, maxSplits: Int = .max) -> [SubSequence] {
        let sought = separator.utf8
        var parts: [SubSequence] = []
        var (start, position) = (startIndex, startIndex)
        while !sought.isEmpty, position < endIndex, parts.count < maxSplits {
            if utf8[position...].starts(with: sought) {
                parts.append(self[start..<position])
                position = utf8.index(position, offsetBy: sought.count)
                start = position
            } else {
                position = utf8.index(after: position)
            }
        }
        return parts + [self[start...]]
    }
}
