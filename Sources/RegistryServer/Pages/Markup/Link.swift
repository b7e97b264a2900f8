import ContentAddress
import OCI
import Release

/// The places of the site, each written in one place.
struct Link {
    /// A path with its query, encoded: always one of this server.
    let target: String

    private init(_ path: String, _ query: [(String, String?)] = []) {
        let fields = query.compactMap { name, value in value.map { name + "=" + Self.encode($0) } }
        target = path + (fields.isEmpty ? "" : "?" + fields.joined(separator: "&"))
    }

    static let home = Link("/")
    static let releases = Link("/releases")
    static let images = Link("/images")
    static let audits = Link("/audits")
    static let published = Link("/published")
    static let graph = Link("/graph")
    static let storage = Link("/storage")
    static let log = Link("/log")
    static let search = Link("/search")
    static let identify = Link("/identify")
    static let document = Link("/api/v1/openapi.json")

    static func releases(after name: String) -> Link { Link("/releases", [("after", name)]) }
    static func name(_ name: RepositoryName, page: Int = 1) -> Link {
        Link("/releases/" + name.text, [("page", page > 1 ? "\(page)" : nil)])
    }
    static func release(_ release: ReleaseKey) -> Link { Link("/releases/\(encodePath("\(release)"))") }
    /// The page about some bytes, whatever they are.
    static func digest(_ digest: Digest) -> Link { Link("/digests/\(digest)") }
    static func download(_ digest: Digest) -> Link { Link("/api/v1/artifacts/\(digest)/content") }
    static func images(after reference: String) -> Link { Link("/images", [("after", reference)]) }
    static func image(_ digest: Digest) -> Link { Link("/images/\(digest)") }
    static func files(_ manifest: Digest, identity: String? = nil, page: Int = 1) -> Link {
        Link("/manifests/\(manifest)", [("identity", identity), ("page", page > 1 ? "\(page)" : nil)])
    }
    static func tag(_ reference: String) -> Link { Link("/tags", [("reference", reference)]) }
    static func audits(verdict: String? = nil, before: Int64? = nil) -> Link {
        Link("/audits", [("verdict", verdict), ("before", before.map { "\($0)" })])
    }
    static func graph(_ name: String) -> Link { Link("/graph", [("name", name)]) }
    static func log(before number: Int64) -> Link { Link("/log", [("before", "\(number)")]) }
    static func entry(_ number: Int64) -> Link { Link("/log/\(number)") }
    static func asset(_ name: String) -> Link { Link("/assets/\(name)") }

    // RFC 3986, section 2.3; what a path segment may have beside that stays, too.
    private static func encode(_ text: String) -> String { PercentEncoding.encode(text, keeping: "/:@") }
    private static func encodePath(_ text: String) -> String { PercentEncoding.encode(text, keeping: "/:@+") }
}
