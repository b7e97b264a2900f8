import Release

extension RetentionPolicyError: FailureWithStatus {
    var exitStatus: ExitStatus { .usage }
}

extension NamePatternError: FailureWithStatus {
    var exitStatus: ExitStatus { .usage }
}
