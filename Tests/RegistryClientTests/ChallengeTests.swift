import Testing

@testable import RegistryClient

@Suite struct ChallengeTests {
    @Test(arguments: [
        (#"Basic realm="simple""#, [Challenge(scheme: "basic", parameters: ["realm": "simple"])]),
        (
            #"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#,
            [
                Challenge(
                    scheme: "bearer",
                    parameters: [
                        "realm": "https://auth.docker.io/token", "service": "registry.docker.io",
                        "scope": "repository:a/b:pull,push",
                    ]
                )
            ]
        ),
        // RFC 9110, section 11.6.1: two challenges in one field.
        (
            #"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#,
            [
                Challenge(scheme: "basic", parameters: ["realm": "simple"]),
                Challenge(
                    scheme: "newauth",
                    parameters: ["realm": "apps", "type": "1", "title": #"Login to "apps""#]
                ),
            ]
        ),
        ("Negotiate", [Challenge(scheme: "negotiate")]),
        (
            #"Negotiate YWJj/+==, BEARER Realm = "x" , , SERVICE=s"#,
            [Challenge(scheme: "negotiate"), Challenge(scheme: "bearer", parameters: ["realm": "x", "service": "s"])]
        ),
        (#"Bearer realm="never ends"#, [Challenge(scheme: "bearer")]),
        (", ,", []),
        ("", []),
    ])
    func parses(_ field: String, _ challenges: [Challenge]) {
        #expect(Challenge.parse([field]) == challenges)
    }

    @Test func takesSeveralFields() {
        #expect(Challenge.parse(["Basic realm=a", "Bearer realm=b"]).map(\.scheme) == ["basic", "bearer"])
    }
}
