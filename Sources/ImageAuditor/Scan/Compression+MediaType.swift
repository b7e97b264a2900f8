import Archive
import OCI

extension Compression {
    /// What a layer's media type promises; nil for types that promise nothing.
    init?(mediaType: String) {
        switch mediaType {
        case MediaType.layer, MediaType.dockerLayer: self = .none
        case MediaType.layerGzip, MediaType.dockerLayerGzip: self = .gzip
        case MediaType.layerZstd: self = .zstd
        default: return nil
        }
    }
}
