import ArtifactStore
import Release

extension RetentionPolicyError: FailureWithStatus {
    var exitStatus: ExitStatus { .usage }
}
