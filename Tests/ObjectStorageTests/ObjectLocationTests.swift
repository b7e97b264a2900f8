import Testing

@testable import ObjectStorage

@Suite struct ObjectLocationTests {
    @Test(arguments: [
        ("s3://releases?region=eu-central-1", "https://releases.s3.eu-central-1.amazonaws.com", "/blob"),
        ("s3://releases/a/b/?region=cn-north-1", "https://releases.s3.cn-north-1.amazonaws.com.cn", "/a/b/blob"),
        // The certificate isn't good for a name with more dots.
        ("s3://my.releases?region=us-east-2", "https://s3.us-east-2.amazonaws.com", "/my.releases/blob"),
        ("s3://releases?region=eu-west-1&style=path", "https://s3.eu-west-1.amazonaws.com", "/releases/blob"),
        ("s3://releases/x?endpoint=http://127.0.0.1:8333/", "http://127.0.0.1:8333", "/releases/x/blob"),
        ("s3://releases?endpoint=https://s3.example:443&style=virtual", "https://releases.s3.example", "/blob"),
        ("s3://releases?endpoint=https%3A%2F%2Fs3.example%3A9000", "https://s3.example:9000", "/releases/blob"),
        ("s3://releases?endpoint=http://[::1]:8333", "http://[::1]:8333", "/releases/blob"),
    ])
    func isAskedForAtItsAddress(_ text: String, _ origin: String, _ path: String) throws {
        let location = try ObjectLocation(parsing: text)
        let address = try ObjectAddress(location, region: nil, endpoint: nil)
        #expect(address.origin == origin)
        #expect(address.path(location.prefix + "blob") == path)
    }

    @Test func theEnvironmentFillsWhatIsLeftOut() throws {
        let location = try ObjectLocation(parsing: "s3://releases")
        let own = try ObjectAddress(location, region: "eu-north-1", endpoint: nil)
        #expect(own.region == "eu-north-1" && own.host == "releases.s3.eu-north-1.amazonaws.com")
        let other = try ObjectAddress(location, region: nil, endpoint: "https://s3.example")
        #expect(other.region == "us-east-1" && other.host == "s3.example" && other.path(nil) == "/releases")
        #expect(throws: ObjectStorageError.self) { try ObjectAddress(location, region: nil, endpoint: nil) }
    }

    @Test(arguments: [
        "releases", "s3:releases", "s3://", "s3://ab", "s3://Releases", "s3://rel..eases", "s3://-releases",
        "s3://releases//x",
        "s3://releases/../x", "s3://releases/a b", "s3://releases/é", "s3://releases?zone=1",
        "s3://releases?region=a&region=b", "s3://releases?region=EU", "s3://releases?style=other",
        "s3://releases?region",
        "s3://releases?endpoint=s3.example", "s3://releases?endpoint=ftp://s3.example",
        "s3://releases?endpoint=http://s3.example/path", "s3://releases?endpoint=http://s3.example:99999",
        "s3://releases/\(String(repeating: "x", count: 700))",
    ])
    func anotherTextIsRefused(_ text: String) {
        #expect(throws: ObjectStorageError.self) { try ObjectLocation(parsing: text) }
    }

    @Test(arguments: [
        "s3://KEY:hidden@releases", "s3://releases/KEY:hidden@x", "s3://releases?secret=hidden",
        "s3://releases?endpoint=https://KEY:hidden@s3.example", "http://KEY:hidden@x",
    ])
    func credentialsAreRefusedAndNotRepeated(_ text: String) {
        let error = #expect(throws: ObjectStorageError.self) { try ObjectLocation(parsing: text) }
        #expect(error?.description.contains("hidden") == false, "\(String(describing: error))")
    }
}
