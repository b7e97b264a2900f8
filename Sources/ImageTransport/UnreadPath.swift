/// A place in a file system that a source couldn't read, and that is missing from the image that it makes.
public struct UnreadPath: Hashable, Sendable {
    /// The path from the root, as bytes, without a slash at the start.
    public let path: [UInt8]
    /// Why it wasn't read.
    public let reason: String
}
