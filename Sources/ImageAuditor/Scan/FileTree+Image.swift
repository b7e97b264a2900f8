package import ImageFileSystem
package import ImageTransport

extension FileTree {
    /// The file system that a container of a single image sees.
    ///
    /// What is wrong with the image is passed over here; an audit reports it. Throws
    /// ``ImageTransport/TransportError`` when the machine fails.
    package static func ofImage(_ source: any ImageSource) throws(TransportError) -> FileTree {
        try ImageScanner.scan(try source.root(), of: source, options: AuditOptions()).tree
    }
}
