import ImageAuditor
import SystemIO

/// Reads policy files.
enum PolicyFile {
    /// No policy that people write is larger.
    private static let largestSize = 1 << 20

    /// Reads a file: the rules, and the text that they stand in; throws ``UsageError`` with the file's name and the line that is off.
    static func read(_ path: String) throws -> (policy: Policy, text: String) {
        let bytes = try File.open(path).readBytes(limit: largestSize + 1)
        guard bytes.count <= largestSize else { throw UsageError(description: "\(path) is too large for a policy") }
        do {
            let text = String(decoding: bytes, as: UTF8.self)
            return (try Policy(parsing: text), text)
        } catch {
            throw UsageError(description: "\(path): \(error)")
        }
    }
}
