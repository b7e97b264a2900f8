package import ImageFileSystem

/// One line of an audit: what was found, where, and what was expected there.
package struct Finding: Hashable, Sendable {
    /// What kind of finding it is.
    package let code: FindingCode
    /// The platform's image that it is in; nil for the whole.
    package let platform: String?
    /// The layer that it is in, 0 for the lowest; nil when it isn't in one.
    package let layer: Int?
    /// The path that it is at; nil when it isn't at one.
    package let path: FilePath?
    /// What was found, in words.
    package let message: String
    /// What was found, as data: a digest, a release, a mode.
    package let found: String?
    /// What was expected.
    package let expected: String?

    init(
        _ code: FindingCode,
        platform: String? = nil,
        layer: Int? = nil,
        path: FilePath? = nil,
        _ message: String,
        found: String? = nil,
        expected: String? = nil
    ) {
        self.code = code
        self.platform = platform
        self.layer = layer
        self.path = path
        self.message = message
        self.found = found
        self.expected = expected
    }

    /// How much it matters.
    package var severity: Severity { code.severity }

    /// The same finding, said of a platform.
    func on(_ platform: String) -> Finding {
        Finding(code, platform: platform, layer: layer, path: path, message, found: found, expected: expected)
    }
}
