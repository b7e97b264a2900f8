import ArgumentParser
import ArtifactStore
import ContentAddress
import Glibc
import OCI
import Printable
import Release
import SystemIO

struct GetCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Writes a released file, after checking its bytes.",
        discussion: """
            The file gets its name only when its bytes were hashed and are those that were released.

            Examples:
              bindery get mount-monitor@1.2.3 --platform linux/amd64 -o mount-monitor
              bindery get mount-monitor@1.2.3 --all -o dist
              bindery get ca-bundle@2026.11 -o - | openssl x509 -noout -subject
            """
    )

    @Argument(help: "The release, name@version.", transform: Arguments.release)
    var release: ReleaseKey

    @Option(help: "Which artifact of several.", transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Option(
        name: .shortAndLong,
        help: "A file, a folder, or '-' for standard output; the file's own name by default.",
        completion: .file()
    )
    var output: String?

    @Flag(help: "All artifacts of the release, into the folder --output.")
    var all = false

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.openForReading()
        let artifacts = try chosen(in: store)
        let progress = Progress("writing", total: artifacts.map(\.size).reduce(0, &+))
        defer { progress.finish() }
        if output == "-", let artifact = artifacts.first {
            return try store.writeBlob(artifact.digest, to: StandardStream.output())
        }
        let targets = try artifacts.map { (artifact: $0, path: try path(for: $0)) }
        for target in targets {
            let artifact = target.artifact
            try store.copyBlob(artifact.digest, to: target.path, mode: artifact.mode) { progress.add($0) }
        }
        progress.finish()
        if options.json { return try Output.json(["files": targets.map(Shape.init)]) }
        for target in targets {
            Output.line("\(target.artifact.digest)  \(ByteCount.text(target.artifact.size))  \(target.path)")
        }
    }

    private func chosen(in store: Store) throws -> [Artifact] {
        let artifacts = try store.artifacts(of: release)
        let chosen = artifacts.filter { platform == nil || $0.key.platform == platform }
        guard !chosen.isEmpty else { throw Store.nothing(of: release, platform: platform, among: artifacts) }
        guard chosen.count == 1 || all else {
            let platforms = chosen.map { "\($0.key.platform)" }.joined(separator: ", ")
            throw UsageError(description: "\(release) has \(platforms): choose with --platform, or take --all")
        }
        if chosen.count > 1, output == "-" {
            throw UsageError(description: "one artifact fits on standard output: choose with --platform")
        }
        return chosen
    }

    private func path(for artifact: Artifact) throws -> String {
        guard let output else { return artifact.fileName }
        if all {
            try Directory.createWithParents(output)
            return output + "/" + artifact.fileName
        }
        if output.hasSuffix("/") || (try? FileStatus.of(output))?.kind == .directory {
            return output + (output.hasSuffix("/") ? "" : "/") + artifact.fileName
        }
        return output
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
