import ImageAuditor
import SystemIO

/// Reads policy files.
enum PolicyFile {
    /// No policy that people write is larger.
    private static let largestSize = 1 << 20

    /// Reads a file: the rules, and the text that they stand in; throws ``UsageError`` with the file's name and the line that is off.
    static func read(_ path: String) throws -> (policy: Policy, text: String) {
        let file = try File.open(path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: largestSize, alignment: 16)
        defer { buffer.deallocate() }
        var count = 0
        while count < buffer.count {
            let piece = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            guard piece > 0 else { break }
            count += piece
        }
        guard count < buffer.count else { throw UsageError(description: "\(path) is too large for a policy") }
        do {
            let text = String(decoding: buffer[..<count], as: UTF8.self)
            return (try Policy(parsing: text), text)
        } catch {
            throw UsageError(description: "\(path): \(error)")
        }
    }
}
