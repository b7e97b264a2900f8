internal import ContentAddress
internal import FoundationEssentials
internal import ImageTransport
internal import NIOHTTP1
internal import OCI
internal import SystemIO

/// The way of one blob into a registry (OCI distribution specification 1.1, "Pushing blobs").
///
/// It is mounted from another repository where that works, else uploaded: POST opens a session, PATCH sends the bytes
/// from the registry's offset on, PUT names the digest. After a failure the registry is asked for its offset, and the
/// rest is sent; when it has forgotten the session, a new one begins. The number of failures is bounded.
final class BlobUpload {
    private let session: RegistrySession
    private let descriptor: Descriptor
    private let others: [RepositoryName]
    private let opening: @Sendable () throws(TransportError) -> BlobStream
    private let progress: @Sendable (Int64) -> Void
    private let what: String
    // Failures since the registry's offset has last moved, and in all.
    private var failures = 0
    private var allFailures = 0
    // The furthest offset that was ever sent: what is sent again is no progress.
    private let furthest = Monitor<Int64>(0)

    /// Smaller blobs go with the PUT: a PATCH would cost a round trip and gain nothing.
    ///
    /// In bytes.
    private static let smallSize: Int64 = 256 << 10
    /// A connection that moves a few bytes each time it breaks is given up some time.
    private static let largestFailureCount = 50

    init(
        _ session: RegistrySession,
        _ descriptor: Descriptor,
        from others: [RepositoryName],
        opening: @escaping @Sendable () throws(TransportError) -> BlobStream,
        progress: @escaping @Sendable (Int64) -> Void
    ) {
        self.session = session
        self.descriptor = descriptor
        self.others = others
        self.opening = opening
        self.progress = progress
        what = "blob \(descriptor.digest.short)"
    }

    /// Sends it; it is in the registry on return.
    func run() throws(RegistryError) {
        guard descriptor.size >= 0 else {
            throw .source(.document(what: "the descriptor of \(what)", reason: "its size is \(descriptor.size)"))
        }
        while true {
            guard var place = try begin() else { return }
            if descriptor.size > Self.smallSize {
                guard let end = try sendAll(to: place) else { continue }
                place = end
            }
            if try commit(place) { return }
        }
    }

    // The address of a new upload; nil when the blob was mounted instead.
    private func begin() throws(RegistryError) -> URL? {
        for other in others where allFailures == 0 {
            let answer = try post("?mount=\(descriptor.digest)&from=\(PercentEncoding.encode(other.text))")
            if answer.status == 201 { return nil }
            // Not mounted, but an upload was opened: only the last one is used.
            if answer.status == 202, other == others.last { return try location(of: answer) }
        }
        let answer = try post("")
        guard answer.status == 202 else { throw session.refusal(answer, what) }
        return try location(of: answer)
    }

    private func post(_ query: String) throws(RegistryError) -> HTTPAnswer {
        guard let url = session.url("blobs/uploads/\(query)") else { throw .reference(query, rule: "it is damaged") }
        let call = HTTPCall(method: .POST, url: url, headers: Self.type, body: .bytes([]))
        let answer = try session.perform(RegistryRequest(what: "an upload of \(what)", call: call))
        if answer.status < 300 { answer.drain() }
        return answer
    }

    private static let type: HTTPHeaders = ["Content-Type": "application/octet-stream"]

    private func location(of answer: HTTPAnswer, from base: URL? = nil) throws(RegistryError) -> URL {
        let text = answer.field("Location") ?? ""
        guard let base = base ?? session.url("blobs/uploads/"), let url = session.url(text, from: base), !text.isEmpty
        else {
            throw .malformed(
                what: "an upload of \(what)",
                place: session.location.host,
                reason: "'\(text)' is no place to send it to"
            )
        }
        return url
    }

    // The address for the PUT; nil when the upload has to begin again.
    private func sendAll(to start: URL) throws(RegistryError) -> URL? {
        var place = start
        var offset: Int64 = 0
        while offset < descriptor.size {
            guard let next = try patch(place, from: offset) else { return nil }
            if next.offset > offset { failures = 0 } else { try fail() }
            (place, offset) = next
        }
        return place
    }

    private typealias Position = (place: URL, offset: Int64)

    // Where the registry is afterwards; nil when it has forgotten the upload.
    private func patch(_ place: URL, from offset: Int64) throws(RegistryError) -> Position? {
        var call = HTTPCall(method: .PATCH, url: place, headers: Self.type)
        call.headers.add(name: "Content-Range", value: "\(offset)-\(descriptor.size - 1)")
        call.body = body(from: offset)
        let answer: HTTPAnswer
        do {
            answer = try session.perform(RegistryRequest(what: what, call: call, isRepeatable: false))
        } catch {
            guard case .brokenOff = error else { throw error }
            try fail(error)
            session.retry.sleep(session.retry.delay(after: failures))
            return try position(of: place)
        }
        switch answer.status {
        case 200..<300:
            answer.drain()
            let end = Self.end(of: answer) ?? descriptor.size
            guard end <= descriptor.size else { return nil }
            return (try location(of: answer, from: place), end)
        case 404, 410, 416: return try afterRefusal(answer, place, offset)
        case 429, 500, 502, 503, 504:
            try fail(session.refusal(answer, what))
            try session.pause(after: failures, answer, RegistryRequest(what: what, call: call))
            return try position(of: place)
        default: throw session.refusal(answer, what)
        }
    }

    private func afterRefusal(
        _ answer: HTTPAnswer,
        _ place: URL,
        _ offset: Int64
    ) throws(RegistryError) -> Position? {
        try fail(session.refusal(answer, what))
        session.retry.sleep(session.retry.delay(after: failures))
        guard answer.status == 416, let position = try position(of: place) else { return nil }
        // It refuses the very offset that it names, such as the 0 that was a 1.
        return position.offset == offset ? nil : position
    }

    // How far the registry has got.
    private func position(of place: URL) throws(RegistryError) -> Position? {
        let call = HTTPCall(method: .GET, url: place)
        let answer = try session.perform(RegistryRequest(what: "the upload of \(what)", call: call))
        guard (200..<300).contains(answer.status), let end = Self.end(of: answer), end <= descriptor.size else {
            return nil
        }
        answer.drain()
        return (answer.field("Location") == nil ? place : try location(of: answer, from: place), end)
    }

    // `Range: 0-N` counts the last byte. An upload without bytes is `0-0` to Docker's registry: one byte is sent again.
    private static func end(of answer: HTTPAnswer) -> Int64? {
        guard let range = answer.field("Range") else { return nil }
        let text = range.hasPrefix("bytes=") ? range.dropFirst(6) : range[...]
        let parts = text.split(separator: "-")
        guard parts.count == 2, parts[0] == "0", let last = Int64(parts[1]), last >= 0, last < .max else { return nil }
        return last == 0 ? 0 : last + 1
    }

    // False when the upload has to begin again.
    private func commit(_ place: URL) throws(RegistryError) -> Bool {
        let separator = place.query == nil ? "?" : "&"
        guard let url = URL(string: "\(place.absoluteString)\(separator)digest=\(descriptor.digest)") else {
            throw .malformed(what: what, place: session.location.host, reason: "'\(place)' is no address")
        }
        let isWhole = descriptor.size <= Self.smallSize
        var call = HTTPCall(method: .PUT, url: url, headers: Self.type, body: .bytes([]))
        if isWhole, descriptor.size > 0 { call.body = body(from: 0) }
        let request = RegistryRequest(what: what, call: call, isRepeatable: false)
        let answer: HTTPAnswer
        do {
            answer = try session.perform(request)
        } catch {
            guard case .brokenOff = error else { throw error }
            try fail(error)
            session.retry.sleep(session.retry.delay(after: failures))
            return try isThere()
        }
        switch answer.status {
        case 200..<300:
            if let text = answer.field("Docker-Content-Digest"), let found = try? Digest(parsing: text),
                found != descriptor.digest
            {
                throw .digest(what: "\(what), as the registry has it,", expected: descriptor.digest, found: found)
            }
            answer.drain()
            return true
        case 404, 410, 416:
            try fail(session.refusal(answer, what))
            return false
        case 429, 500, 502, 503, 504:
            try fail(session.refusal(answer, what))
            try session.pause(after: failures, answer, request)
            return try isThere()
        default: throw session.refusal(answer, what)
        }
    }

    private func isThere() throws(RegistryError) -> Bool {
        guard let url = session.url("blobs/\(descriptor.digest)") else { return false }
        let call = HTTPCall(method: .HEAD, url: url)
        let answer = try session.perform(RegistryRequest(what: what, call: call))
        answer.drain()
        return answer.status == 200
    }

    private func body(from offset: Int64) -> HTTPCall.Body {
        let (opening, furthest, progress) = (opening, furthest, progress)
        return .stream(count: descriptor.size - offset) { () throws(TransportError) in
            UploadReader(try opening(), from: offset) { position in
                let gained = furthest.update { furthest in
                    defer { furthest = max(furthest, position) }
                    return max(0, position - furthest)
                }
                if gained > 0 { progress(gained) }
            }
        }
    }

    // Counts a failure, and gives up after too many.
    private func fail(_ error: RegistryError? = nil) throws(RegistryError) {
        failures += 1
        allFailures += 1
        guard failures < session.retry.attempts, allFailures < Self.largestFailureCount else {
            throw error
                ?? .brokenOff(what: what, place: session.location.host, reason: "it takes no more of its bytes")
        }
    }
}
