package import ArtifactStore
import ContentAddress
import OCI
package import Release
import SystemIO

extension ArchivePacker {
    /// The archives that the store keeps of a release; where it keeps none, they are packed first: tar.gz for each
    /// platform, zip for Windows.
    ///
    /// Throws ``PackError``, ``StoreError`` and ``SystemIO/SystemError``.
    package func keptArchives(of release: ReleaseKey, _ artifacts: [Artifact]) throws -> [PackedArchive] {
        let standing = try store.packedArchives(of: release)
        guard standing.isEmpty else { return standing }
        let platforms = Set(artifacts.compactMap(\.key.platform.platform)).sorted { "\($0)" < "\($1)" }
        for form in [ReleaseArchive.Form.tarGzip, .zip] {
            let batch = try store.beginBatch()
            var packed: [Store.NewArchive] = []
            for platform in platforms where (platform.os == "windows") == (form == .zip) {
                let archive = try ReleaseArchive(of: release, artifacts, for: platform, as: form)
                let written = try write(archive, to: Directory.temporary + "/" + archive.fileName)
                var writer = try batch.writer()
                try written.file.read { try writer.write($0) }
                let blob = try writer.finish()
                packed.append(
                    (.platform(platform), archive.fileName, blob.digest, blob.size, recipe(of: archive))
                )
            }
            guard !packed.isEmpty else { continue }
            try store.keep(packed, of: release, from: batch)
        }
        return try store.packedArchives(of: release)
    }
}
