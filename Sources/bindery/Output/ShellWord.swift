/// Words of commands that are printed to be copied.
enum ShellWord {
    /// A word as a POSIX shell reads it: in quotes where it has other characters than those that stand for themselves.
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.unicodeScalars.allSatisfy { $0.isASCII && Self.standsForItself($0) }
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func standsForItself(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "@%_-+=:,./".unicodeScalars.contains(scalar)
    }
}
