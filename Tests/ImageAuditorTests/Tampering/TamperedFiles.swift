import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import TestSupport
import Testing

/// Files with other bytes, modes and places than the released ones.
extension TamperedImageTests {
    static let files: [Tampering] = [
        Tampering("a byte flipped", .otherBytes, .mismatch) { $0.replace("usr/bin/agent", flipped) },
        Tampering("symbols stripped", .altered, .mismatch) { $0.replace("usr/bin/agent", stripped) },
        Tampering("code patched under the same build-id", .altered, .mismatch) { $0.replace("usr/bin/agent", patched) },
        Tampering("another platform's binary", .wrongPlatform, .mismatch) {
            $0.replace("usr/bin/agent", AuditFixture.agent("1.2.3", "arm64").bytes)
        },
        Tampering("another version beside it", .mixedReleases, .mismatch) {
            $0.layer { $0.file("usr/bin/agent-old", AuditFixture.agent("1.2.2", "amd64").bytes, mode: 0o755) }
        },
        Tampering("shadowed by a later layer", .shadowed, .mismatch) {
            $0.layer { $0.file("usr/bin/agent", evil, mode: 0o755) }
        },
        Tampering("shadowed by an older release", .shadowed, .mismatch) {
            $0.layer { $0.file("usr/bin/agent", AuditFixture.agent("1.2.2", "amd64").bytes, mode: 0o755) }
        },
        Tampering("shadowed by a directory", .shadowed, .mismatch) { $0.layer { $0.directory("usr/bin/agent") } },
        Tampering("swapped for a symbolic link", .shadowed, .mismatch) {
            $0.layer { layer in
                layer.file("opt/evil", evil, mode: 0o755)
                layer.symbolicLink("usr/bin/agent", to: "/opt/evil")
            }
        },
        Tampering("its directory swapped for a symbolic link", .entrypointUnknown, .contains) {
            $0.layer { layer in
                layer.file("usr/.wh.bin", [])
                layer.file("opt/agent2", evil, mode: 0o755)
                layer.file("opt/kept", agent, mode: 0o755)
            }
            $0.execution = ["Entrypoint": ["/opt/agent2"]]
        },
        Tampering("removed by a whiteout", .removed, .contains) {
            $0.layer { $0.file("usr/bin/.wh.agent", []) }
            $0.layer { $0.file("x", "y") }
        },
        Tampering("removed by an opaque directory", .removed, .contains) {
            $0.layer { layer in
                layer.file("usr/.wh..wh..opq", [])
                layer.file("x", "y")
            }
        },
        Tampering("a set-user-id bit on another file", .setID, .contains) {
            $0.layer { $0.file("bin/su", evil, mode: 0o4755) }
        },
        Tampering("a set-user-id bit on the released file", .setID, .exact) {
            $0.replace("usr/bin/agent", agent, mode: 0o4755)
        },
        Tampering("capabilities", .capability, .contains) {
            $0.layer {
                $0.file("bin/ping", evil, mode: 0o755, pax: [("SCHILY.xattr.security.capability", [1, 0, 0, 2])])
            }
        },
        Tampering("no executable bit", .notExecutable, .exact) { $0.replace("usr/bin/agent", agent, mode: 0o644) },
        Tampering("a device node", .device, .contains) { $0.layer { $0.add("dev/sda", "4", device: (8, 0)) } },
        Tampering("an altered copy elsewhere", .altered, .mismatch) {
            $0.layer { $0.file("opt/helper", stripped, mode: 0o755) }
        },
        Tampering("the same name in another directory", .otherBytes, .mismatch) {
            $0.layer { $0.file("opt/agent", evil, mode: 0o755) }
        },
        Tampering("the context's file name", .otherBytes, .mismatch) {
            $0.layer { $0.file("opt/agent-linux-amd64", evil, mode: 0o755) }
        },
    ]
}
