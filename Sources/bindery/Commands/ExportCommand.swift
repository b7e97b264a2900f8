import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import ImageTransport
import OCI
import Printable
import Proofs
import Release
import SystemIO

struct ExportCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes releases and images into a bundle, for another store or on a disk.",
        discussion: """
            A bundle is an OCI image layout: `bindery import` takes it into another store, skopeo copies it to a \
            registry, and oras pulls the files of a release from there. An image brings its base along. The same \
            releases and images give the same bytes.

            Where the store has signed statements or marks about a part, or a key of the log, the bundle carries them, with \
            proofs from the log (docs/bundle-format.md, section 5), and what others attached, such as signatures by cosign \
            and notation, which --no-referrers leaves behind; --no-proofs leaves out both, for versions that don't know them. --key is a key of the log, which signs a checkpoint first.

            --since makes a delta for a place that has a bundle of before, or imported all up to a checkpoint of the log: what
            that has is left out, files, layers and events of the log, and `import` says what is missing where it isn't there.

            name@version, with an @ and no colon after it, is a release; everything else is an image.

            Examples:
              bindery export mount-monitor@1.2.3 -o oci-archive:mount-monitor.bundle
              bindery export agent@2.0.0 registry.example/agent:2.0.0 -o oci:/media/disk/bundle
              bindery import oci-archive:mount-monitor.bundle
              bindery export agent@2.0.1 registry.example/agent:2.0.1 --since agent-2.0.0.bundle -o oci-archive:delta
              bindery export agent@2.0.1 --since checkpoint --key log.key -o oci-archive:delta
              bindery export mount-monitor@1.2.3 -o oci-archive:- | ssh site bindery import oci-archive:-
            """
    )

    @Argument(
        help: "Releases, name@version, and images, [registry/]repository[:tag][@digest].",
        completion: Completions.releasesAndImages,
        transform: Arguments.releaseOrImage
    )
    var items: [ReleaseOrImage]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where to: oci:DIR, which keeps what else is in it, or oci-archive:FILE; the file - is standard output.",
            valueName: "transport:place"
        )
    )
    var output: String

    @Option(
        help: ArgumentHelp(
            "Leave out what the other side has: by a bundle (a file, oci:DIR, oci-archive:FILE) or a checkpoint of the log.",
            valueName: "place"
        ),
        completion: .file()
    )
    var since: String?

    @Flag(help: "Write the parts alone: the same bytes from every store.")
    var noProofs = false

    @OptionGroup var referrers: ReferrerOption

    @OptionGroup var signing: SigningOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if noProofs, signing.key != nil || signing.signer != nil {
            throw ValidationError("--key and --signer have no effect with --no-proofs")
        }
        if noProofs, referrers.noReferrers {
            throw ValidationError("--no-referrers has no effect with --no-proofs, which writes the parts alone")
        }
        if items.isEmpty { throw ValidationError("give at least one release or image") }
    }

    func run() throws {
        let location = try ImageLocation(parsing: output)
        let inputs = [since, signing.key, signing.passphraseFile, signing.signerKey].compactMap(\.self)
        try Output.give(location, reading: inputs, json: options.json, store: options.path)
        if since != nil, case .layout(let path, _) = location, (try? FileStatus.of(path + "/index.json")) != nil {
            throw UsageError(
                description: "\(printable(output)) is a layout already: a delta stands alone in a directory"
            )
        }
        // What leaves for another place is all that is there: a bad blob is to be found here, not at the far end.
        let signer = try noProofs ? nil : signing.signer(as: .log)
        let store =
            try signer == nil
            ? options.openForReading(rehashing: true) : options.open(for: .recording, rehashing: true)
        try signer?.checkRole(.log, in: store, warn: Output.warning)
        let base = try since.map { try DeltaBase($0, in: store) }
        let releases = items.compactMap { if case .release(let release) = $0 { release } else { nil } }
        for release in releases where try store.artifacts(of: release).isEmpty { throw store.nothing(of: release) }
        try SealRule.check(releases, in: store, warn: Output.warning)
        try RevocationRule.check(releases, refusing: nil, in: store)
        var export = try BundleExport(
            items.map { item in
                switch item {
                case .release(let release): .release(release)
                case .image(let reference): .image(reference)
                }
            },
            from: store
        )
        for part in export.parts {
            try DraftUse.check(part.source, named: part.name, in: store, remedy: ": no bundle takes it as it is.")
        }
        if !noProofs {
            let parts = export.parts
            try add(ExportedProofs(store, signer: signer, since: base?.checkpoint), to: &export)
            if !referrers.noReferrers { for part in parts { try export.addReferrers(of: part) } }
        }
        if let base { try export.leaveOut(base.contents, since: base.point) }
        for remark in export.remarks { Output.warning("\(remark)") }
        let progress = Progress("exporting", total: export.size)
        defer { progress.finish() }
        try export.write(to: try LayoutWriters.open(location)) { progress.add($0) }
        progress.finish()
        let delta = export.delta
        if options.json {
            return try Output.json(Shape(parts: export.parts.map(Part.init), delta: delta.map(DeltaShape.init)))
        }
        for part in export.parts { Output.line("\(part.root.digest)  \(part.name)") }
        if let delta { Output.line(delta.summary) }
    }

    private func add(_ exported: ExportedProofs, to export: inout BundleExport) throws {
        for part in export.parts {
            let proofs = try exported.proofs(about: part.root.digest, release: part.release) { Output.warning($0) }
            if !proofs.isEmpty { try export.add(proofs, about: part) }
        }
    }

    private struct Shape: Encodable {
        let parts: [Part]
        /// Only of a delta.
        let delta: DeltaShape?
    }

    private struct Part: Encodable {
        let name: String
        let digest: Digest
        let mediaType: String

        init(_ part: BundleExport.Part) {
            name = part.name
            digest = part.root.digest
            mediaType = part.root.mediaType
        }
    }
}
