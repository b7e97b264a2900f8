import ContentAddress
import Testing

@testable import ObjectStorage

/// The examples of "Signature calculations for the Authorization header" and "Authenticating requests: using query
/// parameters" in Amazon's S3 API reference.
@Suite struct RequestSignatureTests {
    private static let signature = RequestSignature(
        key: AccessKey(
            identifier: "AKIAIOSFODNN7EXAMPLE",
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            source: "the documentation"
        ),
        region: "us-east-1",
        time: "20130524T000000Z"
    )
    private static let host = "examplebucket.s3.amazonaws.com"

    @Test(
        arguments: [
            (
                "GET", "/test.txt", [], [("Range", "bytes=0-9")], "",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
            ),
            (
                "PUT", "/test%24file.text", [],
                [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                "Welcome to Amazon S3.", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
            ),
            (
                "GET", "/", [("lifecycle", "")], [], "",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
            ),
            (
                "GET", "/", [("prefix", "J"), ("max-keys", "2")], [], "",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
            ),
        ] as [(String, String, [(String, String)], [(String, String)], String, String)]
    )
    func isTheOneOfTheDocumentation(
        _ method: String,
        _ path: String,
        _ query: [(String, String)],
        _ fields: [(String, String)],
        _ body: String,
        _ expected: String
    ) {
        let digest = Digest.of(body).hex
        let fields =
            fields.map { (name: $0.0, value: $0.1) }
            + [
                (name: "Host", value: Self.host), (name: "x-amz-content-sha256", value: digest),
                (name: "x-amz-date", value: Self.signature.time),
            ]
        let text = Self.signature.authorization(
            method: method,
            path: path,
            query: RequestSignature.query(query.map { (name: $0.0, value: $0.1) }),
            fields: fields,
            bodyDigest: digest
        )
        #expect(text.hasSuffix(",Signature=\(expected)"))
        #expect(text.contains("Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"))
    }

    @Test func ofAnAddressIsTheOneOfTheDocumentation() {
        let query = Self.signature.presignedQuery(method: "GET", host: Self.host, path: "/test.txt", seconds: 86_400)
        #expect(query.hasSuffix("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"))
    }

    // RFC 4231, test cases 1, 2 and 6.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func isMadeOfHMAC(_ key: [UInt8], _ message: String, _ expected: String) {
        #expect(Hexadecimal.encode(MessageAuthentication.code(Array(message.utf8), key: key)) == expected)
    }

    @Test func noTextShowsTheSecret() {
        let key = AccessKey(identifier: "id", secret: "hidden", sessionToken: "hidden", source: "a test")
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), "\([key])", dumped] {
            #expect(!text.contains("hidden"), "\(text)")
        }
    }
}
