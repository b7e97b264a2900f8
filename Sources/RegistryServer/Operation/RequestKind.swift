/// What a request is for, in few words, so that counts of them are few.
enum RequestKind: String, Sendable, CaseIterable {
    case base, tags, manifest, blob, uploads, upload, referrers, api, identify, page, log, health, metrics, other

    /// The kind by a target, which may be malformed: no answer goes by it.
    init(target: String) {
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        var segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
        guard segments.popFirst()?.isEmpty == true, let first = segments.popFirst().flatMap({ String(Substring($0)) })
        else {
            self = .other
            return
        }
        switch first {
        case "v2": self = Self.ofRegistry(segments.map { String(Substring($0)) })
        case "api", "identify":
            // The page that asks is one, too; what is sent costs more than any other answer.
            self = (segments.last ?? Substring(first).utf8[...]).elementsEqual("identify".utf8) ? .identify : .api
        case "healthz": self = .health
        case "metrics": self = .metrics
        case "log" where segments.first.map({ Substring($0) == "checkpoint" || Substring($0) == "tile" }) ?? false:
            self = .log
        default: self = .page
        }
    }

    // A repository may be called like an end-point: what stands last counts.
    private static func ofRegistry(_ segments: [String]) -> RequestKind {
        guard let last = segments.last, segments != [""] else { return .base }
        if segments.suffix(3).dropLast() == ["blobs", "uploads"] { return last.isEmpty ? .uploads : .upload }
        switch segments.dropLast().last {
        case "blobs": return last == "uploads" ? .uploads : .blob
        case "manifests": return .manifest
        case "referrers": return .referrers
        case "tags": return .tags
        default: return .other
        }
    }
}
