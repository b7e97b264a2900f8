package import ArtifactStore
package import ContentAddress
import ImageAssembler
import OCI
import Proofs
package import Release
import SBOM

/// The files that a release page has.
package enum PageContents {
    /// The archives and lists of checksums that are released as they are, else the packed archives; checksums of all of
    /// them; the bill of materials; the signed statements.
    ///
    /// `epoch` is the time in what is made, in seconds since 1970: the same release gives the same bytes. Throws what packing
    /// throws.
    package static func files(
        of release: ReleaseKey,
        _ artifacts: [Artifact],
        _ digest: Digest,
        in store: Store,
        epoch: Int64,
        toolVersion: String
    ) throws -> [PageFile] {
        let title = "\(release.name.lastComponent)_\(release.version)"
        var files = artifacts.filter { $0.annotations[Annotation.artifactKind] != nil }.map { PageFile($0) }
        if files.isEmpty {
            let archives = try ArchivePacker(store: store, epoch: epoch).keptArchives(of: release, artifacts)
            files = archives.map { PageFile($0) }
        }
        let lines = files.map { "\($0.digest.hex)  \($0.name)\n" }.joined()
        files.append(PageFile(name: "\(title)_checksums.txt", bytes: Array(lines.utf8)))
        let settings = BillSettings(epoch: epoch, isComplete: false, toolVersion: toolVersion)
        let bill = BillOfMaterials(release, artifacts, digest: digest, in: store, settings: settings)
        var document: [UInt8] = []
        try BillFormat.spdx.write(bill, files: []) { document += $0 }
        files.append(PageFile(name: "\(title)\(BillFormat.spdx.suffix)", bytes: document))
        for (number, statement) in try store.attestations(about: digest).enumerated() {
            let suffix = number == 0 ? "" : "_\(number + 1)"
            files.append(PageFile(name: "\(title)\(suffix).sigstore.json", bytes: statement.bytes))
        }
        var names: Set<String> = []
        // What is released as it is goes before what is made here.
        return files.filter { names.insert($0.name).inserted }
    }
}
