import ArgumentParser
import ArtifactStore
import ImageAuditor
import ImageFileSystem
import ImageTransport
import OCI
import Printable
import Release

struct DiffCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Says what changed from one image or release to another.",
        discussion: """
            Of two images: releases, what is run and with what, labels and annotations, and each file and directory with its
            mode, owner, capabilities and other attributes. Of two releases, name@version: size, sections, libraries, build
            id and Go modules of each program. Ends with status 1 when they differ. An image is written as for `bindery audit`.

            Examples:
              bindery diff docker-daemon:agent:v1.2.2 docker-daemon:agent:v1.2.3
              bindery diff oci:old oci:new --json
              bindery diff agent@1.2.2 agent@1.2.3
            """
    )

    @Argument(help: "The image or release before.", completion: Completions.releasesAndImages)
    var before: String

    @Argument(help: "The image or release after.", completion: Completions.releasesAndImages)
    var after: String

    @Flag(help: "List everything that differs, not only the first.")
    var all = false

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    /// More than these take a screen of their own.
    private static let lineCount = 20

    func run() throws {
        let store = try options.openForReading()
        if let (old, new) = try releases() {
            let difference = try ReleaseDifference(Self.artifacts(old, store), Self.artifacts(new, store), in: store)
            if options.json { try Output.json(ReleaseDiffShape(difference)) } else { print(difference) }
            if !difference.files.isEmpty { throw ExitStatus.no }
            return
        }
        let progress = Progress("comparing", total: nil)
        defer { progress.finish() }
        let difference = ImageDifference(
            from: try side(before, store, progress),
            to: try side(after, store, progress)
        )
        progress.finish()
        if options.json { try Output.json(ImageDiffShape(difference)) } else { print(difference) }
        if !difference.isEmpty { throw ExitStatus.no }
    }

    // Two releases; nil for two images.
    private func releases() throws -> (ReleaseKey, ReleaseKey)? {
        switch (try? ReleaseKey(parsing: before), try? ReleaseKey(parsing: after)) {
        case (let old?, let new?): return (old, new)
        case (nil, nil): return nil
        default: throw UsageError(description: "a release is compared with a release, and an image with an image")
        }
    }

    private static func artifacts(_ release: ReleaseKey, _ store: Store) throws -> [Artifact] {
        let artifacts = try store.artifacts(of: release)
        guard !artifacts.isEmpty else { throw store.nothing(of: release) }
        return artifacts
    }

    private func side(_ image: String, _ store: Store, _ progress: Progress) throws -> ImageDifference.Side {
        let location = try ImageLocation(parsing: image)
        let source = try ImageSources.open(location, store: store, registries: registry.access)
        var settings = AuditOptions()
        settings.progress = { progress.add($0) }
        let audit = try Auditor(store: store, options: settings).audit(source)
        progress.finish()
        try audit.requireOneReading(of: image)
        return ImageDifference.Side(audit, settings: try ImageSettings.of(source))
    }

    private func print(_ difference: ImageDifference) {
        for platform in difference.platformsRemoved { Output.line("\(platform): gone") }
        for platform in difference.platformsAdded { Output.line("\(platform): new") }
        for change in difference.releases {
            let words: Message =
                switch (change.before, change.after) {
                case (let old?, let new?): old == new ? "\(old), unchanged" : "\(old) → " + Style.bold("\(new)")
                case (nil, let new?): "added, " + Style.bold("\(new)")
                case (let old?, nil): Style.yellow("removed") + ", was \(old)"
                case (nil, nil): ""
                }
            Output.line("\(change.platform): \(change.name) \(words)")
        }
        for change in difference.settings {
            let (old, new) = (change.before ?? "not set", change.after ?? "not set")
            Output.line("\(change.platform): \(change.setting): \(old, limit: 200) → \(new, limit: 200)")
        }
        let shown = all ? difference.files[...] : difference.files.prefix(Self.lineCount)
        for change in shown { Output.line(Self.line(change)) }
        tellRest(difference.files.count - shown.count)
        if difference.isEmpty { Output.line("the same files, and the same settings") }
    }

    private func tellRest(_ count: Int) {
        if count > 0 { Output.line("and \(count) more (--all lists them)") }
    }

    private static func line(_ change: ImageDifference.FileChange) -> Message {
        let words = change.kind == .content ? "changed" : change.kind.rawValue
        let line: Message = "\(change.platform): \(words) \(bytes: change.path.bytes)"
        switch (change.before, change.after) {
        case (let old?, let new?):
            let details = FileDetails.differing(old, new)
            return line + (details.isEmpty ? "" : ": " + Message(verbatim: details.map(\.text).joined(separator: ", ")))
        case (nil, let file?), (let file?, nil): return line + ": " + FileDetails.identity(file)
        case (nil, nil): return line
        }
    }

    private func print(_ difference: ReleaseDifference) {
        for change in difference.files {
            switch (change.before, change.after) {
            case (let old?, let new?):
                let mode = old.mode == new.mode ? "" : ", mode \(FileMode.text(old.mode)) → \(FileMode.text(new.mode))"
                Output.line(
                    "changed \(old.key) → \(new.key): \(ByteCount.text(old.size)) → \(ByteCount.text(new.size))\(mode)"
                )
            case (nil, let new?): Output.line("added \(new.key): \(ByteCount.text(new.size))")
            case (let old?, nil): Output.line("removed \(old.key)")
            case (nil, nil): break
            }
            let shown = all ? change.details[...] : change.details.prefix(Self.lineCount)
            for detail in shown {
                Output.line(
                    "  \(detail.what): \(detail.before ?? "none", limit: 200) → \(detail.after ?? "none", limit: 200)"
                )
            }
            tellRest(change.details.count - shown.count)
        }
        if difference.files.isEmpty { Output.line("the same files") }
    }
}
