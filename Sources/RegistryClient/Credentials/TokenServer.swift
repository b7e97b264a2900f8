import FoundationEssentials
import HTTP
import NIOHTTP1

/// The server that a registry sends its clients to for tokens.
struct TokenServer {
    let origin: Origin
    /// The registry, for messages.
    let place: String
    let link: HTTPLink
    let retry: RetryPolicy

    /// A person waits, and the registry is asked again itself.
    private static let attempts = 3

    /// Sends a request until it has an answer that isn't a redirect and, as far as trying again helps, no failure.
    func ask(_ first: HTTPCall) throws(RegistryError) -> HTTPAnswer {
        var call = first
        var failures = 0
        var redirects = 0
        while true {
            var wait = 0.0
            do {
                let answer = try link.send(call)
                if answer.isRedirect {
                    redirects += 1
                    call = try redirected(call, answer, redirects)
                    continue
                }
                guard answer.isTemporaryFailure, failures + 1 < Self.attempts else {
                    return answer
                }
                let asked = answer.field("Retry-After").flatMap { RetryAfter.seconds($0, now: retry.now()) } ?? 0
                guard asked <= retry.largestWait else { return answer }
                answer.drain()
                wait = Double(asked)
            } catch let error as RegistryError {
                throw error
            } catch let error as HTTPFailure {
                guard error.isTemporary, failures + 1 < Self.attempts else {
                    throw .unreachable(place: "\(origin), which gives tokens for \(place),", reason: error.reason)
                }
            } catch {
                throw .unreachable(place: "\(origin)", reason: "\(error)")
            }
            failures += 1
            retry.sleep(max(wait, retry.delay(after: failures)))
        }
    }

    // A password is for the server that the registry has named, and no other.
    private func redirected(_ call: HTTPCall, _ answer: HTTPAnswer, _ count: Int) throws(RegistryError) -> HTTPCall {
        let text = answer.field("Location") ?? ""
        guard count <= RegistryOptions.largestRedirectCount,
            let url = WrittenAddress.url(text, from: call.url), let target = Origin(of: url),
            target == origin || (target.isProtected && call.method == .GET)
        else {
            throw .redirect(what: "a token", place: "\(origin)", reason: "'\(text)' is not an address that is followed")
        }
        answer.drain()
        var next = call
        next.url = url
        if target != origin { next.headers.remove(name: "Authorization") }
        return next
    }
}
