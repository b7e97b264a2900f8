package import ContentAddress
package import OCI
package import Release

/// One file to put.
package struct PutRequest: Sendable {
    /// Where the bytes are.
    package enum Source: Sendable {
        /// A regular file.
        case path(String)
        /// Standard input, until its end.
        case standardInput
    }

    /// Where the bytes are.
    package var source: Source
    /// What is released.
    package var name: RepositoryName
    /// Which version of it.
    package var version: Version
    /// For which platform; nil asks the file, which must be an ELF file then.
    package var platform: ArtifactPlatform?
    /// For which platform a file is that names none; nil refuses it.
    package var otherwise: ArtifactPlatform?
    /// Where the file is inside the release; nil for the release's program, or its only file.
    package var path: ReleasePath?
    /// What the file is called in a context; nil takes the last component of ``path``, else the source's own name.
    package var fileName: String?
    /// Permission bits; nil takes `0o755` for a program, `0o644` for anything else.
    package var mode: UInt16?
    /// Whether the source's own permission bits are taken where ``mode`` is nil.
    package var keepsMode = false
    /// Free annotations.
    package var annotations: [String: String]
    /// Whether the annotations replace those of the same bytes that are released already.
    package var amends = false
    /// The digest that the file must have.
    package var expectedDigest: Digest?
    /// Builders' own attestations; at least one must be about the file, and those that are, are kept.
    package var provenance: [NewProvenance] = []
    /// What messages call the source where its path says nothing to a person: `tool.tar.gz: bin/tool`.
    package var label: String?
    /// A text that must stand in the file's bytes.
    package var expectedText: String?

    /// A request to put one file.
    package init(
        source: Source,
        name: RepositoryName,
        version: Version,
        platform: ArtifactPlatform? = nil,
        path: ReleasePath? = nil,
        fileName: String? = nil,
        mode: UInt16? = nil,
        annotations: [String: String] = [:],
        expectedText: String? = nil
    ) {
        self.source = source
        self.name = name
        self.version = version
        self.platform = platform
        self.path = path
        self.fileName = fileName
        self.mode = mode
        self.annotations = annotations
        self.expectedText = expectedText
    }

    /// What messages call the source.
    package var sourceName: String {
        if let label { return label }
        return switch source {
        case .path(let path): path
        case .standardInput: "standard input"
        }
    }

    /// The name of the file in a context: one path component.
    ///
    /// Throws ``StoreError/badFileName(_:)``.
    func checkedFileName() throws(StoreError) -> String {
        let name =
            switch (fileName ?? path?.lastComponent, source) {
            case (let given?, _): given
            case (nil, .path(let path)): String(path.split(separator: "/").last ?? "")
            case (nil, .standardInput): self.name.lastComponent
            }
        guard ReleasePath.isComponent(name) else { throw .badFileName(name) }
        return name
    }
}
