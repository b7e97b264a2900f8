package import ContentAddress
package import OCI
package import Release

extension PackageURL {
    /// A release: `pkg:generic/team/agent@1.2.3`.
    package init(releasedAs release: ReleaseKey) {
        self.init(type: "generic", path: release.name.text, version: release.version.text)
    }

    /// A file of a release, by its digest; one that isn't the program as a path inside it.
    package init(releasedAs key: ArtifactKey, digest: Digest) {
        self.init(
            type: "generic",
            path: key.name.text,
            version: key.version.text,
            qualifiers: ["checksum": "\(digest)"],
            subpath: key.isProgram ? nil : key.file.text
        )
    }

    /// An image by its manifest: `pkg:oci/agent@sha256%3A…?repository_url=registry/team/agent`.
    package init(image reference: ImageReference, manifest: Digest) {
        let repository = reference.registry.map { "\($0)/\(reference.repository.text)" }
        self.init(
            type: "oci",
            path: reference.repository.lastComponent,
            version: "\(manifest)",
            qualifiers: ["repository_url": repository ?? "", "tag": reference.tag?.text ?? ""]
        )
    }
}
