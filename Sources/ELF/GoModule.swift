/// A Go module that a program was built from.
package struct GoModule: Sendable, Equatable, Codable {
    /// The module path, such as `github.com/containers/buildah`.
    package let path: String
    /// The version, such as `v1.28.2` or `(devel)`.
    package let version: String
    /// The checksum as in `go.sum`; empty for the main module.
    package let sum: String
    /// The path and version of the module that stood in for it (`replace`), as `path@version`.
    package internal(set) var replacement: String?
}
