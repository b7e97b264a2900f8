internal import ImageTransport
internal import OCI

extension KnownBase {
    /// The bases that an image is, one for each of its platforms.
    ///
    /// Only documents are read, no layers. Throws ``ImageTransport/TransportError``.
    public static func read(_ reference: String) throws -> [KnownBase] {
        let source = try ImageSources.open(ImageLocation(parsing: reference))
        let reading = try IndexReading(try source.root(), source, platform: nil)
        return try reading.images.map { child in
            let config = try source.document(child.document.manifest().config).config()
            return KnownBase(name: reference, diffIDs: config.rootfs.diffIDs)
        }
    }
}
