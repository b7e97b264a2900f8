import Release
import ReleaseFiles

extension RetentionPolicyError: FailureWithStatus {
    var exitStatus: ExitStatus { .usage }
}

extension NamePatternError: FailureWithStatus {
    var exitStatus: ExitStatus { .usage }
}

extension UnusableFiles: FailureWithStatus {
    var exitStatus: ExitStatus { .usage }
}

extension StandingFile: FailureWithStatus {
    var exitStatus: ExitStatus { .conflict }
}
