import ArgumentParser
import ArtifactStore
import CBuildVersion
import ContentAddress
import ImageAuditor
import ImageTransport
import OCI
import Printable
import Proofs
import Release
import SBOM
import SystemIO

struct SBOMCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "sbom",
        abstract: "Writes the bill of materials of an image or a release, as SPDX or CycloneDX.",
        discussion: """
            The image is read as `bindery audit` reads it: each regular file that a container sees, with path, layer and
            digests, and each released file with its release. Of a release, name@version, each file. The same input gives
            the same bytes; the time in it is SOURCE_DATE_EPOCH, else 0.

            An index of several platforms gives one document for each: choose one with --platform, or name a directory
            with --output. The document is written to standard output by default. See docs/sbom.md.

            Examples:
              bindery sbom registry.example/agent:1.2.3 --format spdx -o agent.spdx.json
              bindery sbom docker-daemon:agent:v1.2.3 --platform linux/arm64 --format cyclonedx
              bindery sbom agent:1.2.3 --format cyclonedx -o documents
              bindery sbom agent@1.2.3 --format spdx
            """
    )

    @Argument(
        help: "The image, as for `bindery audit`, or a release, name@version.",
        completion: Completions.releasesAndImages
    )
    var subject: String

    @Option(help: "The format: SPDX 2.3 or 3.0.1, CycloneDX 1.6 or 1.7.")
    var format: BillFormat

    @Option(
        help: "Only this platform of an index, or this platform's files of a release.",
        completion: Completions.platforms,
        transform: Arguments.platform
    )
    var platform: ArtifactPlatform?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to this file; several documents to this directory, as OS-ARCH.spdx.json or .cdx.json.",
            valueName: "path"
        ),
        completion: .file()
    )
    var output: String?

    @Flag(
        help: """
            Claim that the bill is complete: of an image whose every file is a released or a known base's, or of a sealed \
            release.
            """
    )
    var claimComplete = false

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let settings = BillSettings(
            epoch: try BuildOptionGroup.epoch(),
            isComplete: claimComplete,
            toolVersion: String(cString: build_version())
        )
        var places = OutputPlaces()
        places.add("--output", file: output)
        places.addInputs(subject)
        try places.take(json: options.json, store: options.path)
        let store = try options.openForReading()
        if let release = try? ReleaseKey(parsing: subject) { return try write(release, store, settings) }
        try writeImage(store, settings)
    }

    private func write(_ release: ReleaseKey, _ store: Store, _ settings: BillSettings) throws {
        let all = try store.artifacts(of: release)
        let artifacts = all.choosing(platform: platform)
        guard !artifacts.isEmpty else { throw store.nothing(of: release, platform: platform, among: all) }
        try RevocationRule.check([release], refusing: nil, in: store)
        if claimComplete {
            guard try store.seal(of: release) != nil else { throw ProofError.notSealed(release) }
            guard platform == nil else {
                throw UsageError(description: "--claim-complete and --platform exclude each other for a release")
            }
        }
        let digest = try ReleaseDocuments(release, all).index.digest
        let bill = BillOfMaterials(release, artifacts, digest: digest, in: store, settings: settings)
        try write([Document(platform: nil, digest: digest) { try format.write(bill, files: [], to: $0) }])
    }

    private func writeImage(_ store: Store, _ settings: BillSettings) throws {
        let location = try ImageLocation(parsing: subject)
        let source = try ImageSources.open(location, store: store, registries: registry.access)
        var audit = AuditOptions()
        if let platform {
            guard let platform = platform.platform else {
                throw UsageError(description: "--platform any: an image has files of one platform")
            }
            audit.platform = platform
        }
        let progress = Progress("reading", total: nil)
        audit.progress = { progress.add($0) }
        let (result, contents) = try PackageCheck.audit { contents in
            audit.contents = contents
            return try Auditor(store: store, options: audit).audit(source)
        }
        progress.finish()
        try result.requireOneReading(of: subject)
        if claimComplete, result.verdict != .exact {
            let verdict = result.verdict?.rawValue ?? "damaged"
            Output.error("\(subject) has files that no release and no known base has: its verdict is \(verdict)")
            throw ExitStatus.no
        }
        guard result.platforms.count == 1 || output != nil && output != "-" else {
            let names = result.platforms.map(\.platform).joined(separator: ", ")
            throw UsageError(
                description: """
                    \(subject) is for several platforms: \(names)
                    Choose one with --platform, or name a directory with --output.
                    """
            )
        }
        let bills = result.platforms.map { ImageBill($0, of: location, contents, in: store, settings: settings) }
        for path in Set(bills.flatMap(\.bill.subject.unread)).sorted() {
            guard !claimComplete else {
                Output.error("\(subject) has packages that are not read: \(path)")
                throw ExitStatus.no
            }
            Output.warning("the packages in \(path) are not listed: it is not read")
        }
        try write(
            bills.map { bill in
                Document(platform: bill.bill.subject.platform, digest: bill.bill.subject.digest) { sink in
                    try format.write(bill.bill, files: bill.files, to: sink)
                }
            }
        )
    }

    private struct Document {
        let platform: String?
        let digest: Digest
        let write: (([UInt8]) throws -> Void) throws -> Void
    }

    private func write(_ documents: [Document]) throws {
        guard let output, output != "-" else {
            for document in documents { try document.write { Output.stream(String(decoding: $0, as: UTF8.self)) } }
            return
        }
        if documents.count > 1 { try Directory.createWithParents(output) }
        var written: [Shape.Entry] = []
        for (document, path) in zip(documents, try paths(documents, in: output)) {
            let file = try AtomicFile.create(path, followingLinks: documents.count == 1)
            try document.write { bytes in try bytes.withUnsafeBytes { try file.file.write($0) } }
            try file.commit(durable: false)
            written.append(Shape.Entry(path: path, digest: document.digest, platform: document.platform))
        }
        if options.json { return try Output.json(Shape(format: format.rawValue, documents: written)) }
        for entry in written { Output.line("\(entry.digest)  \(entry.path)") }
    }

    // Two manifests of an index may be for one platform: the digest tells them apart then.
    private func paths(_ documents: [Document], in output: String) throws -> [String] {
        guard documents.count > 1 else { return [output] }
        let names = documents.map { ($0.platform ?? "any").replacing("/", with: "-") }
        return zip(documents, names).map { document, name in
            let isOnly = names.count { $0 == name } == 1
            return "\(output)/\(name)\(isOnly ? "" : "-" + document.digest.hex)\(format.suffix)"
        }
    }

    private struct Shape: Encodable {
        struct Entry: Encodable {
            let path: String
            let digest: Digest
            let platform: String?
        }

        let format: String
        let documents: [Entry]
    }
}

extension BillFormat: ExpressibleByArgument {}
