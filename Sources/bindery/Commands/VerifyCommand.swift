internal import ArgumentParser
internal import ArtifactStore
internal import ContentAddress
internal import SystemIO

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hashes every stored blob and holds the index against the blobs and the log.",
        discussion: """
            Ends with status 4 when anything is wrong, and lists it with the releases that are hit.

            Examples:
              bindery verify
              bindery verify --json | jq '.faults'
            """
    )

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.openForReading()
        let progress = Progress("verifying", total: try store.storedSize())
        let report = try store.verify { progress.add($0) }
        progress.finish()
        if options.json {
            try Output.json(Shape(report))
        } else {
            print(report)
        }
        if !report.faults.isEmpty { throw ExitStatus.integrity }
    }

    private func print(_ report: VerifyReport) {
        for fault in report.faults {
            Output.line(Style.red(fault.kind.rawValue) + "  \(Output.printable(fault.path))")
            Output.line("  \(Output.printable(fault.detail))")
            for artifact in fault.artifacts { Output.line("  hits \(artifact.key)") }
        }
        if !report.orphans.isEmpty {
            Output.line("blobs that nothing names: \(report.orphans.count) (no fault, a collection takes them)")
        }
        let size = ByteCount.text(report.bytes)
        Output.line(
            report.faults.isEmpty
                ? Style.green("all is well") + ": blobs \(report.blobs), \(size)"
                : Style.red("faults: \(report.faults.count)") + ", blobs \(report.blobs), \(size)"
        )
    }

    private struct Shape: Encodable {
        struct Fault: Encodable {
            let kind: String
            let digest: Digest?
            let path: String
            let detail: String
            let artifacts: [ArtifactShape]
        }

        let blobs: Int
        let bytes: Int64
        let faults: [Fault]
        let orphans: [Digest]

        init(_ report: VerifyReport) {
            blobs = report.blobs
            bytes = report.bytes
            orphans = report.orphans
            faults = report.faults.map { fault in
                Fault(
                    kind: fault.kind.rawValue,
                    digest: fault.digest,
                    path: fault.path,
                    detail: fault.detail,
                    artifacts: fault.artifacts.map(ArtifactShape.init)
                )
            }
        }
    }
}
