import ArtifactStore
import ContentAddress
import ImageAuditor
import Printable
import SystemIO

/// The audits of several images of one call, with one status.
struct ManyAudits {
    private struct Entry: Sendable {
        let image: String
        let result: Result<ImageAudit, any Error>
        let status: ExitStatus
    }

    private let entries: [Entry]
    /// How many of the store's were passed over: artifacts and releases, which no engine runs.
    private let artifactCount: Int

    /// Audits the images, each once, as many at a time as there are processors.
    ///
    /// `unasked` are those that nobody named: what isn't an image among them is passed over, and counted.
    init(
        _ images: [String],
        by run: AuditRun,
        passes: @escaping @Sendable (ImageAudit) -> Bool,
        unasked: Set<String> = []
    ) {
        var seen: Set<String> = []
        let images = images.filter { seen.insert($0).inserted }
        let width = min(Parallel.coreCount, max(1, images.count))
        var run = run
        // The processors are busy with images already.
        run.settings.width = max(1, Parallel.coreCount / width)
        let auditing = run
        let all = Parallel.map(images, width: width) { image in
            let result = Result { try auditing.audit(image) }
            return Entry(image: image, result: result, status: Self.status(result, passes))
        }
        entries = all.filter { !unasked.contains($0.image) || !Self.isArtifact($0.result) }
        artifactCount = all.count - entries.count
    }

    private static func isArtifact(_ result: Result<ImageAudit, any Error>) -> Bool {
        guard case .failure(let error as AuditError) = result else { return false }
        switch error {
        case .artifact, .release: return true
        case .transport, .store, .noSuchPlatform, .doubtful, .notAudited, .record: return false
        }
    }

    /// Whether none of them is an image.
    var isEmpty: Bool { entries.isEmpty }

    /// The audits of those images that could be read.
    var audits: [ImageAudit] { entries.compactMap { try? $0.result.get() } }

    /// The worst status: damage, then a verdict that doesn't pass, then what couldn't be read.
    var status: ExitStatus {
        let order: [ExitStatus] = [.integrity, .no, .environment, .conflict, .notFound, .usage]
        return order.first { status in entries.contains { $0.status == status } } ?? .done
    }

    private static func status(
        _ result: Result<ImageAudit, any Error>,
        _ passes: (ImageAudit) -> Bool
    ) -> ExitStatus {
        switch result {
        case .failure(let error): ExitStatus(of: error) ?? .environment
        case .success(let audit) where audit.verdict == nil: .integrity
        case .success(let audit): passes(audit) ? .done : .no
        }
    }

    /// Prints a row for each image, and how many there are of each verdict.
    func print() {
        var table = Table(
            [("IMAGE", .path), ("VERDICT", .left), ("RELEASES", .left), ("WHY", .left)],
            leftOut: ["RELEASES"]
        )
        var counts: [String: Int] = [:]
        for entry in entries {
            let word = Self.word(entry)
            counts[word, default: 0] += 1
            switch entry.result {
            case .success(let audit):
                let releases = audit.releases.map { "\($0)" }.joined(separator: ", ")
                table.add(entry.image, word, releases, Message(message: audit.worstFinding?.advice ?? ""))
            case .failure(let error):
                let line = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
                table.add(entry.image, word, "", Message(message: line))
            }
        }
        table.print()
        let sum = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        Output.line("\(ByteCount.counted(entries.count, "image")): \(sum.joined(separator: ", "))")
        if artifactCount > 0 {
            Output.line("passed over: \(ByteCount.counted(artifactCount, "artifact")) that no engine runs")
        }
    }

    private static func word(_ entry: Entry) -> String {
        switch entry.result {
        case .success(let audit): (audit.verdict?.rawValue ?? "damaged") + (audit.hidesErrors ? " ⚠" : "")
        case .failure: "not read"
        }
    }

    /// `bindery audit A B --json` (docs/cli.md).
    var shape: Shape {
        Shape(
            status: status.rawValue,
            artifacts: artifactCount > 0 ? artifactCount : nil,
            audits: entries.map { entry in
                switch entry.result {
                case .success(let audit):
                    Shape.Item(
                        image: entry.image,
                        status: entry.status.rawValue,
                        report: AuditReport(audit),
                        error: nil
                    )
                case .failure(let error):
                    Shape.Item(image: entry.image, status: entry.status.rawValue, report: nil, error: "\(error)")
                }
            }
        )
    }

    struct Shape: Encodable {
        struct Item: Encodable {
            let image: String
            let status: Int32
            let report: AuditReport?
            let error: String?
        }

        let status: Int32
        /// Passed over, as no engine runs them; nil for none.
        let artifacts: Int?
        let audits: [Item]
    }
}
