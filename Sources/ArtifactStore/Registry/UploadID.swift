import ContentAddress
import Foundation

/// What an upload is called: a random UUID (RFC 9562, version 4), which nobody can guess.
package struct UploadID: Hashable, Sendable, CustomStringConvertible {
    private let text: String

    /// A new one.
    init() { text = UUID().uuidString.lowercased() }

    /// Reads the written form; nil for what isn't one.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 36, UUID(uuidString: String(text)) != nil, text.lowercased() == text else {
            return nil
        }
        self.text = String(text)
    }

    /// The written form.
    package var description: String { text }

    /// The name of the upload's file: the scope that it was begun in is a part of it, so that it isn't found in any other.
    func fileName(in scope: String) -> String { "\(text)-\(Digest.of(scope).hex.prefix(32))" }

    /// The upload of a file's name; nil for other files.
    init?(fileName: String) {
        guard fileName.utf8.count == 36 + 1 + 32 else { return nil }
        self.init(fileName.prefix(36))
    }
}
