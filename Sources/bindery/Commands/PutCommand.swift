import ArgumentParser
import ArtifactStore
import OCI
import Printable
import Proofs
import Release
import ReleaseFiles
import SystemIO

struct PutCommand: ProjectCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Stores released files under name, version and platform, for ever.",
        discussion: """
            All files of one call are stored, or none. An ELF file names its own platform, and is refused for another.
            Putting the same bytes again is a success; other bytes under a released key are a conflict (status 5).

            Examples:
              bindery put mount-monitor --name mount-monitor --version v1.2.3
              bindery put dist/* --name-pattern '{name}-{os}-{arch}' --version 1.2.3
              bindery put --goreleaser dist
              bindery put dist/*.tar.gz --unpack --name-pattern '{name}_{version}_{os}_{arch}'
              bindery put release/ --name mount-monitor --version 1.2.3 --dry-run
              bindery put entrypoint.sh --as docker/entrypoint.sh --name mount-monitor --version 1.2.3 --platform any
              bindery put dist/* --name-pattern '{name}-{os}-{arch}' --version 1.3.0 --draft
              bindery put ca.pem --name ca-bundle --version 2026.11 --platform any
              bindery put dist/* --name-pattern '{name}-{os}-{arch}' --version 1.2.3 --prepare
              bindery put dist/* --name-pattern '{name}-{os}-{arch}' --version 1.2.3 --checksums SHA256SUMS
              bindery put agent --name agent --version 1.2.3 --provenance agent.intoto.jsonl
              curl -fsS https://ci.example/agent | bindery put - --name agent --version 1.2.3
            """
    )

    @Argument(
        help: "Files, directories whose files keep their paths and modes; '-' is standard input.",
        completion: .file()
    )
    var files: [String] = []

    @Option(
        help: ArgumentHelp("Further files, one a line; '-' reads the list from standard input.", valueName: "file"),
        completion: .file()
    )
    var filesFrom: String?

    @Option(
        help: ArgumentHelp(
            "GoReleaser's dist directory: its programs, archives, packages, SBOMs and checksums.",
            valueName: "directory"
        ),
        completion: .directory
    )
    var goreleaser: String?

    @Option(help: "The release's name, such as mount-monitor or team/agent.", transform: Arguments.name)
    var name: RepositoryName?

    @Option(
        help: ArgumentHelp(
            "How file names tell what they are: {name}, {version}, {os}, {arch}, {variant}, {file}.",
            valueName: "pattern"
        )
    )
    var namePattern: String?

    @Option(help: "The release's version; a leading 'v' is dropped.", transform: Arguments.version)
    var version: Version?

    @Option(
        help: "os/arch[/variant] or any; ELF files name their own.",
        completion: Completions.platforms,
        transform: Arguments.platform
    )
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

    @Option(
        help: ArgumentHelp(
            "What the file is, when no image runs it.",
            valueName: "kind"
        )
    )
    var kind: ReleaseFileKind?

    @Option(help: "Permission bits in octal; 0755 for programs, 0644 otherwise.", transform: Arguments.mode)
    var mode: UInt16?

    @Option(
        help: ArgumentHelp("An annotation such as \(Annotation.revision)=4a5e1e; repeatable.", valueName: "key=value"),
        transform: Arguments.annotation
    )
    var annotation: [(key: String, value: String)] = []

    @Flag(help: "Replace the annotations of a file that is released already with the same bytes.")
    var amend = false

    @Flag(help: "Put into a draft, which only --draft sees until `bindery seal` makes it the release.")
    var draft = false

    @Flag(help: "With --draft: replace other files under the same keys.")
    var replace = false

    @Flag(help: "Require each file to contain the version.")
    var expectVersion = false

    @Option(help: "Require each file to contain this text.")
    var expectText: String?

    @Option(
        help: ArgumentHelp(
            "Require each file to have the SHA-256 that this list gives it: sha256sum's lines, or BSD's.",
            valueName: "file"
        ),
        completion: .file()
    )
    var checksums: String?

    @Option(
        help: ArgumentHelp(
            "A builder's attestation about the files: DSSE, .intoto.jsonl, or a sigstore bundle; repeatable.",
            valueName: "file"
        ),
        completion: .file()
    )
    var provenance: [String] = []

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

    @Flag(help: "Store the files of the archives: with --goreleaser beside them, else in their place.")
    var unpack = false

    @Flag(help: "Show what would be stored, and store nothing.")
    var dryRun = false

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            let inputs = files.filter { $0 == "-" }.count + (filesFrom == "-" ? 1 : 0) + (checksums == "-" ? 1 : 0)
            let isNamed = namePattern != nil || platform != nil || path != nil || fileName != nil || mode != nil
            complaints.require(
                goreleaser == nil || files.isEmpty && filesFrom == nil && !isNamed,
                "--goreleaser says which files there are and what they are: leave out files and the options for them"
            )
            complaints.require(
                goreleaser == nil || checksums == nil,
                "--goreleaser compares with the checksums in its directory: leave --checksums out"
            )
            complaints.require(
                checksums == nil || !files.contains("-") || fileName != nil || path != nil,
                "--checksums looks for a name, which standard input has by --file-name or --as only"
            )
            complaints.require(
                !files.isEmpty || filesFrom != nil || goreleaser != nil,
                "give files, --files-from or --goreleaser"
            )
            complaints.require(
                name != nil || namePattern != nil || goreleaser != nil,
                "give --name, or --name-pattern for several files"
            )
            complaints.require(
                version != nil || goreleaser != nil || namePattern?.contains("{version}") == true,
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
            complaints.require(
                !unpack || path == nil && fileName == nil && mode == nil,
                "--unpack takes paths and modes from the archive: leave --as, --file-name and --mode out"
            )
            complaints.require(
                kind == nil || goreleaser == nil && !unpack,
                "--kind says what a file is: GoReleaser says it itself, and --unpack stores other files"
            )
            complaints.require(
                kind == nil || !files.contains("-") || path != nil,
                "--kind needs a path inside the release: give --as for standard input"
            )
            complaints.require(!unpack || !files.contains("-"), "--unpack reads files, not standard input")
            complaints.require(!amend || !annotation.isEmpty, "--amend replaces annotations: give --annotation, too")
            let values = Dictionary(grouping: annotation) { $0.key }.mapValues { same in Set(same.map { $0.value }) }
            for (key, values) in values.sorted(by: { $0.key < $1.key }) {
                complaints.require(values.count == 1, "--annotation gives '\(key)' \(values.count) values: it has one")
            }
            complaints.require(!replace || draft, "--replace is for drafts: a release is immutable")
            complaints.require(
                !draft || !amend,
                "--amend is for releases: in a draft --replace replaces annotations, too"
            )
            complaints.require(
                !draft || !prepare,
                "--prepare derives the layers of releases: leave it out with --draft"
            )
            complaints.require(
                provenance.isEmpty || !dryRun,
                "--dry-run reads no attestations: leave --provenance out"
            )
            complaints.require(file == nil || prepare, "--file is the Dockerfile of --prepare: give that, too")
            complaints.require(!dryRun || !prepare, "--dry-run stores nothing that --prepare could derive layers of")
            complaints.require(!dryRun || !noSync, "--no-sync has no effect with --dry-run, which stores nothing")
            complaints.require(!dryRun || inputs == 0, "--dry-run reads no standard input")
            complaints.require(inputs < 2, "standard input can be read once")
        }
    }

    func run() throws {
        var (requests, archives) = try requests()
        // What was unpacked goes with them.
        defer { extendLifetime(archives) }
        // Each file is open until all of them are synced.
        if requests.count > 16 { OpenFileLimit.makeRoom(for: min(requests.count, Store.mostFilesPerSync) + 64) }
        warnOfSetID(requests, archives)
        if dryRun { return try PutPreview(requests).print(json: options.json) }
        let progress = Progress("storing", total: Progress.isTerminal ? Self.totalSize(requests) : nil)
        defer { progress.finish() }
        let documents = try provenance.isEmpty ? nil : ProvenanceFiles(provenance)
        let store = try options.open(create: true, durable: !noSync)
        if let documents {
            var checked: [RepositoryName: [NewProvenance]] = [:]
            for place in requests.indices {
                let name = requests[place].name
                let kept = try checked[name] ?? documents.checked(for: name, in: store).map(\.kept)
                checked[name] = kept
                requests[place].provenance = kept
            }
        }
        let results = try store.put(requests, into: draft ? .draft(replaces: replace) : .release) { progress.add($0) }
        progress.finish()
        try print(results, in: store)
        if prepare { try prepare(results.map(\.artifact), in: store) }
    }

    private static func totalSize(_ requests: [PutRequest]) -> Int64? {
        let sizes = requests.map { request -> Int64? in
            guard case .path(let path) = request.source else { return nil }
            return (try? FileStatus.of(path))?.size
        }
        return sizes.contains(nil) ? nil : sizes.compactMap(\.self).reduce(0, &+)
    }
}

extension ReleaseFileKind: ExpressibleByArgument {}
