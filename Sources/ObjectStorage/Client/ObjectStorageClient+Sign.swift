import ContentAddress
import FoundationEssentials
import HTTP
import NIOHTTP1
import OCI

extension ObjectStorageClient {
    /// A request as it is sent.
    func signed(_ request: ObjectRequest, _ key: AccessKey) throws(ObjectStorageError) -> HTTPCall {
        let path = address.path(request.key.map { location.prefix + $0 })
        let query = RequestSignature.query(request.query)
        var fields = request.fields + [(name: "host", value: address.host)]
        if request.isSigned {
            let digest = request.announcedDigest ?? Digest.of(request.body).hex
            let signature = RequestSignature(key: key, region: region, time: time())
            fields += [(name: "x-amz-content-sha256", value: digest), (name: "x-amz-date", value: signature.time)]
            if let token = key.sessionToken { fields.append((name: "x-amz-security-token", value: token)) }
            let authorization = signature.authorization(
                method: request.method.rawValue,
                path: path,
                query: query,
                fields: fields,
                bodyDigest: digest
            )
            fields.append((name: "Authorization", value: authorization))
        }
        guard let url = address.url(path, query) else { throw .location("\(location)", rule: "it makes no address") }
        let hasBody = !request.body.isEmpty || request.method == .PUT || request.method == .POST
        return HTTPCall(
            method: request.method,
            url: url,
            headers: HTTPHeaders(fields.map { ($0.name, $0.value) }),
            body: hasBody ? .bytes(request.body) : .none
        )
    }

    /// The address of an object for whoever has it, good for so many seconds: at most a week.
    func presignedURL(_ object: String, seconds: Int) throws(ObjectStorageError) -> URL {
        let path = address.path(location.prefix + object)
        let signature = RequestSignature(key: try credentials(), region: region, time: time())
        let query = signature.presignedQuery(method: "GET", host: address.host, path: path, seconds: seconds)
        guard let url = address.url(path, query) else { throw .location("\(location)", rule: "it makes no address") }
        return url
    }

    // ISO 8601's basic form: `20130524T000000Z`.
    private func time() -> String {
        Timestamp(milliseconds: now() * 1000).rfc3339.filter { $0 != "-" && $0 != ":" }
    }
}
