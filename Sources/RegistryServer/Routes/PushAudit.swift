import Archive
package import ArtifactStore
import ContentAddress
package import ImageAuditor
import ImageTransport
import NIOHTTP1
import OCI

/// How pushed images are audited, and what becomes of those that don't pass.
package struct PushAudit: Sendable {
    /// What becomes of an image that doesn't pass.
    package enum Consequence: String, Sendable, CaseIterable {
        /// It is served, and its audit kept.
        case record
        /// It is kept under a name that isn't served.
        case quarantine
        /// It isn't kept.
        case deny
    }

    package let consequence: Consequence
    private let store: Store
    private let rules: (policy: Policy, text: String)?
    private let seconds: Int64
    private let readings: LayerReadings?
    private let running = RunningAudits()

    /// Audits that take so many seconds at most: what isn't read by then makes the verdict `incomplete`.
    ///
    /// `rules` are a policy and its text, `readings` what was read of layers before.
    package init(
        _ store: Store,
        _ consequence: Consequence,
        rules: (policy: Policy, text: String)? = nil,
        seconds: Int64 = 300,
        readings: LayerReadings? = nil
    ) {
        (self.store, self.consequence, self.rules) = (store, consequence, rules)
        (self.seconds, self.readings) = (seconds, readings)
    }

    /// Audits an image whose blobs the store has, and keeps the audit; nil for an artifact, which no engine runs.
    ///
    /// `isTagged` says whether it was pushed under a tag: one that is pushed by its digest may be the part of an index for
    /// one platform, of which the policy's `platforms` demands nothing. Blocks.
    func audit(_ document: ImageDocument, called name: String, isTagged: Bool) throws -> ImageAudit? {
        guard try !isOfDocuments(document) else { return nil }
        var options = AuditOptions()
        let budget = WorkBudget(seconds: seconds)
        running.add(budget)
        defer { running.remove(budget) }
        options.budget = budget
        options.readings = readings
        let source = StoreSource(store: store, document: document, name: name)
        var audit: ImageAudit
        do throws(AuditError) {
            audit = try Auditor(store: store, options: options).audit(source)
        } catch {
            switch error {
            // What its index leads to was pushed, and audited, before.
            case .artifact, .release: return nil
            case .transport(let error): audit = try ImageAudit.unopened(name, error)
            default: throw error
            }
        }
        // What was cut off by the end of the server says nothing of the image.
        guard !running.isStopping else { throw RegistryProblem.busy }
        if let rules {
            var policy = rules.policy
            if !isTagged { policy.platforms = [] }
            audit = try audit.held(to: policy, store: store, text: isTagged ? rules.text : nil)
        }
        if audit.digest != nil { try store.recordAudit(AuditRecord(audit)) }
        return audit
    }

    /// Cuts off the audits that are on their way, and those that begin: the server ends.
    func stop() { running.stop() }

    /// Whether every layer is a JSON document, which nothing unpacks, whatever its type says.
    ///
    /// Signatures and statements are kept in manifests whose config is that of an image.
    private func isOfDocuments(_ document: ImageDocument) throws -> Bool {
        guard !MediaType.isIndex(document.mediaType), let manifest = try? document.manifest(),
            (1...Self.mostDocuments).contains(manifest.layers.count),
            manifest.layers.allSatisfy({ $0.size <= ImageDocument.largestSize })
        else { return false }
        return try manifest.layers.allSatisfy { layer in
            let bytes = try store.readBlob(layer.digest, limit: Int(ImageDocument.largestSize))
            return (try? DocumentReading<AnyDocument>(bytes, as: .other, what: "a layer")) != nil
        }
    }

    private static let mostDocuments = 64

    /// A document, whatever is in it.
    private struct AnyDocument: Decodable {}
}

extension RegistryProblem {
    /// Why an image isn't served; `consequence` says what becomes of it.
    static func refused(_ audit: ImageAudit, _ consequence: String) -> Self {
        let codes = Set(audit.allFindings.filter { $0.severity == .error || $0.code.isRefused }.map(\.code.rawValue))
        let worst = audit.allFindings.first(where: \.code.isRefused) ?? audit.worstFinding
        let verdict = audit.verdict?.rawValue ?? "damaged"
        var words = "the audit of \(audit.reference) refuses it: the verdict is \(verdict)"
        if let worst { words += "; \(worst.advice)" }
        let others = codes.subtracting([worst?.code.rawValue].compactMap(\.self)).sorted()
        if !others.isEmpty { words += "; also \(others.joined(separator: ", "))" }
        return Self(
            status: .forbidden,
            code: .denied,
            message: "\(words). \(consequence)",
            detail: ["verdict": .string(verdict), "findings": .array(codes.sorted().map { .string($0) })]
        )
    }
}
