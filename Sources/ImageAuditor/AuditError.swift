public import ArtifactStore
public import ImageTransport

/// Why an audit can't be made.
///
/// What is wrong *in* an image is a ``Finding``, not an error.
public enum AuditError: Error, CustomStringConvertible {
    /// The image can't be opened or read.
    case transport(TransportError)
    /// The store can't be asked.
    case store(StoreError)
    /// The index has no image for the platform that was asked for.
    case noSuchPlatform(String, reference: String, choices: [String])

    /// One or two lines for a person.
    public var description: String {
        switch self {
        case .transport(let error): "\(error)"
        case .store(let error): "\(error)"
        case .noSuchPlatform(let platform, let reference, let choices):
            "\(reference) has no image for \(platform); it has \(choices.isEmpty ? "none" : choices.joined(separator: ", "))"
        }
    }
}
