/// A Go module that a program was built from.
public struct GoModule: Sendable, Equatable, Codable {
    /// The module path, such as `github.com/containers/buildah`.
    public let path: String
    /// The version, such as `v1.28.2` or `(devel)`.
    public let version: String
    /// The checksum as in `go.sum`; empty for the main module.
    public let sum: String
    /// The path and version of the module that stood in for it (`replace`), as `path@version`.
    public internal(set) var replacement: String?
}
