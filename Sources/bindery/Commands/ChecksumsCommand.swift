import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Proofs
import Release

struct ChecksumsCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "checksums",
        abstract: "Prints a release's checksums in the form that `sha256sum -c` reads.",
        discussion: """
            The files have the names that `get --all` gives them: their own, or platform/path in a release of several
            files.

            Examples:
              bindery checksums mount-monitor@1.2.3
              bindery get mount-monitor@1.2.3 --all -o dist
              bindery checksums mount-monitor@1.2.3 | (cd dist && sha256sum -c)
              bindery checksums mount-monitor@1.2.3 --archives
            """
    )

    @Argument(help: "The release, name@version.", completion: Completions.releases, transform: Arguments.release)
    var release: ReleaseKey

    @Option(help: "Only this platform's files.", transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Flag(help: "Those of the archives that `pack` made of the release instead.")
    var archives = false

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.openForReading()
        let all = try store.artifacts(of: release)
        let artifacts = all.choosing(platform: platform)
        guard !artifacts.isEmpty else { throw store.nothing(of: release, platform: platform, among: all) }
        try RevocationRule.check([release], refusing: nil, in: store)
        if archives { return try print(archives(in: store)) }
        let hasPaths = artifacts.contains { !$0.key.isProgram }
        var lines: [Line] = []
        var places: [[UInt8]: ArtifactKey] = [:]
        for artifact in artifacts {
            let name = hasPaths ? artifact.key.pathByPlatform : artifact.fileName
            if let other = places.updateValue(artifact.key, forKey: Array(name.utf8)) {
                throw UsageError(
                    description: """
                        \(other) and \(artifact.key) are both called \(printable(name))
                        Choose with --platform.
                        """
                )
            }
            lines.append(Line(digest: artifact.digest, file: name))
        }
        try print(lines)
    }

    private func archives(in store: Store) throws -> [Line] {
        let packed = try store.packedArchives(of: release).filter { platform == nil || $0.platform == platform }
        guard !packed.isEmpty else {
            throw StoreError.notFound(
                what: "an archive of \(release)" + (platform.map { " for \($0)" } ?? ""),
                hint: "`bindery pack \(release) --as tar.gz` makes them"
            )
        }
        return packed.map { Line(digest: $0.digest, file: $0.fileName) }
    }

    private func print(_ lines: [Line]) throws {
        if options.json { return try Output.json(["checksums": lines]) }
        // A line of GNU sha256sum: as bytes, not as what is shown to people.
        for line in lines { Output.line(Message(verbatim: line.text), isFolded: false) }
    }

    private struct Line: Encodable {
        let digest: Digest
        let file: String

        /// A backslash in a name is escaped, and one before the line says so (GNU coreutils, "md5sum invocation").
        var text: String {
            let escaped = file.replacing("\\", with: "\\\\")
            return "\(escaped == file ? "" : "\\")\(digest.hex)  \(escaped)"
        }
    }
}
