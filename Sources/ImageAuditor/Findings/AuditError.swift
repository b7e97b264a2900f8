package import ArtifactStore
import ContentAddress
package import ImageTransport
import Printable

/// Why an audit can't be made.
///
/// What is wrong *in* an image is a ``Finding``, not an error.
package enum AuditError: Error, CustomStringConvertible {
    /// The image can't be opened or read.
    case transport(TransportError)
    /// The store can't be asked.
    case store(StoreError)
    /// The index has no image for the platform that was asked for.
    case noSuchPlatform(String, reference: String, choices: [String])
    /// It is a release, as bundles and registries have them, and no image.
    case release(String)
    /// It is an artifact of some type, which no engine runs.
    case artifact(String, type: String)
    /// Its files aren't known for certain.
    case doubtful(String, reason: String)
    /// Nothing was audited under this name or digest.
    case notAudited(String)
    /// What the index holds of an audit isn't what audits record.
    case record(String)

    /// One or two lines for a person.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .transport(let error): "\(error)"
        case .store(let error): "\(error)"
        case .noSuchPlatform(let platform, let reference, let choices):
            "\(reference) has no image for \(platform); it has \(choices.isEmpty ? "none" : choices.joined(separator: ", "))"
        case .release(let reference):
            """
            \(reference) is a release, not an image: `bindery import` takes its files into a store, from a registry \
            (docker://REF), or from oci:DIR after `bindery copy \(reference) oci:DIR`
            """
        case .artifact(let reference, let type):
            "\(reference) is an artifact of type \(type.prefix(128)), not an image: no engine runs it"
        case .doubtful(let reference, let reason): "\(reference): \(message: reason)"
        case .notAudited(let reference) where DigestPrefix(reference) != nil:
            "'\(reference)' was not audited: a digest is written with all its 64 digits; `bindery audits` lists them"
        case .notAudited(let reference):
            "'\(reference)' was not audited: `bindery audit \(reference)` reads the image"
        case .record(let reason): "a recorded audit can't be read: \(message: reason)"
        }
    }
}
