import Foundation
import Glibc
import ImageAuditor
import TestSupport
import Testing

/// Where an engine that stacks layers (buildah's overlay storage) shows what one that doesn't (umoci) shows, the audit is sure;
/// where they differ, it isn't.
@Suite struct StackedFileSystemTests {
    /// Lists what each shows of the image `image:t`, in a mount namespace and a file system in memory of its own, since overlayfs
    /// can't stand on every file system.
    static let show = #"""
        set -e
        mkdir scratch
        mount -t tmpfs none scratch
        cat > scratch/storage.conf <<CONFIG
        [storage]
        driver = "overlay"
        graphroot = "$PWD/scratch/graph"
        runroot = "$PWD/scratch/run"
        CONFIG
        export CONTAINERS_STORAGE_CONF=$PWD/scratch/storage.conf
        echo '{"default":[{"type":"insecureAcceptAnything"}]}' > scratch/policy.json
        umoci unpack --image image:t scratch/bundle > /dev/null 2>&1
        python3 list.py scratch/bundle/rootfs > flat
        if buildah from --signature-policy scratch/policy.json --name shown oci:image:t > /dev/null 2> refusal; then
            python3 list.py "$(buildah mount shown)" > stacked
            buildah umount shown > /dev/null
        else
            # Only the image may be at fault.
            grep -q "processing tar file" refusal
            cat refusal > stacked
        fi
        """#

    @Test(.enabled(if: getuid() == 0, "overlay file systems take root"), arguments: EffectiveFileSystemTests.images)
    func isSureWhereEnginesAgree(_ hard: EffectiveFileSystemTests.Hard) throws {
        try AuditFixture.with { fixture in
            var image = TestImage()
            for layer in hard.layers { image.layer(layer) }
            try image.write(layout: fixture.directory + "/image", tag: "t")
            try EffectiveFileSystemTests.list.write(
                toFile: fixture.directory + "/list.py",
                atomically: true,
                encoding: .utf8
            )
            try Self.show.write(toFile: fixture.directory + "/show.sh", atomically: true, encoding: .utf8)
            try Shell.run("unshare --mount --propagation private sh show.sh", in: fixture.directory)
            let flat = try Shell.run("sort flat", in: fixture.directory).text
            let stacked = try Shell.run("sort stacked", in: fixture.directory).text
            #expect(!flat.isEmpty)
            let audit = try fixture.audit(image)
            let found = audit.allFindings.map { "\($0.code.rawValue) \($0.message)" }
            #expect((audit.verdict == .ambiguous) == (flat != stacked), "\(found)")
        }
    }
}
