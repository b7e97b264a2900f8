import ContentAddress
import FoundationEssentials
import HTTP
import ImageTransport
import NIOHTTP1
import OCI

/// The way of one blob into a registry (OCI distribution specification 1.1, "Pushing blobs").
///
/// It is mounted from another repository where that works, else uploaded, in the forms of ``UploadForm``, each until
/// the registry refuses it. After a failure the registry is asked for its offset, and the rest is sent; when it has
/// forgotten the upload, a new one begins. Every way round is counted by ``UploadBudget``.
final class BlobUpload {
    /// An upload that the registry has opened.
    struct Session {
        var place: URL
        /// What a piece must have at least, except the last.
        var smallestPiece: Int64 = 0
    }

    /// What came of a step.
    enum Outcome {
        case done
        /// The registry has forgotten the upload: a new one begins in the same form.
        case lost
        /// This form isn't taken.
        case refused(RegistryError)
    }

    let registry: RegistrySession
    let descriptor: Descriptor
    let source: UploadSource
    let what: String
    var budget: UploadBudget
    /// Whether `Range` counts bytes instead of naming the last one.
    var countsOneTooMany = false
    /// Whether `Range` decides how much of a request was taken, and not the status.
    var trustsRange = false
    /// Whether `Range` has named less than what was taken by the status.
    var sawShortRange = false
    private let others: [RepositoryName]
    // How often the registry was too slow.
    private var slowness = 0

    init(
        _ registry: RegistrySession,
        _ descriptor: Descriptor,
        from others: [RepositoryName],
        opening: @escaping @Sendable () throws(TransportError) -> BlobStream,
        progress: @escaping @Sendable (Int64) -> Void
    ) {
        self.registry = registry
        self.descriptor = descriptor
        self.others = others
        source = UploadSource(size: descriptor.size, opening: opening, progress: progress)
        what = "blob \(descriptor.digest.short)"
        budget = UploadBudget(attempts: registry.retry.attempts)
    }

    /// Sends it; it is in the registry on return.
    func run() throws(RegistryError) {
        guard descriptor.size >= 0 else {
            throw .source(.document(what: "the descriptor of \(what)", reason: "its size is \(descriptor.size)"))
        }
        var opened: Session?
        switch mount(from: others) {
        case .mounted: return
        case .opened(let session): opened = session
        case .refused: break
        }
        var forms = UploadForm.order(for: descriptor.size)[...]
        while let form = forms.first {
            let session = if let opened { opened } else { try open() }
            opened = nil
            switch try send(form, to: session) {
            case .done: return
            case .lost: continue
            case .refused(let error):
                forms.removeFirst()
                if forms.isEmpty {
                    guard let smaller = form.next(after: error) else { throw error }
                    forms = [smaller]
                }
            }
        }
    }

    private func send(_ form: UploadForm, to session: Session) throws(RegistryError) -> Outcome {
        if form == .single { return try commit(session.place, withBytes: true) }
        var session = session
        if let outcome = try sendParts(form, to: &session) { return outcome }
        return try commit(session.place, withBytes: false)
    }

    private func open() throws(RegistryError) -> Session {
        let answer = try post("", isRepeatable: true)
        // 202 by the specification; some registries say 200, with the place.
        guard answer.status == 202 || answer.status == 200 else { throw refusal(answer) }
        return try session(in: answer)
    }

    func post(_ query: String, isRepeatable: Bool) throws(RegistryError) -> HTTPAnswer {
        guard let url = registry.url("blobs/uploads/\(query)") else { throw .reference(query, rule: "it is damaged") }
        let call = HTTPCall(method: .POST, url: url, headers: Self.type, body: .bytes([]))
        let request = RegistryRequest(what: "an upload of \(what)", call: call, isRepeatable: isRepeatable)
        let answer = try registry.perform(request)
        if answer.status < 300 { answer.drain() }
        return answer
    }

    static let type: HTTPHeaders = ["Content-Type": "application/octet-stream"]

    /// The upload that an answer opens.
    func session(in answer: HTTPAnswer) throws(RegistryError) -> Session {
        guard let base = registry.url("blobs/uploads/") else { throw .reference(what, rule: "it is damaged") }
        let smallest = answer.field("OCI-Chunk-Min-Length").flatMap { Int64($0.trimmingBlanks) } ?? 0
        return Session(place: try location(of: answer, from: base), smallestPiece: smallest)
    }

    /// Where an answer leads.
    func location(of answer: HTTPAnswer, from base: URL) throws(RegistryError) -> URL {
        func malformed(_ reason: String) -> RegistryError {
            .malformed(what: "an upload of \(what)", place: registry.location.host, reason: reason)
        }
        guard let text = answer.field("Location"), !text.isEmpty else {
            let type = answer.field("Content-Type").map { ", \($0.prefix(64))" } ?? ""
            throw malformed("status \(answer.status)\(type), and no Location to send it to: no registry answers so")
        }
        guard let url = registry.url(text, from: base) else {
            throw malformed(registry.refusal(of: text, from: base, "is not a place to send it to"))
        }
        return url
    }

    /// Whether the registry has the blob.
    func isThere() throws(RegistryError) -> Bool {
        try registry.has("blobs/\(descriptor.digest)", size: descriptor.size, what: what)
    }

    /// What an unexpected answer is as an error: 404 says that there is no such upload, not that there is no such blob.
    func refusal(_ answer: HTTPAnswer) -> RegistryError {
        registry.refusal(answer, answer.status == 404 ? "an upload of \(what)" : what, isSent: true)
    }

    /// Counts a failure, and throws after too many.
    func fail(_ error: RegistryError? = nil) throws(RegistryError) {
        guard budget.fail() else {
            throw error
                ?? .brokenOff(what: what, place: registry.location.host, reason: "it takes no more of its bytes")
        }
    }

    /// Whether the upload goes on after an error.
    func brokeOff(_ error: RegistryError) -> Bool {
        switch error {
        case .brokenOff: return true
        case .tooSlow:
            slowness += 1
            return slowness < RetryPolicy.slowAttempts
        case .reference, .notFound, .denied, .forbidden, .unreachable, .busy, .refused, .malformed, .redirect, .digest,
            .tooLarge, .credentials, .certificates, .source:
            return false
        }
    }

    /// Waits as long as the number of failures asks for.
    func pause() { registry.retry.sleep(registry.retry.delay(after: budget.failures)) }
}
