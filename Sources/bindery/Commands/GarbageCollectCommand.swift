import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release
import SystemIO

struct GarbageCollectCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Removes the blobs that nothing keeps, and gives their bytes back.",
        discussion: """
            What a release, a named image, a pin or a running command names is kept, and so is what lost its last name \
            less than the grace period ago. May run while other commands do.

            Examples:
              bindery gc --dry-run
              bindery gc --grace 7d
              bindery gc --policy retention.json --dry-run
            """
    )

    @Flag(help: "Print what would be removed, and change nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("Keep what was named until this long ago: 0, 90s, 30m, 12h, 7d.", valueName: "duration"),
        transform: Arguments.duration
    )
    var grace = DurationOption(milliseconds: Store.defaultGrace)

    @Option(
        help: ArgumentHelp(
            "First remove the releases that this policy lets go (docs/retention.md).",
            valueName: "file"
        ),
        completion: .file()
    )
    var policy: String?

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let rules = try policy.map { path in
            let bytes = try File.open(path).readBytes(limit: RetentionPolicy.largestSize + 1)
            do {
                let policy = try RetentionPolicy(parsing: bytes)
                for remark in policy.remarks { Output.warning("\(path), \(remark)") }
                return policy
            } catch {
                throw UsageError(description: "\(path), \(error)")
            }
        }
        let progress = Progress("removing", total: nil)
        defer { progress.finish() }
        let store = try options.open(for: dryRun ? .recording : .freeing)
        let report = try store.collect(
            grace: grace.milliseconds,
            policy: rules,
            dryRun: dryRun
        ) { progress.add($0) }
        progress.finish()
        if !dryRun { options.record(.collect, faults: 0, bytes: report.bytes, in: store) }
        if options.json { return try Output.json(Shape(report)) }
        let verb = dryRun ? "would be removed" : "removed"
        var decisions = Table([("RELEASE", .path), ("POLICY", .left), ("REASON", .left)])
        for decision in report.decisions where dryRun || !decision.isKept {
            decisions.add("\(decision.release.key)", decision.isKept ? "kept" : verb, decision.reason)
        }
        decisions.print()
        for image in report.images { Output.line("image  \(image)  \(verb)") }
        if dryRun {
            for blob in report.blobs {
                let why = blob.wasKnown ? "nothing names it" : "left by a command that was killed"
                Output.line("blob   \(blob.digest)  \(ByteCount.text(blob.size))  \(why)")
            }
        }
        for wait in report.waits { Output.line(Self.line(wait)) }
        let blobs = "\(ByteCount.counted(report.blobs.count, "blob")), \(ByteCount.text(report.bytes))"
        Output.line("\(dryRun ? "would remove" : "removed") \(blobs)")
    }

    private static func line(_ wait: CollectionWait) -> Message {
        let blobs = "\(ByteCount.counted(wait.blobs, "blob")), \(ByteCount.text(wait.bytes))"
        guard let holder = wait.holder else {
            return "kept \(blobs), for the grace period, until \(wait.until.shown); --grace 0 removes them now"
        }
        return "kept \(blobs), for the running command of \(holder), until it ends, or \(wait.until.shown)"
    }

    private struct Shape: Encodable {
        struct Blob: Encodable {
            let digest: Digest
            let size: Int64
            let wasKnown: Bool
        }

        struct Wait: Encodable {
            let holder: String?
            let until: String
            let blobs: Int
            let bytes: Int64
        }

        struct Decision: Encodable {
            let name: String
            let version: String
            let kept: Bool
            let reason: String
        }

        let dryRun: Bool
        let releases: [Decision]
        let images: [Digest]
        let blobs: [Blob]
        let bytes: Int64
        let layers: Int
        let expiredLeases: Int
        let stagingFiles: Int
        let waitingBlobs: Int
        let waitingBytes: Int64
        let waits: [Wait]
        let indexBytes: Int64
        let roots: [String: Int]

        init(_ report: CollectionReport) {
            dryRun = report.isDryRun
            releases = report.decisions.map { decision in
                let key = decision.release.key
                return Decision(
                    name: key.name.text,
                    version: key.version.text,
                    kept: decision.isKept,
                    reason: decision.reason
                )
            }
            images = report.images
            blobs = report.blobs.map { Blob(digest: $0.digest, size: $0.size, wasKnown: $0.wasKnown) }
            bytes = report.bytes
            layers = report.layers
            expiredLeases = report.leases
            stagingFiles = report.stagingFiles
            waitingBlobs = report.waitingBlobs
            waitingBytes = report.waitingBytes
            waits = report.waits.map {
                Wait(holder: $0.holder, until: $0.until.rfc3339, blobs: $0.blobs, bytes: $0.bytes)
            }
            indexBytes = report.indexBytes
            roots = report.roots
        }
    }
}
