import ContentAddress
import OCI

extension ImageOutline {
    /// Checks that each image config is one, and that it tells of as many layers as its manifest has.
    ///
    /// Configs of other media types are artifacts', and nobody's business here; so are those of manifests that have only
    /// other things than layers, such as statements. `read` gives a config's bytes. Throws
    /// what is wrong, and with which config.
    func checkConfigs(_ read: (Descriptor) throws(TransportError) -> [UInt8]) throws(TransportError) {
        for part in parts
        where MediaType.isConfig(part.manifest.config.mediaType) {
            let layers = part.manifest.layers
            guard layers.isEmpty || layers.contains(where: { MediaType.isLayer($0.mediaType) }) else { continue }
            let descriptor = part.manifest.config
            let what = "the image config \(descriptor.digest.short)"
            let config = try decodeDocument(ImageConfig.self, read(descriptor), as: .config, what)
            let (told, has) = (config.rootfs.diffIDs.count, layers.count)
            guard told == has else {
                throw .document(what: what, reason: "it has \(told) diff_ids, and its manifest \(has) layers")
            }
        }
    }
}
