import ContentAddress

/// A signature of version 4 ("Authenticating Requests (AWS Signature Version 4)", Amazon S3 API reference).
///
/// A path and a query are signed as they are sent: S3 encodes a path once, other services twice.
struct RequestSignature {
    let key: AccessKey
    let region: String
    /// `20130524T000000Z`.
    let time: String
    var service = "s3"

    static let algorithm = "AWS4-HMAC-SHA256"
    /// What stands for the body's digest where it isn't signed.
    static let unsignedBody = "UNSIGNED-PAYLOAD"

    /// What a signature is good for.
    var scope: String { "\(time.prefix(8))/\(region)/\(service)/aws4_request" }

    /// The query's pairs, encoded and in the order of the signature; a name without a value keeps its `=`.
    static func query(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map { "\($0)=\($1)" }
            .joined(separator: "&")
    }

    /// The field `Authorization` of a request with these fields, all of which are signed.
    ///
    /// The query is one of ``query(_:)``, and the digest is the one of `x-amz-content-sha256`.
    func authorization(
        method: String,
        path: String,
        query: String,
        fields: [(name: String, value: String)],
        bodyDigest: String
    ) -> String {
        let names = Self.sorted(fields).map(\.name).joined(separator: ";")
        let signature = signature(method: method, path: path, query: query, fields: fields, bodyDigest: bodyDigest)
        return "\(Self.algorithm) Credential=\(key.identifier)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
    }

    /// The query of a GET that needs no further field, good for so many seconds.
    func presignedQuery(method: String, host: String, path: String, seconds: Int) -> String {
        var pairs = [
            (name: "X-Amz-Algorithm", value: Self.algorithm),
            (name: "X-Amz-Credential", value: "\(key.identifier)/\(scope)"),
            (name: "X-Amz-Date", value: time), (name: "X-Amz-Expires", value: "\(seconds)"),
            (name: "X-Amz-SignedHeaders", value: "host"),
        ]
        if let token = key.sessionToken { pairs.append((name: "X-Amz-Security-Token", value: token)) }
        let query = Self.query(pairs)
        let signature = signature(
            method: method,
            path: path,
            query: query,
            fields: [(name: "host", value: host)],
            bodyDigest: Self.unsignedBody
        )
        return query + "&X-Amz-Signature=\(signature)"
    }

    private func signature(
        method: String,
        path: String,
        query: String,
        fields: [(name: String, value: String)],
        bodyDigest: String
    ) -> String {
        let fields = Self.sorted(fields)
        let request = """
            \(method)
            \(path)
            \(query)
            \(fields.map { "\($0.name):\($0.value)\n" }.joined())
            \(fields.map(\.name).joined(separator: ";"))
            \(bodyDigest)
            """
        let text = "\(Self.algorithm)\n\(time)\n\(scope)\n\(Digest.of(request).hex)"
        return Hexadecimal.encode(MessageAuthentication.code(Array(text.utf8), key: signingKey))
    }

    private var signingKey: [UInt8] {
        [String(time.prefix(8)), region, service, "aws4_request"].reduce(Array("AWS4\(key.secret)".utf8)) { key, part in
            MessageAuthentication.code(Array(part.utf8), key: key)
        }
    }

    private static func sorted(_ fields: [(name: String, value: String)]) -> [(name: String, value: String)] {
        fields.map { (name: $0.name.lowercased(), value: $0.value) }.sorted { $0.name < $1.name }
    }
}
