import OCI

/// What is made of a base image's documents by the second derivation (docs/derivation.md, "The documents"): the first
/// took them as they are.
enum BaseDerivation {
    /// The present number.
    static let latest = 2

    /// The same layer under OCI's name for it: an OCI manifest with Docker's types is read by few (image-spec,
    /// media-types.md, "Compatibility Matrix").
    static func layer(_ descriptor: Descriptor) -> Descriptor {
        guard let type = twins[descriptor.mediaType] else { return descriptor }
        var descriptor = descriptor
        descriptor.mediaType = type
        return descriptor
    }

    private static let twins = [
        MediaType.dockerLayer: MediaType.layer,
        MediaType.dockerLayerGzip: MediaType.layerGzip,
        MediaType.dockerLayer + ".zstd": MediaType.layerZstd,
        "application/vnd.docker.image.rootfs.foreign.diff.tar":
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip":
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    ]

    /// A history with as many entries of layers as there are layers (image-spec, config.md, "history"): what is too
    /// much made none, and what is missing is put behind.
    static func history(_ history: [ImageConfig.History], layers: Int) -> [ImageConfig.History] {
        var count = 0
        var result = history
        for index in result.indices where result[index].emptyLayer != true {
            count += 1
            if count > layers { result[index].emptyLayer = true }
        }
        let missing = max(0, layers - count)
        return result + Array(repeating: ImageConfig.History(comment: comment), count: missing)
    }

    private static let comment = "a layer of the base, which its history lacks"
}
