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
        abstract: "Says what changed from one image to another: releases first, then files.",
        discussion: """
            Ends with status 1 when the two hold different files. IMAGE is written as for `bindery audit`.

            Examples:
              bindery diff docker-daemon:agent:v1.2.2 docker-daemon:agent:v1.2.3
              bindery diff oci:old oci:new --json
            """
    )

    @Argument(help: "The image before.")
    var before: String

    @Argument(help: "The image after.")
    var after: String

    @Flag(help: "List every file that differs, not only the first.")
    var all = false

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    /// More than these take a screen of their own.
    private static let fileCount = 20

    func run() throws {
        let store = try options.openForReading()
        let auditor = Auditor(store: store)
        let registries = registry.access
        func audit(_ image: String) throws -> ImageAudit {
            let location = try ImageLocation(parsing: image)
            let audit = try auditor.audit(ImageSources.open(location, store: store, registries: registries))
            let doubt: (kind: Doubt, words: String)
            switch audit.verdict {
            case nil: doubt = (.damaged, "the image is damaged")
            case .ambiguous: doubt = (.ambiguous, "engines make different files of the image")
            case .incomplete: doubt = (.incomplete, "the image wasn't read whole")
            default: return audit
            }
            let reason = audit.allFindings.first { $0.code.doubt == doubt.kind }
            let place = reason?.path.map { "\($0): " as Message } ?? ""
            Output.error("\(image): \(place)\(reason?.message ?? doubt.words)")
            throw ExitStatus.integrity
        }
        let difference = ImageDifference(from: try audit(before), to: try audit(after))
        if options.json { try Output.json(Shape(difference)) } else { print(difference) }
        if !difference.isEmpty { throw ExitStatus.no }
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
        let shown = all ? difference.files[...] : difference.files.prefix(Self.fileCount)
        for change in shown {
            Output.line("\(change.platform): \(change.kind.rawValue) \(bytes: change.path.bytes)")
        }
        let rest = difference.files.count - shown.count
        if rest > 0 { Output.line("and \(rest) more (--all lists them)") }
        if difference.isEmpty { Output.line("the same files") }
    }

    private struct Shape: Encodable {
        struct ReleaseChange: Encodable {
            let platform: String
            let name: String
            let before: Version?
            let after: Version?
        }

        struct File: Encodable {
            let platform: String
            let path: String
            let change: ImageDifference.FileChange.ChangeKind
        }

        let platformsRemoved: [String]
        let platformsAdded: [String]
        let releases: [ReleaseChange]
        let files: [File]

        init(_ difference: ImageDifference) {
            platformsRemoved = difference.platformsRemoved
            platformsAdded = difference.platformsAdded
            releases = difference.releases.map {
                ReleaseChange(platform: $0.platform, name: $0.name, before: $0.before, after: $0.after)
            }
            files = difference.files.map { File(platform: $0.platform, path: "\($0.path)", change: $0.kind) }
        }
    }
}
