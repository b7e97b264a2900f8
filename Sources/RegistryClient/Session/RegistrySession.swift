import ContentAddress
import FoundationEssentials
import HTTP
import ImageTransport
import NIOHTTP1
import OCI
import Synchronization

/// The talk with one repository of a registry: authorization, redirects, and trying again.
final class RegistrySession: Sendable {
    let location: RegistryLocation
    let retry: RetryPolicy
    private let link: HTTPLink
    private let base: URL
    private let origin: Origin
    private let authorizer: Authorizer
    // Whether `/v2/` asks for credentials; nil before it was asked, and held while it is.
    private let challenge = Mutex<Bool?>(nil)

    /// Opens a repository.
    ///
    /// `scopes` are what tokens are asked for, `repository:NAME:pull,push`.
    init(_ location: RegistryLocation, link: HTTPLink, options: RegistryOptions, scopes: [String]) throws(RegistryError)
    {
        self.location = location
        self.link = link
        retry = options.retry
        base = try Endpoint.url(of: location, link: link, options: options)
        guard let origin = Origin(of: base) else { throw .reference(location.description, rule: "the host is damaged") }
        self.origin = origin
        authorizer = Authorizer(
            place: location.host,
            link: link,
            scopes: scopes,
            identity: try Self.identity(location, options),
            isInsecure: options.isInsecure,
            retry: retry
        )
        if case .unavailable(let reason) = authorizer.identity {
            options.warn("no credentials are sent to \(location.host): \(reason)")
        }
    }

    private static func identity(
        _ location: RegistryLocation,
        _ options: RegistryOptions
    ) throws(RegistryError) -> (credential: Credential?, Identity) {
        // Servers take a token as the password of any user.
        if let token = options.tokens[location.host] { return (.password(user: "token", password: token), .known) }
        return try CredentialStore(environment: options.environment)
            .identity(host: location.host, repository: location.repository.text)
    }

    /// The address of something of this repository: `manifests/latest`.
    func url(_ path: String) -> URL? { URL(string: "\(base.absoluteString)/v2/\(location.repository)/\(path)") }

    /// The address of something of the API that a bindery has beside its registry: `releases?limit=10`.
    func url(api path: String) -> URL? { URL(string: "\(base.absoluteString)/api/v1/\(path)") }

    /// Where a header's `Location` leads, as seen from an address.
    func url(_ text: String, from base: URL) -> URL? {
        guard let url = WrittenAddress.url(text, from: base), let target = Origin(of: url) else { return nil }
        // Never from a protected connection to an open one.
        return target.isProtected || !origin.isProtected || target == origin ? url : nil
    }

    /// Sends a request until it has an answer that is the caller's business.
    ///
    /// Answers 401, redirects, and, where the request may be sent again, tries again after 429, 5xx and broken
    /// connections. Throws when all that was in vain.
    func perform(_ request: RegistryRequest) throws(RegistryError) -> HTTPAnswer {
        var call = request.call
        var failures = 0
        var redirects = 0
        var refusals = 0
        while true {
            let authorization = Origin(of: call.url) == origin ? authorizer.value : nil
            call.headers.remove(name: "Authorization")
            if let authorization { call.headers.add(name: "Authorization", value: authorization) }
            let answer: HTTPAnswer
            do {
                answer = try link.send(call)
            } catch {
                failures += 1
                try pause(after: failures, error, request)
                continue
            }
            switch answer.status {
            case 401:
                refusals += 1
                let reason = Self.reason(answer)
                guard refusals <= 2, Origin(of: call.url) == origin,
                    try authorizer.answer(answer.headers, refused: authorization, origin: origin)
                        || (authorization == nil && isChallenged())
                else { throw denied(reason, request.what) }
            case 403, 404:
                guard authorization == nil, Origin(of: call.url) == origin, isChallenged() else { return answer }
            case _ where answer.isRedirect && request.followsRedirects:
                redirects += 1
                call = try redirected(call, answer, redirects, request)
            case _ where answer.isTemporaryFailure:
                guard request.isRepeatable else { return answer }
                failures += 1
                try pause(after: failures, answer, request)
            default: return answer
            }
        }
    }

    // Some registries tell clients without credentials at `/v2/` alone what they want, and elsewhere that there is nothing.
    private func isChallenged() -> Bool {
        let isChallenged = challenge.withLock { known in
            let answer = known ?? asksForMore()
            known = answer
            return answer
        }
        return isChallenged && authorizer.value != nil
    }

    private func asksForMore() -> Bool {
        guard let answer = try? link.send(HTTPCall(method: .GET, url: base.appending(path: "v2/"))) else {
            return false
        }
        answer.drain()
        guard answer.status == 401 else { return false }
        return (try? authorizer.answer(answer.headers, refused: nil, origin: origin)) ?? false
    }

    /// What an unexpected answer is as an error; 404 to something that was sent doesn't say that it is missing.
    func refusal(_ answer: HTTPAnswer, _ what: String, isSent: Bool = false) -> RegistryError {
        switch answer.status {
        case 401: denied(Self.reason(answer), what)
        case 403: .forbidden(what: what, place: location.place, reason: Self.reason(answer))
        case 404 where !isSent: .notFound(what: what, place: location.place)
        case 429, 503:
            .busy(
                what: what,
                place: location.host,
                status: answer.status,
                reason: RegistryMessage.text(answer),
                wait: wait(answer)
            )
        default:
            .refused(what: what, place: location.place, status: answer.status, reason: RegistryMessage.text(answer))
        }
    }

    /// Waits before something is tried again, or throws when it isn't.
    func pause(after failures: Int, _ failure: HTTPFailure, _ request: RegistryRequest) throws(RegistryError) {
        switch failure {
        case .source(let error): throw .source(error)
        case .security, .plain, .request:
            throw .unreachable(place: request.host ?? location.host, reason: failure.reason)
        case .connection(let reason):
            // Nobody is there: a second look is enough.
            guard failures < min(retry.attempts, 3) else {
                throw .unreachable(place: request.host ?? location.host, reason: reason)
            }
        case .slow(let reason):
            // Each attempt takes its time.
            guard request.isRepeatable, failures < min(retry.attempts, RetryPolicy.slowAttempts) else {
                throw .tooSlow(what: request.what, place: request.host ?? location.host, reason: reason)
            }
        case .broken(let reason):
            guard request.isRepeatable, failures < retry.attempts else {
                throw .brokenOff(what: request.what, place: request.host ?? location.host, reason: reason)
            }
        }
        retry.sleep(retry.delay(after: failures))
    }

    /// Waits before something is tried again that the registry couldn't do, or throws when it isn't.
    func pause(after failures: Int, _ answer: HTTPAnswer, _ request: RegistryRequest) throws(RegistryError) {
        let wait = wait(answer)
        guard failures < retry.attempts, (wait ?? 0) <= retry.largestWait else { throw refusal(answer, request.what) }
        answer.drain()
        retry.sleep(max(Double(wait ?? 0), retry.delay(after: failures)))
    }

    private func wait(_ answer: HTTPAnswer) -> Int64? {
        answer.field("Retry-After").flatMap { RetryAfter.seconds($0, now: retry.now()) }
    }

    private func denied(_ reason: String, _ what: String) -> RegistryError {
        .denied(what: what, place: location.place, reason: reason, identity: authorizer.identity)
    }

    private static func reason(_ answer: HTTPAnswer) -> String {
        let message = RegistryMessage.text(answer)
        return "status \(answer.status)" + (message.isEmpty ? "" : ", \(message)")
    }

    private func redirected(
        _ call: HTTPCall,
        _ answer: HTTPAnswer,
        _ count: Int,
        _ request: RegistryRequest
    ) throws(RegistryError) -> HTTPCall {
        func fail(_ reason: String) -> RegistryError {
            .redirect(what: request.what, place: location.host, reason: reason)
        }
        guard count <= RegistryOptions.largestRedirectCount else {
            throw fail("more than \(RegistryOptions.largestRedirectCount) times")
        }
        guard let text = answer.field("Location") else { throw fail("it doesn't say where") }
        guard let url = url(text, from: call.url) else { throw fail(refusal(of: text, from: call.url)) }
        answer.drain()
        var next = call
        next.url = url
        // Only 307 and 308 promise that the method stays (RFC 9110, section 15.4).
        let keepsMethod = answer.status == 307 || answer.status == 308 || call.method == .GET || call.method == .HEAD
        guard keepsMethod else { throw fail("status \(answer.status) for a request that changes something") }
        return next
    }
}
