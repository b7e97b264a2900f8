import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageAssembler
import ImageTransport
import OCI
import Printable
import Shapes
import SystemIO

struct VerifyCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hashes every stored blob and holds the index against the blobs and the log.",
        discussion: """
            Ends with status 4 when anything is wrong that isn't mended, and lists it with the releases and images that \
            are hit.

            --repair looks for the right bytes: in other stores and images (--from), in the layers of this store's \
            images, and, for layers, in their recipes. Bad files go into quarantine, and are never deleted.

            Examples:
              bindery verify
              bindery verify --sample 5% --since 7d
              bindery verify --repair --from /mnt/backup/store
              bindery verify --json | jq '.faults'
            """
    )

    @Option(help: "Read only this part of the blobs, such as 5%; another part each day.", transform: Self.part)
    var sample = 1.0

    @Option(
        help: ArgumentHelp("Read only what came in since then: 12h, 7d, or 2026-11-24.", valueName: "when"),
        transform: Arguments.past
    )
    var since: Timestamp?

    @Flag(help: "Continue where the last `verify --resume` was interrupted.")
    var resume = false

    @Flag(help: "Repair what can be repaired, and move bad files into quarantine.")
    var repair = false

    @Option(
        help: ArgumentHelp("With --repair: another store, or an image, that may have the bytes.", valueName: "place")
    )
    var from: [String] = []

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        guard from.isEmpty || repair else {
            throw ValidationError("--from says where --repair looks: give --repair, too")
        }
        if let since, since > StoreOptionGroup.now {
            throw ValidationError("--since is in the future: nothing was put since")
        }
        guard !(resume && sample < 1) else { throw ValidationError("--resume reads all blobs: leave --sample out") }
    }

    func run() throws {
        let store = try repair || resume ? options.open() : options.openForReading()
        let progress = Progress("verifying", total: sample < 1 || since != nil ? nil : try store.storedSize())
        let day = UInt64(StoreOptionGroup.now.milliseconds / 86_400_000)
        let scope = VerifyScope(sample: sample, seed: day, since: since, resumes: resume)
        var report = try store.verify(scope) { progress.add($0) }
        progress.finish()
        let readFiles = read(report.unread, in: store)
        var mended = Mended()
        if repair { mended = try mend(&report, in: store) }
        if sample == 1, since == nil {
            // First what only reads: a store that could just be read mustn't change before it was.
            readModules(in: store)
            try options.noteVerified(report, in: store)
            options.record(.verify, faults: report.faults.count, bytes: report.bytes, in: store)
        }
        if options.json {
            try Output.json(Shape(report, mended, readFiles: readFiles))
        } else {
            print(report, mended)
            if readFiles > 0 { Output.line("files of earlier versions that were looked into: \(readFiles)") }
        }
        if !report.faults.isEmpty { throw ExitStatus.integrity }
    }

    /// Reads the modules of programs that an earlier version put.
    private func readModules(in store: Store) {
        do {
            guard try !store.programsWithUnreadModules().isEmpty else { return }
            _ = try (store.isWritable ? store : options.open()).readModules()
        } catch {
            Output.warning("the modules of programs that an earlier version put aren't in the index: \(error)")
        }
    }

    // What can't be written takes nothing from the answer.
    private func read(_ files: [UnreadFile], in store: Store) -> Int {
        guard !files.isEmpty, let writer = store.isWritable ? store : try? options.open(for: .recording) else {
            return 0
        }
        return (try? writer.readFiles(files)) ?? 0
    }

    private struct Mended {
        var healed: [Repair.Healed] = []
        var quarantined: [String] = []
    }

    private func mend(_ report: inout VerifyReport, in store: Store) throws -> Mended {
        var mended = Mended()
        // Before anything else: a place that can't be opened is an error also where nothing is wrong.
        let repair = try Repair(store, places: from.map(place), registries: registry.access)
        mended.healed = repair.heal(Set(report.faults.compactMap(\.digest)))
        let left = Set(report.faults.compactMap(\.digest)).subtracting(mended.healed.map(\.digest))
        report.faults.removeAll { fault in fault.digest.map { !left.contains($0) } ?? false }
        // Out of the way of the next put of the right bytes. What can't be read may be readable tomorrow: it stays.
        for fault in report.faults where fault.kind == .wrongBytes || fault.kind == .wrongSize {
            if let digest = fault.digest, let place = try store.quarantine(digest) { mended.quarantined.append(place) }
        }
        return mended
    }

    private func place(_ text: String) throws -> Repair.Place {
        if (try? FileStatus.of(StorePaths(root: text).index)) != nil {
            return .store(try options.openForReading(at: text), path: text)
        }
        let location = try ImageLocation(parsing: text)
        if case .store = location {
            throw UsageError(description: "'\(text)' is neither a store's directory nor an image such as oci:DIR:TAG")
        }
        return .image(location)
    }

    @Sendable private static func part(_ text: String) throws -> Double {
        guard text.hasSuffix("%"), let number = Double(text.dropLast()), number > 0, number <= 100 else {
            throw ValidationError(
                "'\(text)' is not a part: a number above 0 and up to 100 with % is expected, such as 5%"
            )
        }
        return number / 100
    }

    private func print(_ report: VerifyReport, _ mended: Mended) {
        for healed in mended.healed { Output.line(Style.green("mended") + "  \(healed.digest)  from \(healed.from)") }
        for place in mended.quarantined { Output.line("quarantined  \(place)") }
        for fault in report.faults {
            Output.line(Style.red(fault.kind.rawValue) + "  \(fault.path)")
            Output.line("  \(fault.detail)")
            for artifact in fault.artifacts { Output.line("  hits \(artifact.key)") }
            for image in fault.images { Output.line("  hits the image \(image)") }
        }
        if !report.orphans.isEmpty {
            let count = ByteCount.counted(report.orphans.count, "file has", "files have")
            Output.line("\(count) a blob's name and no entry in the index: no fault, `bindery gc` removes them")
        }
        let blobs = "\(ByteCount.counted(report.blobs, "blob")), \(ByteCount.text(report.bytes))"
        if report.blobs == 0, report.faults.isEmpty, sample < 1 || since != nil {
            return Output.line("no blob was read: \(since == nil ? "none is in this part" : "none came in since then")")
        }
        Output.line(
            report.faults.isEmpty
                ? Style.green("all is well") + ": \(blobs)"
                : Style.red("\(ByteCount.counted(report.faults.count, "fault"))") + ": \(blobs) read"
        )
    }

    private struct Shape: Encodable {
        struct Fault: Encodable {
            let kind: String
            let digest: Digest?
            let path: String
            let detail: String
            let artifacts: [ArtifactShape]
            let images: [String]
        }

        struct Healed: Encodable {
            let digest: Digest
            let from: String
        }

        let blobs: Int
        let bytes: Int64
        let faults: [Fault]
        let orphans: [Digest]
        let resumed: Bool
        let readFiles: Int
        let mended: [Healed]
        let quarantined: [String]

        init(_ report: VerifyReport, _ mended: Mended, readFiles: Int) {
            self.readFiles = readFiles
            resumed = report.isResumed
            self.mended = mended.healed.map { Healed(digest: $0.digest, from: $0.from) }
            quarantined = mended.quarantined
            blobs = report.blobs
            bytes = report.bytes
            orphans = report.orphans
            faults = report.faults.map { fault in
                Fault(
                    kind: fault.kind.rawValue,
                    digest: fault.digest,
                    path: fault.path,
                    detail: fault.detail,
                    artifacts: fault.artifacts.map(ArtifactShape.init),
                    images: fault.images
                )
            }
        }
    }
}
