import ArgumentParser
import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import OCI
import Printable

struct StatusCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says what the store holds, and what waits for an audit.",
        discussion: """
            Ends with status 1 when an image of the store was never audited, when the latest verdict of one isn't exact or
            contains, or when one has a program of a removed release. --prometheus writes the numbers for node_exporter's textfile collector.

            Examples:
              bindery status
              bindery status --quiet --prometheus /var/lib/node_exporter/bindery.prom
            """
    )

    @Option(
        help: ArgumentHelp("Write the numbers to a file, too, in Prometheus' text format.", valueName: "file"),
        completion: .file()
    )
    var prometheus: String?

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        var places = OutputPlaces()
        places.add("--prometheus", file: prometheus)
        places.addInputs(options.project)
        try places.take(json: options.json, store: options.path)
        // A file that can't be read is nothing to a look at the store.
        let project = Project.current ?? (try? ProjectFile.search(from: FileManager.default.currentDirectoryPath))?.file
        let state = try State(options.openForReading(), path: options.path, project: project)
        if let prometheus { try Output.write(state.metrics, to: prometheus) }
        if options.json { try Output.json(state) } else { print(state) }
        if state.unauditedImages > 0 || state.refusedImages > 0 { throw ExitStatus.no }
    }

    private static let titleWidth = 12

    private func print(_ state: State) {
        var refused = ByteCount.counted(state.refusedImages, "image")
        if state.refusedImages > 0 {
            refused += ": neither exact nor contains, or with a removed release or a denied file"
        }
        var rows: [(String, String)] = [
            (
                "store",
                Output.columns.map { Table.cut(state.store, to: $0 - Self.titleWidth, isPath: true) } ?? state.store
            ),
            ("size", ByteCount.text(state.bytes) + ", released files " + ByteCount.text(state.releasedBytes)),
            ("releases", "\(state.releases), with \(ByteCount.counted(state.files, "file"))"),
            ("images", "\(state.images), and \(ByteCount.counted(state.pins, "pin"))"),
            ("audited", ByteCount.counted(state.auditedImages, "image")),
            ("unaudited", ByteCount.counted(state.unauditedImages, "image") + " of this store"),
            ("refused", refused),
            ("last event", state.time.map { "\(state.events), \($0.shown)" } ?? "none"),
        ]
        rows += [
            ("verified", Self.text(state.lastVerify, "read")), ("collected", Self.text(state.lastCollection, "freed")),
            ("backed up", Self.text(state.lastBackup, "copied")),
        ]
        if state.awaitsVerification {
            rows.append(("restored", "from a backup or its log, and not verified: `gc` waits for `bindery verify`"))
        }
        if let project = state.project { rows.append(("project", "\(project.file): \(project.summary)")) }
        for (title, text) in rows {
            Output.line(
                "\(title)" + Message(verbatim: String(repeating: " ", count: Self.titleWidth - title.count)) + "\(text)"
            )
        }
    }

    private static func text(_ done: Done?, _ verb: String) -> String {
        guard let done, let time = done.time else { return "never" }
        let faults = done.faults > 0 ? ", \(ByteCount.counted(done.faults, "fault"))" : ""
        return "\(time.shown), \(ByteCount.text(done.bytes)) \(verb)\(faults)"
    }

    /// What was last done to keep the store in order (docs/cli.md).
    private struct Done: Encodable {
        let at: String
        let faults: Int
        let bytes: Int64

        var time: Timestamp? { Timestamp(rfc3339: at) }

        init(_ upkeep: Upkeep) { (at, faults, bytes) = (upkeep.finishedAt.rfc3339, upkeep.faults, upkeep.bytes) }
    }

    /// `bindery status --json` (docs/cli.md).
    private struct State: Encodable {
        let store: String
        let bytes: Int64
        let releasedBytes: Int64
        let releases: Int
        let files: Int
        let images: Int
        let pins: Int
        let auditedImages: Int
        let unauditedImages: Int
        let refusedImages: Int
        let events: Int64
        let lastEventAt: String?
        let awaitsVerification: Bool
        let lastVerify: Done?
        let lastCollection: Done?
        let lastBackup: Done?
        let project: ProjectShape?

        var time: Timestamp? { lastEventAt.flatMap { Timestamp(rfc3339: $0) } }

        init(_ store: Store, path: String, project: ProjectFile?) throws {
            self.project = project.map(ProjectShape.init)
            let all = try store.releasePage(of: nil, after: nil, limit: .max).releases
            let artifacts = all.flatMap(\.artifacts)
            let sizes = Dictionary(artifacts.map { ($0.digest, $0.size) }) { first, _ in first }
            let held = try store.images()
            let verdicts = Dictionary(try store.auditListings().map { ($0.image, $0) }) { first, _ in first }
            self.store = path
            bytes = try store.storedSize()
            releasedBytes = sizes.values.reduce(0, &+)
            releases = all.count
            files = artifacts.count
            images = held.count
            pins = try store.pins().count
            auditedImages = try store.auditedImageCount()
            unauditedImages = try store.unauditedImageCount()
            let withdrawn = try store.imagesWithWithdrawn()
            let bases = Set(try store.bases().map(\.name))
            refusedImages = held.count { image in
                if withdrawn.contains(image.digest) { return true }
                guard let audit = verdicts[image.digest] else { return false }
                let verdict = audit.verdict.flatMap(Verdict.init)
                // A base has no released files, and is meant to have none.
                let isBase = !bases.isDisjoint(with: image.references + ["\(image.digest)"])
                return verdict?.isAcceptable(exact: false) != true && !(isBase && verdict == .unknown)
            }
            awaitsVerification = try store.awaitsVerification()
            let done = Dictionary(try store.upkeep().map { ($0.kind, Done($0)) }) { first, _ in first }
            (lastVerify, lastCollection, lastBackup) = (done[.verify], done[.collect], done[.backup])
            let last = try store.latestEvents(limit: 1).last
            events = last?.sequence ?? 0
            lastEventAt = last?["at"]
        }

        private func seconds(_ done: Done?) -> Int64 { (done?.time?.milliseconds ?? 0) / 1000 }

        var metrics: String {
            let gauges: [(String, String, Int64)] = [
                ("store_bytes", "Bytes of all blobs.", bytes),
                ("released_bytes", "Bytes of released files.", releasedBytes),
                ("releases", "Releases.", Int64(releases)),
                ("images", "Images of the store.", Int64(images)),
                ("images_unaudited", "Images of the store that were never audited.", Int64(unauditedImages)),
                (
                    "images_refused",
                    "Images of the store whose verdict isn't exact or contains, or with a removed release.",
                    Int64(refusedImages)
                ),
                (
                    "awaits_verification", "Whether the store was restored and not verified since.",
                    awaitsVerification ? 1 : 0
                ),
                (
                    "last_verify_timestamp_seconds", "Time of the last whole verification, 0 for none.",
                    seconds(lastVerify)
                ),
                (
                    "last_verify_faults", "Faults that it found and didn't mend, 0 for none.",
                    Int64(lastVerify?.faults ?? 0)
                ),
                (
                    "last_collection_timestamp_seconds", "Time of the last collection, 0 for none.",
                    seconds(lastCollection)
                ),
                ("last_backup_timestamp_seconds", "Time of the last backup, 0 for none.", seconds(lastBackup)),
                ("events", "Number of the last event of the log.", events),
                ("last_event_timestamp_seconds", "Time of the last event.", (time?.milliseconds ?? 0) / 1000),
            ]
            return gauges.map { name, help, value in
                "# HELP bindery_\(name) \(help)\n# TYPE bindery_\(name) gauge\nbindery_\(name) \(value)\n"
            }.joined()
        }
    }
}
