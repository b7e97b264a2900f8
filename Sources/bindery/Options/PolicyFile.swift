import ImageAuditor
import SystemIO

/// Reads policy files.
enum PolicyFile {
    /// No policy that people write is larger.
    private static let largestSize = 1 << 20

    /// Reads a policy of audits: the rules, and the text that they stand in.
    static func read(_ path: String) throws -> (policy: Policy, text: String) {
        try read(path) { text throws(PolicyError) in (try Policy(parsing: text), text) }
    }

    /// Reads a policy of `seal`.
    static func readForSeal(_ path: String) throws -> SealPolicy {
        try read(path) { text throws(PolicyError) in try SealPolicy(parsing: text) }
    }

    // Throws ``UsageError`` with the file's name and the line that is off.
    private static func read<Value>(_ path: String, _ parse: (String) throws(PolicyError) -> Value) throws -> Value {
        let bytes = try File.open(path).readBytes(limit: largestSize + 1)
        guard bytes.count <= largestSize else { throw UsageError(description: "\(path) is too large for a policy") }
        do {
            let text = String(decoding: bytes, as: UTF8.self)
            // As of a file that was cut off: it would demand nothing.
            let lines = text.split(whereSeparator: \.isNewline)
            guard lines.contains(where: { $0.contains { !$0.isWhitespace } && $0.first != "#" }) else {
                throw UsageError(description: "the policy is empty; one that demands nothing is {}")
            }
            return try parse(text)
        } catch {
            throw UsageError(description: "\(path): \(error)")
        }
    }
}
