import FoundationEssentials
import HTTP
package import ImageTransport
import NIOHTTP1
import SystemIO

/// Files at addresses of the web, `https://…`: read and written whole.
///
/// Calls block. Redirects are followed; header fields that the caller adds go to the origin that was asked for alone.
package struct WebFiles: Sendable {
    private let link: HTTPLink
    private let retry: RetryPolicy
    private let fields: [(name: String, value: String)]
    /// Where the fields go; nil for the origin of each call's address.
    private var page: Origin?

    /// Throws ``RegistryError/certificates(path:reason:)``.
    package init(_ options: RegistryOptions, fields: [(name: String, value: String)] = []) throws(TransportError) {
        do throws(RegistryError) { link = try HTTPLink(options) } catch { throw error.transport }
        retry = options.retry
        self.fields = fields
    }

    /// The same, whose header fields go to the origin of one address alone, whatever leads elsewhere from there.
    package func asked(by page: String) -> WebFiles {
        var web = self
        web.page = URL(string: page).flatMap { Origin(of: $0) }
        return web
    }

    /// Whether a host, with or without a port, is this machine's own.
    package static func isOfThisMachine(_ host: String) -> Bool {
        URL(string: "http://\(host)/").flatMap { Origin(of: $0) }.map { Loopback.contains($0.host) } ?? false
    }

    /// Opens the file at an address.
    ///
    /// Throws ``TransportError/notFound(what:place:)`` where there is none.
    package func open(_ address: String) throws(TransportError) -> any BlobReader {
        WebReader(try perform(try call(.GET, address), address, expecting: [200]), address)
    }

    /// What tells one state of the file at an address from another, by HEAD: its size and its strong entity tag or else
    /// its time; nil where the server says neither.
    package func state(_ address: String) throws(TransportError) -> String? {
        let answer = try perform(try call(.HEAD, address), address, expecting: [200])
        defer { answer.drain() }
        let tag = answer.field("ETag").flatMap { $0.hasPrefix("W/") ? nil : $0 }
        guard let version = tag ?? answer.field("Last-Modified"), let size = answer.field("Content-Length") else {
            return nil
        }
        return "\(size) \(version)"
    }

    /// The bytes at an address; throws ``TransportError/tooLarge(what:size:limit:)`` for more than the limit.
    package func bytes(_ address: String, limit: Int) throws(TransportError) -> [UInt8] {
        let answer = try perform(try call(.GET, address), address, expecting: [200])
        do throws(HTTPFailure) {
            if let bytes = try answer.bytes(limit: limit) { return bytes }
        } catch {
            throw .registry("\(address): \(error.reason)")
        }
        throw .tooLarge(what: address, size: Int64(limit) + 1, limit: Int64(limit))
    }

    /// Writes a file of so many bytes, which are opened anew for each attempt.
    package func put(
        _ address: String,
        size: Int64,
        _ open: @escaping @Sendable () throws(TransportError) -> any BlobReader
    ) throws(TransportError) {
        var call = try call(.PUT, address)
        call.headers.replaceOrAdd(name: "Content-Type", value: "application/octet-stream")
        call.body = .stream(count: size, open: open)
        try perform(call, address, expecting: [200, 201, 202, 204]).drain()
    }

    /// Sends a JSON document; whatever answers 2xx has taken it.
    package func post(_ json: [UInt8], to address: String) throws(TransportError) {
        var call = try call(.POST, address)
        call.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        call.body = .bytes(json)
        try perform(call, address, expecting: Array(200...299)).drain()
    }

    /// Throws ``TransportError/unsuitable(_:rule:)`` for what isn't an address.
    package func check(_ address: String) throws(TransportError) { _ = try call(.GET, address) }

    private func call(_ method: HTTPMethod, _ address: String) throws(TransportError) -> HTTPCall {
        guard let url = URL(string: address), Origin(of: url) != nil else {
            throw .unsuitable(address, rule: "http(s)://HOST[:PORT]/PATH is expected")
        }
        return HTTPCall(method: method, url: url)
    }

    private func perform(
        _ request: HTTPCall,
        _ address: String,
        expecting expected: [Int]
    ) throws(TransportError) -> HTTPAnswer {
        let origin = page ?? Origin(of: request.url)
        var call = request
        var (failures, redirects) = (0, 0)
        while true {
            for field in fields { call.headers.remove(name: field.name) }
            if Origin(of: call.url) == origin {
                for field in fields { call.headers.add(name: field.name, value: field.value) }
            }
            let answer: HTTPAnswer
            do {
                answer = try link.send(call)
            } catch {
                if case .source(let error) = error { throw error }
                failures += 1
                guard error.isTemporary, failures < min(retry.attempts, 3) else {
                    throw .registry("\(address) can't be reached: \(error.reason)")
                }
                retry.sleep(retry.delay(after: failures))
                continue
            }
            if expected.contains(answer.status) { return answer }
            switch answer.status {
            case 404, 410: throw .notFound(what: "file", place: address)
            case _ where answer.isRedirect:
                redirects += 1
                call.url = try next(answer, from: call, address, count: redirects)
            case 429, 500, 502, 503, 504:
                failures += 1
                let wait = answer.field("Retry-After").flatMap { RetryAfter.seconds($0, now: retry.now()) } ?? 0
                guard failures < retry.attempts, wait <= retry.largestWait else { throw refusal(answer, address) }
                answer.drain()
                retry.sleep(max(Double(wait), retry.delay(after: failures)))
            default: throw refusal(answer, address)
            }
        }
    }

    private func refusal(_ answer: HTTPAnswer, _ address: String) -> TransportError {
        let reason = RegistryMessage.text(answer)
        return .registry("\(address) answers with status \(answer.status)" + (reason.isEmpty ? "" : ": \(reason)"))
    }

    private func next(
        _ answer: HTTPAnswer,
        from call: HTTPCall,
        _ address: String,
        count: Int
    ) throws(TransportError) -> URL {
        // Only 307 and 308 promise that the method stays (RFC 9110, section 15.4).
        let isKept = [.GET, .HEAD].contains(call.method) || answer.status == 307 || answer.status == 308
        guard isKept, count <= RegistryOptions.largestRedirectCount, let text = answer.field("Location"),
            let url = WrittenAddress.url(text, from: call.url), let target = Origin(of: url),
            // Never from a protected connection to an open one.
            target.isProtected || Origin(of: call.url)?.isProtected == false
        else { throw .registry("\(address) leads elsewhere, with status \(answer.status), to where it isn't followed") }
        answer.drain()
        return url
    }
}

/// The body of an answer.
private final class WebReader: BlobReader {
    private let answer: HTTPAnswer
    private let address: String

    init(_ answer: HTTPAnswer, _ address: String) {
        self.answer = answer
        self.address = address
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        do throws(HTTPFailure) {
            return try answer.read(into: buffer)
        } catch {
            throw .registry("\(address): \(error.reason)")
        }
    }
}
