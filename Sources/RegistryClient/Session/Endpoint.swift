import FoundationEssentials
import HTTP
import NIOHTTP1

/// How a registry's API is reached: by TLS, or, for this machine's own and where it is allowed, without.
enum Endpoint {
    /// The address before `/v2/`.
    ///
    /// Asks the registry when there are two ways. Throws ``RegistryError/unreachable(place:reason:)`` when none leads
    /// there.
    static func url(
        of location: RegistryLocation,
        link: HTTPLink,
        options: RegistryOptions
    ) throws(RegistryError) -> URL {
        let isLocal = Loopback.contains(location.hostName)
        let schemes: [String] =
            if options.isInsecure && (!isLocal || options.certificateAuthorities != nil) {
                ["https", "http"]
            } else if isLocal && options.certificateAuthorities == nil {
                ["http", "https"]
            } else {
                ["https"]
            }
        let urls = schemes.compactMap { URL(string: "\($0)://\(location.endpoint)") }.filter { Origin(of: $0) != nil }
        guard let first = urls.first, urls.count == schemes.count else {
            throw .reference(location.description, rule: "'\(location.endpoint)' is not a host")
        }
        guard urls.count > 1 else { return first }
        var failure: HTTPFailure?
        for url in urls {
            do {
                let answer = try link.send(HTTPCall(method: .GET, url: url.appending(path: "v2/")))
                answer.drain()
                // What a server with TLS says to a request without.
                if answer.status != 400 { return url }
            } catch {
                // A registry that speaks TLS alone says nothing of use to a request without.
                if case .security = error { failure = error } else { failure = failure ?? error }
            }
        }
        throw .unreachable(place: location.host, reason: failure?.reason ?? "it answers with status 400")
    }
}
