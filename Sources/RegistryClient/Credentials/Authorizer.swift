import ContentAddress
import FoundationEssentials
import HTTP
import NIOHTTP1
import SystemIO

/// What stands in `Authorization`, and how to get it: basic, or a bearer token from the server that the registry names
/// (distribution specification, "Token Authentication Specification" and "OAuth2 Token Authentication").
final class Authorizer: Sendable {
    private let place: String
    private let link: HTTPLink
    private let scopes: [String]
    private let credential: Credential?
    private let isInsecure: Bool
    private let retry: RetryPolicy
    /// Who is known to the registry.
    let identity: Identity
    // Held while a token is fetched, so that threads that need the same one wait for it.
    private let current: SharedValue<Current>

    private struct Current {
        var value: String?
        var isFetching = false
    }

    init(
        place: String,
        link: HTTPLink,
        scopes: [String],
        identity: (credential: Credential?, Identity),
        isInsecure: Bool,
        retry: RetryPolicy
    ) {
        self.place = place
        self.link = link
        self.scopes = scopes
        (credential, self.identity) = identity
        self.isInsecure = isInsecure
        self.retry = retry
        var value: String?
        if case .bearer(let token)? = credential { value = "Bearer \(token)" }
        current = SharedValue(Current(value: value))
    }

    /// The header's value as of now; nil before the registry has asked for one.
    var value: String? { current.update { $0.value } }

    /// Gets what an answer of status 401 asks for; false when there is nothing more to try.
    ///
    /// `refused` is what was sent with the request that was answered so.
    func answer(_ headers: HTTPHeaders, refused: String?, origin: Origin) throws(RegistryError) -> Bool {
        let isMine: Bool = current.wait { current in
            if current.isFetching { return nil }
            // Another thread has got a new one meanwhile.
            guard current.value == refused else { return false }
            current.isFetching = true
            return true
        }
        guard isMine else { return true }
        do {
            let value = try authorization(for: Challenge.parse(headers["WWW-Authenticate"]), origin)
            current.update { $0 = Current(value: value ?? $0.value) }
            return value != nil && (value != refused || refused == nil)
        } catch {
            current.update { $0.isFetching = false }
            throw error
        }
    }

    private func authorization(for challenges: [Challenge], _ origin: Origin) throws(RegistryError) -> String? {
        if let bearer = challenges.first(where: { $0.scheme == "bearer" && $0.parameters["realm"] != nil }) {
            if case .bearer? = credential { return nil }
            return "Bearer " + (try fetchToken(bearer))
        }
        guard challenges.contains(where: { $0.scheme == "basic" }) else {
            guard let other = challenges.first(where: { $0.scheme != "bearer" }) else { return nil }
            let reason = "it wants a login by '\(other.scheme.prefix(32))'; Basic and Bearer are known here"
            throw .forbidden(what: "what was asked for", place: place, reason: reason)
        }
        guard origin.isProtected || isInsecure else {
            throw .denied(
                what: "what was asked for",
                place: place,
                reason: "it wants a password without TLS",
                identity: identity
            )
        }
        return Self.basic(credential)
    }

    private static func basic(_ credential: Credential?) -> String? {
        guard case .password(let user, let password)? = credential else { return nil }
        return "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    private func fetchToken(_ challenge: Challenge) throws(RegistryError) -> String {
        let realm = (challenge.parameters["realm"] ?? "").prefix { $0 != "#" }
        guard let url = WrittenAddress.url(String(realm)), let origin = Origin(of: url) else {
            throw .malformed(what: "a token", place: place, reason: "'\(realm)' is not a place to get one")
        }
        guard credential == nil || origin.isProtected || isInsecure else {
            throw .redirect(what: "a token", place: place, reason: "\(origin) has no TLS, and would be sent a password")
        }
        let answer = try TokenServer(origin: origin, place: place, link: link, retry: retry)
            .ask(request(url, challenge))
        guard (200..<300).contains(answer.status) else {
            let message = RegistryMessage.text(answer)
            throw .denied(
                what: "what was asked for",
                place: place,
                reason: "\(origin), which gives tokens, answers with status \(answer.status)"
                    + (message.isEmpty ? "" : ", \(message)"),
                identity: identity
            )
        }
        return try TokenAnswer.token(in: answer, from: origin)
    }

    private func request(_ url: URL, _ challenge: Challenge) -> HTTPCall {
        var parameters = [("service", challenge.parameters["service"] ?? "")].filter { !$0.1.isEmpty }
        let wanted = challenge.parameters["scope"].map { $0.split(separator: " ").map(String.init) } ?? []
        // Ours say all that this connection will do, the challenge's only what this request needs.
        let names = scopes.map(Self.scopeName)
        let all = scopes + wanted.filter { !names.contains(Self.scopeName($0)) }
        if case .identityToken(let token)? = credential {
            parameters += [
                ("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "bindery"),
                ("scope", all.joined(separator: " ")),
            ]
            var call = HTTPCall(method: .POST, url: url)
            call.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            call.body = .bytes(Array(Self.form(parameters).utf8))
            return call
        }
        parameters += all.map { ("scope", $0) }
        let query = Self.form(parameters)
        let separator = url.query == nil ? "?" : "&"
        var call = HTTPCall(method: .GET, url: URL(string: url.absoluteString + separator + query) ?? url)
        if let basic = Self.basic(credential) { call.headers.add(name: "Authorization", value: basic) }
        return call
    }

    // `repository:NAME:pull,push` without what is done to it.
    private static func scopeName(_ scope: String) -> String {
        scope.lastIndex(of: ":").map { String(scope[..<$0]) } ?? scope
    }

    // application/x-www-form-urlencoded, which a query is, too.
    private static func form(_ parameters: [(String, String)]) -> String {
        parameters.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
    }
}
