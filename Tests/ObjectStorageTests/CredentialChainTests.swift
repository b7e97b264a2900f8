import Foundation
import HTTP
import HTTPTestSupport
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import ObjectStorage

@Suite struct CredentialChainTests {
    private func chain(
        _ environment: [String: String],
        now: @escaping @Sendable () -> Int64 = { 1_000_000_000 }
    )
        -> CredentialChain
    {
        // Nothing outside this machine is asked, and no file of whoever runs the test is read.
        let usual = ["AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent"]
        var options = ObjectStorageOptions(HTTPOptions(environment: usual.merging(environment) { $1 }))
        options.retry.sleep = { _ in }
        options.retry.now = now
        return CredentialChain(options, region: "eu-west-1")
    }

    private func withFiles<Result>(
        credentials: String = "",
        config: String = "",
        _ body: ([String: String]) throws -> Result
    ) throws -> Result {
        try withTemporaryDirectory { directory in
            try Data(credentials.utf8).write(to: URL(fileURLWithPath: directory + "/credentials"))
            try Data(config.utf8).write(to: URL(fileURLWithPath: directory + "/config"))
            return try body([
                "AWS_SHARED_CREDENTIALS_FILE": directory + "/credentials", "AWS_CONFIG_FILE": directory + "/config",
            ])
        }
    }

    @Test func theEnvironmentComesFirst() throws {
        try withFiles(credentials: "[default]\naws_access_key_id = file\naws_secret_access_key = s") { files in
            let own = ["AWS_ACCESS_KEY_ID": "own", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"]
            let key = try chain(files.merging(own) { $1 }).key()
            #expect(key.identifier == "own" && key.sessionToken == "t" && key.source == "the environment")
            #expect(try chain(files).key().identifier == "file")
        }
        for half in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            let error = #expect(throws: ObjectStorageError.self) { try chain([half: "hidden"]).key() }
            #expect(error?.description.contains("hidden") == false)
        }
    }

    @Test func profilesAreReadFromBothFiles() throws {
        let credentials = """
            # keys
            [default]
            aws_access_key_id=one
            aws_secret_access_key = with=signs and blanks
            [ ci ]
            aws_access_key_id = two
            aws_secret_access_key = s
            """
        let config = """
            [default]
            region = eu-west-1
            s3 =
                max_concurrent_requests = 20
            [profile ci]
            aws_access_key_id = three
            aws_session_token = t
            [profile other]
            credential_process = /bin/false
            [profile settings]
            region = eu-west-1
            """
        try withFiles(credentials: credentials, config: config) { files in
            func key(_ profile: String) throws -> AccessKey {
                try chain(files.merging(["AWS_PROFILE": profile]) { $1 }).key()
            }
            let usual = try key("")
            #expect(usual.secret == "with=signs and blanks")
            // The file for credentials counts before the other one.
            let other = try key("ci")
            #expect(other.identifier == "two" && other.sessionToken == "t")
            for (profile, words) in [
                ("other", "credential_process"), ("missing", "'missing'"), ("settings", "no credentials"),
            ] {
                let error = #expect(throws: ObjectStorageError.self) { try key(profile) }
                #expect(error?.description.contains(words) == true, "\(String(describing: error))")
            }
        }
        for text in ["key = 1", "[default]\nkey", "[default"] {
            #expect(throws: ObjectStorageError.self, "\(text)") { try ProfileFile(text, path: "file") }
        }
    }

    @Test func aClusterTokenIsChangedForAKey() throws {
        let answer = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.example/"><AssumeRoleWithWebIdentityResult><Credentials>
            <AccessKeyId>lent</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2001-09-09T03:46:40Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """
        try withTemporaryDirectory { directory in
            let file = directory + "/token"
            try Data("to/ken\n".utf8).write(to: URL(fileURLWithPath: file))
            let calls = Mutex(0)
            try FakeServer.run({ _ in
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                return call == 1 ? .init(503) : .init(200, [], Array(answer.utf8))
            }) { server in
                let key = try chain([
                    "AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": "arn:aws:iam::1:role/ci",
                    "AWS_ENDPOINT_URL_STS": "http://\(server.host)",
                ]).key()
                #expect(key.identifier == "lent" && key.sessionToken == "t" && key.expiry == 1_000_007_200)
                let body = String(decoding: try #require(server.requests.last).body, as: UTF8.self)
                #expect(
                    body.contains("WebIdentityToken=to%2Fken")
                        && body.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fci")
                )
            }
        }
    }

    private static func lent(_ name: String, until end: String) -> FakeServer.Reply {
        let json = """
            {"AccessKeyId": "\(name)", "SecretAccessKey": "s", "Token": "t", "Expiration": "\(end)"}
            """
        return .init(200, [], Array(json.utf8))
    }

    @Test func anInstanceLendsTheKeyOfItsRole() throws {
        try FakeServer.run({ request in
            if request.method == .PUT { return .init(200, [], Array("session".utf8)) }
            guard request.headers.first(name: "X-aws-ec2-metadata-token") == "session" else { return .init(401) }
            return request.path.hasSuffix("/security-credentials/")
                ? .init(200, [], Array("role\n".utf8)) : Self.lent("instance", until: "2001-09-09T03:46:40Z")
        }) { server in
            let environment = [
                "AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://\(server.host)",
            ]
            let key = try chain(environment).key()
            #expect(key.identifier == "instance" && key.source == "the instance's role role")
            #expect(throws: ObjectStorageError.noCredentials(tried: ["the environment", "the profile 'default'"])) {
                try chain(environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }).key()
            }
        }
    }

    @Test func whereNoInstanceServiceAnswersThereIsNoKeyAndNoLongWait() throws {
        try FakeServer.run({ _ in
            var reply = FakeServer.Reply(200)
            reply.isSilent = true
            return reply
        }) { server in
            let start = ContinuousClock.now
            let error = #expect(throws: ObjectStorageError.self) {
                try chain([
                    "AWS_EC2_METADATA_DISABLED": "false",
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://\(server.host)",
                ]).key()
            }
            #expect(error?.description.contains("the instance's role") == true)
            // One question with two seconds of patience; the rest is for a busy machine.
            #expect(ContinuousClock.now - start < .seconds(30))
            #expect(server.requests.count == 1)
        }
    }

    @Test func aContainersTokenGoesToThisMachineOrAProtectedOne() throws {
        try FakeServer.run({ request in
            request.authorization == "token" ? Self.lent("container", until: "2001-09-09T03:46:40Z") : .init(401)
        }) { server in
            func key(_ address: String) throws -> AccessKey {
                try chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token"])
                    .key()
            }
            let lent = try key("http://\(server.host)/role")
            #expect(lent.identifier == "container")
            #expect(throws: ObjectStorageError.self) { try key("http://other.example/role") }
        }
    }

    @Test func aLentKeyIsChangedBeforeItEndsAndKeptWhileNobodyLends() throws {
        let clock = Mutex<Int64>(1_000_000_000)
        let count = Mutex(0)
        let isAway = Mutex(false)
        try FakeServer.run({ _ in
            if isAway.withLock(\.self) { return .init(404) }
            let number = count.withLock { count in
                count += 1
                return count
            }
            return Self.lent("key-\(number)", until: number == 1 ? "2001-09-09T02:46:40Z" : "2001-09-09T03:46:40Z")
        }) { server in
            let chain = chain(
                ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://\(server.host)/"],
                now: { clock.withLock(\.self) }
            )
            func identifier(after seconds: Int64) throws -> String {
                clock.withLock { $0 = 1_000_000_000 + seconds }
                return try chain.key().identifier
            }
            let first = try identifier(after: 0)
            #expect(first == "key-1")
            #expect(try identifier(after: 3000) == "key-1")
            isAway.withLock { $0 = true }
            #expect(try identifier(after: 3400) == "key-1")
            #expect(throws: ObjectStorageError.self) { try identifier(after: 3601) }
            isAway.withLock { $0 = false }
            #expect(try identifier(after: 3602) == "key-2")
        }
    }
}
