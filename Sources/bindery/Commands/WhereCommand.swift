import ArgumentParser
import ArtifactStore
import ContentAddress
import Glibc
import ImageAuditor
import OCI
import Printable
import Release
import SBOM
import Shapes
import SystemIO

struct WhereCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "where",
        abstract: "Lists the audited images that hold a binary, whoever built them.",
        discussion: """
            What is looked for is a digest (7 digits or more), all artifacts of a release (name@version, also of one that was
            removed; * and ? make a pattern), or a file's bytes.
            Ends with status 1 when no audited image holds it. Images that engines read in different ways, or that weren't read as a \
            whole, are named: nobody knows what else is in them. --near also lists programs that no release has and that
            share code, build-id, Go package or much of the bytes with it: altered copies. --base lists the images that stand on
            another one: those that begin with its layers. --module lists the released programs that were built from a Go module or a
            crate, and the images that hold them; it ends with status 1 when no released program was.

            Examples:
              bindery where agent@1.2.3
              bindery where sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
              bindery where agent@1.2.3 --near
              bindery where 'agent@1.2.*'
              bindery where --base debian:12
              bindery where --module 'golang.org/x/net@<0.38'
              bindery where ./agent --json
            """
    )

    @Argument(help: "A digest, a release name@version, or a file.", completion: .file())
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "List the audited images that stand on this one: an image of the store, or a digest of one.",
            valueName: "image|digest"
        )
    )
    var base: String?

    @Option(
        help: ArgumentHelp(
            "List what was built from a module or crate: NAME, NAME@VERSION, NAME@<VERSION or NAME@>=VERSION,<VERSION.",
            valueName: "module"
        ),
        transform: Arguments.module
    )
    var module: ModuleQuery?

    @Option(
        help: "Only this platform's artifact of the release.",
        completion: Completions.platforms,
        transform: Arguments.platform
    )
    var platform: ArtifactPlatform?

    @Flag(help: "Also list altered copies and other builds of it.")
    var near = false

    @OptionGroup var options: StoreOptionGroup

    // What JSON lists in full.
    private static let archiveCount = 10

    func validate() throws {
        try Complaints.check { complaints in
            let asked = [subject != nil, base != nil, module != nil].count { $0 }
            complaints.require(asked == 1, "give a digest, a release or a file, or --base, or --module")
            complaints.require(base == nil || platform == nil, "--platform has no effect with --base")
            complaints.require(base == nil || !near, "--near has no effect with --base")
            complaints.require(module == nil || !near, "--near has no effect with --module")
        }
    }

    func run() throws {
        let store = try options.openForReading()
        if let base { return try BasedImages(base, in: store).print(json: options.json) }
        let modules = try module.map { try FoundModules($0, platform: platform, in: store) }
        let sought: (digests: [Digest], programs: [ProgramIdentity])
        if let modules {
            sought = (modules.digests, [])
        } else if let subject {
            sought = try self.sought(subject, store)
        } else {
            return
        }
        let withdrawn = try store.withdrawn(Set(sought.digests)).values.joined().sorted { left, right in
            left.removedAt == right.removedAt ? "\(left.key)" < "\(right.key)" : left.removedAt > right.removedAt
        }
        let revocations = try revocations(on: sought.digests, withdrawn, store)
        var occurrences = try store.images(holding: Set(sought.digests))
        if near {
            for digest in sought.digests { occurrences += try store.images(near: digest, programs: sought.programs) }
        }
        let archived = try store.archives(holding: Set(sought.digests)).values.joined().sorted {
            $0.description < $1.description
        }
        let audited = try store.auditedImageCount()
        let unaudited = try store.unauditedImageCount()
        let images = FoundImages(
            occurrences,
            verdicts: try store.auditListings(),
            withdrawn: try store.imagesWithWithdrawn()
        )
        if options.json {
            try Output.json(
                Shape(
                    occurrences: occurrences,
                    images: images,
                    audited: audited,
                    unaudited: unaudited,
                    withdrawn: withdrawn.map(TombstoneShape.init),
                    archives: archived.map(ArchivedFileShape.init),
                    revocations: revocations.map(RevocationShape.init),
                    modules: modules?.list
                )
            )
        } else {
            modules?.print()
            if modules?.list.isEmpty == false, !images.list.isEmpty { Output.line() }
            images.print(near: near)
            for file in archived.prefix(Self.archiveCount) { Output.line("it is \(file.description)") }
            if archived.count > Self.archiveCount {
                Output.line("and in \(archived.count - Self.archiveCount) more places of released archives")
            }
            for stone in withdrawn { Output.line(Style.yellow("it is ") + stone.summary) }
            for mark in revocations { Output.line(Style.yellow("\(mark.subject) is ") + mark.words) }
            let rest =
                unaudited == 0 ? "" : "; \(ByteCount.counted(unaudited, "image")) known but not audited"
            Output.line("in \(images.list.count) of \(ByteCount.counted(audited, "audited image"))\(rest)")
            images.printUnclear()
        }
        modules?.warn()
        if modules?.digests.isEmpty ?? occurrences.isEmpty { throw ExitStatus.no }
    }

    // The marks on the bytes, and on the releases that have or had them.
    private func revocations(on digests: [Digest], _ withdrawn: [Tombstone], _ store: Store) throws -> [Revocation] {
        let marks = try store.revocationMarks()
        guard !marks.isEmpty else { return [] }
        let found = try digests.flatMap { digest in
            let removed = withdrawn.filter { $0.digest == digest }.map(\.key.release)
            return marks.marks(on: digest, of: try store.artifacts(with: digest).map(\.key.release) + removed)
        }
        return Set(found).sorted { ($0.revokedAt, "\($0.subject)") > ($1.revokedAt, "\($1.subject)") }
    }

    // A loose file's own facts are read only where they are needed.
    private func sought(_ subject: String, _ store: Store) throws -> (digests: [Digest], programs: [ProgramIdentity]) {
        if let digest = try? Digest(parsing: subject) { return ([digest], []) }
        // A file wins over a release, as in `inspect`: who has both can write ./name@version.
        let isFile = subject == "-" || (try? FileStatus.of(subject)) != nil
        if !isFile, subject.contains("@") { return (try released(subject, store), []) }
        guard platform == nil else {
            throw UsageError(description: "--platform has no effect: \(subject) is not a release")
        }
        if !isFile, let digest = try? Digest(hex: subject) { return ([digest], []) }
        if !isFile, let prefix = DigestPrefix(subject) { return ([try store.digest(beginningWith: prefix)], []) }
        if !isFile, subject.hasPrefix("sha256:") { return ([try Digest(parsing: subject)], []) }
        guard isFile || (try? FileStatus.ofLink(subject)) != nil else {
            throw StoreError.notFound(what: "'\(subject)'", hint: try Self.hint(subject, store))
        }
        let file = try InputFile.open(subject)
        let kind = try file.status().kind
        guard kind == .file else { throw StoreError.notARegularFile(path: subject, kind: kind) }
        let mapped = try MappedFile(file)
        let digest = Digest.of(mapped.bytes)
        guard near else { return ([digest], []) }
        return ([digest], ProgramIdentity.read(mapped.bytes))
    }

    private static func hint(_ subject: String, _ store: Store) throws -> String {
        if let name = try? RepositoryName(parsing: subject), try !store.releasePage(of: name, limit: 1).releases.isEmpty
        {
            return "it is the name of releases: `bindery where '\(name)@*'` searches all of them"
        }
        let what = "it is neither a file nor a digest nor a release, which is NAME@VERSION"
        return subject.wholeMatch(of: /[0-9a-f]{1,6}/) == nil ? what : what + "; a digest has 7 digits or more"
    }

    // The files of a release, also of one that was removed, or of all that follow a pattern.
    private func released(_ subject: String, _ store: Store) throws -> [Digest] {
        var keys: Set<ReleaseKey> = []
        if subject.contains(where: { $0 == "*" || $0 == "?" }) {
            let pattern = Glob(subject)
            let standing = try store.releasePage(of: nil, after: nil, limit: .max).releases.map(\.key)
            keys = Set(standing + (try store.removedReleases())).filter { pattern.matches($0.description) }
            guard !keys.isEmpty else {
                throw StoreError.notFound(
                    what: "a release that follows \(subject)",
                    hint: "run `bindery ls` to list the releases"
                )
            }
        } else {
            keys = [try ReleaseKey(parsing: subject)]
        }
        var digests: Set<Digest> = []
        for key in keys {
            let all = try store.artifacts(of: key)
            digests.formUnion(all.filter { platform == nil || $0.key.platform == platform }.map(\.digest))
            digests.formUnion(try store.withdrawn(key, platform: platform).map(\.digest))
            if keys.count == 1, digests.isEmpty { throw store.nothing(of: key, platform: platform, among: all) }
        }
        return digests.sorted()
    }

    private struct Shape: Encodable {
        let found: [OccurrenceShape]
        let byImage: [FoundImages.Item]
        let images: Int
        let unclearImages: [FoundImages.Unclear]
        let auditedImages: Int
        let unauditedImages: Int
        let withdrawn: [TombstoneShape]
        let archives: [ArchivedFileShape]
        let revocations: [RevocationShape]
        let modules: [FoundModules.Item]?

        init(
            occurrences: [AuditOccurrence],
            images: FoundImages,
            audited: Int,
            unaudited: Int,
            withdrawn: [TombstoneShape],
            archives: [ArchivedFileShape],
            revocations: [RevocationShape],
            modules: [FoundModules.Item]?
        ) {
            self.revocations = revocations
            self.modules = modules
            self.archives = archives
            self.withdrawn = withdrawn
            unauditedImages = unaudited
            byImage = images.list
            self.images = images.list.count
            unclearImages = images.unclear
            auditedImages = audited
            found = occurrences.map(OccurrenceShape.init)
        }
    }
}
