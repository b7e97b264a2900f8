import ObjectStorage

extension ObjectStorageError: FailureWithStatus {
    /// The status that docs/cli.md gives it.
    var exitStatus: ExitStatus {
        switch self {
        case .location: .usage
        case .missingBucket, .notFound: .notFound
        case .damaged: .integrity
        case .precondition: .conflict
        case .credentials, .noCredentials, .certificates, .denied, .region, .unreachable, .unfinished, .busy,
            .unsupported, .refused, .malformed:
            .environment
        }
    }
}
