package import ArtifactStore
import Attestation
package import ContentAddress
package import ImageAssembler
import ImageAuditor
package import ImageTransport
import OCI
package import Release
import SBOM
import SystemIO

/// Unsigned statements about an image in its own index, as BuildKit makes them: how it was made, and what is in it.
///
/// They depend on what the image depends on, on the names of its releases and on the builder's: not on the store, nor on
/// the version of this program.
package struct IndexStatements: Sendable {
    let builder: String
    let request: BuildAttestations.Request
    /// The files that the build could take, by their digests.
    let released: [Digest: Artifact]
    let store: Store

    /// What the bills say instead of the program's version: a bill that says other things gets another number.
    private static let toolVersion = "index-1"

    package init(builder: String, _ request: BuildAttestations.Request, contexts: [ReleaseKey], in store: Store) throws
    {
        var request = request
        // Where the Dockerfile was isn't in the image.
        request.dockerfile.path = Directory.lastComponent(of: request.dockerfile.path)
        var released: [Digest: Artifact] = [:]
        for artifact in try (request.releases + contexts).flatMap({ try store.artifacts(of: $0) }) {
            let earlier = released[artifact.digest].map { "\($0.key.release)/\($0.key.pathByPlatform)" }
            // Files of the same bytes have one name, the same everywhere.
            guard earlier.map({ $0 <= "\(artifact.key.release)/\(artifact.key.pathByPlatform)" }) != true else {
                continue
            }
            released[artifact.digest] = artifact
        }
        self.builder = builder
        self.request = request
        self.released = released
        self.store = store
    }

    /// The statements about each platform's manifest, by its digest.
    package func statements(
        about image: BuiltImage,
        in source: any ImageSource
    ) throws(AssemblerError) -> [Digest: [BuiltImage.Statement]] {
        do {
            return try make(image, source)
        } catch {
            throw .statements(reason: "\(error)")
        }
    }

    private func make(_ image: BuiltImage, _ source: any ImageSource) throws -> [Digest: [BuiltImage.Statement]] {
        let (audit, contents) = try PackageCheck.audit { contents in
            var options = AuditOptions()
            options.contents = contents
            return try Auditor(store: store, options: options).audit(source)
        }
        try audit.requireOneReading(of: "the image")
        let dependencies = dependencies(of: image)
        var request = request
        // The rules that the image says it was made by: others that make the same bytes aren't another input.
        request.settings.derivation = try ImageComparison.derivation(of: source)
        let settings = BillSettings(epoch: request.settings.epoch, isComplete: false, toolVersion: Self.toolVersion)
        var all: [Digest: [BuiltImage.Statement]] = [:]
        for platform in audit.platforms {
            let subject = Statement.Subject(name: platform.platform, digest: platform.manifest)
            let provenance = request.provenance(of: [subject], by: builder, dependencies: dependencies)
            let bill = ImageBill(platform, of: nil, contents, in: store, settings: settings, released: released)
            var document: [UInt8] = []
            try BillFormat.spdx.write(bill.bill, files: bill.files) { document += $0 }
            all[platform.manifest] = [
                BuiltImage.Statement(predicateType: provenance.predicateType, bytes: provenance.bytes),
                BuiltImage.Statement(
                    predicateType: PredicateType.spdx,
                    bytes: Statement.bytes(about: [subject], type: PredicateType.spdx, document: document)
                ),
            ]
        }
        return all
    }

    private func dependencies(of image: BuiltImage) -> [JSONValue] {
        let files = image.artifacts.compactMap { released[$0] }.sorted {
            "\($0.key.release)/\($0.key.pathByPlatform)" < "\($1.key.release)/\($1.key.pathByPlatform)"
        }
        let bases = Set(image.bases.map(\.image)).sorted()
        return [request.dockerfileDependency] + files.map(BuildAttestations.Request.dependency)
            + bases.map { BuildAttestations.Request.dependency($0, ["name": "base"]) }
    }
}
