import OCI

/// Tables of contents by which engines pull lazily: they make files of the table, and never read the archive.
enum TableOfContents {
    /// The annotations of layers that lead engines to a table, and what that is called.
    private static let annotations = [
        ("containerd.io/snapshot/stargz/toc.digest", "eStargz"),
        ("io.github.containers.zstd-chunked.manifest-checksum", "zstd:chunked"),
        ("io.github.containers.zstd-chunked.manifest-position", "zstd:chunked"),
        ("io.containers.zstd-chunked.manifest-checksum", "zstd:chunked"),
        ("io.containers.zstd-chunked.manifest-position", "zstd:chunked"),
    ]

    /// What kind of table a layer says that it has; nil for none.
    static func kind(of layer: Descriptor) -> String? {
        guard let said = layer.annotations else { return nil }
        return annotations.first { said[$0.0] != nil }?.1
    }
}
