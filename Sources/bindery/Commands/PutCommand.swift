import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Printable
import Release
import SystemIO

struct PutCommand: FileListCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Stores released files under name, version and platform, for ever.",
        discussion: """
            All files of one call are stored, or none. An ELF file names its own platform, and is refused for another.
            Putting the same bytes again is a success; other bytes under a released key are a conflict (status 5).

            Examples:
              bindery put mount-monitor --name mount-monitor --version v1.2.3
              bindery put dist/* --name-pattern '{name}-{os}-{arch}' --version 1.2.3
              bindery put ca.pem --name ca-bundle --version 2026.11 --platform any
              bindery put dist/* --name-pattern '{name}-{os}-{arch}' --version 1.2.3 --prepare
              curl -fsS https://ci.example/agent | bindery put - --name agent --version 1.2.3
            """
    )

    @Argument(help: "Files; '-' is standard input.", completion: .file())
    var files: [String]

    @Option(help: "The release's name, such as mount-monitor or team/agent.", transform: Arguments.name)
    var name: RepositoryName?

    @Option(
        help: ArgumentHelp(
            "How file names tell name and platform: {name}, {version}, {os}, {arch}, {variant}.",
            valueName: "pattern"
        )
    )
    var namePattern: String?

    @Option(help: "The release's version; a leading 'v' is dropped.", transform: Arguments.version)
    var version: Version?

    @Option(help: "os/arch[/variant] or any; ELF files name their own.", transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Option(help: "What the file is called in a context; the source's own name by default.")
    var fileName: String?

    @Option(help: "Permission bits in octal; 0755 for programs, 0644 otherwise.", transform: Arguments.mode)
    var mode: UInt16?

    @Option(
        help: ArgumentHelp("An annotation such as \(Annotation.revision)=4a5e1e; repeatable.", valueName: "key=value"),
        transform: Arguments.annotation
    )
    var annotation: [(key: String, value: String)] = []

    @Flag(help: "Refuse a file in whose bytes the version doesn't stand.")
    var expectVersion = false

    @Option(help: "Refuse a file in whose bytes this text doesn't stand.")
    var expectText: String?

    @Flag(name: .customLong("no-sync"), help: "Don't wait for stable storage: for stores that may be lost.")
    var noSync = false

    @Flag(
        help: ArgumentHelp(
            "Derive the release's layers now, for the first build: those of --file, else each program as /NAME."
        )
    )
    var prepare = false

    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("With --prepare: the Dockerfile whose layers are derived.", valueName: "dockerfile"),
        completion: .file()
    )
    var file: String?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if name == nil, namePattern == nil { throw ValidationError("give --name, or --name-pattern for several files") }
        if fileName != nil, files.count > 1 { throw ValidationError("--file-name names one file, not \(files.count)") }
        if file != nil, !prepare { throw ValidationError("--file is the Dockerfile of --prepare: give that, too") }
        if files.filter({ $0 == "-" }).count > 1 { throw ValidationError("standard input can be read once") }
    }

    func run() throws {
        // Each file is open until all of them are synced.
        if files.count > 16 { OpenFileLimit.makeRoom(for: min(files.count, Store.mostFilesPerSync) + 64) }
        let pattern = try namePattern.map { try NamePattern($0) }
        let requests = try files.map { try request(for: $0, pattern) }
        let progress = Progress("storing", total: Progress.isTerminal ? totalSize : nil)
        defer { progress.finish() }
        let store = try options.open(create: true, durable: !noSync)
        let results = try store.put(requests) { progress.add($0) }
        progress.finish()
        try print(results)
        if prepare { try prepare(results.map(\.artifact), in: store) }
    }

    private func prepare(_ artifacts: [Artifact], in store: Store) throws {
        let builder = ImageBuilder(store: store)
        let epoch = try BuildOptionGroup.epoch()
        guard let file else {
            try builder.prepare(artifacts, epoch: epoch)
            return
        }
        var settings = ImageBuilder.Options()
        settings.epoch = epoch
        for release in Set(artifacts.map(\.key.release)).sorted(by: { "\($0)" < "\($1)" }) {
            let options = ContextPlan.Options(naming: try NamingTemplate(parsing: NamingTemplate.standard))
            let plan = try BuildOptionGroup.plan([release], file: file, options, in: store)
            try builder.prepare(plan, path: file, options: settings)
        }
    }

    private func print(_ results: [PutResult]) throws {
        if options.json { return try Output.json(["artifacts": results.map(Shape.init)]) }
        for result in results {
            let artifact = result.artifact
            let remark = result.isNew ? "" : "  (was there)"
            Output.line("\(artifact.digest)  \(ByteCount.text(artifact.size))  \(artifact.key)\(remark)")
        }
    }

    private func request(for file: String, _ pattern: NamePattern?) throws -> PutRequest {
        var found = NamePattern.Match()
        if let pattern {
            guard let match = pattern.match(Directory.lastComponent(of: file)) else {
                throw UsageError(description: "\(file) doesn't follow the pattern \(namePattern ?? "")")
            }
            found = match
        }
        guard let name = try name ?? found.name.map({ try RepositoryName(parsing: $0) }) else {
            throw UsageError(description: "the pattern has no {name}: give --name")
        }
        guard let version = try version ?? found.version.map({ try Version(parsing: $0) }) else {
            throw UsageError(description: "give --version, or a pattern with {version}")
        }
        var annotations: [String: String] = [:]
        for (key, value) in annotation { annotations[key] = value }
        return PutRequest(
            source: file == "-" ? .standardInput : .path(file),
            name: name,
            version: version,
            platform: try platform ?? found.platform(),
            fileName: fileName,
            mode: mode,
            annotations: annotations,
            expectedText: expectText ?? (expectVersion ? version.text : nil)
        )
    }

    private var totalSize: Int64? {
        let sizes = files.map { file in file == "-" ? nil : (try? FileStatus.of(file))?.size }
        return sizes.contains(nil) ? nil : sizes.compactMap(\.self).reduce(0, &+)
    }

    private struct Shape: Encodable {
        let artifact: ArtifactShape
        let new: Bool

        init(_ result: PutResult) {
            artifact = ArtifactShape(result.artifact)
            new = result.isNew
        }
    }
}
