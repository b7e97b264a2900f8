import ImageFileSystem

/// A finding in JSON, as it is recorded to be shown again.
struct RecordedFinding: Codable, Sendable {
    private let code: FindingCode
    private let platform: String?
    private let layer: Int?
    private let path: RecordedPath?
    private let message: String
    private let found: String?
    private let expected: String?

    init(_ finding: Finding) {
        code = finding.code
        platform = finding.platform
        layer = finding.layer
        path = finding.path.map(RecordedPath.init)
        message = finding.message
        found = finding.found
        expected = finding.expected
    }

    var finding: Finding {
        Finding(
            code,
            platform: platform,
            layer: layer,
            path: path?.path,
            message,
            found: found,
            expected: expected
        )
    }
}
