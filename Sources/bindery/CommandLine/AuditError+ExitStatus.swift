import ArtifactStore
import ImageAuditor
import ImageTransport

extension TransportError: FailureWithStatus {
    /// The status that docs/cli.md gives it.
    var exitStatus: ExitStatus {
        switch self {
        case .reference, .unsuitable, .ambiguous: .usage
        case .notFound, .missingBase: .notFound
        case .document, .ambiguousDocument, .ambiguousContainer, .digest, .size, .tooLarge, .spent, .archive,
            .compression:
            .integrity
        case .system(let error): ExitStatus(of: error) ?? .environment
        case .bundle(_, .notFound): .integrity
        case .bundle(_, let error): error.exitStatus
        case .store, .engine, .registry: .environment
        }
    }
}

extension AuditError: FailureWithStatus {
    /// The status that docs/cli.md gives it.
    var exitStatus: ExitStatus {
        switch self {
        case .transport(let error): error.exitStatus
        case .store(let error): ExitStatus(of: error) ?? .environment
        case .noSuchPlatform, .notAudited: .notFound
        case .record, .doubtful: .integrity
        case .release, .artifact: .usage
        }
    }
}
