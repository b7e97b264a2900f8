import Archive
import ArgumentParser
import ArtifactStore
import ContentAddress
import Glibc
import OCI
import Printable
import Proofs
import Release
import ReleaseFiles
import Shapes
import SystemIO

struct GetCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Writes a released file, after checking its bytes.",
        discussion: """
            The file gets its name only after its bytes were hashed and match what was released.

            Examples:
              bindery get mount-monitor@1.2.3 --platform linux/amd64 -o mount-monitor
              bindery get mount-monitor@1.2.3 --all -o dist
              bindery get mount-monitor@1.2.3 --file docker/entrypoint.sh -o entrypoint.sh
              bindery get mount-monitor@1.2.3 --platform linux/amd64 --unpack -o unpacked
              bindery get ca-bundle@2026.11 -o - | openssl x509 -noout -subject
            """
    )

    @Argument(help: "The release, name@version.", completion: Completions.releases, transform: Arguments.release)
    var release: ReleaseKey

    @Option(help: "Which artifact of several.", completion: Completions.platforms, transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Option(
        help: "Which file of the release; its program by default.",
        transform: Arguments.path
    )
    var file: ReleasePath?

    @Option(
        name: .shortAndLong,
        help: "A file, a directory, or '-' for standard output; the file's own name by default.",
        completion: .file()
    )
    var output: String?

    @Flag(help: "All artifacts of the release, into the directory --output.")
    var all = false

    @Flag(help: "Take the draft of the release, where there is one.")
    var draft = false

    @Flag(help: "Unpack the release's archive into the directory --output; the current one by default.")
    var unpack = false

    @Flag(help: "With --all and --unpack: replace files that are there with other bytes.")
    var force = false

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(!(output == "-" && options.json), "--json has no effect with -o -")
            complaints.require(!force || all || unpack, "--force has no effect without --all or --unpack")
            complaints.require(!unpack || !all, "--unpack writes the files of one archive, --all those of the release")
            complaints.require(!unpack || output != "-", "--unpack writes to a directory: give -o DIRECTORY")
            complaints.require(!all || output != "-", "--all writes to a directory: give -o DIRECTORY")
        }
    }

    func run() throws {
        if output == "-", isatty(STDOUT_FILENO) == 1 {
            throw UsageError(description: "standard output is a terminal: send it to a file or a pipe, or give -o FILE")
        }
        try OutputPlaces.check(output, outside: options.path)
        let store = try options.openForReading()
        if unpack { return try unpack(from: store) }
        let artifacts = try chosen(in: store)
        if !draft { try RevocationRule.check([release], refusing: nil, in: store) }
        let progress = Progress("writing", total: artifacts.map(\.size).reduce(0, &+))
        defer { progress.finish() }
        if output == "-", let artifact = artifacts.first {
            return try store.writeBlob(artifact.digest, to: StandardStream.output())
        }
        let targets = try targets(artifacts)
        if all, !force { try refuseOthers(at: targets) }
        for target in targets {
            let artifact = target.artifact
            if all { try Directory.createWithParents(Directory.parent(of: target.path)) }
            try store.copyBlob(artifact.digest, to: target.path, mode: artifact.mode, followingLinks: !all) {
                progress.add($0)
            }
        }
        progress.finish()
        if options.json { return try Output.json(["files": targets.map(Shape.init)]) }
        for target in targets {
            Output.line("\(target.artifact.digest)  \(ByteCount.text(target.artifact.size))  \(target.path)")
        }
    }

    private func chosen(in store: Store) throws -> [Artifact] {
        let artifacts = try store.artifacts(of: release, orDraft: draft)
        var chosen = artifacts.choosing(platform: platform, file: file)
        guard !chosen.isEmpty else {
            throw store.nothing(of: release, platform: platform, file: file, among: artifacts)
        }
        guard !all else {
            guard chosen.count == 1 || output != "-" else {
                throw UsageError(description: "one file fits on standard output: choose with --platform and --file")
            }
            return chosen
        }
        // What runs is meant, unless another file is asked for.
        let programs = chosen.filter(\.key.isProgram)
        if file == nil, !programs.isEmpty { chosen = programs }
        try requireOne(chosen)
        return chosen
    }

    private func requireOne(_ chosen: [Artifact]) throws {
        let orAll = unpack ? "" : ", or take --all"
        guard chosen.count == 1 else {
            let platforms = chosen.platforms
            if platforms.count > 1 {
                let list = platforms.joined(separator: ", ")
                throw UsageError(description: "\(release) has \(list): choose with --platform\(orAll)")
            }
            let list = chosen.prefix(8).map { "\($0.key.file)" }.joined(separator: ", ")
            let more = chosen.count > 8 ? " and \(chosen.count - 8) more" : ""
            throw UsageError(description: "\(release) has \(list)\(more): choose with --file\(orAll)")
        }
    }

    private func unpack(from store: Store) throws {
        let artifacts = try store.artifacts(of: release, orDraft: draft)
        var chosen = artifacts.choosing(platform: platform, file: file)
        guard !chosen.isEmpty else {
            throw store.nothing(of: release, platform: platform, file: file, among: artifacts)
        }
        // A file that is named is taken for an archive whatever its name says.
        if file == nil {
            chosen = chosen.filter { ArchiveFormat.isNamed($0.fileName) || ArchiveFormat.isNamed($0.key.file.text) }
        }
        guard !chosen.isEmpty else {
            throw UsageError(description: "\(release) has no archive: --file names the one to unpack")
        }
        try requireOne(chosen)
        guard let artifact = chosen.first else { return }
        let archive = try UnpackedArchive(
            store.openBlob(artifact.digest),
            named: "\(artifact.key)",
            fileName: artifact.fileName
        )
        guard archive.digest == artifact.digest else {
            let reason = "its bytes are those of \(archive.digest)"
            throw StoreError.damaged(
                digest: artifact.digest,
                path: store.paths.blob(artifact.digest),
                reason: reason
            )
        }
        let files = try archive.write(to: output ?? ".", replacing: force)
        if options.json {
            return try Output.json(UnpackedShape(archive: ArtifactShape(artifact), files: files))
        }
        for file in files {
            Output.line("\(file.digest)  \(ByteCount.text(file.size))  \(file.path)")
        }
    }

    private struct UnpackedShape: Encodable {
        let archive: ArtifactShape
        let files: [UnpackedArchive.Written]
    }

    /// Where each file goes; throws when two go to one place.
    private func targets(_ artifacts: [Artifact]) throws -> [(artifact: Artifact, path: String)] {
        let hasPaths = artifacts.contains { !$0.key.isProgram }
        let directory = output.flatMap { all || Self.isDirectory($0) ? ($0.hasSuffix("/") ? $0 : $0 + "/") : nil }
        // By bytes: two forms of Unicode are one text and two files.
        var places: [[UInt8]: Artifact] = [:]
        return try artifacts.map { artifact in
            let name = hasPaths && all ? artifact.key.pathByPlatform : artifact.fileName
            let path = directory.map { $0 + name } ?? output ?? name
            if let other = places.updateValue(artifact, forKey: Array(path.utf8)) {
                throw UsageError(
                    description: """
                        \(other.key) and \(artifact.key) would both be written to \(path)
                        Choose with --platform and --file, or write each to a place of its own.
                        """
                )
            }
            return (artifact, path)
        }
    }

    // With --all the command chose the names: what somebody else put there stays.
    private func refuseOthers(at targets: [(artifact: Artifact, path: String)]) throws {
        for target in targets { try StandingFile.refuse(at: target.path, unless: target.artifact.digest) }
    }

    private static func isDirectory(_ path: String) -> Bool {
        path.hasSuffix("/") || (try? FileStatus.of(path))?.kind == .directory
    }

    private struct Shape: Encodable {
        let artifact: ArtifactShape
        let path: String

        init(_ target: (artifact: Artifact, path: String)) {
            artifact = ArtifactShape(target.artifact)
            path = target.path
        }
    }
}
