/// A place in a file system that a source couldn't read, and that is missing from the image that it makes.
package struct UnreadPath: Hashable, Sendable {
    /// The path from the root, as bytes, without a slash at the start.
    package let path: [UInt8]
    /// Why it wasn't read.
    package let reason: String
    /// Whether no image can have such a thing, so that nothing is missing of what engines would run or read.
    package var isOfNoImage = false
}
