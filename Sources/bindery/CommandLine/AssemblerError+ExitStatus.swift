import ArtifactStore
import ImageAssembler
import SystemIO

extension AssemblerError: FailureWithStatus {
    /// The status that docs/cli.md gives it.
    var exitStatus: ExitStatus {
        switch self {
        case .plan(_, let problems) where problems.contains(where: \.kind.isIntegrity): .integrity
        case .dockerfile, .plan, .naming, .sameFileName, .badFileName: .usage
        case .noPlatform: .usage
        case .compression, .layer, .statements: .integrity
        case .noTarget, .missingPlatform: .notFound
        case .outputNotOurs, .leftBehind: .conflict
        case .store(let error): ExitStatus(of: error) ?? .environment
        case .system(let error): ExitStatus(of: error) ?? .environment
        }
    }
}
