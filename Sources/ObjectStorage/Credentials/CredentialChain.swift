import HTTP
import Synchronization

/// Where credentials come from: the first of these places that has any, in the order of AWS's tools.
///
/// Environment, web identity, profile, container, instance. A key that was lent is asked for again before it ends.
final class CredentialChain: Sendable {
    private let environment: [String: String]
    private let sources: LentKeys
    private let now: @Sendable () -> Int64
    private let kept = Mutex<AccessKey?>(nil)

    /// Seconds before the end of a key at which another is asked for: longer than any one request takes.
    private static let margin: Int64 = 300

    init(_ options: ObjectStorageOptions, region: String) {
        environment = options.http.environment
        sources = LentKeys(options, region: region)
        now = options.retry.now
    }

    /// A key that is good for some time yet.
    ///
    /// Blocks while one is asked for, and others that want one wait.
    func key() throws(ObjectStorageError) -> AccessKey {
        let result = kept.withLock { kept -> Result<AccessKey, ObjectStorageError> in
            let now = now()
            if let kept, (kept.expiry ?? .max) > now + Self.margin { return .success(kept) }
            do throws(ObjectStorageError) {
                let found = try find()
                kept = found
                return .success(found)
            } catch {
                // Whoever lends keys may be away for less time than the last one is good for.
                if let kept, (kept.expiry ?? .max) > now { return .success(kept) }
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func find() throws(ObjectStorageError) -> AccessKey {
        if let key = try fromEnvironment() { return key }
        if let file = value("AWS_WEB_IDENTITY_TOKEN_FILE"), let role = value("AWS_ROLE_ARN") {
            return try sources.webIdentity(tokenFile: file, role: role, session: value("AWS_ROLE_SESSION_NAME"))
        }
        if let profile = try Profile(environment: environment), let key = try from(profile) { return key }
        if let key = try sources.container() { return key }
        if let key = try sources.instance() { return key }
        throw .noCredentials(
            tried: ["the environment", "the profile '\(value("AWS_PROFILE") ?? "default")'"]
                + (sources.asksInstance ? ["the instance's role"] : [])
        )
    }

    private func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func fromEnvironment() throws(ObjectStorageError) -> AccessKey? {
        switch (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")) {
        case (nil, nil): return nil
        case (let identifier?, let secret?):
            return AccessKey(
                identifier: identifier,
                secret: secret,
                sessionToken: value("AWS_SESSION_TOKEN"),
                source: "the environment"
            )
        case (nil, _): throw .credentials(reason: "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID")
        case (_, nil): throw .credentials(reason: "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY")
        }
    }

    // Nil where the profile only has settings.
    private func from(_ profile: Profile) throws(ObjectStorageError) -> AccessKey? {
        let source = "the profile '\(profile.name)'"
        if let identifier = profile.values["aws_access_key_id"] {
            guard let secret = profile.values["aws_secret_access_key"] else {
                throw .credentials(reason: "\(source) has aws_access_key_id and no aws_secret_access_key")
            }
            let token = profile.values["aws_session_token"]
            return AccessKey(identifier: identifier, secret: secret, sessionToken: token, source: source)
        }
        if let file = profile.values["web_identity_token_file"], let role = profile.values["role_arn"] {
            return try sources.webIdentity(tokenFile: file, role: role, session: profile.values["role_session_name"])
        }
        let others = ["credential_process", "credential_source", "source_profile", "sso_session", "sso_start_url"]
        if let other = others.first(where: { profile.values[$0] != nil }) {
            throw .credentials(
                reason: "\(source) has \(other), which isn't supported: put keys into the environment instead"
            )
        }
        return nil
    }
}
