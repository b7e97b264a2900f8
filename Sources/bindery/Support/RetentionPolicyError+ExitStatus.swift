import ArtifactStore

extension RetentionPolicyError: FailureWithStatus {
    var exitStatus: ExitStatus { .usage }
}
