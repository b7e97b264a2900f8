import ContentAddress
package import OCI
package import SystemIO

/// Writes an OCI image layout with several images and releases: first all blobs, then the files at its top.
///
/// Nothing counts before ``finish(_:)``.
package protocol LayoutWriter: AnyObject {
    /// Tells what will come at most, before anything does.
    func prepare(for blobs: [Descriptor]) throws(TransportError)

    /// Whether a blob is there already.
    func has(_ descriptor: Descriptor) -> Bool

    /// Writes a blob, whose stream checks it.
    func add(_ blob: BlobStream, _ descriptor: Descriptor) throws(TransportError)

    /// Copies a file that was checked before.
    func add(_ file: borrowing File, _ descriptor: Descriptor) throws(TransportError) -> Bool

    /// Ends the layout: `entries` are what `index.json` names.
    func finish(_ entries: [Descriptor]) throws(TransportError)
}

extension ArchiveDestination: LayoutWriter {}
extension LayoutDestination: LayoutWriter {}

/// Opens layouts for writing by their written references.
package enum LayoutWriters {
    /// Opens `oci:DIR` or `oci-archive:FILE`.
    ///
    /// Throws ``TransportError/unsuitable(_:rule:)`` for anything else.
    package static func open(_ location: ImageLocation) throws(TransportError) -> any LayoutWriter {
        switch location {
        case .layout(let path, nil): return try LayoutDestination(directory: path, tag: nil)
        case .layoutArchive(let path, nil): return try ArchiveDestination.layout(path: path, tag: nil)
        case .layout(_, let tag?), .layoutArchive(_, let tag?):
            throw .unsuitable(
                "\(location)",
                rule: "a bundle's parts have names of their own: end the place before ':\(tag)'"
            )
        case .dockerArchive, .dockerDaemon, .containersStorage, .directory, .rootFileSystem, .container, .registry,
            .store:
            throw .unsuitable("\(location)", rule: "a bundle is oci:DIR or oci-archive:FILE")
        }
    }
}
