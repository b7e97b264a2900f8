import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable

struct BackupCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the store to a directory; what is there already isn't copied again.",
        discussion: """
            May run while other commands do. The directory is a store of its own: `verify --store DIR` checks it, `restore` \
            makes a store from it, and `verify --repair --from DIR` takes single blobs out of it. Its index is replaced when \
            all blobs are there, so that a backup that is cut off leaves the earlier one.

            A directory with another store, or with a later state of this one, is refused. Ends with status 4 when a blob of \
            the store is damaged and the directory doesn't have it; everything else is backed up then.

            Examples:
              bindery backup /mnt/disk/bindery
              bindery backup /mnt/disk/bindery --verify --prune
            """
    )

    @Argument(help: ArgumentHelp("Where the backup is, or will be.", valueName: "dir"), completion: .directory)
    var directory: String

    @Flag(help: "Hash the blobs that are in the directory, and replace the damaged ones.")
    var verify = false

    @Flag(help: "Remove blobs from the directory that the store no longer has.")
    var prune = false

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.openForReading()
        let progress = Progress("backing up", total: try store.storedSize())
        let report = try store.backUp(to: directory, rehashing: verify, pruning: prune) { progress.add($0) }
        progress.finish()
        options.record(.backup, faults: report.faults.count, bytes: report.bytes, in: store)
        if options.json {
            try Output.json(BackupShape(report, directory))
        } else {
            let removed: Message = report.removed > 0 ? "; removed \(report.removed)" : ""
            let copied = "\(ByteCount.counted(report.blobs, "blob")), \(ByteCount.text(report.bytes))"
            let event: Message = "; \(directory) is the store up to event \(report.event)"
            Output.line(
                "copied \(copied); \(report.present) \(report.present == 1 ? "was" : "were") there" + removed + event
            )
        }
        try report.endWithFaults()
    }
}
