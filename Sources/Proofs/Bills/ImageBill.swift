package import ArtifactStore
package import ContentAddress
package import ImageAuditor
import ImageFileSystem
package import ImageTransport
import OCI
import Printable
import Release
package import SBOM

/// The bill of materials of one platform's image, and its files.
package struct ImageBill {
    package let bill: BillOfMaterials
    private let audit: PlatformAudit
    private let regularFiles: [AuditedFile]
    private let positions: [Digest: Int]
    private let contents: ContentRecord

    /// A bill from an audit whose contents were recorded.
    ///
    /// Released programs are read in the store, for what they say they were made from. `released` are the only files that
    /// count as released, where it is given; else those of all releases do. An image without a location has no name.
    package init(
        _ audit: PlatformAudit,
        of location: ImageLocation?,
        _ contents: ContentRecord,
        in store: Store,
        settings: BillSettings,
        released: [Digest: Artifact]? = nil
    ) {
        func artifact(of file: AuditedFile) -> Artifact? {
            if let released { return file.digest.flatMap { released[$0] } }
            return file.identity.isReleased ? file.artifacts.first : nil
        }
        self.audit = audit
        self.contents = contents
        regularFiles = audit.files.filter { $0.kind == .file && $0.digest != nil }
        var components: [BillOfMaterials.Component] = []
        var positions: [Digest: Int] = [:]
        for file in regularFiles {
            guard let artifact = artifact(of: file) else { continue }
            let path = file.path.documentText
            if let position = positions[artifact.digest] {
                components[position].paths.append(path)
            } else {
                positions[artifact.digest] = components.count
                var component = BillOfMaterials.Component(artifact, in: store)
                component.paths = [path]
                components.append(component)
            }
        }
        self.positions = positions
        let packages = PackageCheck(audit, contents)
        let reference = location?.imageReference
        var subject = BillOfMaterials.Subject(
            kind: .image,
            name: reference?.repository.text ?? "image",
            digest: audit.manifest,
            purl: reference.map { PackageURL(image: $0, manifest: audit.manifest) },
            platform: audit.platform
        )
        subject.unread = packages.unread
        bill = BillOfMaterials(
            toolVersion: settings.toolVersion,
            created: settings.epoch,
            subject: subject,
            components: components + packages.components,
            isComplete: settings.isComplete
        )
    }

    /// The image's regular files, each made when it is asked for.
    package var files: some Collection<BillOfMaterials.File> {
        regularFiles.lazy.map { file in
            // Regular files alone are here, and they have digests.
            let digest = file.digest ?? audit.manifest
            return BillOfMaterials.File(
                path: file.path.documentText,
                digest: digest,
                sha1: contents.sums(of: digest)?.sha1,
                mode: FileMode.text(file.mode),
                layer: audit.diffID(of: file),
                component: positions[digest]
            )
        }
    }
}

extension ImageLocation {
    /// What the image is called; nil for one that is only a place on this machine.
    fileprivate var imageReference: ImageReference? {
        switch self {
        case .dockerDaemon(let text), .containersStorage(let text), .registry(let text), .store(let text):
            try? ImageReference(parsing: text)
        default: nil
        }
    }
}
