import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import TestSupport
import Testing

/// Configs and indexes that start, or offer, other things than the released ones.
extension TamperedImageTests {
    static let configs: [Tampering] = [
        Tampering("LD_PRELOAD in the environment", .preload, .exact) { $0.execution["Env"] = ["LD_PRELOAD=/x.so"] },
        Tampering("LD_LIBRARY_PATH in the environment", .libraryPath, .exact) {
            $0.execution["Env"] = ["LD_LIBRARY_PATH=/opt"]
        },
        Tampering("a variable that has the loader list libraries instead", .environmentCode, .exact) {
            $0.execution["Env"] = ["LD_TRACE_LOADED_OBJECTS="]
        },
        Tampering("an annotation that gives the program to another handler", .runtimeInstruction, .exact) {
            $0.annotations["run.oci.handler"] = "wasm"
        },
        Tampering("an annotation by which engines restore a process from the image", .notRead, .incomplete) {
            $0.annotations["org.criu.checkpoint.container.name"] = "agent"
        },
        Tampering("/etc/ld.so.preload", .preloadFile, .contains) {
            $0.layer { $0.file("etc/ld.so.preload", "/opt/evil.so\n") }
        },
        Tampering("another entrypoint", .entrypointUnknown, .contains) {
            $0.layer { $0.file("bin/evil", evil, mode: 0o755) }
            $0.execution = ["Entrypoint": ["/bin/evil", "/usr/bin/agent"]]
        },
        Tampering("an entrypoint that isn't there", .entrypointMissing, .exact) {
            $0.execution = ["Entrypoint": ["/bin/nothing"]]
        },
        Tampering("an entrypoint in a circle", .entrypointMissing, .contains) {
            $0.layer { layer in
                layer.symbolicLink("a", to: "b")
                layer.symbolicLink("b", to: "a")
            }
            $0.execution = ["Entrypoint": ["/a"]]
        },
        Tampering("an entrypoint that is a directory", .entrypointNotExecutable, .exact) {
            $0.execution = ["Entrypoint": ["/usr/bin"]]
        },
        Tampering("a script whose interpreter is missing", .interpreterMissing, .contains) {
            $0.layer { $0.file("start", "#!/bin/sh\nexec agent\n", mode: 0o755) }
            $0.execution = ["Entrypoint": ["/start"]]
        },
        Tampering("a PATH that leads elsewhere first", .entrypointUnknown, .mismatch) {
            $0.layer { $0.file("evil/agent", evil, mode: 0o755) }
            $0.execution = ["Cmd": ["agent"], "Env": ["PATH=/evil:/usr/bin"]]
        },
        Tampering("a PATH longer than Linux takes", .entrypointMissing, .exact) {
            $0.execution = [
                "Cmd": ["agent"], "Env": [.string("PATH=\(String(repeating: ":", count: 131_072))/usr/bin")],
            ]
        },
        Tampering("a second entrypoint in small letters", .ambiguousDocument, .ambiguous) {
            $0.execution["entrypoint"] = ["/bin/evil"]
        },
        Tampering("config and index say arm64, the program is amd64's", .wrongPlatform, .mismatch) {
            $0.architecture = "arm64"
        },
    ]

    static let indexes: [Tampering] = [
        Tampering(index: "the index lies about the platform", .platformClaim, .mismatch) {
            $0[0].indexArchitecture = "riscv64"
        },
        Tampering(index: "the config names no processor, and the program is another one's", .wrongPlatform, .mismatch) {
            $0[0].architecture = ""
            $0[0].indexArchitecture = "riscv64"
        },
        Tampering(index: "another release on one platform", .releasesDiffer, .mismatch) {
            $0[1] = AuditFixture.image("1.2.2", "arm64")
        },
        Tampering(index: "a platform with nothing released", .platformExtra, .mismatch) {
            var extra = TestImage { $0.file("x", "y") }
            extra.architecture = "s390x"
            $0.append(extra)
        },
        Tampering(index: "a platform left out", .platformMissing, .exact) { $0.removeLast() },
        Tampering(index: "two images for one platform", .platformTwice, .contains) {
            var second = $0[0]
            second.layer { $0.file("etc/evil", "x") }
            $0.append(second)
        },
    ]
}
