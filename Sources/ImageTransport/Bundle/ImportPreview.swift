package import ArtifactStore
import OCI

/// What an import would bring into a store.
package struct ImportPreview: Sendable {
    /// A released file, and whether its key is free.
    package struct PreviewedFile: Sendable {
        /// The file as the bundle tells of it.
        package let artifact: ImportedArtifact
        /// False when the store has it.
        package let isNew: Bool
    }

    /// An image, and whether it or one of its names is new.
    package struct Image: Sendable {
        /// The image as the bundle tells of it.
        package let record: ImageRecord
        /// False when the store has it with all its names.
        package let isNew: Bool
    }

    /// The released files, in the bundle's order.
    package let files: [PreviewedFile]
    /// The images, in the bundle's order.
    package let images: [Image]

    /// Throws ``StoreError`` for keys that are taken.
    init(_ request: ImportRequest, in store: Store?) throws(StoreError) {
        try store?.checkImport(request)
        var files: [PreviewedFile] = []
        for artifact in request.artifacts {
            files.append(PreviewedFile(artifact: artifact, isNew: try store?.artifact(artifact.key) == nil))
        }
        var images: [Image] = []
        for record in request.images {
            var isNew = false
            for reference in record.references where try store?.image(reference)?.digest != record.digest {
                isNew = true
            }
            images.append(Image(record: record, isNew: isNew))
        }
        self.files = files
        self.images = images
    }
}
