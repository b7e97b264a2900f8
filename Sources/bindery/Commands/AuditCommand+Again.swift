internal import ArtifactStore
internal import ContentAddress
internal import ImageAuditor

extension AuditCommand {
    /// `--again`: what the recorded audits say against what is released now.
    func runAgain() throws {
        let store = try options.open()
        let items = try AuditRenewal(store: store).run(images, isRecorded: !noRecord && store.isWritable)
        if options.json {
            try Output.json(AgainShape(items))
        } else {
            print(items)
        }
        if items.contains(where: { !($0.verdict?.isAcceptable(exact: exact) ?? false) }) { throw ExitStatus.no }
    }

    private func print(_ items: [AuditRenewal.Item]) {
        var table = Table([("IMAGE", .left), ("WAS", .left), ("IS", .left)])
        var changed = 0
        var others: [String: Int] = [:]
        for item in items {
            switch item.outcome {
            case .changed(let audit):
                changed += 1
                table.add(item.before.reference, item.before.verdict ?? "damaged", audit.verdict?.rawValue ?? "damaged")
            case .unchanged: others["unchanged", default: 0] += 1
            case .damaged: others["damaged", default: 0] += 1
            case .impossible(let reason):
                others["impossible: read the image again", default: 0] += 1
                Output.error("\(item.before.reference): \(reason)")
            }
        }
        if changed > 0 { table.print() }
        let rest = others.sorted { $0.key > $1.key }.map { ", \($0.value) \($0.key)" }.joined()
        Output.line("\(items.count) audit\(items.count == 1 ? "" : "s") made again: \(changed) changed" + rest)
    }
}

/// `bindery audit --again --json` (docs/cli.md).
private struct AgainShape: Encodable {
    struct Item: Encodable {
        let image: Digest
        let reference: String
        let before: String?
        let verdict: String?
        let outcome: String
        let report: AuditReport?
    }

    let audits: [Item]

    init(_ items: [AuditRenewal.Item]) {
        audits = items.map { item in
            let (outcome, report): (String, AuditReport?) =
                switch item.outcome {
                case .unchanged: ("unchanged", nil)
                case .changed(let audit): ("changed", AuditReport(audit, withFiles: false))
                case .damaged: ("damaged", nil)
                case .impossible: ("impossible", nil)
                }
            return Item(
                image: item.before.image,
                reference: item.before.reference,
                before: item.before.verdict,
                verdict: item.verdict?.rawValue,
                outcome: outcome,
                report: report
            )
        }
    }
}
