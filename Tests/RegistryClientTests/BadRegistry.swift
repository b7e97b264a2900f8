import ContentAddress
import HTTPTestSupport
import NIOHTTP1
import OCI
import Synchronization

/// A registry in memory that has one bad habit (OCI distribution specification 1.1, "Endpoints").
final class BadRegistry: Sendable {
    enum Habit: String, CaseIterable {
        case none
        // How bytes are taken.
        case refusesLargeRanges, takesNoPatch, takesNoPatchWithoutRange, takesOnlyPieces, wantsLargePieces
        case refusesLargeBodies, refusesBodiesOverAMegabyte, takesPatchAlone
        case failsOnLargeBodies, losesLargeBodies, refusesLargePieces
        // What `Range` says.
        case rangeCounts, rangeStaysAtTheFirst, rangeIsAlwaysEmpty, saysNoRange, takesTwoMegabytes, takesTenBytes
        // Where an upload goes on.
        case placeHasFragment, placeHasBlanksAround, signsAddresses
        case saysNoPlaceAfterPatch, namesWholeAddresses, forgetsEveryUpload, answersPutWith202, opensWith200
        // Mounts.
        case mountUnauthorized, mountForbidden, mountFails, mountUnknown, mountClaims, mountOpensNothing
        // HEAD.
        case headIsRedirectedToGet, headIsRedirectedNowhere, headIsRedirectedToNothing, headForbidden, headNotAllowed
        case headFails, headIsRedirectedToAPage
        // Others.
        case isBusyAtFirst, challengesAtTheRootAlone, challengesWithoutWordsElsewhere
        case wantsUserAgent, forbids, isFull
    }

    struct State {
        var blobs: [String: [UInt8]] = [:]
        var manifests: [String: [UInt8]] = [:]
        var uploads: [String: [UInt8]] = [:]
        var firstEnds: [String: Int] = [:]
        var count = 0
        var wasBusy: Set<String> = []
    }

    let habit: Habit
    private let state = Mutex(State())

    init(_ habit: Habit) { self.habit = habit }

    /// The manifest under a tag.
    func manifest(_ repository: String, _ tag: String) -> [UInt8]? {
        state.withLock { $0.manifests["\(repository) \(tag)"] }
    }

    /// The sizes of a repository's blobs.
    func blobs(_ repository: String) -> [Int] {
        state.withLock { $0.blobs.filter { $0.key.hasPrefix(repository + " ") }.map(\.value.count).sorted() }
    }

    func answer(_ request: FakeServer.Request) -> FakeServer.Reply {
        if habit == .wantsUserAgent, request.headers.first(name: "User-Agent")?.hasPrefix("bindery") != true {
            return Self.refuse(403, "DENIED", "no agent")
        }
        return state.withLock { state in
            let path = request.path
            if habit == .signsAddresses, request.uri.contains("state="), !request.uri.contains(Self.signature) {
                return Self.refuse(403, "SIGNATURE", "the address isn't the one that was signed")
            }
            if let refusal = challenge(request) { return refusal }
            // What stands before some registries says so in words of its own.
            let place = path.split(separator: "/").prefix(4).joined(separator: "/")
            let isNews = state.wasBusy.insert("\(request.method) \(place)").inserted
            if habit == .isBusyAtFirst, isNews { return .init([408, 425, 520, 522, 524][state.wasBusy.count % 5]) }
            if path == "/v2/" { return .init(200) }
            if path.hasPrefix("/storage/") { return storage(request, state) }
            let parts = path.dropFirst("/v2/".count).split(separator: "/").map(String.init)
            guard parts.count >= 3 else { return .init(404) }
            let repository = parts[0]
            if parts[1] == "manifests" { return manifest(request, repository, parts[2], &state) }
            if parts[2] != "uploads" { return blob(request, repository, parts[2], state) }
            return parts.count == 3 ? begin(request, repository, &state) : upload(request, repository, parts[3], &state)
        }
    }

    // Characters that an address may have, and such as it may not have but has.
    static let signature = #"state=a%2Fb%2f+c=%7C|d[0]{"e"}^`\%zz%&f=~~byte~7C;*'()!$,:@?/.."#

    // Who has no token is told so at `/v2/` alone.
    private func challenge(_ request: FakeServer.Request) -> FakeServer.Reply? {
        guard [.challengesAtTheRootAlone, .challengesWithoutWordsElsewhere].contains(habit),
            request.headers.first(name: "Authorization") != "Bearer t"
        else { return nil }
        switch request.path {
        case "/token": return .init(200, [], Array(#"{"token": "t"}"#.utf8))
        case "/v2/":
            let host = request.headers.first(name: "Host") ?? ""
            return .init(401, [("WWW-Authenticate", #"Bearer realm="http://\#(host)/token#x",service="s""#)])
        default: return habit == .challengesAtTheRootAlone ? Self.refuse(404, "NAME_UNKNOWN") : .init(401)
        }
    }

    private static func refuse(_ status: Int, _ code: String, _ message: String = "no") -> FakeServer.Reply {
        .init(status, [], Array(#"{"errors": [{"code": "\#(code)", "message": "\#(message)"}]}"#.utf8))
    }

    private static func query(_ request: FakeServer.Request) -> [String: String] {
        let text = request.uri.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let pairs = text.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { first, _ in first }
    }

    private func manifest(
        _ request: FakeServer.Request,
        _ repository: String,
        _ reference: String,
        _ state: inout State
    ) -> FakeServer.Reply {
        if request.method == .PUT {
            state.manifests["\(repository) \(reference)"] = request.body
            state.manifests["\(repository) \(Digest.of(request.body))"] = request.body
            return .init(201)
        }
        guard let bytes = state.manifests["\(repository) \(reference)"] else { return .init(404) }
        let isIndex = String(decoding: bytes, as: UTF8.self).contains(MediaType.imageIndex)
        return .init(200, [("Content-Type", isIndex ? MediaType.imageIndex : MediaType.imageManifest)], bytes)
    }

    private func blob(
        _ request: FakeServer.Request,
        _ repository: String,
        _ digest: String,
        _ state: State
    ) -> FakeServer.Reply {
        if request.method == .HEAD {
            switch habit {
            case .headForbidden: return .init(403)
            case .headNotAllowed: return .init(405)
            case .headIsRedirectedToNothing: return .init(307, [("Location", "/storage/nothing")])
            case .headIsRedirectedNowhere: return .init(307)
            case .headFails: return .init(500)
            case .headIsRedirectedToAPage: return .init(302, [("Location", "/storage/page")])
            default: break
            }
        }
        guard let bytes = state.blobs["\(repository) \(digest)"] else { return .init(404) }
        if request.method == .GET, habit == .signsAddresses {
            return .init(307, [("Location", "/storage/\(repository)/\(digest)?\(Self.signature)")])
        }
        if request.method == .HEAD, habit == .headIsRedirectedToGet {
            return .init(307, [("Location", "/storage/\(repository)/\(digest)")])
        }
        return .init(200, [], bytes)
    }

    private func storage(_ request: FakeServer.Request, _ state: State) -> FakeServer.Reply {
        if request.path == "/storage/page" {
            return .init(200, [("Transfer-Encoding", "chunked")], Array("log in".utf8))
        }
        guard request.method == .GET else { return Self.refuse(403, "SIGNATURE") }
        let key = request.path.dropFirst("/storage/".count).split(separator: "/").joined(separator: " ")
        guard let bytes = state.blobs[key] else { return .init(404) }
        guard request.headers.first(name: "Range") == "bytes=0-0" else { return .init(200, [], bytes) }
        return .init(206, [("Content-Range", "bytes 0-0/\(bytes.count)")], Array(bytes.prefix(1)))
    }

    private func begin(
        _ request: FakeServer.Request,
        _ repository: String,
        _ state: inout State
    ) -> FakeServer.Reply {
        switch habit {
        case .forbids: return Self.refuse(403, "DENIED", "this repository is read only")
        default: break
        }
        let query = Self.query(request)
        if let digest = query["mount"], let source = query["from"] {
            let location = ("Location", "/v2/\(repository)/blobs/\(digest)")
            switch habit {
            case .mountUnauthorized:
                return .init(
                    401,
                    [("WWW-Authenticate", #"Bearer realm="http://127.0.0.1:1/",error="insufficient_scope""#)]
                )
            case .mountForbidden: return Self.refuse(403, "DENIED")
            case .mountFails: return .init(500)
            case .mountUnknown: return .init(404)
            case .mountClaims: return .init(201, [location])
            case .mountOpensNothing: return .init(202)
            default: break
            }
            if let bytes = state.blobs["\(source) \(digest)"] {
                state.blobs["\(repository) \(digest)"] = bytes
                return .init(201, [location])
            }
        }
        state.count += 1
        state.uploads["\(state.count)"] = []
        var headers = [("Location", place(request, repository, "\(state.count)"))]
        if habit == .wantsLargePieces { headers.append(("OCI-Chunk-Min-Length", "5000000")) }
        return .init(habit == .opensWith200 ? 200 : 202, headers)
    }

    private func place(_ request: FakeServer.Request, _ repository: String, _ number: String) -> String {
        let host = habit == .namesWholeAddresses ? "http://" + (request.headers.first(name: "Host") ?? "") : ""
        let place = "\(host)/v2/\(repository)/blobs/uploads/\(number)?state=a%2Fb"
        if habit == .signsAddresses { return "/v2/\(repository)/blobs/uploads/\(number)?\(Self.signature)" }
        return habit == .placeHasFragment ? place + "#part" : habit == .placeHasBlanksAround ? "  \(place)  " : place
    }

    private func upload(
        _ request: FakeServer.Request,
        _ repository: String,
        _ number: String,
        _ state: inout State
    ) -> FakeServer.Reply {
        if habit == .losesLargeBodies, request.body.count > 4 << 20 {
            state.uploads[number] = nil
            return .init(500)
        }
        guard let bytes = state.uploads[number], habit != .forgetsEveryUpload else {
            return Self.refuse(404, "BLOB_UPLOAD_UNKNOWN")
        }
        let headers = [("Location", place(request, repository, number)), ("Range", range(bytes.count, number, state))]
        switch request.method {
        case .GET: return .init(204, headers)
        case .PATCH: return patch(request, repository, number, &state)
        case .PUT:
            if !request.body.isEmpty, let refusal = refusal(of: request, at: 0) { return refusal }
            state.uploads[number] = nil
            let whole = bytes + request.body
            let digest = Self.query(request)["digest"] ?? ""
            guard "\(Digest.of(whole))" == digest else { return Self.refuse(400, "DIGEST_INVALID") }
            state.blobs["\(repository) \(digest)"] = whole
            return .init(habit == .answersPutWith202 ? 202 : 201)
        default: return .init(405)
        }
    }

    private func patch(
        _ request: FakeServer.Request,
        _ repository: String,
        _ number: String,
        _ state: inout State
    ) -> FakeServer.Reply {
        let bytes = state.uploads[number] ?? []
        if let refusal = refusal(of: request, at: bytes.count) { return refusal }
        if let span = request.headers.first(name: "Content-Range"), Int(span.prefix { $0 != "-" }) != bytes.count {
            let headers = [
                ("Location", place(request, repository, number)), ("Range", range(bytes.count, number, state)),
            ]
            return .init(416, headers)
        }
        var taken = request.body[...]
        if habit == .takesTwoMegabytes { taken = taken.prefix(2_000_000) }
        if habit == .takesTenBytes { taken = taken.prefix(10) }
        state.uploads[number]?.append(contentsOf: taken)
        let count = bytes.count + taken.count
        state.firstEnds[number] = state.firstEnds[number] ?? count
        var headers = [("Range", range(count, number, state))]
        if habit == .saysNoRange { headers = [] }
        if habit != .saysNoPlaceAfterPatch { headers.append(("Location", place(request, repository, number))) }
        return .init(202, headers)
    }

    private func range(_ count: Int, _ number: String, _ state: State) -> String {
        switch habit {
        case .rangeCounts: "0-\(count)"
        case .rangeStaysAtTheFirst: "0-\((state.firstEnds[number] ?? max(count, 1)) - 1)"
        case .rangeIsAlwaysEmpty: "0-0"
        default: "0-\(max(count - 1, 0))"
        }
    }

    // What isn't taken in this form.
    private func refusal(of request: FakeServer.Request, at offset: Int) -> FakeServer.Reply? {
        let span = request.headers.first(name: "Content-Range")
        let isPatch = request.method == .PATCH
        let size = request.body.count
        switch habit {
        case .refusesLargeRanges where span != nil && size > 4 << 20: return Self.refuse(416, "RANGE_INVALID")
        case .takesNoPatch where isPatch: return .init(405)
        case .takesNoPatchWithoutRange where isPatch && span == nil: return Self.refuse(400, "BLOB_UPLOAD_INVALID")
        case .takesOnlyPieces where !isPatch || span == nil || size > 4 << 20: return Self.refuse(400, "SIZE_INVALID")
        case .takesPatchAlone where !isPatch, .takesTenBytes where !isPatch:
            return Self.refuse(400, "BLOB_UPLOAD_INVALID")
        case .refusesLargeBodies where size > 4 << 20: return .init(413)
        case .refusesBodiesOverAMegabyte where size > 1 << 20: return .init(413)
        case .wantsLargePieces where !isPatch || span == nil: return Self.refuse(400, "BLOB_UPLOAD_INVALID")
        case .wantsLargePieces where offset == 0 && size > 256 << 10 && size < 5_000_000:
            return Self.refuse(416, "SIZE_INVALID")
        case .failsOnLargeBodies where size > 4 << 20: return .init(502)
        case .refusesLargePieces where size > 1 << 20: return .init(isPatch ? 416 : 400)
        case .isFull: return Self.refuse(413, "SIZE_INVALID", "the quota is spent")
        default: return nil
        }
    }
}
