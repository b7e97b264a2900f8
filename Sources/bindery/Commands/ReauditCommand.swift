import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageTransport
import Printable

struct ReauditCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "reaudit",
        abstract: "Makes recorded audits again against what the store holds now, without reading a layer.",
        discussion: """
            Each audit is made with what it was asked: expected releases, bases, policy. Ends with status 1 when one of the
            images may not pass, and when a record is stale: the audit was made by older rules, and the image has to be
            read again, which --stale does, from the reference that was audited.

            Examples:
              bindery reaudit
              bindery reaudit docker://registry.example/agent:1.2.3 --exact
              bindery reaudit --stale            after an upgrade, where the images can be read
            """
    )

    @Argument(help: "Audited images, by reference or digest; none for all.", completion: Completions.images)
    var images: [String] = []

    @Flag(help: "Read those images again that were audited by older rules, or of which too little was recorded.")
    var stale = false

    @Flag(help: "End with status 1 for anything but the verdict exact.")
    var exact = false

    @Flag(help: "Don't keep the results in the store.")
    var noRecord = false

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    /// The command as `bindery audit --again` gives it.
    static func of(
        _ images: [String],
        exact: Bool,
        noRecord: Bool,
        _ registry: RegistryOptionGroup,
        _ options: StoreOptionGroup
    ) -> ReauditCommand {
        var command = ReauditCommand()
        (command.images, command.stale, command.exact, command.noRecord) = (images, false, exact, noRecord)
        (command.registry, command.options) = (registry, options)
        return command
    }

    func run() throws {
        let store = try options.openForAudits(isRecorded: !noRecord)
        let isRecorded = store.isWritable
        var items = try Reaudit(store: store).run(images, isRecorded: isRecorded, unrecorded: Warnings.unrecorded)
        if stale {
            let access = registry.access
            let reader = StaleAudit(store: store, unrecorded: Warnings.unrecorded) {
                try ImageSources.open($0, store: store, registries: access)
            }
            items = try items.map { try reader.read($0, isRecorded: isRecorded) }
        }
        if options.json { try Output.json(Shape(items, exact: exact)) } else { print(items) }
        if items.contains(where: { !$0.isAcceptable(exact: exact) }) { throw ExitStatus.no }
    }

    private func print(_ items: [ReauditedImage]) {
        var table = Table(
            [("IMAGE", .path), ("WAS", .left), ("IS", .left), ("CHANGE", .left)],
            leftOut: ["CHANGE"]
        )
        var changed = 0
        var others: [String: Int] = [:]
        for item in items {
            switch item.outcome {
            case .changed(let audit):
                changed += 1
                table.add(
                    item.before.reference,
                    item.before.verdict ?? "damaged",
                    audit.verdict?.rawValue ?? "damaged",
                    item.change?.description ?? ""
                )
            case .unchanged: others["unchanged", default: 0] += 1
            case .damaged: others["damaged", default: 0] += 1
            case .stale(let rules):
                others["stale: read the image again", default: 0] += 1
                Output.error("\(item.before.reference): audited by rules \(rules), these are \(AuditRules.current)")
            case .impossible(let reason):
                others["impossible: read the image again", default: 0] += 1
                Output.error("\(item.before.reference): \(reason)")
            }
        }
        if changed > 0 { table.print() }
        let rest = others.sorted { $0.key > $1.key }.map { ", \($0.value) \($0.key)" }.joined()
        Output.line("\(ByteCount.counted(items.count, "audit")) made again: \(changed) changed\(rest)")
    }

    /// `bindery reaudit --json` (docs/cli.md).
    private struct Shape: Encodable {
        struct Item: Encodable {
            let image: Digest
            let reference: String
            let before: String?
            let verdict: String?
            let outcome: String
            let rules: Int
            let acceptable: Bool
            let report: AuditReport?
        }

        let audits: [Item]

        init(_ items: [ReauditedImage], exact: Bool) {
            audits = items.map { item in
                var report: AuditReport?
                if case .changed(let audit) = item.outcome { report = AuditReport(audit, withFiles: false) }
                return Item(
                    image: item.before.image,
                    reference: item.before.reference,
                    before: item.before.verdict,
                    verdict: item.verdict?.rawValue,
                    outcome: item.outcome.word,
                    rules: item.before.rules,
                    acceptable: item.isAcceptable(exact: exact),
                    report: report
                )
            }
        }
    }
}

extension Reaudit.Outcome {
    fileprivate var word: String {
        switch self {
        case .unchanged: "unchanged"
        case .changed: "changed"
        case .damaged: "damaged"
        case .stale: "stale"
        case .impossible: "impossible"
        }
    }
}
