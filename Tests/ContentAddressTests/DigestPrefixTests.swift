import ContentAddress
import Testing

@Suite struct DigestPrefixTests {
    @Test(arguments: [
        "2c26b46", "sha256:2c26b46", "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7a",
    ])
    func firstDigitsAreAPrefix(text: String) throws {
        let digest = try Digest(parsing: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")
        #expect(DigestPrefix(text)?.range.contains(digest) == true)
        #expect(DigestPrefix(text)?.range.contains(Digest.of("another")) == false)
    }

    @Test(
        "words, too few digits, upper case and a whole digest aren't",
        arguments: [
            "2c26b4", "agent-1", "2C26B46", "sha256:", "sha512:2c26b46", "2c26b46 ", "",
            "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        ]
    )
    func otherTextIsNoPrefix(text: String) {
        #expect(DigestPrefix(text) == nil)
    }
}
