import RegistryServer

extension ServerError: FailureWithStatus {
    /// The status that docs/cli.md gives it.
    var exitStatus: ExitStatus {
        switch self {
        case .address, .host, .openToAll: .usage
        case .sameName: .conflict
        case .unproved: .integrity
        case .listen, .noSocket, .passwords, .certificate, .busy: .environment
        }
    }
}
