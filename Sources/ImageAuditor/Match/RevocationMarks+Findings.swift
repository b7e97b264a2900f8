package import ArtifactStore
import ContentAddress
import ImageFileSystem
import OCI
import Printable
import Release

extension RevocationMarks {
    /// What is said of a file of an image; nil where no mark is on its bytes, nor on all of the releases that have
    /// them.
    func finding(on file: AuditedFile, _ evidence: WithdrawalEvidence) throws(StoreError) -> Finding? {
        guard !isEmpty, let digest = file.digest else { return nil }
        let keys = file.artifacts.map(\.key)
        guard let mark = mark(on: digest, of: keys.map(\.release)) else { return nil }
        if case .release = mark.subject, let key = keys.first {
            guard try evidence.isShown(key, by: file) else { return nil }
        }
        let name = keys.first.map { "\($0)" } ?? digest.description
        return mark.finding("it is \(name)", layer: file.layer, path: file.path, found: digest)
    }

    /// What is to be known of a released file that another one is near to; empty where it isn't revoked.
    ///
    /// `; team/agent@1.2.3 was revoked 2026-11-27: it leaks memory`
    package func words(on artifacts: [Artifact]) -> String {
        guard let artifact = artifacts.first,
            let mark = mark(on: artifact.digest, of: artifacts.map(\.key.release))
        else { return "" }
        return "; \(artifact.key.release) was \(mark.words)"
    }
}

extension Revocation {
    /// `revoked 2026-11-27: it leaks memory (https://example.com/advisory)`.
    fileprivate var words: String {
        let more = advisory.map { " (\(printable($0)))" } ?? ""
        return "revoked \(revokedAt.rfc3339.prefix(10)): \(printable(reason))\(more)"
    }

    func finding(_ what: String, layer: Int? = nil, path: FilePath? = nil, found: Digest) -> Finding {
        Finding(
            level == .denied ? .denied : .revoked,
            layer: layer,
            path: path,
            "\(what), \(words)",
            found: found.description
        )
    }
}
