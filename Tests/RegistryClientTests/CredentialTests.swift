import Foundation
import TestSupport
import Testing

@testable import RegistryClient

@Suite struct CredentialTests {
    private func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private static func auths(_ key: String, _ user: String) -> String {
        #"{"auths": {"\#(key)": {"auth": "\#(Data("\(user):pass:word".utf8).base64EncodedString())"}}}"#
    }

    private static func user(_ name: String) -> Credential { .password(user: name, password: "pass:word") }

    private func find(
        _ environment: [String: String],
        host: String = "registry.example",
        _ repository: String = "team/app"
    ) throws -> Credential? {
        try CredentialStore(environment: environment).identity(host: host, repository: repository).credential
    }

    @Test func asksTheFilesInContainersOrder() throws {
        try withTemporaryDirectory { directory in
            let all = [
                "REGISTRY_AUTH_FILE": directory + "/named.json", "XDG_RUNTIME_DIR": directory + "/run",
                "DOCKER_CONFIG": directory + "/docker", "HOME": directory + "/home",
            ]
            func without(_ names: String...) -> [String: String] { all.filter { !names.contains($0.key) } }
            try write(Self.auths("registry.example", "named"), to: directory + "/named.json")
            try write(Self.auths("registry.example", "runtime"), to: directory + "/run/containers/auth.json")
            try write(Self.auths("registry.example", "config"), to: directory + "/home/.config/containers/auth.json")
            try write(Self.auths("registry.example", "docker"), to: directory + "/docker/config.json")
            try write(Self.auths("registry.example", "home"), to: directory + "/home/.docker/config.json")
            #expect(try find(all) == Self.user("named"))
            #expect(try find(without("REGISTRY_AUTH_FILE")) == Self.user("runtime"))
            #expect(try find(without("REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR")) == Self.user("config"))
            #expect(try find(["DOCKER_CONFIG": directory + "/docker"]) == Self.user("docker"))
            try FileManager.default.removeItem(atPath: directory + "/home/.config")
            #expect(try find(["HOME": directory + "/home"]) == Self.user("home"))
            #expect(try find([:]) == nil)
            #expect(try find(all, host: "other.example") == nil)
        }
    }

    @Test(arguments: [
        ("registry.example/team/app", true), ("registry.example/team", true), ("registry.example", true),
        ("https://registry.example/v1/", true), ("http://registry.example", true), ("registry.example/other", false),
        ("registry.example/", true), ("registry.example/v1/", true), ("registry.example/v2/", true),
        ("registry.example/v2", false),
        ("registry.example/te", false), ("registry.example:5000", false), ("example", false),
    ])
    func takesTheKeysThatNameTheRegistry(_ key: String, _ isMeant: Bool) throws {
        try withTemporaryDirectory { directory in
            try write(Self.auths(key, "user"), to: directory + "/config.json")
            #expect(try find(["DOCKER_CONFIG": directory]) == (isMeant ? Self.user("user") : nil))
        }
    }

    @Test("of several keys for a registry its own name counts, and else always the same")
    func severalKeys() throws {
        let others = ["registry.example/v2/", "https://registry.example/v1/", "registry.example/"]
        for (keys, user) in [(others + ["registry.example"], "u3"), (others, "u1"), ([others[0], others[2]], "u1")] {
            let entries = keys.enumerated().map { number, key in
                #""\#(key)": {"auth": "\#(Data("u\(number):pass:word".utf8).base64EncodedString())"}"#
            }
            try withTemporaryDirectory { directory in
                try write(#"{"auths": {\#(entries.joined(separator: ","))}}"#, to: directory + "/config.json")
                #expect(try find(["DOCKER_CONFIG": directory]) == Self.user(user))
            }
        }
    }

    @Test func dockersOwnRegistryHasAKeyOfItsOwn() throws {
        try withTemporaryDirectory { directory in
            try write(Self.auths("https://index.docker.io/v1/", "hub"), to: directory + "/config.json")
            #expect(try find(["DOCKER_CONFIG": directory], host: "docker.io", "library/debian") == Self.user("hub"))
        }
    }

    @Test(arguments: [
        (#"{"identitytoken": "abc", "auth": "dTpw"}"#, Credential.identityToken("abc")),
        (#"{"registrytoken": "abc"}"#, .bearer("abc")),
        (#"{"username": "u", "password": "p"}"#, .password(user: "u", password: "p")),
        (#"{"username": "x", "password": "y", "auth": "dTpw"}"#, .password(user: "u", password: "p")),
        (#"{"username": "u", "password": "p", "auth": ""}"#, .password(user: "u", password: "p")),
        (#"{"auth": "dTpwAAA="}"#, .password(user: "u", password: "p")),
        (#"{"auth": "dTpw\n"}"#, .password(user: "u", password: "p")), (#"{}"#, nil),
    ])
    func readsEntries(_ entry: String, _ credential: Credential?) throws {
        try withTemporaryDirectory { directory in
            try write(#"{"auths": {"registry.example": \#(entry)}}"#, to: directory + "/config.json")
            #expect(try find(["DOCKER_CONFIG": directory]) == credential)
        }
    }

    @Test(arguments: [#"{"auths": {"registry.example": {"auth": "no colon"}}}"#, "[]", "{"])
    func namesTheFileThatIsDamaged(_ text: String) throws {
        try withTemporaryDirectory { directory in
            try write(text, to: directory + "/config.json")
            let error = #expect(throws: RegistryError.self) { try find(["DOCKER_CONFIG": directory]) }
            #expect(error?.description.contains(directory + "/config.json") == true)
        }
    }

    @Test func aFileThatCannotBeReadIsNamedAndStopsNothingPublic() throws {
        try withTemporaryDirectory { directory in
            try Shell.run("mkdir config.json", in: directory)
            try expectUnavailable(directory + "/config.json can't be read", ["DOCKER_CONFIG": directory])
            let error = #expect(throws: RegistryError.self) {
                try find(["REGISTRY_AUTH_FILE": directory + "/config.json"])
            }
            #expect(error?.description.contains(directory) == true)
        }
    }

    @Test(arguments: ["", " \n"])
    func anEmptyFileSaysNothing(_ text: String) throws {
        try withTemporaryDirectory { directory in
            try write(text, to: directory + "/config.json")
            #expect(try find(["DOCKER_CONFIG": directory]) == nil)
        }
    }

    @Test func aFileThatIsNamedMustBeThere() throws {
        let error = #expect(throws: RegistryError.self) { try find(["REGISTRY_AUTH_FILE": "/no/such/file"]) }
        #expect(error?.description.contains("/no/such/file") == true)
    }

    private func withHelper<Result>(
        _ script: String,
        config: String,
        _ body: ([String: String]) throws -> Result
    ) throws
        -> Result
    {
        try withTemporaryDirectory { directory in
            try write("#!/bin/sh\n\(script)\n", to: directory + "/script")
            // By another program: a file that this one has open for writing can't be run while a further one is
            // started.
            try Shell.run("install -D -m 755 script bin/docker-credential-test", in: directory)
            try write(config, to: directory + "/config.json")
            return try body(["DOCKER_CONFIG": directory, "PATH": directory + "/bin:/usr/bin:/bin"])
        }
    }

    @Test(arguments: [#"{"credsStore": "test"}"#, #"{"credHelpers": {"registry.example": "test"}}"#])
    func asksAHelper(_ config: String) throws {
        let answer = #"read server; echo "{\"ServerURL\": \"$server\", \"Username\": \"$1\", \"Secret\": \"$server\"}""#
        try withHelper(answer, config: config) { environment in
            let found = try find(environment)
            #expect(found == .password(user: "get", password: "registry.example"))
        }
    }

    @Test("of several helpers the one for the nearest part of the registry is asked, and an empty name is none")
    func nearestHelper() throws {
        let answer = #"echo '{"Username": "u", "Secret": "nearest"}'"#
        for other in ["registry.example", "registry.example/team/app/x", "registry.example/te"] {
            let config = #"{"credHelpers": {"\#(other)": "nowhere", "registry.example/team": "test"}}"#
            try withHelper(answer, config: config) { environment in
                let found = try find(environment)
                #expect(found == .password(user: "u", password: "nearest"))
            }
        }
        try withHelper(answer, config: #"{"credHelpers": {"registry.example": ""}, "credsStore": "test"}"#) {
            let found = try find($0)
            #expect(found == .password(user: "u", password: "nearest"))
        }
    }

    @Test func aHelperMayHaveAnIdentityToken() throws {
        try withHelper(#"echo '{"Username": "<token>", "Secret": "abc"}'"#, config: #"{"credsStore": "test"}"#) {
            let found = try find($0)
            #expect(found == .identityToken("abc"))
        }
    }

    @Test func aHelperMayHaveNothing() throws {
        let script = "echo 'credentials not found in native keychain'; exit 1"
        try withHelper(script, config: #"{"credsStore": "test"}"#) { environment in
            let found = try find(environment)
            #expect(found == nil)
        }
    }

    private static let forAll = #"{"credsStore": "test"}"#
    private static let forThis = #"{"credHelpers": {"registry.example": "test"}}"#

    @Test(arguments: [
        ("echo locked; exit 3", "docker-credential-test ends with status 3: locked"), ("echo nothing", "gives no JSON"),
        ("kill -9 $$", "status 137"),
    ])
    func aHelperThatFailsIsNamed(_ script: String, _ words: String) throws {
        try withHelper(script, config: Self.forThis) { environment in
            let error = #expect(throws: RegistryError.self) { try find(environment) }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
        try withHelper(script, config: Self.forAll) { try expectUnavailable(words, $0) }
    }

    // It isn't known whether it has anything for this registry: what is public needs nothing.
    private func expectUnavailable(_ words: String, _ environment: [String: String]) throws {
        let (credential, identity) = try CredentialStore(environment: environment)
            .identity(host: "registry.example", repository: "team/app")
        #expect(credential == nil)
        #expect(identity.advice.contains(words), "\(identity)")
    }

    @Test(arguments: [#"{"credHelpers": {"registry.example": "nowhere"}}"#, #"{"credsStore": "nowhere"}"#])
    func aHelperThatIsNotInstalledIsNamed(config: String) throws {
        try withHelper("", config: config) { try expectUnavailable("docker-credential-nowhere", $0) }
    }

    @Test func aHelperIsCalledByItsNameAlone() throws {
        let words = "is not the name of a credential helper"
        try withHelper("", config: #"{"credHelpers": {"registry.example": "../../bin/sh"}}"#) { environment in
            let error = #expect(throws: RegistryError.self) { try find(environment) }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
        try withHelper("", config: #"{"credsStore": "../../bin/sh"}"#) { try expectUnavailable(words, $0) }
    }

    @Test("members of other types are another program's, and cost no credentials")
    func otherMembers() throws {
        let config =
            #"{"auths": {"a": 5, "registry.example": {"auth": "dTpw", "email": 7}}, "credHelpers": [], "credsStore": 1}"#
        try withHelper("", config: config) { environment in
            let found = try find(environment)
            #expect(found == .password(user: "u", password: "p"))
        }
    }
}
