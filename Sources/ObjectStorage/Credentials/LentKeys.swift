import ContentAddress
import FoundationEssentials
import HTTP
import ImageTransport
import JSON
import NIOHTTP1
import OCI
import SystemIO

/// Keys that a service lends for some hours: by a token of a cluster, to a container, to an instance.
struct LentKeys: Sendable {
    private let environment: [String: String]
    private let options: ObjectStorageOptions
    private let region: String

    /// The address of an instance's own service (Amazon EC2 user guide, "Instance metadata").
    private static let instanceService = "http://169.254.169.254"
    /// The address of ECS's (Amazon ECS developer guide, "Task IAM role").
    private static let containerService = "http://169.254.170.2"
    // EKS Pod Identity's, beside it.
    private static let linkLocalHosts: Set = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "fd00:ec2::23"]
    /// No answer is longer, in bytes.
    private static let largestAnswer = 64 << 10

    init(_ options: ObjectStorageOptions, region: String) {
        environment = options.http.environment
        self.options = options
        self.region = region
    }

    private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// Whether the instance's own service is asked.
    var asksInstance: Bool { value("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" }

    /// A key for a role, by a token that a cluster writes into a file (AWS STS, AssumeRoleWithWebIdentity).
    func webIdentity(tokenFile: String, role: String, session: String?) throws(ObjectStorageError) -> AccessKey {
        let source = "the web identity for \(role)"
        let token = try Self.text(tokenFile).trimmingBlanksAndLines
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let address = value("AWS_ENDPOINT_URL_STS") ?? "https://sts.\(region).\(domain)"
        guard let url = URL(string: address + (address.hasSuffix("/") ? "" : "/")), let origin = Origin(of: url),
            origin.isProtected
        else { throw .credentials(reason: "\(source): AWS_ENDPOINT_URL_STS is not https://HOST[:PORT]") }
        let form = RequestSignature.query([
            ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
            ("RoleSessionName", session ?? "bindery"), ("WebIdentityToken", token),
        ])
        var call = HTTPCall(method: .POST, url: url, body: .bytes(Array(form.utf8)))
        call.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        let bytes = try ask(call, source, options.http, attempts: options.retry.attempts)
        guard let answer = try? XMLElement(parsing: bytes),
            let given = answer.child("AssumeRoleWithWebIdentityResult")?.child("Credentials"),
            let identifier = given.text("AccessKeyId"), let secret = given.text("SecretAccessKey"),
            let session = given.text("SessionToken"), let end = given.text("Expiration"),
            let expiry = Timestamp(rfc3339: end)
        else { throw .credentials(reason: "\(source): \(origin) answers without a key") }
        return AccessKey(
            identifier: identifier,
            secret: secret,
            sessionToken: session,
            expiry: expiry.milliseconds / 1000,
            source: source
        )
    }

    /// A key for the container that this process is in; nil where nothing says that there is one.
    func container() throws(ObjectStorageError) -> AccessKey? {
        let address =
            value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").map { Self.containerService + $0 }
            ?? value("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        guard let address else { return nil }
        let source = "the container's role"
        // The token that goes there opens the role to whoever has it.
        guard let url = URL(string: address), let origin = Origin(of: url),
            origin.isProtected || Self.linkLocalHosts.contains(origin.host)
        else {
            throw .credentials(
                reason: "\(source): AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https:// nor of this machine"
            )
        }
        var call = HTTPCall(method: .GET, url: url)
        var token = value("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let file = value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            token = try Self.text(file).trimmingBlanksAndLines
        }
        if let token { call.headers.add(name: "Authorization", value: token) }
        return try key(try ask(call, source, nearby, attempts: 3), source)
    }

    /// A key for the role of the instance that this is; nil where nothing answers, or it has no role.
    ///
    /// Takes a few seconds at most where there is no such service.
    func instance() throws(ObjectStorageError) -> AccessKey? {
        guard asksInstance else { return nil }
        let source = "the instance's role"
        let base = value("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? Self.instanceService
        let root = base.hasSuffix("/") ? String(base.dropLast()) : base
        let path = root + "/latest/meta-data/iam/security-credentials/"
        guard let tokens = URL(string: root + "/latest/api/token"), let roles = URL(string: path) else {
            throw .credentials(reason: "AWS_EC2_METADATA_SERVICE_ENDPOINT is not http://HOST[:PORT]")
        }
        var call = HTTPCall(method: .PUT, url: tokens)
        call.headers.add(name: "X-aws-ec2-metadata-token-ttl-seconds", value: "300")
        // Nobody there, or no such service: not an instance.
        guard let bytes = try? ask(call, source, nearby, attempts: 1) else { return nil }
        let token = String(decoding: bytes, as: UTF8.self)
        func get(_ url: URL) throws(ObjectStorageError) -> [UInt8] {
            var call = HTTPCall(method: .GET, url: url)
            call.headers.add(name: "X-aws-ec2-metadata-token", value: token)
            return try ask(call, source, nearby, attempts: 3)
        }
        guard let names = try? get(roles),
            let role = String(decoding: names, as: UTF8.self).split(whereSeparator: \.isNewline).first,
            let url = URL(string: path + PercentEncoding.encode(role))
        else { return nil }
        return try key(try get(url), "\(source) \(role)")
    }

    // Never through a proxy, and never for long: the service is on this machine or nowhere.
    private var nearby: HTTPOptions {
        var options = HTTPOptions(environment: [:])
        options.userAgent = self.options.http.userAgent
        options.connectTimeout = 1
        options.patience = Patience(seconds: 2)
        return options
    }

    private func ask(
        _ call: HTTPCall,
        _ source: String,
        _ http: HTTPOptions,
        attempts: Int
    ) throws(ObjectStorageError) -> [UInt8] {
        let link = try HTTPLink(opening: http)
        var failures = 0
        while true {
            var reason = ""
            do throws(HTTPFailure) {
                let answer = try link.send(call)
                if answer.status == 200, let bytes = try answer.bytes(limit: Self.largestAnswer) { return bytes }
                reason = "\(Origin(of: call.url)?.description ?? "it") answers with status \(answer.status)"
                guard answer.isTemporaryFailure else { throw HTTPFailure.request(reason) }
            } catch {
                reason = error.reason
                guard error.isTemporary else { throw .credentials(reason: "\(source): \(reason)") }
            }
            failures += 1
            guard failures < attempts else { throw .credentials(reason: "\(source): \(reason)") }
            options.retry.sleep(options.retry.delay(after: failures))
        }
    }

    private func key(_ bytes: [UInt8], _ source: String) throws(ObjectStorageError) -> AccessKey {
        guard let answer = try? JSONDocument(bytes).value, let identifier = answer["AccessKeyId"]?.string,
            let secret = answer["SecretAccessKey"]?.string, let token = answer["Token"]?.string,
            let expiry = answer["Expiration"]?.string.flatMap({ Timestamp(rfc3339: $0) })
        else { throw .credentials(reason: "\(source): the answer has no key") }
        return AccessKey(
            identifier: identifier,
            secret: secret,
            sessionToken: token,
            expiry: expiry.milliseconds / 1000,
            source: source
        )
    }

    private static func text(_ path: String) throws(ObjectStorageError) -> String {
        do throws(SystemError) {
            return String(decoding: try File.open(path).readBytes(limit: largestAnswer), as: UTF8.self)
        } catch {
            throw .credentials(reason: "\(error)")
        }
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmingBlanksAndLines: String {
        var part = self[...].drop(while: \.isWhitespace)
        while part.last?.isWhitespace == true { part.removeLast() }
        return String(part)
    }
}
