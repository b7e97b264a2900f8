import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Printable
import Release
import SystemIO

struct PutCommand: StoreCommand {
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
    var files: [String] = []

    @Option(
        help: ArgumentHelp("Further files, one a line; '-' reads the list from standard input.", valueName: "file"),
        completion: .file()
    )
    var filesFrom: String?

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

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Where the file is inside the release; the release's own program without it.",
            valueName: "path"
        ),
        transform: Arguments.path
    )
    var path: ReleasePath?

    @Option(help: "What the file is called in a context; the source's own name by default.")
    var fileName: String?

    @Option(help: "Permission bits in octal; 0755 for programs, 0644 otherwise.", transform: Arguments.mode)
    var mode: UInt16?

    @Option(
        help: ArgumentHelp("An annotation such as \(Annotation.revision)=4a5e1e; repeatable.", valueName: "key=value"),
        transform: Arguments.annotation
    )
    var annotation: [(key: String, value: String)] = []

    @Flag(help: "Replace the annotations of a file that is released already with the same bytes.")
    var amend = false

    @Flag(help: "Require each file to contain the version.")
    var expectVersion = false

    @Option(help: "Require each file to contain this text.")
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
        try Complaints.check { complaints in
            let inputs = files.filter { $0 == "-" }.count + (filesFrom == "-" ? 1 : 0)
            complaints.require(!files.isEmpty || filesFrom != nil, "give files, or --files-from")
            complaints.require(name != nil || namePattern != nil, "give --name, or --name-pattern for several files")
            complaints.require(
                version != nil || namePattern?.contains("{version}") == true,
                "give --version, or a --name-pattern with {version}"
            )
            complaints.require(
                fileName == nil || files.count == 1 && filesFrom == nil,
                "--file-name names one file, not several"
            )
            complaints.require(path == nil || files.count == 1 && filesFrom == nil, "--as names one file, not several")
            complaints.require(
                path == nil || fileName == nil,
                "--as names the file in a context, too: leave --file-name out"
            )
            complaints.require(file == nil || prepare, "--file is the Dockerfile of --prepare: give that, too")
            complaints.require(inputs < 2, "standard input can be read once")
        }
    }

    func run() throws {
        let files = try self.files + (filesFrom.map(NameList.read) ?? [])
        guard !files.isEmpty else { throw UsageError(description: "--files-from \(filesFrom ?? "") names no file") }
        // Each file is open until all of them are synced.
        if files.count > 16 { OpenFileLimit.makeRoom(for: min(files.count, Store.mostFilesPerSync) + 64) }
        let pattern = try namePattern.map { try NamePattern($0) }
        let requests = try files.map { try request(for: $0, pattern) }
        let progress = Progress("storing", total: Progress.isTerminal ? Self.totalSize(files) : nil)
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
        for result in results {
            for difference in result.differences {
                Output.note(
                    "\(result.artifact.key) keeps its \(difference.subject): released \(difference.released), "
                        + "offered \(difference.offered)"
                )
            }
        }
        if options.json { return try Output.json(["artifacts": results.map(Shape.init)]) }
        for result in results {
            let artifact = result.artifact
            let remark = result.isNew ? "" : result.isAmended ? "  (annotations replaced)" : "  (was there)"
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
        var request = PutRequest(
            source: file == "-" ? .standardInput : .path(file),
            name: name,
            version: version,
            platform: try platform ?? found.platform(),
            path: path,
            fileName: fileName,
            mode: mode,
            annotations: annotations,
            expectedText: expectText ?? (expectVersion ? version.text : nil)
        )
        request.amends = amend
        return request
    }

    private static func totalSize(_ files: [String]) -> Int64? {
        let sizes = files.map { file in file == "-" ? nil : (try? FileStatus.of(file))?.size }
        return sizes.contains(nil) ? nil : sizes.compactMap(\.self).reduce(0, &+)
    }

    private struct Shape: Encodable {
        let artifact: ArtifactShape
        let new: Bool
        let amended: Bool
        let differences: [Difference]

        struct Difference: Encodable {
            let subject: String
            let released: String
            let offered: String
        }

        init(_ result: PutResult) {
            artifact = ArtifactShape(result.artifact)
            new = result.isNew
            amended = result.isAmended
            differences = result.differences.map {
                Difference(subject: $0.subject, released: $0.released, offered: $0.offered)
            }
        }
    }
}
