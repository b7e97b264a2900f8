import FoundationEssentials
import HTTP
import NIOHTTP1

extension RegistrySession {
    /// Whether the repository has something of this size under a path, `blobs/DIGEST`.
    ///
    /// The answer only saves an upload: whatever else the registry says, it isn't there, also where it fails each time.
    /// Throws when the registry can't be reached, is too slow, or is busy each time.
    func has(_ path: String, size: Int64, what: String) throws(RegistryError) -> Bool {
        guard let url = url(path) else { throw .reference(path, rule: "it is damaged") }
        var request = RegistryRequest(what: what, call: HTTPCall(method: .HEAD, url: url))
        request.call.headers = Self.accepted(path)
        request.followsRedirects = false
        let answer: HTTPAnswer
        do {
            answer = try perform(request)
        } catch {
            switch error {
            case .denied, .refused, .brokenOff: return false
            default: throw error
            }
        }
        guard answer.isRedirect else { return Self.isWhole(answer, size) }
        guard let target = answer.field("Location").flatMap({ self.url($0, from: url) }) else { return false }
        return isStored(at: target, size, what)
    }

    /// Whether there may be something at a path: false where the answer is that there isn't, or that nobody may look.
    func mayHave(_ path: String, what: String) throws(RegistryError) -> Bool {
        guard let url = url(path) else { throw .reference(path, rule: "it is damaged") }
        var request = RegistryRequest(what: what, call: HTTPCall(method: .HEAD, url: url))
        request.call.headers = Self.accepted(path)
        request.followsRedirects = false
        do {
            let answer = try perform(request)
            // A registry that takes no HEAD says so by 405.
            return (200..<400).contains(answer.status) || answer.status == 405
        } catch {
            switch error {
            case .denied, .forbidden, .notFound: return false
            default: throw error
            }
        }
    }

    // Storage may have signed the address for GET alone: then one byte of it tells as much.
    private func isStored(at url: URL, _ size: Int64, _ what: String) -> Bool {
        for method in [HTTPMethod.HEAD, .GET] {
            var request = RegistryRequest(what: what, call: HTTPCall(method: method, url: url), isRepeatable: false)
            if method == .GET { request.call.headers.add(name: "Range", value: "bytes=0-0") }
            guard let answer = try? perform(request) else { continue }
            // A page that asks for a login is answered 200, too, often without a length.
            let hasLength = answer.field("Content-Length") != nil
            if Self.isWhole(answer, size), hasLength || answer.status == 206 { return true }
            if answer.status == 206 || answer.status == 404 || answer.status == 200 && hasLength { return false }
        }
        return false
    }

    // A registry that says another size has something else under this name, or counts wrongly.
    private static func isWhole(_ answer: HTTPAnswer, _ size: Int64) -> Bool {
        switch answer.status {
        case 200: answer.field("Content-Length").map { Int64($0) == size } ?? true
        case 206: answer.field("Content-Range")?.split(separator: "/").last.map { Int64($0) == size } ?? false
        default: false
        }
    }

    private static func accepted(_ path: String) -> HTTPHeaders {
        path.hasPrefix("manifests/") ? HTTPHeaders(ManifestTypes.accepted.map { ("Accept", $0) }) : [:]
    }
}
