/// Permission bits as people write them.
package enum FileMode {
    /// Octal digits, four at least: `0755`.
    package static func text(_ mode: some BinaryInteger) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
