import ArgumentParser
import ArtifactStore
import OCI
import Printable

struct RestoreCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Makes a store from a backup.",
        discussion: """
            The place of the store (--store, BINDERY_STORE) must have none. Every blob is hashed as it is copied; those that \
            are damaged in the backup are listed, everything else is restored, and the status is 4. `gc` is refused until \
            the store was verified: a backup lacks what was put since. A call that was cut off is repeated. The log keeps its
            events and gets a new name (--origin), since the store that the backup is from may go on under the old one;
            `log verify` takes checkpoints of the old name up to the backup.

            Examples:
              bindery restore /mnt/disk/bindery --store /srv/bindery
              bindery verify --store /srv/bindery
            """
    )

    @Argument(help: ArgumentHelp("The backup's directory.", valueName: "dir"), completion: .directory)
    var directory: String

    @Option(
        help: ArgumentHelp("The log's name from now on; by default a random one.", valueName: "name")
    )
    var origin: String?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws { try origin.map(Arguments.checkLogName) }

    func run() throws {
        guard try Store.isThere(at: directory) else {
            throw NoBackup(path: directory)
        }
        let total = try options.openForReading(at: directory).storedSize()
        let progress = Progress("restoring", total: total)
        let report = try Store.restore(
            from: directory,
            at: options.path,
            origin: origin,
            options: options.storeOptions()
        ) {
            progress.add($0)
        }
        progress.finish()
        if options.json {
            try Output.json(BackupShape(report, options.path))
        } else {
            let blobs = ByteCount.counted(report.blobs + report.present, "blob")
            Output.line(
                "restored \(blobs) to \(options.path), up to event \(report.event) of the store that was backed up"
            )
            if let origin = report.origin { Output.line("its log has a new name: \(origin)") }
            if let group = report.formerGroup { Self.tell(of: group, report.isShared) }
            let next: Message =
                "put again what was put since the backup, and run `bindery verify`: until then `bindery gc` is refused"
            Output.line(Hints.completed(next))
        }
        try report.endWithFaults()
    }

    private static func tell(of group: SharedGroup, _ isShared: Bool) {
        let name: Message = group.name.map { "the group \($0)" } ?? "a group"
        guard !isShared else { return Output.line("it is shared with " + name + ", as before") }
        let hint: Message =
            "it was shared with " + name
            + ", and isn't yet: give its directory to that group (chgrp); then `bindery init --shared group` shares it"
        Output.line(Hints.completed(hint))
    }

    private struct NoBackup: FailureWithStatus, CustomStringConvertible {
        let path: String
        var description: String {
            """
            there is no backup at \(printable(path))
            Give the directory that `backup` wrote; --store says where the restored store goes.
            """
        }
        var exitStatus: ExitStatus { .notFound }
    }
}
