import TestSupport
import Testing

/// Layers that engines take in different ways (docs/layers.md): the bytes are as their digests say, and there is no
/// verdict on what runs.
@Suite struct TamperedReadingTests {
    static let links: [Trick] = [
        Trick("a file through a link of a lower layer", .ambiguous, below: { $0.symbolicLink("l", to: "usr/bin") }) {
            $0.file("l/agent", bundle)
        },
        Trick("a whiteout through a link of a lower layer", .ambiguous, below: { $0.symbolicLink("l", to: "usr") }) {
            $0.file("l/bin/.wh.agent", [])
        },
        Trick("an opaque mark through a link of a lower layer", .ambiguous, below: { $0.symbolicLink("l", to: "usr") })
        {
            $0.file("l/.wh..wh..opq", [])
        },
        Trick("a directory through a link of a lower layer", .ambiguous, below: { $0.symbolicLink("l", to: "usr/bin") })
        {
            $0.directory("l/agent")
        },
        Trick("through an absolute link", .ambiguous, below: { $0.symbolicLink("l", to: "/usr/bin") }) {
            $0.file("l/agent", bundle)
        },
        Trick(
            "through two links",
            .ambiguous,
            below: {
                $0.symbolicLink("l", to: "m"); $0.symbolicLink("m", to: "usr/bin")
            }
        ) {
            $0.file("l/agent", bundle)
        },
        Trick("through a link that leads up", .ambiguous, below: { $0.symbolicLink("etc/l", to: "../usr/bin") }) {
            $0.file("etc/l/agent", bundle)
        },
        Trick(
            "a hard link's target through a link of a lower layer",
            .ambiguous,
            below: { $0.symbolicLink("l", to: "usr/bin") }
        ) {
            $0.hardLink("x", to: "l/agent")
        },
        Trick("a hard link's target with '..'", .ambiguous) {
            $0.file("x", bundle); $0.directory("d"); $0.hardLink("y", to: "d/../x")
        },
        Trick("a whiteout that is a hard link to a file", .ambiguous) {
            $0.file("x", bundle); $0.hardLink("usr/bin/.wh.agent", to: "x")
        },
        Trick("a hard link to what only a lower layer has", .ambiguous) { $0.hardLink("x", to: "usr/bin/agent") },
        Trick("a link in its own layer in a circle", .ambiguous) {
            $0.symbolicLink("l", to: "l"); $0.file("l/x", bundle)
        },
        Trick("a link in its own layer to a lower layer's directory", .mismatch) {
            $0.symbolicLink("l", to: "usr/bin"); $0.file("l/agent", bundle)
        },
    ]

    static let inodes: [Trick] = [
        Trick("a hard link with more permissions than its file", .ambiguous) {
            $0.file("x", bundle); $0.add("y", "1", link: "x", mode: 0o755)
        },
        Trick("a hard link with a set-user-id bit", .ambiguous) {
            $0.file("x", agent, mode: 0o755); $0.add("y", "1", link: "x", mode: 0o4755)
        },
        Trick("a hard link of another owner", .ambiguous) {
            $0.file("x", bundle); $0.add("y", "1", link: "x", uid: 65_532)
        },
        Trick("a hard link without its file's capabilities", .ambiguous) {
            $0.file("x", bundle, pax: [("SCHILY.xattr.security.capability", [1, 0, 0, 2])]); $0.hardLink("y", to: "x")
        },
        Trick("a hard link to what is above a link's directory", .ambiguous) {
            $0.file("a/b/x", bundle); $0.file("a/y", bundle); $0.file("y", agent)
            $0.symbolicLink("l", to: "a/b"); $0.hardLink("z", to: "l/../y")
        },
        Trick("a hard link to a symbolic link and a slash", .ambiguous) {
            $0.file("x", bundle); $0.symbolicLink("l", to: "x"); $0.hardLink("y", to: "l/")
        },
        Trick("a path through more links than engines follow", .ambiguous) { layer in
            layer.directory("l41")
            for number in 0..<41 { layer.symbolicLink("l\(number)", to: "l\(number + 1)") }
            layer.file("l0/x", bundle)
        },
        Trick("a directory twice, the second time without its attribute", .ambiguous) {
            $0.add("d/", "5", mode: 0o755, pax: [("SCHILY.xattr.user.note", [1])]); $0.directory("d")
        },
    ]

    static let parents: [Trick] = [
        Trick("a file below a lower layer's file", .ambiguous) { $0.file("usr/bin/agent/x", bundle) },
        Trick("a directory below a lower layer's file", .ambiguous) { $0.directory("usr/bin/agent/x") },
        Trick("a whiteout below a lower layer's file", .ambiguous) { $0.file("usr/bin/agent/.wh.x", []) },
        Trick("an opaque mark below a lower layer's file", .ambiguous) { $0.file("usr/bin/agent/.wh..wh..opq", []) },
        Trick("a file below a pipe", .ambiguous, below: { $0.add("p", "6") }) { $0.file("p/x", bundle) },
        Trick("a name that begins with dots", .ambiguous) { $0.file("../usr/bin/agent", bundle) },
        Trick("a name that leads out in its middle", .ambiguous) { $0.file("usr/../../usr/bin/agent", bundle) },
        Trick("an absolute name with dots", .ambiguous) { $0.file("/../usr/bin/agent", bundle) },
        Trick("a whiteout out of the root", .ambiguous) { $0.file("../usr/bin/.wh.agent", []) },
    ]

    static let whiteouts: [Trick] = [
        Trick("a whiteout that is a directory", .ambiguous) { $0.directory("usr/bin/.wh.agent") },
        Trick("a whiteout that is a symbolic link", .ambiguous) { $0.symbolicLink("usr/bin/.wh.agent", to: "x") },
        Trick("a whiteout that is a device", .ambiguous) { $0.add("usr/bin/.wh.agent", "3", device: (1, 3)) },
        Trick("a whiteout that is a pipe", .ambiguous) { $0.add("usr/bin/.wh.agent", "6") },
        Trick("a file below a directory with a whiteout's name", .ambiguous) { $0.file("usr/bin/.wh.agent/x", bundle) },
        Trick("a whiteout with content", .ambiguous) { $0.file("usr/bin/.wh.agent", bundle) },
        Trick("an opaque mark that is a directory", .ambiguous) { $0.directory("usr/.wh..wh..opq") },
        Trick("an opaque mark with content", .ambiguous) { $0.file("usr/.wh..wh..opq", bundle) },
        Trick("an opaque mark that is a link", .ambiguous) { $0.symbolicLink("usr/.wh..wh..opq", to: "x") },
        Trick("an opaque mark at the root", .ambiguous) { $0.file(".wh..wh..opq", []) },
        Trick("a whiteout of no name", .ambiguous) { $0.file("usr/bin/.wh.", []) },
        Trick("a whiteout of the directory itself", .ambiguous) { $0.file("usr/bin/.wh..", []) },
        Trick("a whiteout of the directory above", .ambiguous) { $0.file("usr/bin/.wh...", []) },
        Trick("a name of an older whiteout format", .ambiguous) { $0.file("usr/bin/.wh..wh.plnk", []) },
        Trick("a whiteout behind its own layer's file", .ambiguous) {
            $0.file("etc/ca.pem", bundle); $0.file("etc/.wh.ca.pem", [])
        },
        Trick("a whiteout of its own layer's directory", .ambiguous) {
            $0.directory("etc"); $0.file("etc/x", bundle); $0.file(".wh.etc", [])
        },
        Trick("a directory that goes and comes back in one layer", .ambiguous) {
            $0.file(".wh.etc", []); $0.directory("etc"); $0.file("etc/other", bundle)
        },
        Trick("a file in the place of a directory, and that directory again", .ambiguous) {
            $0.file("etc", bundle); $0.directory("etc")
        },
        Trick("an opaque mark over what its layer has and doesn't name", .ambiguous, below: { $0.directory("d") }) {
            $0.file("d/e/x", bundle); $0.file("d/.wh..wh..opq", [])
        },
        Trick("a whiteout in a directory that isn't there", .ambiguous) { $0.file("d/.wh.x", []) },
        Trick("a whiteout behind a directory of its own name", .ambiguous, below: { $0.file("x", bundle) }) {
            $0.file(".wh.x/y", bundle); $0.file(".wh.x", [])
        },
        Trick("a character device 0:0", .ambiguous) { $0.add("x", "3", device: (0, 0)) },
        Trick("a character device 4096:0, which engines cut down to 0:0", .ambiguous) {
            $0.add("etc/ca.pem", "3", device: (4096, 0))
        },
        Trick("a device with a minor number of 21 bits", .ambiguous) { $0.add("x", "4", device: (8, 1 << 20)) },
        Trick("a character device 0:0 over the released file", .ambiguous) {
            $0.add("usr/bin/agent", "3", device: (0, 0))
        },
    ]

    static let attributes: [Trick] = [
        "trusted.overlay.redirect", "trusted.overlay.opaque", "trusted.overlay.metacopy", "trusted.overlay.origin",
        "trusted.overlay.whiteout", "user.overlay.redirect", "user.overlay.opaque", "user.overlay.whiteout",
        "user.fuseoverlayfs.opaque", "user.fuseoverlayfs.override_stat", "security.fuseoverlayfs.override_stat",
        "user.containers.override_stat",
    ].map { name in
        Trick("the attribute \(name)", .ambiguous) {
            $0.add("usr/", "5", mode: 0o755, pax: [("SCHILY.xattr." + name, Array("/etc".utf8))])
        }
    }

    static let metadata: [Trick] = [
        Trick("an access control list", .ambiguous) {
            $0.file("x", bundle, pax: [("SCHILY.xattr.system.posix_acl_access", [2, 0, 0, 0])])
        },
        Trick("an access control list for what a directory will have", .ambiguous) {
            $0.add("usr/", "5", mode: 0o755, pax: [("SCHILY.xattr.system.posix_acl_default", [2, 0, 0, 0])])
        },
        Trick("an attribute without a value", .ambiguous) {
            $0.file("x", bundle, pax: [("SCHILY.xattr.user.note", [])])
        },
    ]

    static let names: [Trick] = [
        Trick("a name twice, once with a dot", .ambiguous) {
            $0.file("x", bundle); $0.file("./x", agent)
        },
        Trick("a name twice, once with two slashes", .ambiguous) {
            $0.file("etc/x", bundle); $0.file("etc//x", agent)
        },
        Trick("a name twice, once through dots", .ambiguous) {
            $0.file("etc/x", bundle); $0.file("usr/../etc/x", agent)
        },
        Trick("a file and a directory of one name", .ambiguous) {
            $0.file("x", bundle); $0.directory("x")
        },
    ]

    @Test(arguments: links + inodes + parents + whiteouts + attributes + metadata + names)
    func isNeverSure(_ trick: Trick) throws { try trick.check() }

    private static let agent = Trick.agent
    private static let bundle = Trick.bundle
}
