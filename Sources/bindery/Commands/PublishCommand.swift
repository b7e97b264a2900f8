import ArgumentParser
import ArtifactStore
import CBuildVersion
import ContentAddress
import ImageTransport
import OCI
import Printable
import Proofs
import Publishing
import RegistryClient
import Release
import SystemIO

struct PublishCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Brings a release or an image to several places, and records where it is.",
        discussion: """
            Each place gets the same digest: a registry, a layout or an archive the image, or the release as an artifact, \
            with its signatures and attestations; a directory (files:DIR) or an address that takes PUT (https://…/) the \
            files of a release page: the archives, which are packed first where none are kept, their checksums, the bill of \
            materials, and the signed statements about the release.

            A place that fails doesn't stop the others. What is at a place already isn't sent again: the same call goes on \
            where one was broken off. `bindery watch` reads the places again.

            Examples:
              bindery publish agent:1.2.3 --to docker://registry.example/agent --to docker://mirror.example/agent
              bindery publish agent@1.2.3 --to docker://registry.example/releases/agent --to files:dist
              bindery publish agent@1.2.3 --to https://files.example/agent/1.2.3/ --header-file token
              bindery publish agent@1.2.3 --page github:example/agent@v1.2.3
              bindery publish agent@1.2.3 --forget files:dist
            """
    )

    @Argument(
        help: "What to publish: a release, name@version, or an image of the store.",
        completion: Completions.releasesAndImages,
        transform: Arguments.releaseOrImage
    )
    var subject: ReleaseOrImage

    @Option(
        help: ArgumentHelp(
            "Where to: docker://REF, oci:DIR[:TAG], oci-archive:FILE[:TAG]; for a release also files:DIR and https://…/. Repeatable.",
            valueName: "place"
        ),
        completion: Completions.destinations
    )
    var to: [String] = []

    @Option(
        help: ArgumentHelp(
            "Record that the release is on this page, which something else wrote: github:OWNER/NAME@TAG, gitlab:GROUP/NAME@TAG. Repeatable.",
            valueName: "page"
        )
    )
    var page: [String] = []

    @Option(
        help: ArgumentHelp("Forget that it is at this place, where it stays; repeatable.", valueName: "place")
    )
    var forget: [String] = []

    @Flag(help: "Let a name at a place lead elsewhere than before, and replace files of other bytes.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "Send the header fields in this file, one 'Name: value' a line, to https places: a token.",
            valueName: "file"
        ),
        completion: .file()
    )
    var headerFile: String?

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(!to.isEmpty || !page.isEmpty || !forget.isEmpty, "give a place: --to PLACE")
            complaints.require(!force || !to.isEmpty, "--force has no effect without --to")
            complaints.require(
                headerFile == nil || !to.isEmpty || !page.isEmpty,
                "--header-file has no effect without --to or --page"
            )
        }
    }

    private var tag: Tag? {
        get throws {
            switch subject {
            case .release(let release): try Tag(parsing: release.version.text)
            case .image(let reference): reference.tag
            }
        }
    }

    private var name: String {
        switch subject {
        case .release(let release): "\(release)"
        case .image(let reference): "\(reference)"
        }
    }

    func run() throws {
        let directory = try Directory.current()
        let targets = try to.map { try writable($0, in: directory) } + page.map { try read($0) }
        let forgotten = try forget.map { "\(try PublishTarget(parsing: $0, tag: tag, in: directory))" }
        if let twice = Dictionary(grouping: targets, by: \.self).first(where: { $0.value.count > 1 })?.key {
            throw UsageError(description: "\(printable("\(twice)")) is given twice")
        }
        for case .files(let path) in targets { try OutputPlaces.check(path, outside: options.path) }
        let web = try registry.web(HeaderFile.fields(headerFile))
        let store = try options.open(for: .recording)
        if let obstacle = store.obstacle { throw obstacle }
        for place in forgotten {
            guard try store.forgetPublished(name, at: place) else {
                throw StoreError.notFound(
                    what: "\(printable(place)) among the places of \(name)",
                    hint: "run `bindery watch --list` to list the places"
                )
            }
        }
        guard !targets.isEmpty else {
            if options.json { try Output.json(["forgotten": forgotten]) }
            return
        }
        let publisher = Publisher(store: store, registries: registry.access, web: web, mayReplace: force)
        let rows: [Row]
        switch subject {
        case .release(let release): rows = try publish(release, targets, publisher, store)
        case .image(let reference): rows = try publish(reference, targets, publisher, store)
        }
        try print(rows)
    }

    private func publish(
        _ release: ReleaseKey,
        _ targets: [PublishTarget],
        _ publisher: Publisher,
        _ store: Store
    ) throws -> [Row] {
        let artifacts = try store.artifacts(of: release)
        guard !artifacts.isEmpty else { throw store.nothing(of: release) }
        try SealRule.check([release], in: store, warn: Output.warning)
        try RevocationRule.check([release], refusing: "It is published nowhere.", in: store)
        let source = try ReleaseSource(store: store, release: release)
        let outline = try ImageOutline(of: source)
        let hasPage = targets.contains { if case .image = $0 { false } else { true } }
        let page = hasPage ? try pageFiles(of: release, artifacts, outline.root.digest, in: store) : []
        return try each(targets, outline.root.digest) { target in
            switch target {
            case .image(let location): try copy(source, outline, to: location, publisher)
            case .files(let directory):
                try publisher.publish(page, of: release, outline.root.digest, inDirectory: directory)
            case .web(let address): try publisher.publish(page, of: release, outline.root.digest, below: address)
            case .page(let forge):
                try publisher.record(release, artifacts, outline.root.digest, on: forge, page: page)
            }
        }
    }

    private func writable(_ text: String, in directory: String) throws -> PublishTarget {
        let target = try PublishTarget(parsing: text, tag: tag, in: directory)
        guard case .page = target else { return target }
        throw PublishError.place(text, rule: "it is written by something else: --page records it")
    }

    private func read(_ text: String) throws -> PublishTarget {
        guard let page = try ForgePage(parsing: text) else {
            throw PublishError.place(text, rule: "github:OWNER/NAME@TAG or gitlab:GROUP/NAME@TAG is expected")
        }
        return .page(page)
    }

    private func pageFiles(
        of release: ReleaseKey,
        _ artifacts: [Artifact],
        _ digest: Digest,
        in store: Store
    ) throws -> [PageFile] {
        try PageContents.files(
            of: release,
            artifacts,
            digest,
            in: store,
            epoch: BuildOptionGroup.epoch(),
            toolVersion: String(cString: build_version())
        )
    }

    private func publish(
        _ reference: ImageReference,
        _ targets: [PublishTarget],
        _ publisher: Publisher,
        _ store: Store
    ) throws -> [Row] {
        let source = try StoreSource(store: store, reference: reference)
        try DraftUse.check(source, named: name, in: store, remedy: ": it is published nowhere as it is.")
        let outline = try ImageOutline(of: source)
        return try each(targets, outline.root.digest) { target in
            guard case .image(let location) = target else { throw PublishError.imageOnPage }
            return try copy(source, outline, to: location, publisher)
        }
    }

    private func copy(
        _ source: some ImageSource,
        _ outline: ImageOutline,
        to location: ImageLocation,
        _ publisher: Publisher
    ) throws -> Publisher.Outcome {
        let referrers = ImageReferrers(to: outline, in: source)
        for line in referrers.leftOut { Output.warning("left behind: \(message: line)") }
        let progress = Progress("publishing", total: outline.blobs.map(\.size).reduce(0, &+))
        defer { progress.finish() }
        return try publisher.publish(source, outline, referrers, as: name, to: location) { progress.add($0) }
    }

    private struct Row: Encodable {
        let place: String
        let result: String
        let digest: Digest?
        let error: String?
        let status: ExitStatus

        private enum CodingKeys: String, CodingKey {
            case place, result, digest, error
        }
    }

    private func each(
        _ targets: [PublishTarget],
        _ digest: Digest,
        _ body: (PublishTarget) throws -> Publisher.Outcome
    ) throws -> [Row] {
        targets.map { target in
            do {
                let outcome = try body(target)
                return Row(place: "\(target)", result: outcome.rawValue, digest: digest, error: nil, status: .done)
            } catch {
                let status = ExitStatus(of: error) ?? .environment
                return Row(place: "\(target)", result: "failed", digest: nil, error: "\(error)", status: status)
            }
        }
    }

    private func print(_ rows: [Row]) throws {
        if options.json {
            try Output.json(Shape(subject: name, places: rows))
        } else {
            var table = Table([("PLACE", .path), ("RESULT", .left), ("DIGEST", .left)], leftOut: ["DIGEST"])
            for row in rows { table.add(row.place, row.result, row.digest?.description ?? "") }
            table.print()
        }
        for row in rows { if let error = row.error { Output.error("\(message: row.place): \(message: error)") } }
        if let worst = rows.map(\.status).max(by: { $0.rawValue < $1.rawValue }), worst != .done { throw worst }
    }

    private struct Shape: Encodable {
        let subject: String
        let places: [Row]
    }
}

extension PublishError: FailureWithStatus {
    /// The status that docs/cli.md gives it.
    var exitStatus: ExitStatus {
        switch self {
        case .place, .imageOnPage, .unlisted: .usage
        case .taken, .fileTaken, .pageDiffers: .conflict
        case .page: .environment
        }
    }
}
