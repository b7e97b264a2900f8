import ContentAddress
import FoundationEssentials
import HTTP

/// Where the objects of a location are asked for.
struct ObjectAddress: Equatable, Sendable {
    /// `https://` or `http://`.
    let scheme: String
    /// As the field `Host` says it: without a port that is the scheme's own.
    let host: String
    /// What stands before the slash of a key: empty, or `/BUCKET`.
    let base: String
    let region: String

    /// The address of a location.
    ///
    /// Throws ``ObjectStorageError/location(_:rule:)`` where the region is not known.
    init(_ location: ObjectLocation, region: String?, endpoint: String?) throws(ObjectStorageError) {
        var endpoint = endpoint
        if let own = location.endpoint {
            endpoint = own
        } else if let usual = endpoint {
            endpoint = try ObjectLocation.endpoint(usual)
        }
        // Servers of one's own have regions only in signatures.
        guard let region = location.region ?? region ?? (endpoint == nil ? nil : "us-east-1") else {
            throw .location("\(location)", rule: "add ?region=…, or set AWS_REGION: the endpoint is the region's")
        }
        self.region = region
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let origin = endpoint ?? "https://s3.\(region).\(domain)"
        scheme = String(origin.prefix { $0 != ":" }) + "://"
        let host = String(origin.dropFirst(scheme.count))
        // The certificate of the endpoint is good for one more component: not for a bucket with dots.
        let style = location.style ?? (endpoint == nil && !location.bucket.contains(".") ? .virtual : .path)
        self.host = style == .virtual ? "\(location.bucket).\(host)" : host
        base = style == .virtual ? "" : "/\(location.bucket)"
    }

    /// Scheme and host, for messages.
    var origin: String { scheme + host }

    /// Whether nobody on the way can read what is said.
    var isProtected: Bool { URL(string: origin).flatMap { Origin(of: $0) }?.isProtected ?? false }

    /// The path of an object as it is sent and signed; of the bucket itself where the key is nil.
    func path(_ key: String?) -> String {
        guard let key else { return base.isEmpty ? "/" : base }
        return base + "/" + PercentEncoding.encode(key, keeping: "/")
    }

    /// The URL of a path and of a query, both encoded.
    func url(_ path: String, _ query: String) -> URL? {
        URL(string: origin + path + (query.isEmpty ? "" : "?" + query))
    }
}
