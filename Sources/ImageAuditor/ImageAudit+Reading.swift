import ImageFileSystem
import Printable

extension ImageAudit {
    /// Throws ``AuditError/doubtful(_:reason:)`` where the image's files aren't known for certain.
    package func requireOneReading(of image: String) throws(AuditError) {
        let doubt: (kind: Doubt, words: String)
        switch verdict {
        case nil: doubt = (.damaged, "the image is damaged")
        case .ambiguous: doubt = (.ambiguous, "engines make different files of the image")
        case .incomplete: doubt = (.incomplete, "the image wasn't read whole")
        case .exact, .contains, .mismatch, .unknown: return
        }
        let reason = allFindings.first { $0.code.doubt == doubt.kind }
        let place = reason?.path.map { "\(bytes: $0.bytes): " as Message } ?? ""
        throw .doubtful(image, reason: (place + "\(message: reason?.message ?? doubt.words)").text)
    }
}
