import ContentAddress
import FoundationEssentials
import HTTP

/// A bucket, and the part of it that a prefix names: `s3://BUCKET[/PREFIX][?region=…&endpoint=…&style=path|virtual]`.
///
/// The text never holds credentials: one that does is refused and not repeated.
package struct ObjectLocation: Equatable, Sendable {
    /// Where the bucket's name stands in an address.
    package enum Style: String, Sendable {
        /// `https://ENDPOINT/BUCKET/KEY`, which servers of one's own understand.
        case path
        /// `https://BUCKET.ENDPOINT/KEY`.
        case virtual
    }

    package let bucket: String
    /// What stands before each key: empty, or components with a slash behind each.
    package let prefix: String
    package let region: String?
    /// `http(s)://HOST[:PORT]`; nil for Amazon's own of the region.
    package let endpoint: String?
    package let style: Style?

    /// Reads the written form.
    ///
    /// Throws ``ObjectStorageError/location(_:rule:)``.
    package init(parsing text: String) throws(ObjectStorageError) {
        let scheme = "s3://"
        guard text.hasPrefix(scheme) else {
            throw .location(Self.shown(text), rule: "s3://BUCKET[/PREFIX][?region=…&endpoint=…] is expected")
        }
        let rest = text.dropFirst(scheme.count)
        let path = rest.prefix { $0 != "?" }
        func fail(_ rule: String) -> ObjectStorageError { .location(Self.shown(text), rule: rule) }
        guard !path.contains("@") else {
            throw .location("s3://…", rule: "it has credentials in it; they come from the environment or a profile")
        }
        bucket = String(path.prefix { $0 != "/" })
        guard bucket.wholeMatch(of: /[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/) != nil, !bucket.contains("..") else {
            throw fail("a bucket's name has 3 to 63 lower-case letters, digits, dots and dashes")
        }
        var components = path.dropFirst(bucket.count).split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst()
        if components.last?.isEmpty == true { components.removeLast() }
        guard components.allSatisfy({ $0.wholeMatch(of: /[A-Za-z0-9._\-]+/) != nil && $0 != "." && $0 != ".." }),
            path.utf8.count <= Self.longestPrefix
        else { throw fail("a prefix has letters, digits, dots, dashes and underscores between single slashes") }
        prefix = components.map { $0 + "/" }.joined()

        var options: [String: String] = [:]
        let query = rest.dropFirst(path.count + 1)
        for item in query.isEmpty ? [] : URLComponents(string: "?\(query)")?.queryItems ?? [.init(name: "", value: "")]
        {
            guard ["region", "endpoint", "style"].contains(item.name), options[item.name] == nil else {
                throw fail("behind the ? stand region=, endpoint= and style=, each once and separated by &")
            }
            options[item.name] = item.value ?? ""
        }
        region = options["region"]
        guard region?.wholeMatch(of: /[a-z0-9\-]{1,64}/) != nil || region == nil else {
            throw fail("a region has lower-case letters, digits and dashes")
        }
        endpoint = try options["endpoint"].map { text throws(ObjectStorageError) in try Self.endpoint(text) }
        style = try options["style"].map { text throws(ObjectStorageError) in
            guard let style = Style(rawValue: text) else { throw fail("the style is path or virtual") }
            return style
        }
    }

    /// Room for the name of a blob behind it in S3's 1024 bytes of a key.
    private static let longestPrefix = 700

    /// An endpoint's written form, without the slash at its end.
    static func endpoint(_ text: String) throws(ObjectStorageError) -> String {
        let text = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = URL(string: text), let origin = Origin(of: url), url.path.isEmpty, url.query == nil,
            url.fragment == nil, !text.contains("@")
        else { throw .location("the endpoint", rule: "http(s)://HOST[:PORT] is expected") }
        let host = origin.host.contains(":") && !origin.host.hasPrefix("[") ? "[\(origin.host)]" : origin.host
        let usual = origin.scheme == "https" ? 443 : 80
        return "\(origin.scheme)://\(host)" + (origin.port == usual ? "" : ":\(origin.port)")
    }

    // Without what stands behind the question mark, which may be anything.
    private static func shown(_ text: String) -> String {
        let path = text.prefix { $0 != "?" }
        return path.contains("@") ? "s3://…" : String(path)
    }
}

extension ObjectLocation: CustomStringConvertible {
    /// Bucket and prefix, for messages.
    package var description: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix.dropLast())") }
}
