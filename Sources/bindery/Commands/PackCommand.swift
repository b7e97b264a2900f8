import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Printable
import Proofs
import Release
import ReleaseFiles
import Shapes
import SystemIO

struct PackCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Packs a release's files into the archives that release pages have.",
        discussion: """
            Each archive has the files of one platform and those for all platforms, with their modes and one time
            (SOURCE_DATE_EPOCH, else 0): the same release gives the same bytes. The program in it is the released one.

            Examples:
              bindery pack agent@1.2.3 --as tar.gz -o dist --checksums
              bindery pack agent@1.2.3 --as zip --platform windows/amd64
              bindery pack agent@1.2.3 --as deb --maintainer 'Ops <ops@example.org>' --description 'the agent'
            """
    )

    @Argument(help: "The release, name@version.", completion: Completions.releases, transform: Arguments.release)
    var release: ReleaseKey

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("tar.gz, zip or deb.", valueName: "form"),
        completion: .list(ReleaseArchive.Form.allCases.map(\.rawValue)),
        transform: Self.form
    )
    var form: ReleaseArchive.Form

    @Option(help: "Only this platform; repeatable.", completion: Completions.platforms, transform: Arguments.platform)
    var platform: [ArtifactPlatform] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The directory that the archives go to.", valueName: "directory"),
        completion: .directory
    )
    var output = "."

    @Flag(help: "Also write NAME_VERSION_checksums.txt, which sha256sum --check reads.")
    var checksums = false

    @Flag(help: "Replace files that are there with other bytes.")
    var force = false

    @Option(help: "With --as deb: who makes the package, 'Name <address>'.")
    var maintainer: String?

    @Option(help: "With --as deb: what the package is, in one line.")
    var description: String?

    @Option(help: "With --as deb: the package's Depends field.")
    var depends: String?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            let isDescribed = maintainer != nil || description != nil || depends != nil
            complaints.require(
                form == .deb || !isDescribed,
                "--maintainer, --description and --depends have an effect with --as deb only"
            )
            complaints.require(output != "-", "pack writes to a directory: give -o DIRECTORY")
            complaints.require(!platform.contains(.any), "an archive is for a platform: 'any' is in each of them")
        }
    }

    private struct Packed: Encodable {
        struct File: Encodable {
            let path: String
            let artifact: ArtifactShape
        }

        let path: String
        let platform: String
        let digest: Digest
        let size: Int64
        let recipe: String
        let files: [File]
    }

    func run() throws {
        try OutputPlaces.check(output, outside: options.path)
        let store = try options.openForReading()
        let artifacts = try store.artifacts(of: release)
        guard !artifacts.isEmpty else { throw store.nothing(of: release) }
        try RevocationRule.check([release], refusing: nil, in: store)
        let archives = try plan(artifacts, in: store)
        let packer = ArchivePacker(store: store, epoch: try BuildOptionGroup.epoch())
        try Directory.createWithParents(output)
        let progress = Progress("packing", total: nil)
        defer { progress.finish() }
        var packed: [Packed] = []
        for archive in archives {
            let path = place(archive.fileName)
            let result = try packer.write(archive, to: path)
            if !force { try StandingFile.refuse(at: path, unless: result.digest) }
            try result.file.commit()
            packed.append(
                Packed(
                    path: path,
                    platform: "\(archive.platform)",
                    digest: result.digest,
                    size: result.size,
                    recipe: packer.recipe(of: archive),
                    files: archive.entries.map { .init(path: $0.path, artifact: ArtifactShape($0.artifact)) }
                )
            )
        }
        let list = checksums ? try writeChecksums(packed) : nil
        keep(packed, in: store)
        progress.finish()
        try print(packed, list)
    }

    /// Keeps the archives with the release; that they can't be kept takes nothing from those that were written.
    private func keep(_ packed: [Packed], in store: Store) {
        do {
            let kept = try Set(store.packedArchives(of: release).map { [$0.fileName, $0.digest.description] })
            let isKept = { (archive: Packed) in
                kept.contains([Directory.lastComponent(of: archive.path), archive.digest.description])
            }
            guard !packed.allSatisfy(isKept) else { return }
            let store = try options.open(for: .recording)
            if let obstacle = store.obstacle { throw obstacle }
            let batch = try store.beginBatch()
            var archives: [Store.NewArchive] = []
            for archive in packed where !isKept(archive) {
                let name = Directory.lastComponent(of: archive.path)
                let written = try batch.add(contentsOf: File.open(archive.path))
                guard written.digest == archive.digest else { throw StoreError.sourceChanged(path: archive.path) }
                let platform = try ArtifactPlatform(parsing: archive.platform)
                archives.append((platform, name, archive.digest, archive.size, archive.recipe))
            }
            try store.keep(archives, of: release, from: batch)
        } catch {
            Output.warning("the archives are written, and not kept in the store: \(String(describing: error))")
        }
    }

    private func plan(_ artifacts: [Artifact], in store: Store) throws -> [ReleaseArchive] {
        var platforms = platform.compactMap(\.platform)
        if platforms.isEmpty {
            let all = Set(artifacts.compactMap(\.key.platform.platform))
            platforms = all.filter { form != .deb || $0.os == "linux" }.sorted { "\($0)" < "\($1)" }
            guard !platforms.isEmpty else {
                throw UsageError(description: "\(release) has no program for a platform that \(form.rawValue) is for")
            }
            if platforms.count < all.count {
                Output.note("a Debian package is for linux: other platforms are left out")
            }
        }
        var details = DebianDetails()
        (details.maintainer, details.description, details.depends) = (maintainer, description, depends)
        return try platforms.map { platform in
            do throws(PackError) {
                return try ReleaseArchive(of: release, artifacts, for: platform, as: form, package: details)
            } catch {
                if case .nothing = error {
                    throw store.nothing(of: release, platform: .platform(platform), among: artifacts)
                }
                throw UsageError(description: "\(error)")
            }
        }
    }

    private func writeChecksums(_ packed: [Packed]) throws -> String {
        let path = place("\(release.name.lastComponent)_\(release.version)_checksums.txt")
        let lines = packed.map { "\($0.digest.hex)  \(Directory.lastComponent(of: $0.path))\n" }
        let bytes = Array(lines.joined().utf8)
        if !force { try StandingFile.refuse(at: path, unless: Digest.of(bytes)) }
        let file = try AtomicFile.create(path)
        try file.file.write(bytes)
        try file.commit()
        return path
    }

    private func print(_ packed: [Packed], _ list: String?) throws {
        if options.json { return try Output.json(Shape(archives: packed, checksums: list)) }
        for archive in packed {
            Output.line("\(archive.digest)  \(ByteCount.text(archive.size))  \(archive.path)")
            for file in archive.files { Output.line("  \(file.artifact.digest)  \(file.path)") }
        }
        if let list { Output.line("checksums of the archives: \(list)") }
    }

    private struct Shape: Encodable {
        let archives: [Packed]
        let checksums: String?
    }

    private func place(_ name: String) -> String {
        output == "." ? name : output + (output.hasSuffix("/") ? "" : "/") + name
    }

    private static func form(_ text: String) throws -> ReleaseArchive.Form {
        guard let form = ReleaseArchive.Form(rawValue: text) else {
            let known = ReleaseArchive.Form.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(text)' is not a form of archive: \(known)")
        }
        return form
    }
}
