import ImageAuditor
import ImageFileSystem
import Printable

extension ImageAudit {
    /// Says why, and ends with status 4, where the image's files aren't known for certain.
    func requireOneReading(_ image: String) throws {
        let doubt: (kind: Doubt, words: String)
        switch verdict {
        case nil: doubt = (.damaged, "the image is damaged")
        case .ambiguous: doubt = (.ambiguous, "engines make different files of the image")
        case .incomplete: doubt = (.incomplete, "the image wasn't read whole")
        default: return
        }
        let reason = allFindings.first { $0.code.doubt == doubt.kind }
        let place = reason?.path.map { "\(bytes: $0.bytes): " as Message } ?? ""
        Output.error("\(image): \(place)\(message: reason?.message ?? doubt.words)")
        throw ExitStatus.integrity
    }
}
