import ImageTransport
import OCI
import Testing

@testable import Publishing

@Suite struct PublishTargetTests {
    @Test(
        "a place gets the tag that it lacks, and an absolute path",
        arguments: [
            ("docker://registry.example/agent", "docker://registry.example/agent:1.2"),
            ("docker://registry.example:5000/agent:stable", "docker://registry.example:5000/agent:stable"),
            ("oci:out", "oci:/home/me/out:1.2"),
            ("oci:/srv/layout:x", "oci:/srv/layout:x"),
            ("oci-archive:./a/b.tar", "oci-archive:/home/me/a/b.tar:1.2"),
            ("files:dist//page/", "files:/home/me/dist/page"),
            ("https://files.example/agent", "https://files.example/agent/"),
            ("http://127.0.0.1:80/", "http://127.0.0.1:80/"),
        ]
    )
    func written(text: String, wanted: String) throws {
        let target = try PublishTarget(parsing: text, tag: Tag(parsing: "1.2"), in: "/home/me")
        #expect("\(target)" == wanted)
        // What is noted reads as the same place, wherever that is done.
        #expect(try PublishTarget(parsing: wanted, tag: nil, in: "/") == target)
    }

    @Test(
        "what keeps no digest, or no bytes, is not a place",
        arguments: [
            "agent:1.2", "docker-archive:a.tar", "docker-daemon:agent", "dir:out", "oci-archive:-", "files:", "files:-",
            "https://", "https://files.example/a?b", "https://files.example/#x", "rootfs:/srv", "containers-storage:a",
            "docker://registry.example/agent@sha256:\(String(repeating: "0", count: 64))", "ftp://files.example/",
        ]
    )
    func refused(text: String) {
        #expect(throws: (any Error).self) { try PublishTarget(parsing: text, tag: nil, in: "/") }
    }
}
